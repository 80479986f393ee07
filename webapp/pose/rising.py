"""The times of one stream's frames."""

import math


class Rising:
    """Refuses a time that does not grow: filters and tracking would take it for infinite speed."""

    def __init__(self) -> None:
        self._last_s = -math.inf

    def check(self, t_s: float) -> None:
        """Take the next frame's time; ValueError when it is not later than the last."""
        if not t_s > self._last_s:
            raise ValueError(f"time must grow: {t_s} s after {self._last_s} s")
        self._last_s = t_s
