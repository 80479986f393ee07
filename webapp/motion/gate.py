"""Whether a movement is this exercise at all: its conditions, each judged where it applies.

A condition whose joints cannot be seen breaks nothing, for a hidden foot is no proof of another exercise, unless it is
one that must be seen.
"""

from collections.abc import Iterable
from dataclasses import replace

from webapp.motion.exercise import Condition
from webapp.motion.measures import Body, mirrored
from webapp.records import Side


def fits(body: Body, conditions: Iterable[Condition]) -> bool | None:
    """Return whether all conditions are met; None when one cannot be seen and no other is broken."""
    answer: bool | None = True
    for condition in conditions:
        value = body.measure(condition.measure)
        if value is None:
            answer = None
        elif not condition.low <= value <= condition.high:
            return False
    return answer


def sided(conditions: Iterable[Condition], one_sided: bool, side: Side = "both") -> dict[Side, tuple[Condition, ...]]:
    """Return the conditions for each side that they may be met on; they are written for the left one."""
    left = tuple(conditions)
    right = tuple(replace(one, measure=mirrored(one.measure)) for one in left)
    if side != "both":
        return {side: right if side == "right" else left}
    return {"left": left, "right": right} if one_sided else {"both": left}


class Gate:
    """Judges the conditions of one movement: all the time, at its start and at its far end."""

    def __init__(self, variants: dict[Side, tuple[Condition, ...]]) -> None:
        self._variants = variants
        self._always = tuple(one for one in next(iter(variants.values())) if one.when == "always")
        self._at_rest: dict[str, float] = {}
        self._broken: dict[Side, Condition | None] = {}

    def in_position(self, body: Body) -> bool:
        """Whether no `always` condition is seen to be broken."""
        return fits(body, self._always) is not False

    def rest(self, body: Body) -> None:
        """Note the measures at rest that are compared later."""
        for conditions in self._variants.values():
            for one in conditions:
                value = body.measure(one.measure) if one.when in ("rest", "change") else None
                if value is not None:
                    self._at_rest[one.measure] = value

    def far(self, body: Body) -> None:
        """Judge the movement at its furthest point so far."""
        self._broken = {
            side: next((one for one in conditions if self._breaks(one, body)), None)
            for side, conditions in self._variants.items()
        }

    def verdict(self) -> tuple[Side, Condition | None]:
        """Return the side whose conditions were met, or the first side and what it broke."""
        kept = next((side for side, broken in self._broken.items() if broken is None), None)
        if kept is not None:
            return kept, None
        return next(iter(self._broken.items()), ("both", None))

    def _breaks(self, condition: Condition, body: Body) -> bool:
        if condition.when == "always":
            return False
        value = self._judged(condition, body)
        if value is None:
            return condition.must_see
        return not condition.low <= value <= condition.high

    def _judged(self, condition: Condition, body: Body) -> float | None:
        before = self._at_rest.get(condition.measure)
        if condition.when == "rest":
            return before
        now = body.measure(condition.measure)
        if condition.when == "far":
            return now
        return now - before if now is not None and before is not None else None
