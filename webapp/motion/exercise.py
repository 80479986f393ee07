"""Exercises as frozen records; `parser.py` reads them from the content of TOML files."""

from dataclasses import dataclass
from typing import Literal

from webapp.motion.measures import View

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

    @property
    def pose_titles(self) -> dict[str, str]:
        """The title of each pose of a flow, by its name."""
        return {pose.name: pose.title for pose in self.poses}

    @property
    def messages(self) -> dict[str, str]:
        """The message of each rule, by the rule's name."""
        return {rule.name: rule.message for rule in self.rules}
