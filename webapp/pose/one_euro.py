"""The One-Euro filter for arrays, and a plain low-pass.

Casiez, Roussel, Vogel: "1 Euro Filter", CHI 2012, section 3: a first-order low-pass whose cut-off grows with the speed
of the signal, so that there is little jitter at rest and little lag in motion. Time is passed in.

This is MediaPipe's form, with the speed between two raw values. `motion/smooth.py` has the paper's form, for one
number: the speed from the last smoothed value to the raw one, restarted after a gap. They do not give equal results.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """The filter's parameters: the lowest cut-off (Hz), its growth with speed, and the cut-off of the speed (Hz)."""

    min_hz: float
    beta: float
    speed_hz: float = 1.0


class OneEuro:
    """Filters arrays of one shape, each element separately."""

    def __init__(self, cutoffs: Cutoffs) -> None:
        self._cutoffs = cutoffs
        self._t_s = -math.inf
        self._value: Array | None = None
        self._speed: Array | None = None
        self._raw: Array | None = None

    def __call__(self, raw: Array, t_s: float, size: float = 1.0) -> Array:
        """Return the filtered array. Speeds are relative to `size`, the object's size in the array's unit."""
        if self._value is None or self._speed is None or self._raw is None:
            self._value, self._speed, self._raw, self._t_s = raw, np.zeros_like(raw), raw, t_s
            return raw
        period_s = t_s - self._t_s
        speed = (raw - self._raw) * (1.0 / (size * period_s))
        self._speed = self._speed + _weight(self._cutoffs.speed_hz, period_s) * (speed - self._speed)
        cutoff_hz = self._cutoffs.min_hz + self._cutoffs.beta * np.abs(self._speed)
        self._value = self._value + _weight(cutoff_hz, period_s) * (raw - self._value)
        self._raw, self._t_s = raw, t_s
        return self._value


def _weight(cutoff_hz: Array | float, period_s: float) -> Array | float:
    """Return the weight of the new value in a low-pass with that cut-off (equation 5 of the paper)."""
    turn = (2.0 * math.pi * period_s) * cutoff_hz
    return turn / (turn + 1.0)


class LowPass:
    """A low-pass with a fixed weight for the new value, independent of time."""

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._value: Array | None = None

    def __call__(self, raw: Array) -> Array:
        """Return the filtered array."""
        self._value = raw if self._value is None else self._value + self._weight * (raw - self._value)
        return self._value
