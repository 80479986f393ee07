"""The times of one stream's frames."""

import math


class IncreasingTimes:
    """Refuses a time that does not increase: filters and tracking would see infinite speed.

    It refuses infinity, too: no later time could increase.
    """

    def __init__(self) -> None:
        self._last_s = -math.inf

    def check(self, t_s: float) -> None:
        """Check the next frame's time. Raises ValueError if it is not later than the last, or not finite."""
        if not self._last_s < t_s < math.inf:
            raise ValueError(f"time must increase: {t_s} s after {self._last_s} s")
        self._last_s = t_s
