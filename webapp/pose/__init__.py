"""The seam of the pose engines: weights are shared, streams never are."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from webapp.records import Pose

RgbImage = npt.NDArray[np.uint8]
"""(height, width, 3), red first, not mirrored."""


class PoseStream(Protocol):
    """One person's tracking: region of interest, filters, last time. Belongs to one connection, lives in one worker."""

    @property
    def others(self) -> int:
        """How many further people the last look at the whole picture showed."""
        ...

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """Return the pose in the picture, or None for nobody; `t_s` must grow (ValueError when it does not)."""
        ...

    def close(self) -> None:
        """Free what the stream holds; a second call does nothing."""
        ...


class PoseBackend(Protocol):
    """An engine with its weights, loaded once a worker."""

    @property
    def name(self) -> str:
        """The engine's name as everywhere: `blazepose-full`."""
        ...

    def open(self) -> PoseStream:
        """Begin a stream that shares nothing with another but the weights."""
        ...

    def close(self) -> None:
        """Free the weights; a second call does nothing."""
        ...
