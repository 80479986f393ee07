"""Cuts in an edited video: whoever is in the picture after one is looked for anew. Pure."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from webapp.pose import PoseStream, RgbImage
from webapp.pose.increasing_times import IncreasingTimes
from webapp.records import Pose

_SAMPLES = 24  # pixels that are compared, along each side
_FLAT = 4.0  # standard deviation of the levels, of 255, below which a picture shows nothing: a covered camera, a fade
_UNLIKE = 0.3
"""Correlation below which two pictures show different scenes. In our clips, at ten pictures a second, it is at most
0.18 over a cut, and at least 0.45 otherwise: in jumping jacks before a plain wall, and from a hand-held camera."""

Sketch = npt.NDArray[np.float64]


def sketch(rgb: RgbImage) -> Sketch | None:
    """Return the green levels of 24 x 24 pixels, (576,), less their mean and scaled to length 1; None if all are alike.

    The product of two sketches is their correlation, which neither more light nor another size in pixels changes much.
    """
    down, across = (np.arange(_SAMPLES) * side // _SAMPLES for side in rgb.shape[:2])
    levels = rgb[down[:, None], across, 1].ravel().astype(np.float64)
    levels -= levels.mean()
    length = float(np.sqrt(levels @ levels))
    return None if length < _FLAT * _SAMPLES else levels / length


class AnewAfterCuts:
    """A `PoseStream` that opens another one at the start and after every cut.

    Without this, a tracker may go on in the old square, and with the old person's place and size, for up to two
    seconds.
    """

    def __init__(self, open_stream: Callable[[], PoseStream]) -> None:
        self._open = open_stream
        self._stream = open_stream()
        self._scene: Sketch | None = None
        self._times = IncreasingTimes()

    @property
    def others(self) -> int:
        """See `PoseStream`."""
        return self._stream.others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """See `PoseStream`."""
        self._times.check(t_s)
        scene = sketch(rgb)
        if scene is not None:
            if self._scene is not None and scene @ self._scene < _UNLIKE:
                self._stream.close()
                self._stream = self._open()
            self._scene = scene
        return self._stream.estimate(rgb, t_s)

    def close(self) -> None:
        """See `PoseStream`."""
        self._stream.close()
