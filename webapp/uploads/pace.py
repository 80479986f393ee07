"""How quickly a video must come at least: whoever lets it trickle keeps a place from others; pure."""

from webapp.errors import TooSlow

LEAST_BYTES_PER_S = 10_000
"""A video of a minute is some 10 MB; at this pace it would take a quarter of an hour."""
OVER_S = 30.0
"""A line may be away for a moment, as in a lift."""


class Pace:
    """What has come since `now_s`, on any clock that only goes on."""

    def __init__(self, now_s: float) -> None:
        self._since_s = now_s
        self._came_bytes = 0

    def came(self, length_bytes: int, now_s: float) -> None:
        """Count what has come, or raise TooSlow; looked at whenever `OVER_S` have passed."""
        self._came_bytes += length_bytes
        passed_s = now_s - self._since_s
        if passed_s < OVER_S:
            return
        if self._came_bytes < LEAST_BYTES_PER_S * passed_s:
            raise TooSlow("The video comes too slowly; use a quicker line, or save the video smaller.")
        self._since_s, self._came_bytes = now_s, 0
