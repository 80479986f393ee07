"""The interface of pose engines: streams share weights and nothing else."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from webapp.records import Pose

RgbImage = npt.NDArray[np.uint8]
"""(height, width, 3), red first, not mirrored."""


class PoseStream(Protocol):
    """One person's tracking state: region of interest, filters, last time. One per connection, within a worker."""

    @property
    def others(self) -> int:
        """Number of other people the last time the whole picture was searched."""
        ...

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, None for nobody. Raises ValueError if `t_s` does not increase."""
        ...

    def close(self) -> None:
        """Free the stream's resources; a second call does nothing."""
        ...


class PoseBackend(Protocol):
    """An engine with its weights, loaded once per worker."""

    @property
    def name(self) -> str:
        """The engine's name, such as `blazepose-full`."""
        ...

    def open(self) -> PoseStream:
        """Open a stream that shares only the weights with others."""
        ...

    def close(self) -> None:
        """Free the weights; a second call does nothing."""
        ...
