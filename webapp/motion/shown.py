"""The chart of an exercise: one measure over time, in its own unit, with its target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.motion.exercise import Count, Exercise
from webapp.motion.measures import (
    ANGLES,
    FACING,
    KNEES_OVER_FEET,
    PLACES,
    SIDES,
    Body,
    is_angle,
    is_place,
    mirrored,
    split,
)
from webapp.records import Pose, Side

DEGREES = "°"
TORSOS = "torso lengths"
NONE = ""
"""The unit of a ratio."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chart: a measure of both sides together, or of one."""

    side: Side
    measure: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the chart of an exercise shows.

    title, unit: of the axis. target: value that a repetition should reach; None if it is relative to the start.
    low, high: the range of a hold; None for no limit. All three in `unit`.
    """

    title: str
    unit: str
    lines: tuple[Line, ...]
    target: float | None = None
    low: float | None = None
    high: float | None = None

    def values(self, pose: Pose | None) -> tuple[float | None, ...]:
        """Return the value of each line in a pose; None if it cannot be seen."""
        if pose is None:
            return (None,) * len(self.lines)
        body = Body(pose)
        return tuple(body.measure(line.measure) for line in self.lines)


def shown(exercise: Exercise, held: Sequence[Side] = ()) -> Shown | None:
    """Return the chart of an exercise: a count's first signal, or the first angle among a pose's conditions, if any.

    held: the sides on which a one-sided pose was held; its conditions are written for the left one.
    """
    return _counted(exercise.count) if exercise.count else _held(exercise, held)


def _counted(plan: Count) -> Shown:
    signal = plan.signals[0]
    name = signal.measure
    both = plan.sides == "both"
    lines = (Line("both", name),) if both else (Line("left", name), Line("right", mirrored(name)))
    fixed = not (plan.relative or is_place(name))
    return Shown(_title(name), _unit(name), lines, signal.target if fixed else None)


def _held(exercise: Exercise, held: Sequence[Side]) -> Shown | None:
    angles = [one for one in exercise.conditions if split(one.measure)[1] in ANGLES]
    if not angles:
        return None
    first = angles[0]
    low, high = (limit if abs(limit) < 1e6 else None for limit in (first.low, first.high))
    lines = tuple(_lines(first.measure, exercise.one_sided, held))
    return Shown(_title(first.measure), _unit(first.measure), lines, None, low, high)


def _lines(name: str, one_sided: bool, held: Sequence[Side]) -> Iterator[Line]:
    sides = [side for side in SIDES if side in held] if one_sided else []
    for side in sides or ["left"]:
        own = mirrored(name) if side == "right" else name
        seen = split(own)[0]
        yield Line("left" if seen == "left" else "right" if seen == "right" else "both", own)


def _title(name: str) -> str:
    base = split(name)[1]
    if base in PLACES:
        base = base.replace("_place", "_height")
    words = base.replace("_", " ").capitalize()
    return f"{words} angle" if base in ANGLES else words


def _unit(name: str) -> str:
    if is_angle(name):
        return DEGREES
    return NONE if split(name)[1] in (FACING, KNEES_OVER_FEET) else TORSOS
