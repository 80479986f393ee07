"""Whether the skeleton is still on the same person: no body leaps as far as a skeleton that changes its owner."""

import math

from webapp.motion.measures import Body

LEAP = 0.6
FASTEST_PER_S = 6.0
"""Lengths of the torso that the hips may move at once, and per second: a jump is up to 5 a second."""
GROWS = 1.7
"""How much longer or shorter the torso may be from one picture to the next."""
LONG_AGO_S = 2.0
"""After this time out of view, who comes back is somebody new, or at least at something new."""


LONGER = 1.1
"""By how much the torso must be longer than it ever was to be believed: each change of size shifts every place."""


class SamePerson:
    """Follows the place and the size of the trunk in the picture."""

    def __init__(self) -> None:
        self._last: tuple[float, float, float, float] | None = None
        self._size = math.nan

    def observe(self, body: Body, t_s: float) -> bool:
        """Return whether this may be the same person, in the same take, as the pose before; tell the body its size.

        A body whose trunk is unknown tells nothing, and has the size that was known before.
        """
        known = not math.isnan(body.size)
        same = self._same(body, t_s) if known else True
        if known and (not same or not body.size <= LONGER * self._size):
            self._size = body.size
        body.size = self._size
        return same

    def _same(self, body: Body, t_s: float) -> bool:
        now = (t_s, *body.trunk)
        before, self._last = self._last, now
        if before is None:
            return True
        if t_s - before[0] > LONG_AGO_S:
            return False
        length = max(before[3], now[3])
        far = math.dist(before[1:3], now[1:3]) > length * (LEAP + FASTEST_PER_S * (t_s - before[0]))
        return not far and length < GROWS * min(before[3], now[3])
