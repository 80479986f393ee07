"""Recognises which held pose of the library a body is in: the one whose ranges it meets best, or none."""

from collections.abc import Iterable

from webapp.motion.exercise import Condition, Exercise
from webapp.motion.gate import fits, sided
from webapp.motion.measures import Body, is_angle
from webapp.records import Side

ROOMY_DEG = 25.0
ROOMY_PART = 0.5
"""Distance from the ends of a range, in degrees or torso lengths, from which a measure fits fully."""


class Recogniser:
    """Recognises the poses of a library."""

    def __init__(self, poses: Iterable[Exercise]) -> None:
        self._poses = {pose.name: sided(pose.conditions, pose.one_sided) for pose in poses if pose.conditions}

    @property
    def names(self) -> list[str]:
        """The names of the poses that can be recognised."""
        return sorted(self._poses)

    def recognise(self, body: Body) -> tuple[str, Side] | None:
        """Return the pose and its side; None if the body is in none of them."""
        met = [
            (_fit(body, conditions), name, side)
            for name, sides in self._poses.items()
            for side, conditions in sides.items()
            if fits(body, conditions)
        ]
        if not met:
            return None
        _, name, side = max(met)
        return name, side


def _fit(body: Body, conditions: tuple[Condition, ...]) -> float:
    """Return the sum of how far within its range each measure lies, from 0 to 1; more conditions weigh more."""
    return sum(_within(body.measure(one.measure), one) for one in conditions)


def _within(value: float | None, condition: Condition) -> float:
    if value is None:
        return 0.0
    roomy = ROOMY_DEG if is_angle(condition.measure) else ROOMY_PART
    return min(1.0, (value - condition.low) / roomy, (condition.high - value) / roomy)
