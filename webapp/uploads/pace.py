"""Minimum upload rate: a trickling upload would occupy a place that others need. Pure."""

from webapp.errors import TooSlow

LEAST_BYTES_PER_S = 10_000
"""One minute of video is some 10 MB; at this rate it would take a quarter of an hour."""
OVER_S = 30.0
"""Measured over this time, because a connection may drop for a moment, as in a lift."""


class Pace:
    """Bytes received since `now_s`, on any monotonic clock."""

    def __init__(self, now_s: float) -> None:
        self._since_s = now_s
        self._came_bytes = 0

    def came(self, length_bytes: int, now_s: float) -> None:
        """Count received bytes. Raises TooSlow; checked whenever `OVER_S` have passed."""
        self._came_bytes += length_bytes
        passed_s = now_s - self._since_s
        if passed_s < OVER_S:
            return
        if self._came_bytes < LEAST_BYTES_PER_S * passed_s:
            raise TooSlow("The upload is too slow; use a faster connection, or save the video smaller.")
        self._since_s, self._came_bytes = now_s, 0
