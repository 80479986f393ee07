"""The world landmarks as TRC, the marker file of biomechanics tools (OpenSim, Mokka, Pose2Sim).

The layout is OpenSim's ("Marker (.trc) Files" in its documentation): five header lines, an empty one, then one row a
sample at a constant rate. Samples are interpolated to `DataRate`; `OrigDataRate` is their own. In metres: Y up, X
towards the camera, Z to the picture's left, which is the right of a person facing the camera, as in OpenSim's models.
The origin is each sample's mid-hip, because one camera cannot locate a person in the room. Unknown values are NaN: a
missing joint, nobody in view, a gap of over half a second.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.errors import NoSeries
from webapp.records import JOINT_COUNT
from webapp.series import Series
from webapp.skeleton import JOINTS

LONGEST_GAP_S = 0.5
"""Samples further apart are not joined by interpolation."""
CLOSE_S = 1e-5
"""Times this close are the same: seconds since 1970 are exact to less than a microsecond."""
_AT_ONCE = 1000

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """The times of the file's rows, and the joints that are markers.

    Row 0 is at `start_s` on the series' clock, followed by `count` - 1 more at `rate_hz` rows a second.
    """

    start_s: float
    rate_hz: int
    original_hz: float
    count: int
    samples: int
    markers: npt.NDArray[np.intp]

    def between(self, first_s: float, last_s: float) -> npt.NDArray[np.intp]:
        """Return the numbers of the rows at or after one time and before another, in seconds since row 0."""
        first, last = (int(np.ceil((t_s - CLOSE_S) * self.rate_hz)) for t_s in (first_s, last_s))
        return np.arange(first, min(last, self.count), dtype=np.intp)


def trc(name: str, pieces: Iterable[Series]) -> Iterator[str]:
    """Return the file's text in pieces; iterates `pieces` twice. Raises NoSeries if no marker is ever known."""
    grid = _grid(pieces)
    return _text(name, grid, pieces)


def _grid(pieces: Iterable[Series]) -> Grid:
    times: list[FloatArray] = []
    known = np.zeros(JOINT_COUNT, bool)
    for piece in pieces:
        times.append(piece.t_s)
        known |= np.isfinite(piece.world).all(axis=2).any(axis=0)
    t_s = np.concatenate(times) if times else np.empty(0)
    if len(t_s) < 2 or not known.any():
        raise NoSeries("This workout has no landmarks in metres: its pose engine does not estimate depth.")
    steps_s = np.diff(t_s)
    original_hz = float(1 / np.mean(steps_s[steps_s <= max(LONGEST_GAP_S, steps_s.min())]))
    rate_hz = max(1, round(original_hz))
    count = int((t_s[-1] - t_s[0] + CLOSE_S) * rate_hz) + 1
    return Grid(float(t_s[0]), rate_hz, original_hz, count, len(t_s), np.flatnonzero(known))


def _text(name: str, grid: Grid, pieces: Iterable[Series]) -> Iterator[str]:
    yield _head(name, grid)
    row = "%d\t%.5f\t" + "\t".join(["%.4f"] * 3 * len(grid.markers)) + "\n"
    for numbers, values in _resampled(grid, pieces):
        times = (numbers / grid.rate_hz).tolist()
        lines = zip((numbers + 1).tolist(), times, values.tolist(), strict=True)
        yield "".join(row % (number, t_s, *line) for number, t_s, line in lines).replace("nan", "NaN")


def _head(name: str, grid: Grid) -> str:
    markers = [JOINTS[joint] for joint in grid.markers]
    head = {
        "DataRate": f"{grid.rate_hz:.2f}",
        "CameraRate": f"{grid.rate_hz:.2f}",
        "NumFrames": grid.count,
        "NumMarkers": len(markers),
        "Units": "m",
        "OrigDataRate": f"{grid.original_hz:.2f}",
        "OrigDataStartFrame": 1,
        "OrigNumFrames": grid.samples,
    }
    axes = "\t".join(f"{axis}{number}" for number in range(1, len(markers) + 1) for axis in "XYZ")
    lines = (
        f"PathFileType\t4\t(X/Y/Z)\t{name}",
        "\t".join(head),
        "\t".join(map(str, head.values())),
        "Frame#\tTime\t" + "\t\t\t".join(markers) + "\t\t",
        "\t\t" + axes,
        "",
    )
    return "".join(line + "\n" for line in lines)


def _resampled(grid: Grid, pieces: Iterable[Series]) -> Iterator[tuple[npt.NDArray[np.intp], FloatArray]]:
    """Yield the numbers of rows and their values (N, 3 a marker); a piece's last sample begins the next piece."""
    t_s, values = np.empty(0), np.empty((0, 3 * len(grid.markers)))
    for piece in pieces:
        t_s, values = np.append(t_s, piece.t_s - grid.start_s), np.concatenate((values, _turned(piece, grid)))
        numbers = grid.between(t_s[0], t_s[-1])
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            yield some, _between(some / grid.rate_hz, t_s, values)
        t_s, values = t_s[-1:], values[-1:]
    last = grid.between(t_s[0], t_s[0] + 1 / grid.rate_hz)
    yield last, values[: len(last)]


def _turned(piece: Series, grid: Grid) -> FloatArray:
    """Return (N, 3 a marker): Y up, X towards the camera."""
    x, y, z = np.moveaxis(piece.world[:, grid.markers].astype(np.float64), 2, 0)
    return np.stack((-z, -y, -x), axis=2).reshape(len(piece), -1)


def _between(wanted_s: FloatArray, t_s: FloatArray, values: FloatArray) -> FloatArray:
    """Return the values at the wanted times, linearly interpolated between samples that are close enough."""
    before = np.clip(np.searchsorted(t_s, wanted_s + CLOSE_S, side="right") - 1, 0, len(t_s) - 2)
    gap_s = t_s[before + 1] - t_s[before]
    into_s = wanted_s - t_s[before]
    part = (into_s / gap_s)[:, None]
    between = values[before] * (1 - part) + values[before + 1] * part
    between[gap_s > LONGEST_GAP_S] = np.nan
    exact = into_s < CLOSE_S
    between[exact] = values[before[exact]]
    return between
