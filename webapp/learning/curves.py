"""A recording's measures over time, and how often each goes up and down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from webapp.motion.measures import Body
from webapp.motion.smooth import OneEuro
from webapp.records import Estimate

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SEEN_PART = 0.8
"""Part of the frames with a person in which a measure must be seen."""


class Recording:
    """The frames of a recording that show a person: `t_s` (N,) seconds, and their bodies."""

    def __init__(self, estimates: Iterable[Estimate]) -> None:
        seen = [(one.t_s, Body(one.pose)) for one in estimates if one.pose is not None]
        self.t_s: Array = np.array([t_s for t_s, _ in seen])
        self.bodies = tuple(body for _, body in seen)
        self._curves: dict[str, Array | None] = {}

    def curve(self, measure: str) -> Array | None:
        """Return a measure over time (N,), smoothed as for counting; None if it was not seen enough."""
        if measure not in self._curves:
            self._curves[measure] = self._smoothed(measure)
        return self._curves[measure]

    def _smoothed(self, measure: str) -> Array | None:
        raw = np.array([np.nan if (value := body.measure(measure)) is None else value for body in self.bodies])
        known = np.isfinite(raw)
        if not known.any() or known.mean() < SEEN_PART:
            return None
        bridged = np.interp(self.t_s, self.t_s[known], raw[known])
        span = float(np.ptp(bridged)) or 1.0
        smooth = OneEuro()
        return np.array([smooth(value / span, t_s) * span for value, t_s in zip(bridged, self.t_s, strict=True)])


@dataclass(frozen=True, slots=True)
class Peak:
    """A maximum of a curve and its prominence: how far one must descend from it to reach a higher one.

    edge: whether the way down leads out of the recording, which may cut the movement off.
    """

    at: int
    height: float
    prominence: float
    edge: bool = False


def peaks(curve: Array) -> list[Peak]:
    """Return a curve's peaks, the most prominent first; its ends are not peaks."""
    tops = [i for i in range(1, len(curve) - 1) if curve[i - 1] < curve[i] >= curve[i + 1]]
    found = [Peak(at, float(curve[at]), _prominence(curve, at), _at_edge(curve, at)) for at in tops]
    return sorted(found, key=lambda peak: -peak.prominence)


def _prominence(curve: Array, at: int) -> float:
    height = curve[at]
    before, after = np.flatnonzero(curve[:at] > height), np.flatnonzero(curve[at + 1 :] > height)
    left = curve[before[-1] + 1 if before.size else 0 : at + 1].min()
    right = curve[at : at + 1 + after[0] if after.size else None].min()
    return float(height - max(left, right))


def _at_edge(curve: Array, at: int) -> bool:
    return bool(curve[0] == curve[: at + 1].min() or curve[-1] == curve[at:].min())


def valleys(curve: Array, tops: Sequence[int]) -> list[float]:
    """Return the minima before, between and after the peaks, searched as far out as the peaks' distance."""
    apart = round(float(np.median(np.diff(tops)))) if len(tops) > 1 else len(curve)
    edges = [max(0, tops[0] - apart), *tops, min(len(curve), tops[-1] + apart)]
    return [float(curve[start : end + 1].min()) for start, end in pairwise(edges)]
