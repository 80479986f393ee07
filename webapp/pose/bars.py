"""Black bars beside, or above and below, the picture proper, as around a portrait video in a landscape one. Pure.

BlazePose sees only what is between them. Where the picture ends, its network gets the edge repeated, as in MediaPipe;
black there hides people whose body is cut off by the edge.
"""

import numpy as np
import numpy.typing as npt

from webapp.pose import PoseStream, RgbImage
from webapp.records import Pose

_BLACK = 24  # brightest level of a bar, of 255: a codec's black is not exactly 0
_NARROWEST = 0.02  # width of a bar, in sides of the picture
_UNEQUAL = 0.01  # largest difference of two opposite bars: a dark scene is rarely as even
_FULL = 0.5  # least part of a row at a bar that is lit, of the fullest row's
_BLURRED = 2  # rows between a bar and the picture that a codec blurs
_BEHIND = 0.05  # of the part's sides: a joint this far beyond its edge is not seen

Part = tuple[slice, slice]
"""The rows and columns of a part of a picture."""


def between(rgb: RgbImage) -> Part | None:
    """Return the part of the picture between its bars; None if it has none."""
    if min(rgb[[0, -1]].max(), rgb[:, [0, -1]].max()) > _BLACK:  # usual, and quickly seen
        return None
    lit = rgb.max(axis=2) > _BLACK
    rows, columns = _span(lit.sum(axis=1)), _span(lit.sum(axis=0))
    whole = slice(0, rgb.shape[0]), slice(0, rgb.shape[1])
    return None if (rows, columns) == whole else (rows, columns)


def _span(lit: npt.NDArray[np.intp]) -> slice:
    """Return the range between two equally wide bars; all of it if there are none.

    lit: how many pixels of each row, or column, are not black. A picture begins with a full row; somebody in front of a
    black wall, with the top of the head.
    """
    length, (found,) = len(lit), np.nonzero(lit)
    if not len(found):
        return slice(0, length)
    first, last = int(found[0]), int(found[-1])
    bars = first, length - 1 - last
    is_even = min(bars) >= _NARROWEST * length and abs(bars[0] - bars[1]) <= _UNEQUAL * length
    edges = lit[min(first + _BLURRED, last)], lit[max(last - _BLURRED, first)]
    return slice(first, last + 1) if is_even and min(edges) >= _FULL * lit.max() else slice(0, length)


class BetweenBars:
    """A `PoseStream` that shows another one only what is between the bars.

    They are looked for until somebody is seen, and after the picture's size has changed: a dark moment is no bar.
    """

    def __init__(self, stream: PoseStream) -> None:
        self._stream = stream
        self._part: Part | None = None
        self._shape: tuple[int, ...] | None = None  # of the last picture with somebody

    @property
    def others(self) -> int:
        """See `PoseStream`."""
        return self._stream.others

    def estimate(self, rgb: RgbImage, t_s: float) -> Pose | None:
        """See `PoseStream`; the pose is in fractions of the whole picture."""
        if rgb.shape != self._shape:
            self._part = between(rgb)
        pose = self._stream.estimate(rgb if self._part is None else np.ascontiguousarray(rgb[self._part]), t_s)
        self._shape = None if pose is None else rgb.shape
        return pose if pose is None or self._part is None else in_whole(pose, self._part, rgb.shape)

    def close(self) -> None:
        """See `PoseStream`."""
        self._stream.close()


def in_whole(pose: Pose, part: Part, shape: tuple[int, ...]) -> Pose:
    """Return a pose in a part of a picture as one in the whole picture, of the shape (height, width, 3).

    A joint behind a bar is not seen: it would look as if it was in view.
    """
    (rows, columns), (height, width, _) = part, shape
    across, down = (columns.stop - columns.start) / width, (rows.stop - rows.start) / height
    image = pose.image.copy()
    image[(np.abs(image[:, :2] - 0.5) > 0.5 + _BEHIND).any(axis=1), 3] = 0
    image[:, :3] *= (across, down, across)  # z is in widths of the picture
    image[:, :2] += (columns.start / width, rows.start / height)
    return Pose(image, pose.world, width / height)
