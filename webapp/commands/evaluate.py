"""`posecoach evaluate`: accuracy on folders of labelled recordings and photos."""

from webapp.commands.lazy import LazyGroup

EVALUATIONS = {
    "motion": ("webapp.commands.evaluate_motion", "Compare counts and holds with labelled clips."),
    "pose": ("webapp.commands.evaluate_pose", "Compare joints with labelled pictures (PCK, PCKh, OKS)."),
    "yoga": ("webapp.commands.evaluate_yoga", "Compare names of yoga poses with labelled photos."),
}

command = LazyGroup(
    name="evaluate", table=EVALUATIONS, help="Compare counts, holds, joints and poses with labelled data."
)
