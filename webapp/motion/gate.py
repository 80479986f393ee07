"""Decides by its conditions whether a movement or pose is this exercise at all.

A condition whose joints cannot be seen is not broken, because a hidden foot does not prove another exercise, unless it
is `must_see`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from webapp.motion.exercise import Condition
from webapp.motion.measures import Body, is_difference, is_place, mirrored
from webapp.records import Side

ENOUGH_SEEN = 0.65
"""Part of the conditions that must be seen to recognise a pose: one arm and one leg may be hidden. Conditions that need
depth do not count for an engine without it, nor do unseen differences of two sides, one of which is often hidden."""
STRAYS = 0.15
"""Part of a movement's samples that may break a `still` condition: single ones are errors of the engine, and so is a
joint outside the picture that is seen in a single one."""


def fits(body: Body, conditions: Sequence[Condition], enough: float = ENOUGH_SEEN) -> bool | None:
    """Return whether the conditions are met; None if none is broken, but less than `enough` of them can be seen."""
    seen = unmeasurable = 0
    for condition in conditions:
        value = body.measure(condition.measure)
        if value is None:
            if body.is_beyond(condition.measure) or is_difference(condition.measure):
                unmeasurable += 1
        else:
            seen += 1
            if not condition.low <= value <= condition.high:
                return False
    return True if seen >= enough * (len(conditions) - unmeasurable) else None


def sided(conditions: Iterable[Condition], one_sided: bool, side: Side = "both") -> dict[Side, tuple[Condition, ...]]:
    """Return the conditions for each side on which they may be met; they are written for the left one."""
    left = tuple(conditions)
    right = tuple(replace(one, measure=mirrored(one.measure)) for one in left)
    if side != "both":
        return {side: right if side == "right" else left}
    return {"left": left, "right": right} if one_sided else {"both": left}


class Gate:
    """Judges the conditions of one movement by measures taken at its start, on its way and at its far end."""

    def __init__(self, variants: dict[Side, tuple[Condition, ...]], watched: Iterable[str] = ()) -> None:
        self._variants = variants
        every = tuple(one for conditions in variants.values() for one in conditions)
        self._always = tuple(one for one in next(iter(variants.values())) if one.when == "always")
        self._measures = {one.measure for one in every if one.when != "always"} | set(watched)
        self._at_rest: dict[str, float] = {}
        self._size = 1.0
        self._rows: list[tuple[float, dict[str, float | None]]] = []

    def in_position(self, body: Body) -> bool:
        """Return whether no `always` condition is seen to be broken."""
        return fits(body, self._always) is not False

    def rest(self, body: Body) -> None:
        """Measure the body at rest, where the next movement starts."""
        self._rows = []
        self._size = self._size if math.isnan(body.size) else body.size
        for measure in self._measures:
            value = self._measured(body, measure)
            if value is not None:
                self._at_rest[measure] = value

    def moving(self, body: Body, part: float) -> None:
        """Measure the moving body at `part` of the way to the target."""
        self._rows.append((part, {measure: self._measured(body, measure) for measure in self._measures}))

    def _measured(self, body: Body, measure: str) -> float | None:
        """Return a measure; places are scaled by the size at rest, so that a new size is no movement."""
        value = body.measure(measure)
        return value * body.size / self._size if value is not None and is_place(measure) else value

    def far(self, measure: str, from_part: float) -> float | None:
        """Return a watched measure's median over the samples at `from_part` or beyond; None if not seen there."""
        seen = [row[measure] for part, row in self._rows if part >= from_part]
        known = [value for value in seen if value is not None]
        return median(known) if known else None

    def verdict(self, from_part: float, share: float = 1.0) -> tuple[Side, Condition | None]:
        """Return the side whose conditions were met, and None; else the first side and the first condition it broke.

        share: part of a whole repetition that was done. Of an attempt, less than 1, each `change` condition requires
            only that share, and `far` conditions nothing, as it never reached the far end.
        """
        first: tuple[Side, Condition | None] | None = None
        for side, conditions in self._variants.items():
            broken = next((one for one in conditions if self._breaks(one, from_part, share)), None)
            if broken is None:
                return side, None
            first = first or (side, broken)
        return first or ("both", None)

    def _breaks(self, condition: Condition, from_part: float, share: float) -> bool:
        if condition.when == "always" or (condition.when == "far" and share < 1):
            return False
        if condition.when == "still":
            return self._moved(condition)
        value = self._value(condition, from_part)
        if value is None:
            return condition.must_see
        required = share if condition.when == "change" else 1.0
        return not condition.low * required <= value <= condition.high * required

    def _value(self, condition: Condition, from_part: float) -> float | None:
        before = self._at_rest.get(condition.measure)
        if condition.when == "rest":
            return before
        now = self.far(condition.measure, from_part)
        if condition.when == "far":
            return now
        return now - before if now is not None and before is not None else None

    def _moved(self, condition: Condition) -> bool:
        before = self._at_rest.get(condition.measure)
        seen = [row[condition.measure] for _, row in self._rows]
        known = [value for value in seen if value is not None]
        if before is None or not known:
            return condition.must_see
        outside = sum(not condition.low <= value - before <= condition.high for value in known)
        return outside > STRAYS * len(self._rows)
