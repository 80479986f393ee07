"""An engine without work: one fixed pose, so that a benchmark measures only the path of a frame and its answer."""

from dataclasses import dataclass

import numpy as np

from webapp.pose import PoseStream, RgbImage
from webapp.pose.backends import EngineRow, Opening
from webapp.pose.increasing_times import IncreasingTimes
from webapp.records import JOINT_COUNT, Pose


def open_engine(row: EngineRow, _opening: Opening) -> "Null":
    """Return the engine; there is nothing to load."""
    return Null(row.name)


@dataclass(frozen=True, slots=True)
class Null:
    """An engine without a network."""

    name: str

    def open(self) -> PoseStream:
        """Open a stream."""
        return NullStream()

    def close(self) -> None:
        """Do nothing: nothing is held."""


class NullStream:
    """Answers every picture with the same joints, from the head straight down to the feet."""

    others = 0

    def __init__(self) -> None:
        self._times = IncreasingTimes()
        self._image = np.full((JOINT_COUNT, 4), (0.5, 0.0, 0.0, 1.0), np.float32)
        self._image[:, 1] = np.linspace(0.1, 0.9, JOINT_COUNT)
        self._world = np.zeros((JOINT_COUNT, 3), np.float32)

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the fixed pose. Raises ValueError if `t_s` does not increase."""
        self._times.check(t_s)
        return Pose(self._image, self._world, rgb.shape[1] / rgb.shape[0])

    def close(self) -> None:
        """Do nothing: nothing is held."""
