"""The ranges that an exercise leaves to its measures: limits that no movement or pose can meet are refused. Pure.

At each moment of a repetition, or of a hold, a measure has a range, which its unit, a signal, the view and each
condition narrow. Only limits of the same measure are compared.
"""

import math
from typing import Literal

from webapp.motion.exercise import Condition, Count, Exercise, Rule, Signal, When
from webapp.motion.measures import (
    FACING,
    FRONT_FROM,
    HAND_OUT,
    HEIGHTS,
    SIDE_UNTIL,
    is_angle,
    is_difference,
    is_place,
    split,
)
from webapp.motion.phase import LEAVES, RESTLESS, TURNS
from webapp.motion.table import Table

TORSOS = 10.0
"""No measure in torso lengths, and no ratio of two, is larger."""
PAUSE_S = 1.0
"""A rule that must be broken for this long may cover positions that every repetition passes."""

Range = tuple[float, float]
Moment = Literal["rest", "way", "far", "change"]
"""At rest; anywhere on the way; the median of the furthest samples; and from rest to that."""
Ranges = dict[tuple[str, Moment], Range]
"""The ranges that have been narrowed, by measure and moment."""

MOMENTS: dict[When, tuple[Moment, ...]] = {
    "always": ("rest", "way", "far"),
    "rest": ("rest",),
    "far": ("far",),
    "change": ("change",),
    "still": ("change",),
}
JUDGED: dict[str, tuple[Moment, ...]] = {
    "any": ("rest", "way", "far"),
    "rest": ("rest",),
    "going": ("way",),
    "far": ("far",),
    "coming": ("way",),
    "held": ("way",),
}
"""The moments at which a rule of each phase must be met."""


def limits(measure: str, as_change: bool) -> Range:
    """Return the least and the greatest value that a measure can have, or by which it can change."""
    base = split(measure)[1]
    most = 180.0 if is_angle(measure) else 1.0 if base == FACING else TORSOS
    below_zero = as_change or (base in (HAND_OUT, *HEIGHTS) and not is_difference(measure))
    return -most if below_zero else 0.0, most


def check_ranges(exercise: Exercise, top: Table) -> None:
    """Raise ExerciseError for a limit that excludes what the rest of the file requires; `top` is the file."""
    ranges = _of_view(exercise)
    if exercise.count is not None:
        _check_enough(exercise.count, top.table("count"))
        ranges |= _of_signal(exercise.count)
    for number, condition in enumerate(exercise.conditions, start=1):
        for moment in MOMENTS[condition.when]:
            left = _left(ranges, condition.measure, moment)
            _check_inside(condition, left, top.row("condition", number))
            ranges[condition.measure, moment] = max(condition.low, left[0]), min(condition.high, left[1])
    for number, rule in enumerate(exercise.rules, start=1):
        row = top.row("form", number)
        _check_occurs(exercise, ranges, rule, row)
        _check_limits(exercise, ranges, rule, row)
        for earlier, other in enumerate(exercise.rules[: number - 1], start=1):
            if _apply_together(other, rule) and (key := _outside(rule, (other.low, other.high))):
                raise row.wrong(key, f"a limit that form[{earlier}], of the same measure, does not exclude")


def _left(ranges: Ranges, measure: str, moment: Moment) -> Range:
    return ranges.get((measure, moment)) or limits(measure, moment == "change" or is_place(measure))


def _of_view(exercise: Exercise) -> Ranges:
    views: dict[str, Range] = {"front": (SIDE_UNTIL, 1.0), "side": (0.0, FRONT_FROM)}
    facing = views.get(exercise.view)
    return {} if facing is None else {(FACING, moment): facing for moment in MOMENTS["always"]}


