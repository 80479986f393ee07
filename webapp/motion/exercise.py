"""Exercises as frozen records, parsed from the content of TOML files.

Every mistake raises ExerciseError with the file, the key and what is allowed there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from webapp.errors import ExerciseError
from webapp.motion.measures import MEASURES, View, split
from webapp.motion.table import Table
from webapp.skeleton import JOINT

Kind = Literal["reps", "hold"]
Group = Literal["strength", "cardio", "hold", "yoga"]
When = Literal["always", "rest", "far", "change", "still"]
RulePhase = Literal["any", "rest", "going", "far", "coming", "held"]


@dataclass(frozen=True, slots=True)
class Signal:
    """A measure that a repetition moves from rest to target, both in its unit: degrees, torso lengths or a ratio."""

    measure: str
    rest: float
    target: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Condition:
    """A range that a measure must lie in for the movement or pose to be this exercise at all.

    low, high: in the measure's unit (degrees, torso lengths or a ratio).
    when: `always`; at `rest`, before the repetition; at its `far` end; `change`, the difference between these two; or
        `still`, the change from rest at any time during the movement. For a hold always `always`.
    reason: with which a repetition that fails is listed; empty: it is another movement and not listed.
    must_see: whether it also fails if the measure cannot be seen, for what tells this exercise from others.
    """

    measure: str
    low: float
    high: float
    when: When = "always"
    reason: str = ""
    must_see: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A range for good form, and the message when it is left.

    low, high: in the measure's unit (degrees, torso lengths or a ratio). severity: 1 to 3, 3 is the gravest.
    view: the camera view needed to judge it. lasts_s: how long it must be left before it counts.
    """

    name: str
    measure: str
    low: float
    high: float
    message: str
    phase: RulePhase = "any"
    severity: int = 1
    view: View = "any"
    lasts_s: float = 0.3


@dataclass(frozen=True, slots=True)
class Count:
    """How repetitions are counted. Parts are fractions of the way from rest (0) to target (1).

    sides: `both` are one signal; `each` is counted separately; `together`, too, but two at the same time are one
        repetition.
    lifts_first: whether the way to the target is the lifting one (a curl), not the lowering one (a squat).
    relative: whether parts are counted from where the repetition began, for measures without a fixed rest.
    enough: the part from which a repetition counts. begun: the part from which one short of `enough` is listed as
        partial. rest_within: the largest part at which it may start.
    """

    signals: tuple[Signal, ...]
    sides: Literal["both", "each", "together"] = "both"
    lifts_first: bool = False
    relative: bool = False
    enough: float = 0.75
    begun: float = 0.4
    rest_within: float = 0.4
    shortest_s: float = 0.3
    longest_s: float = 15.0


@dataclass(frozen=True, slots=True)
class HoldPlan:
    """How a hold is timed: its target, and how long the pose may be lost before the hold ends.

    flow: the group whose poses are named and timed as they come; empty: a single pose, recognised by its conditions.
    """

    target_s: float = 30.0
    grace_s: float = 1.5
    flow: Group | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the library.

    name: the file name without `.toml`. joints: numbers of the joints that must be in view.
    one_sided: whether conditions and rules are written for the left side, and mirrored for the right.
    met: metabolic equivalents, from easy to vigorous; None if unknown.
    poses: the poses that a flow may contain, from the library.
    sanskrit: a yoga pose's Sanskrit name; empty for everything else. also: other names it is found by.
    """

    name: str
    title: str
    kind: Kind
    group: Group
    view: View
    joints: tuple[int, ...]
    about: str = ""
    one_sided: bool = False
    count: Count | None = None
    hold: HoldPlan | None = None
    conditions: tuple[Condition, ...] = ()
    rules: tuple[Rule, ...] = ()
    met: tuple[float, float] | None = None
    poses: tuple["Exercise", ...] = ()
    sanskrit: str = ""
    also: tuple[str, ...] = ()


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
        conditions=tuple(_condition(row) for row in top.tables("condition")),
        rules=tuple(_rule(row) for row in top.tables("form")),
        met=top.pair("met", 1.0, 25.0),
    )
    top.done()
    if exercise.hold is not None and not exercise.hold.flow and not exercise.conditions:
        raise ExerciseError(f"{source}: a hold needs at least one [[condition]], which recognises it")
    return exercise


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
    name = table.text("measure")
    if split(name)[1] not in MEASURES:
        raise table.wrong("measure", f"one of {', '.join(sorted(MEASURES))}, alone or after left_, right_ or uneven_")
    return name


def _count(top: Table) -> Count:
    table = top.table("count")
    fallback = {field.name: field.default for field in fields(Count)}
    count = Count(
        signals=tuple(_signal(row) for row in table.tables("signal")),
        sides=table.text("sides", "both", ("both", "each", "together")),  # type: ignore[arg-type]  # just checked
        lifts_first=table.truth("lifts_first"),
        relative=table.truth("relative"),
        **{
            key: table.number(key, fallback[key], 0.0, 60.0)  # type: ignore[arg-type]  # all of them are floats
            for key in ("enough", "begun", "rest_within", "shortest_s", "longest_s")
        },
    )
    table.done()
    if not count.signals:
        raise table.wrong("signal", "given: at least one [[count.signal]] with measure, rest and target")
    return count


def _signal(row: Table) -> Signal:
    signal = Signal(_measure(row), row.number("rest"), row.number("target"), row.number("weight", 1.0, 0.0, 100.0))
    if signal.rest == signal.target:
        raise row.wrong("target", "another number than rest")
    return signal


def _hold(top: Table) -> HoldPlan:
    table = top.table("hold")
    plan = HoldPlan(
        target_s=table.number("target_s", 30.0, 1.0, 3600.0),
        grace_s=table.number("grace_s", 1.5, 0.0, 10.0),
        flow=table.text("flow", "", ("", *get_args(Group))),  # type: ignore[arg-type]  # text() has just checked it
    )
    table.done()
    return plan


def _range(row: Table) -> tuple[float, float]:
    low, high = row.number("min", -1e6), row.number("max", 1e6)
    if low >= high or (low, high) == (-1e6, 1e6):
        raise row.wrong("min", "given, or max, and min must lie below max")
    return low, high


def _condition(row: Table) -> Condition:
    low, high = _range(row)
    when: When = row.text("when", "always", get_args(When))  # type: ignore[assignment]  # text() has just checked it
    return Condition(_measure(row), low, high, when, row.text("reason", ""), row.truth("must_see"))


def _rule(row: Table) -> Rule:
    low, high = _range(row)
    return Rule(
        name=row.text("name"),
        measure=_measure(row),
        low=low,
        high=high,
        message=row.text("message"),
        phase=row.text("phase", "any", get_args(RulePhase)),  # type: ignore[arg-type]  # text() has just checked it
        severity=int(row.number("severity", 1, 1, 3)),
        view=row.text("view", "any", get_args(View)),  # type: ignore[arg-type]  # likewise
        lasts_s=row.number("lasts_s", 0.3, 0.0, 10.0),
    )
