"""Filters for one number over time: One-Euro (Casiez, Roussel, Vogel: 1 Euro Filter, CHI 2012), and leaps."""

import math

MIN_CUTOFF_HZ = 2.0
BETA = 3.0
DERIVATIVE_CUTOFF_HZ = 2.0
FORGETS_S = 1.0
"""After a longer gap the filter starts over: older values say nothing about the present."""
LEAP = 0.5
FASTEST_PER_S = 6.0
PASSES_S = 0.2
"""How far a signal may move at once, and per second, in parts of the way: a jumping jack's arms take 0.2 s. A longer
leap that lasts less than PASSES_S is an error of the engine, which took left for right.
"""


class Leaps:
    """Finds values that no limb can have reached since the last accepted one."""

    __slots__ = ("_t_s", "_value")

    def __init__(self) -> None:
        self._value = 0.0
        self._t_s = -math.inf

    def __call__(self, value: float, t_s: float) -> bool:
        """Return whether `value` at `t_s` is such a leap; one that lasts PASSES_S is accepted."""
        since_s = t_s - self._t_s
        if since_s < PASSES_S and abs(value - self._value) > LEAP + FASTEST_PER_S * since_s:
            return True
        self._value, self._t_s = value, t_s
        return False


class OneEuro:
    """Smooths strongly while the number is at rest, and hardly while it moves."""

    __slots__ = ("_beta", "_min_cutoff_hz", "_slope", "_t_s", "_value")

    def __init__(self, min_cutoff_hz: float = MIN_CUTOFF_HZ, beta: float = BETA) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._value = 0.0
        self._slope = 0.0
        self._t_s = -math.inf

    def __call__(self, value: float, t_s: float) -> float:
        """Return the smoothed value at `t_s`, which must increase from call to call."""
        dt_s = t_s - self._t_s
        self._t_s = t_s
        if dt_s > FORGETS_S or dt_s <= 0:
            self._value, self._slope = value, 0.0
            return value
        slope = (value - self._value) / dt_s
        self._slope += _weight(DERIVATIVE_CUTOFF_HZ, dt_s) * (slope - self._slope)
        cutoff_hz = self._min_cutoff_hz + self._beta * abs(self._slope)
        self._value += _weight(cutoff_hz, dt_s) * (value - self._value)
        return self._value


def _weight(cutoff_hz: float, dt_s: float) -> float:
    turn = 2 * math.pi * cutoff_hz * dt_s
    return turn / (turn + 1)
