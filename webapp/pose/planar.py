"""Shared by the 2-D engines, which find some of the 33 joints, without depth or metres."""

import numpy as np
import numpy.typing as npt

from webapp.pose.one_euro import Cutoffs, OneEuro
from webapp.pose.roi import Points
from webapp.records import JOINT_COUNT, Pose

Joints = npt.NDArray[np.float64]
"""(33, 3): x and y in pixels of the picture, and visibility; NaN, NaN, 0 for a joint not found."""

_CUTOFFS = Cutoffs(min_hz=0.05, beta=80.0)  # as for BlazePose, with speed relative to the body's size


def between_centres(to_picture: Points) -> Points:
    """Convert a (2, 3) matrix of coordinates from pixels' corners to one from their centres, as `warp` expects."""
    moved = to_picture.copy()
    moved[:, 2] += to_picture[:, :2].sum(axis=1) / 2 - 0.5
    return moved


def no_joints() -> Joints:
    """Return joints, none of them found."""
    joints = np.full((JOINT_COUNT, 3), np.nan)
    joints[:, 2] = 0
    return joints


def to_pose(joints: Joints, width_px: int, height_px: int) -> Pose:
    """Return the joints as a pose: z is 0 for found joints, the world points are unknown."""
    image = np.full((JOINT_COUNT, 4), np.nan, np.float32)
    image[:, :2] = joints[:, :2] / (width_px, height_px)
    image[:, 2] = np.where(np.isfinite(joints[:, 0]), 0, np.nan)
    image[:, 3] = joints[:, 2]
    return Pose(image, np.full((JOINT_COUNT, 3), np.nan, np.float32), width_px / height_px)


class Smoothing:
    """A One-Euro filter for each joint; a lost joint starts afresh when it is found again."""

    def __init__(self) -> None:
        self._filters: dict[int, OneEuro] = {}

    def __call__(self, joints: Joints, t_s: float, size_px: float) -> Joints:
        """Return the joints smoothed; `size_px` is the body's size."""
        found = np.flatnonzero(np.isfinite(joints[:, 0])).tolist()
        self._filters = {joint: self._filters.get(joint) or OneEuro(_CUTOFFS) for joint in found}
        smooth = joints.copy()
        for joint, calm in self._filters.items():
            smooth[joint, :2] = calm(joints[joint, :2], t_s, size_px)
        return smooth
