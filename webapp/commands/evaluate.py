"""`posecoach evaluate`: accuracy on folders of labelled recordings and photos."""

from webapp.commands.lazy import LazyGroup

EVALUATIONS = {
    "motion": ("webapp.commands.evaluate_motion", "Counts and holds on labelled clips."),
    "pose": ("webapp.commands.evaluate_pose", "PCK, PCKh and OKS on annotated pictures."),
    "yoga": ("webapp.commands.evaluate_yoga", "Names of held poses on labelled photos."),
}

command = LazyGroup(name="evaluate", table=EVALUATIONS, help="Measure accuracy on labelled recordings and pictures.")