def _of_signal(plan: Count) -> Ranges:
    """Return the ranges in which a repetition that counts moves its signal; several share the way among them."""
    if len(plan.signals) > 1:
        return {}
    signal = plan.signals[0]
    rise = plan.enough if plan.relative else max(LEAVES, plan.enough - plan.rest_within)
    parts: dict[Moment, Range] = {"change": ((1 - TURNS) * rise - RESTLESS, math.inf)}
    if not plan.relative:
        parts["rest"] = -math.inf, plan.rest_within + RESTLESS
        parts["far"] = plan.enough - TURNS * (plan.enough - _least(signal)), math.inf
    ranges: Ranges = {}
    for moment, (least, most) in parts.items():
        begin = 0.0 if moment == "change" else signal.rest
        ends = sorted(begin + part * (signal.target - signal.rest) for part in (least, most))
        low, high = limits(signal.measure, moment == "change" or is_place(signal.measure))
        ranges[signal.measure, moment] = max(low, ends[0]), min(high, ends[1])
    return ranges


def _check_enough(plan: Count, table: Table) -> None:
    """Check that the signals together can go far enough to be counted."""
    weights = sum(signal.weight for signal in plan.signals)
    most = sum(signal.weight * _furthest(signal, plan.relative) for signal in plan.signals) / weights
    if plan.enough > most:
        raise table.wrong("enough", f"at most {most:.3g}, the part of the way that the signals can go")


def _furthest(signal: Signal, relative: bool) -> float:
    """Return the largest part of a signal's way that its measure's limits leave."""
    begin = 0.0 if relative else signal.rest
    return max((end - begin) / (signal.target - signal.rest) for end in limits(signal.measure, relative))


def _least(signal: Signal) -> float:
    """Return the smallest part of a signal's way at which a repetition can start."""
    return min((end - signal.rest) / (signal.target - signal.rest) for end in limits(signal.measure, as_change=False))


def _check_inside(one: Condition | Rule, left: Range, row: Table) -> None:
    """Check that a limit leaves some of the range that is left."""
    if key := _outside(one, left):
        end = f"below {left[1]:.4g}" if key == "min" else f"above {left[0]:.4g}"
        raise row.wrong(key, f"{end}, to which the rest of the file limits it")


def _outside(one: Condition | Rule, left: Range) -> str | None:
    """Return the key of the limit beyond which nothing of a range is left; None if something is."""
    return "min" if one.low >= left[1] else "max" if one.high <= left[0] else None


def _check_occurs(exercise: Exercise, ranges: Ranges, rule: Rule, row: Table) -> None:
    """Check that a rule's view and time occur."""
    least, most = _left(ranges, FACING, "way")
    if (rule.view == "front" and most < FRONT_FROM) or (rule.view == "side" and least > SIDE_UNTIL):
        raise row.wrong("view", "another one, which the conditions do not exclude")
    longest_s = exercise.count.longest_s if exercise.count is not None else math.inf
    if rule.phase in ("going", "far", "coming") and rule.lasts_s >= longest_s:
        raise row.wrong("lasts_s", f"below count.longest_s ({longest_s:g}), the longest that a repetition takes")


def _check_limits(exercise: Exercise, ranges: Ranges, rule: Rule, row: Table) -> None:
    """Check that a rule can be met, and broken."""
    held: tuple[Moment, ...] = () if rule.phase == "rest" else ("way",)
    moments = JUDGED[rule.phase] if exercise.count is not None else held
    for moment in moments if rule.lasts_s < PAUSE_S else ():
        _check_inside(rule, _left(ranges, rule.measure, moment), row)
    least, most = _left(ranges, rule.measure, "way")
    if rule.phase == "held" and rule.low <= least and most <= rule.high:
        key = "min" if "min" in row.content else "max"
        raise row.wrong(key, f"within {least:.4g} and {most:.4g}, which the conditions allow: this is never passed")


def _apply_together(one: Rule, other: Rule) -> bool:
    phases, views = {one.phase, other.phase}, {one.view, other.view}
    brief = max(one.lasts_s, other.lasts_s) < PAUSE_S
    same = one.measure == other.measure
    return brief and same and (len(phases) == 1 or "any" in phases) and (len(views) == 1 or "any" in views)
