"""The 33 joints of BlazePose GHUM, their edges, and the mapping from other skeletons' joints.

Numbering: BlazePose (arXiv 2006.10204) in its 33-point form, as listed in the model card "MediaPipe BlazePose GHUM 3D".
COCO: 17 points (arXiv 1405.0312); OpenPose's COCO-18 adds a neck (arXiv 1812.08008). MPII: 16 points (Andriluka et al.,
CVPR 2014).
"""

JOINTS: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
JOINT: dict[str, int] = {name: number for number, name in enumerate(JOINTS)}

_EDGE_NAMES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *(
        (f"{side}_{a}", f"{side}_{b}")
        for side in ("left", "right")
        for a, b in (
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("wrist", "index"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
            ("ankle", "heel"),
            ("heel", "foot_index"),
            ("ankle", "foot_index"),
        )
    ),
)
EDGES: tuple[tuple[int, int], ...] = tuple((JOINT[a], JOINT[b]) for a, b in _EDGE_NAMES)


def _mirror(name: str) -> str:
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(part, part) for part in name.split("_"))


MIRRORED: tuple[int, ...] = tuple(JOINT[_mirror(name)] for name in JOINTS)
"""`MIRRORED[j]` is the joint that `j` becomes when the picture is flipped left to right."""

SIDES: tuple[str, ...] = tuple(
    next((side for side in ("left", "right") if side in name.split("_")), "middle") for name in JOINTS
)
"""`SIDES[j]` is the side of the body of joint `j`: left, right or middle."""


def side_of(a: int, b: int) -> str:
    """Return the side of the limb between two joints: left, right, or middle if it crosses from one to the other."""
    return SIDES[a] if SIDES[a] == SIDES[b] else "middle"


COCO17: tuple[int, ...] = tuple(
    JOINT[name]
    for name in ("nose", "left_eye", "right_eye", "left_ear", "right_ear")
    + tuple(
        f"{side}_{part}"
        for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        for side in ("left", "right")
    )
)
"""`COCO17[i]` is our joint for COCO's keypoint `i`."""

COCO18: tuple[int | None, ...] = (
    JOINT["nose"],
    None,  # the neck, between the shoulders, which is not one of our joints
    *(JOINT[f"{side}_{part}"] for side in ("right", "left") for part in ("shoulder", "elbow", "wrist")),
    *(JOINT[f"{side}_{part}"] for side in ("right", "left") for part in ("hip", "knee", "ankle")),
    JOINT["right_eye"],
    JOINT["left_eye"],
    JOINT["right_ear"],
    JOINT["left_ear"],
)
"""`COCO18[i]` is our joint for OpenPose's COCO keypoint `i`, or None."""

MPII16: tuple[int | None, ...] = (
    JOINT["right_ankle"],
    JOINT["right_knee"],
    JOINT["right_hip"],
    JOINT["left_hip"],
    JOINT["left_knee"],
    JOINT["left_ankle"],
    None,  # pelvis
    None,  # thorax
    None,  # upper neck
    None,  # head top
    JOINT["right_wrist"],
    JOINT["right_elbow"],
    JOINT["right_shoulder"],
    JOINT["left_shoulder"],
    JOINT["left_elbow"],
    JOINT["left_wrist"],
)
"""`MPII16[i]` is our joint for MPII's keypoint `i`, or None."""
