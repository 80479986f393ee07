"""Keeps a tracker on the same person if several are in view. Pure.

Somebody who trains stays in about one place, at about one size: the average of the recent squares is the home. A
tracker that slides over to a passer-by leaves the home while the detector still sees a body there, which reveals the
mistake.
"""

import math
from collections.abc import Sequence

from webapp.pose.roi import Roi

_HOME_S = 4.0
"""Time constant of the home: slower than a passer-by, faster than somebody who looks for a new place."""
_LOOK_S, _DOUBT_S = 2.0, 0.5
"""Seconds between searches of the whole picture: usually, and while the tracker is away from home or head down."""
_LEFT, _AT_HOME, _ELSEWHERE, _NEAR = 0.35, 0.3, 0.3, 1.5
"""Distances between centres, in sides of the larger square: from which the tracker has left home; below which a body is
at home; above which it is not the tracked one; below which it may be the lost person."""
_SIZE_RATIO = 1.5  # largest ratio of the sides of two squares of the same person
_HEAD_DOWN_RAD = math.pi / 2  # a larger turn is rare for people, but usual for a tracker that took feet for a head
_UPSIDE_DOWN_RAD = 2 * math.pi / 3  # angle between the tracker's and the detector's head from which it is the wrong end
_FAITHFUL_S = 1.0  # how long after a loss only the same person is accepted


class Following:
    """The person that one stream follows; times are those of the stream's frames."""

    def __init__(self) -> None:
        self._home: Roi | None = None
        self._last: Roi | None = None
        self._seen_s = -math.inf
        self._looked_s = -math.inf

    def seen(self, square: Roi, t_s: float) -> None:
        """Note where the person is now."""
        if self._home is None or t_s - self._seen_s > _FAITHFUL_S:
            self._home = square
        else:
            self._home = _between(self._home, square, 1 - math.exp((self._seen_s - t_s) / _HOME_S))
        self._last, self._seen_s = square, t_s

    def looked(self, t_s: float) -> None:
        """Note that the whole picture was searched."""
        self._looked_s = t_s

    def should_look(self, square: Roi, t_s: float) -> bool:
        """Return whether to search the whole picture although the tracker sees somebody in `square`."""
        left = self._home is not None and _distance(square, self._home) > _LEFT
        doubtful = left or abs(square.rotation_rad) > _HEAD_DOWN_RAD
        return t_s - self._looked_s >= (_DOUBT_S if doubtful else _LOOK_S)

    def upside_down(self, square: Roi, people: Sequence[Roi]) -> Roi | None:
        """Return the detector's square of the body in `square` if the tracker has its head at the wrong end."""
        found = (
            body for body in people if _is_same_body(body, square) and _angle_between(body, square) > _UPSIDE_DOWN_RAD
        )
        return min(found, key=lambda body: _distance(body, square), default=None)

    def left_behind(self, square: Roi, people: Sequence[Roi]) -> Roi | None:
        """Return the body at home if the tracker is elsewhere, in `square`; None if all is well."""
        home = self._home
        if home is None or _distance(square, home) <= _LEFT:
            return None
        found = (body for body in people if _is_same_body(body, home) and _distance(body, square) > _ELSEWHERE)
        return min(found, key=lambda body: _distance(body, home), default=None)

    def choose(self, people: Sequence[Roi], t_s: float) -> Roi | None:
        """Return whom to follow: soon after a loss the nearest to home, otherwise the largest; None for nobody."""
        home, last = self._home, self._last
        if home is None or last is None or t_s - self._seen_s > _FAITHFUL_S:
            return max(people, key=lambda body: body.side_px, default=None)
        near = (body for body in people if min(_distance(body, home), _distance(body, last)) < _NEAR)
        return min(near, key=lambda body: _distance(body, home), default=None)


def _distance(square: Roi, other: Roi) -> float:
    """Return the distance of two squares' centres, in sides of the larger."""
    return math.hypot(square.x_px - other.x_px, square.y_px - other.y_px) / max(square.side_px, other.side_px)


def _angle_between(square: Roi, other: Roi) -> float:
    """Return the angle between two squares, 0 to pi."""
    return abs(math.remainder(square.rotation_rad - other.rotation_rad, 2 * math.pi))


def _is_same_body(square: Roi, home: Roi) -> bool:
    return _distance(square, home) < _AT_HOME and abs(math.log(square.side_px / home.side_px)) < math.log(_SIZE_RATIO)


def _between(square: Roi, other: Roi, part: float) -> Roi:
    return Roi(
        square.x_px + part * (other.x_px - square.x_px),
        square.y_px + part * (other.y_px - square.y_px),
        square.side_px + part * (other.side_px - square.side_px),
    )
