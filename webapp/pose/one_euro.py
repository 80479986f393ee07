"""The One-Euro filter over arrays, and the plain low-pass within it.

Casiez, Roussel, Vogel: "1 Euro Filter", CHI 2012, section 3: a first-order low-pass whose cut-off grows with the speed
of the signal, so that what stands still is calm and what moves is not late. Time is passed in.

It is MediaPipe's form, whose speed is that between two raw values. `motion/smooth.py` has the paper's, for one number:
from the last smoothed value to the raw one, begun anew after a gap. Neither can stand for the other to the last bit.
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
    """Filters arrays of one shape, every element for itself."""

    def __init__(self, cutoffs: Cutoffs) -> None:
        self._cutoffs = cutoffs
        self._t_s = -math.inf
        self._value: Array | None = None
        self._speed: Array | None = None
        self._raw: Array | None = None

    def __call__(self, raw: Array, t_s: float, size: float = 1.0) -> Array:
        """Return the filtered array; `size` is that of the object, in the array's unit: speed is measured in sizes."""
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
    """Weight of the new value in a low-pass of that cut-off (equation 5 of the paper)."""
    turn = (2.0 * math.pi * period_s) * cutoff_hz
    return turn / (turn + 1.0)


class LowPass:
    """A low-pass with a fixed weight for the new value, whatever the time between."""

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._value: Array | None = None

    def __call__(self, raw: Array) -> Array:
        """Return the filtered array."""
        self._value = raw if self._value is None else self._value + self._weight * (raw - self._value)
        return self._value
