"""Parses exercises from the content of TOML files.

Every mistake raises ExerciseError with the file, the key and what is allowed there, and so does what could never count,
hold or correct anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import get_args

from webapp.errors import ExerciseError
from webapp.motion.exercise import (
    Condition,
    Count,
    Exercise,
    Group,
    HoldPlan,
    Kind,
    Rule,
    RulePhase,
    Signal,
    When,
)
from webapp.motion.measures import (
    FACING,
    KNEES_OVER_FEET,
    MEASURES,
    SPREADS,
    View,
    is_angle,
    is_difference,
    is_place,
    split,
)
from webapp.motion.ranges import check_ranges, limits
from webapp.motion.table import Table
from webapp.skeleton import JOINT

UNLIMITED = 1e6
"""A range without `min` begins at minus this, and one without `max` ends at this."""
WITHOUT_SIDES = frozenset((FACING, KNEES_OVER_FEET, *SPREADS))
"""Measures of the whole body, which have no left, right or difference."""
PHASES: dict[Kind, tuple[RulePhase, ...]] = {
    "reps": ("any", "rest", "going", "far", "coming"),
    "hold": ("any", "rest", "held"),
}


def parse_exercise(name: str, content: Mapping[str, object], source: str) -> Exercise:
    """Parse the content of a TOML file; ExerciseError names the mistake and the file, `source`."""
    top = Table(source, "", content)
    kind: Kind = top.text("kind", None, get_args(Kind))  # type: ignore[assignment]  # text() has just checked it
    group: Group = top.text("group", None, get_args(Group))  # type: ignore[assignment]  # likewise
    view: View = top.text("view", "any", get_args(View))  # type: ignore[assignment]  # likewise
    exercise = Exercise(
        name=name,
        title=top.text("title"),
        about=top.text("about", ""),
        sanskrit=top.text("sanskrit", ""),
        also=top.texts("also"),
        kind=kind,
        group=group,
        view=view,
        joints=_joints(top),
        one_sided=top.truth("one_sided"),
        count=_count(top) if kind == "reps" else None,
        hold=_hold(top) if kind == "hold" else None,
        conditions=tuple(_condition(row, kind) for row in top.tables("condition")),
        rules=tuple(_rules(top, kind)),
        met=top.pair("met", 1.0, 25.0),
    )
    top.done()
    if exercise.hold is not None:
        _recognised(exercise, exercise.hold, top)
    check_ranges(exercise, top)
    return exercise


def _recognised(exercise: Exercise, hold: HoldPlan, top: Table) -> None:
    """Check that a pose has conditions, and that a flow has none, because its poses bring theirs."""
    if not hold.flow and not exercise.conditions:
        raise ExerciseError(f"{top.source}: a hold needs at least one [[condition]], which recognises it")
    for key in ("condition", "form"):
        if hold.flow and top.content.get(key):
            raise top.wrong(key, "left out: a flow has those of its poses")


def _joints(top: Table) -> tuple[int, ...]:
    numbers: list[int] = []
    for name in top.texts("joints"):
        sided = [name] if name in JOINT else [f"left_{name}", f"right_{name}"]
        if sided[0] not in JOINT:
            raise top.wrong("joints", f"a list of joints such as hip or left_wrist; {name!r} is not a joint")
        numbers += [JOINT[one] for one in sided]
    if not numbers:
        raise top.wrong("joints", "a list of the joints that must be in view")
    return tuple(sorted(set(numbers)))


def _measure(table: Table) -> str:
    name = table.text("measure", "")
    side, base = split(name)
    if base not in MEASURES or (side and base in WITHOUT_SIDES):
        raise table.wrong(
            "measure",
            f"one of {', '.join(sorted(MEASURES - WITHOUT_SIDES))}, alone or after left_, right_ or uneven_, "
            f"or one of {', '.join(sorted(WITHOUT_SIDES))}, only alone",
        )
    return name


def _is_only_a_change(measure: str) -> bool:
    """Return whether a measure is a place, which says nothing unless it is compared with another time or side."""
    return is_place(measure) and not is_difference(measure)


def _count(top: Table) -> Count:
    table = top.table("count")
    default = {field.name: field.default for field in fields(Count)}

    def number(key: str, low: float, high: float) -> float:
        return table.number(key, default[key], low, high)  # type: ignore[arg-type]  # a float, as are all read here

    relative = table.truth("relative")
    count = Count(
        signals=tuple(_signal(row, relative) for row in table.tables("signal")),
        sides=table.text("sides", "both", ("both", "each", "together")),  # type: ignore[arg-type]  # just checked
        lifts_first=table.truth("lifts_first"),
        relative=relative,
        enough=number("enough", 0.1, 2.0),
        begun=number("begun", 0.0, 2.0),
        rest_within=number("rest_within", 0.0, 2.0),
        shortest_s=number("shortest_s", 0.0, 60.0),
        longest_s=number("longest_s", 1.0, 60.0),
    )
    table.done()
    if not count.signals:
        raise table.wrong("signal", "given: at least one [[count.signal]] with measure, rest and target")
    measures = [one.measure for one in count.signals]
    for place, measure in enumerate(measures):
        if measure in measures[:place]:
            raise table.row("signal", place + 1).wrong("measure", "one that no other signal has")
    sides = {split(measure)[0] for measure in measures}
    if count.sides != "both" and not {"left"} <= sides <= {"left", "right"}:  # else a movement counts for both sides
        raise table.wrong("sides", "both, unless each measure is of one side, and one begins with left_")
    if count.begun > count.enough:
        raise table.wrong("begun", f"at most enough ({count.enough:g}); without it, it is {default['begun']}")
    if count.shortest_s >= count.longest_s:
        raise table.wrong("shortest_s", f"below longest_s ({count.longest_s:g})")
    return count


def _signal(row: Table, relative: bool) -> Signal:
    measure = _measure(row)
    if _is_only_a_change(measure) and not relative:
        raise row.wrong("measure", "another one, unless count.relative is true: a place has no fixed rest")
    low, high = limits(measure, relative)
    rest, target = row.number("rest", None, low, high), row.number("target", None, low, high)
    least = 1 if is_angle(measure) else 0.01
    if abs(target - rest) < least:
        raise row.wrong("target", f"another number than rest, at least {least} from it")
    return Signal(measure, rest, target, row.number("weight", 1.0, 0.01, 100.0))


def _hold(top: Table) -> HoldPlan:
    table = top.table("hold")
    plan = HoldPlan(
        target_s=table.number("target_s", 30.0, 1.0, 3600.0),
        grace_s=table.number("grace_s", 1.5, 0.0, 10.0),
        flow=table.text("flow", "", ("", *get_args(Group))),  # type: ignore[arg-type]  # text() has just checked it
    )
    table.done()
    return plan


def _range(row: Table, least: float, most: float) -> tuple[float, float]:
    """Read a range of which a measure from `least` to `most` can be inside."""
    low, high = row.end("min", -UNLIMITED, least, most), row.end("max", UNLIMITED, least, most)
    if (low, high) == (-UNLIMITED, UNLIMITED):
        key, other = ("max", "min") if row.misspelt("max") else ("min", "max")
        raise row.wrong(key, f"given, or {other}: a number from {least:g} to {most:g}")
    if max(low, least) >= min(high, most):
        if low == -UNLIMITED:
            raise row.wrong("max", f"above min, which is at least {least:g}")
        raise row.wrong("min", f"below max, which is at most {most:g}")
    return low, high


def _condition(row: Table, kind: Kind) -> Condition:
    measure = _measure(row)
    allowed = get_args(When) if kind == "reps" else ("always",)
    when: When = row.text("when", "always", allowed)  # type: ignore[assignment]  # text() has just checked it
    as_change = when in ("change", "still")
    if _is_only_a_change(measure) and not as_change:
        changes = ", unless when is change or still" if kind == "reps" else ""
        raise row.wrong(
            "measure", f"another one, such as uneven_{split(measure)[1]}{changes}: a place alone says nothing"
        )
    low, high = _range(row, *limits(measure, as_change))
    if when == "still" and low > 0:
        raise row.wrong("min", "at most 0: what is still changes by 0")
    if when == "still" and high < 0:
        raise row.wrong("max", "at least 0: what is still changes by 0")
    condition = Condition(measure, low, high, when, row.text("reason", ""), row.truth("must_see"))
    for key in ("reason", "must_see"):
        if when == "always" and row.content.get(key):
            raise row.wrong(key, "left out where when is always, because it would have no effect")
    return condition


def _rules(top: Table, kind: Kind) -> Iterator[Rule]:
    names: set[str] = set()
    for row in top.tables("form"):
        rule = _rule(row, kind)
        if rule.name in names:
            raise row.wrong("name", "a name that no other rule has")
        names.add(rule.name)
        yield rule


def _rule(row: Table, kind: Kind) -> Rule:
    measure = _measure(row)
    if _is_only_a_change(measure):
        raise row.wrong("measure", f"another one, such as uneven_{split(measure)[1]}: a place alone says nothing")
    least, most = limits(measure, as_change=False)
    low, high = _range(row, least, most)
    if low <= least and high >= most:
        raise row.wrong(
            "min" if low == least else "max", f"a limit within {least:g} and {most:g}: this is never passed"
        )
    return Rule(
        name=row.text("name"),
        measure=measure,
        low=low,
        high=high,
        message=row.text("message"),
        phase=row.text("phase", "any", PHASES[kind]),  # type: ignore[arg-type]  # text() has just checked it
        severity=row.whole("severity", 1, 1, 3),
        view=row.text("view", "any", get_args(View)),  # type: ignore[arg-type]  # likewise
        lasts_s=row.number("lasts_s", 0.3, 0.0, 10.0),
    )
