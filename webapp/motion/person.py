"""Detects when the skeleton leaps to another person, further than a body can move, and knows the body's true size."""

import math

from webapp.motion.measures import Body

LEAP = 0.6
FASTEST_PER_S = 6.0
"""How far the hips may move at once, and per second, in torso lengths: a jump reaches 5 a second."""
GROWS = 1.7
GROWS_PER_S = 1.0
"""Factor by which the torso may grow or shrink at once, and what time adds to it: while frames are lost, a torso that
points at the camera changes its length by as much as in two frames."""
STAYS = 0.3
STAYS_RATIO = 0.4
"""Distance in torso lengths up to which one end of the trunk has stayed, if it has also moved at most by this part of
the other end's distance: then an engine has lost the other end, and nobody else has come."""
LONG_AGO_S = 2.0
"""After this long out of view it is a new person, or a new start by the same one."""
LONGER = 1.1
"""Factor by which the torso must exceed its known length to replace it: each change of size shifts every place."""

GROWS_S, SHRINKS_S = 0.3, 10.0
"""Without depth, a torso that leans towards the camera or away looks shorter: time constants (63%) with which the unit
of length follows a longer one, longer than an engine's errors, and a shorter one, longer than a repetition."""


class SamePerson:
    """Follows the place and size of the trunk in the picture."""

    def __init__(self) -> None:
        self._last: tuple[float, float, float, float] | None = None
        self._shoulders = (math.nan, math.nan)
        self._size = math.nan
        self._scale = math.nan
        self._measured_s = math.nan

    def observe(self, body: Body, t_s: float) -> bool:
        """Return whether this may be the same person as before, without a long gap; set the body's size and scale.

        A body whose trunk is unknown counts as the same and gets those known before.
        """
        known = not math.isnan(body.size)
        same = self._same(body, t_s) if known else True
        if known and (not same or not body.size <= LONGER * self._size):
            self._size = body.size
        if known and body.is_flat:
            self._scale = body.size if not same or math.isnan(self._scale) else self._followed(body.size, t_s)
            self._measured_s = t_s
        if body.is_flat:
            body.scale = self._scale
        body.size = self._size
        return same

    def _followed(self, length: float, t_s: float) -> float:
        """Return the scale after a torso of this length is seen: it grows quickly and shrinks slowly."""
        slow_s = GROWS_S if length > self._scale else SHRINKS_S
        return self._scale + (length - self._scale) * (1 - math.exp((self._measured_s - t_s) / slow_s))

    def _same(self, body: Body, t_s: float) -> bool:
        now = (t_s, *body.trunk)
        before, self._last = self._last, now
        above, self._shoulders = self._shoulders, body.shoulders
        if before is None:
            return True
        if t_s - before[0] > LONG_AGO_S:
            return False
        length = max(before[3], now[3])
        far = math.dist(before[1:3], now[1:3]) > length * (LEAP + FASTEST_PER_S * (t_s - before[0]))
        grows = GROWS + GROWS_PER_S * (t_s - before[0])
        if not far and length < grows * min(before[3], now[3]):
            return True
        moved, other = sorted((math.dist(before[1:3], now[1:3]), math.dist(above, self._shoulders)))
        return moved <= STAYS * length and moved <= STAYS_RATIO * other
