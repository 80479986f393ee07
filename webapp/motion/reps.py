"""Repetitions: whole and partial ones found in poses, with one phase machine per side.

While the joints cannot be seen, the machine waits. A pose that cannot be this exercise (a squat while lying) makes it
discard the movement in progress.
"""

import math
from dataclasses import dataclass, replace

from webapp.motion.exercise import Condition, Count, Exercise, Signal
from webapp.motion.gate import Gate, sided
from webapp.motion.measures import Body, is_angle, mirrored
from webapp.motion.person import SamePerson
from webapp.motion.phase import TURNS, Cycle, PhaseMachine
from webapp.motion.smooth import Leaps, OneEuro
from webapp.records import Rep, Side

LEAVES_POSITION_S = 0.4
"""How long an `always` condition must be broken before the movement in progress is discarded."""
WATCHED = 0.4
"""Part of a movement's poses in which its signal must be seen."""
ARRIVES_S = 2.0
EMPTY_S = 0.09
"""Movements that begin within ARRIVES_S of the first person's arrival in a picture that was empty for EMPTY_S are not
counted: people find their place first. In a single empty frame the engine only missed a person who was already there.
"""
SETTLES_S = 0.2
"""Movements that begin this soon after the skeleton leaps are not counted: an engine's first poses are guesses."""
LOPSIDED = 10.0
LEAPS_S = 0.25
LEAPS_LOPSIDED = 4.5
"""Largest ratio of the durations of a movement's two ways; LEAPS_LOPSIDED if the shorter is at most LEAPS_S. Beyond it
the skeleton leaps. (In real sets the longer way mostly took 1 to 2.4 times as long, and 4.3 at most.)
"""
WHOLE_SET_S, WHOLE_SET_PART = 0.6, 0.35
"""Two sides that end within this time of each other, or this part of the time that they took, moved together."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cycle, the condition that it broke, and left minus right at its far end in degrees; None if there is none."""

    cycle: Cycle
    side: Side
    broke: Condition | None
    difference_deg: float | None


class SideCounter:
    """Follows the signal of both sides together, or of one."""

    def __init__(self, plan: Count, gate: Gate, side: Side) -> None:
        opposite = tuple(replace(signal, measure=mirrored(signal.measure)) for signal in plan.signals)
        self._signals, self._opposite = (opposite, plan.signals) if side == "right" else (plan.signals, opposite)
        self._plan = plan
        self._gate = gate
        self._machine = PhaseMachine()
        self._smooth = OneEuro()
        self._out_since_s: float | None = None
        self._leaps = Leaps()
        self._seen = self._unseen = 0
        self.side: Side = side
        self.part: float | None = None

    @property
    def moving(self) -> bool:
        """Whether a movement that has reached `begun` is in progress."""
        return self._machine.phase != "rest" and self._machine.peak >= self._plan.begun

    @property
    def phase(self) -> str:
        """The phase of the movement; `far` as soon as it is deep enough to count, even if still going."""
        deep = self.part is not None and self.part >= self._plan.enough
        return "far" if self._machine.phase == "going" and deep else self._machine.phase

    def observe(self, body: Body, t_s: float) -> Found | None:
        """Take one pose; return the cycle that it completes, if any."""
        self.part = _part(body, self._signals, self._other_rests(body))
        if self.part is None:
            self._unseen += 1
            return None
        if not self._in_position(body, t_s) or self._leaps(self.part, t_s):
            return None
        if self._machine.lasted_s(t_s) > self._plan.longest_s:
            self._machine.reset()
        self.part = self._smooth(self.part, t_s)
        cycle = self._machine.observe(self.part, t_s)
        found = self._found(cycle) if cycle is not None and self._believable(cycle) else None
        self._seen += 1
        if self._machine.at_rest:
            self._gate.rest(body)
            self._seen, self._unseen = 1, 0
        else:
            self._gate.moving(body, self.part)
        return found

    def reset(self) -> None:
        """Discard the movement in progress."""
        self._machine.reset()

    def _other_rests(self, body: Body) -> bool:
        """Return whether the other side is seen at rest: a hidden limb is guessed to do what the seen one does."""
        part = _part(body, self._opposite)
        return part is not None and part <= self._plan.rest_within

    def _in_position(self, body: Body, t_s: float) -> bool:
        if self._gate.in_position(body):
            self._out_since_s = None
            return True
        if self._out_since_s is None:
            self._out_since_s = t_s
        if t_s - self._out_since_s >= LEAVES_POSITION_S:
            self._machine.reset()
        return False

    def _found(self, cycle: Cycle) -> Found:
        far_from = cycle.peak - TURNS * (cycle.peak - cycle.start)
        side, broke = self._gate.verdict(far_from, min(1.0, _depth(cycle, self._plan) / self._plan.enough))
        return Found(cycle, side, broke, self._difference_deg(far_from))

    def _difference_deg(self, far_from: float) -> float | None:
        first = self._signals[0].measure
        if self.side != "both" or not is_angle(first):
            return None
        left, right = self._gate.far("left_" + first, far_from), self._gate.far("right_" + first, far_from)
        return left - right if left is not None and right is not None else None

    def _believable(self, cycle: Cycle) -> bool:
        plan = self._plan
        lasted_s = cycle.end_s - cycle.start_s
        from_rest = plan.relative or cycle.start <= plan.rest_within
        watched = self._seen >= WATCHED * (self._seen + self._unseen)
        return from_rest and watched and not _leaps(cycle) and plan.shortest_s <= lasted_s <= plan.longest_s


def _leaps(cycle: Cycle) -> bool:
    quick_s, slow_s = sorted((cycle.there_s, cycle.back_s))
    return slow_s > (LEAPS_LOPSIDED if quick_s <= LEAPS_S else LOPSIDED) * quick_s


def _part(body: Body, signals: tuple[Signal, ...], seen_poorly: bool = False) -> float | None:
    """Return the part of the way to the target; None if unseen, or if seen poorly, unless that will do."""
    total = weights = 0.0
    for signal in signals:
        value = body.measure(signal.measure)
        if value is not None and (seen_poorly or body.is_sure(signal.measure)):
            total += signal.weight * (value - signal.rest) / (signal.target - signal.rest)
            weights += signal.weight
    return total / weights if weights else None


class RepCounter:
    """Counts one exercise's repetitions; `past` is the number counted before."""

    def __init__(self, exercise: Exercise, past: int = 0) -> None:
        if exercise.count is None:
            raise ValueError(f"{exercise.name} is not counted in repetitions")
        self._plan = exercise.count
        sides: tuple[Side, ...] = ("both",) if self._plan.sides == "both" else ("left", "right")
        self._sides = [SideCounter(self._plan, _gate(exercise, self._plan, side), side) for side in sides]
        self._person = SamePerson()
        self._came = False
        self._began_s: float | None = None
        self._settled_s = -math.inf
        self._number = past
        self._waiting: Found | None = None

    @property
    def progress(self) -> float | None:
        """The part of the way to the target reached now, by the side that is further; None if unseen."""
        parts = [side.part for side in self._sides if side.part is not None]
        return max(0.0, *parts) if parts else None

    @property
    def phase(self) -> str:
        """The phase of the side that moves, the left if both do; `rest` if neither."""
        return next((side.phase for side in self._sides if side.phase != "rest"), "rest")

    @property
    def side(self) -> Side:
        """The side that moves, the left if both do; `both` if neither, or if both are one signal."""
        return next((side.side for side in self._sides if side.phase != "rest"), "both")

    def observe(self, body: Body | None, t_s: float) -> list[Rep]:
        """Take one pose, None if nobody is in view; return the repetitions that it completes.

        A person whose trunk is outside the picture is not in view.
        """
        self._began_s = t_s if self._began_s is None else self._began_s
        if body is None or body.has_left:
            for side in self._sides:
                side.part = None
            return self._reps(self._together([], t_s))
        arrived, self._came = not self._came and t_s - self._began_s >= EMPTY_S, True
        if not self._person.observe(body, t_s) or arrived:
            self._settled_s = t_s + (ARRIVES_S if arrived else SETTLES_S)
            for side in self._sides:
                side.reset()
        found = [one for one in (side.observe(body, t_s) for side in self._sides) if one is not None]
        found = [one for one in found if one.cycle.start_s >= self._settled_s]
        if self._plan.sides == "together":
            found = self._together(found, t_s)
        return self._reps(found)

    def finish(self) -> list[Rep]:
        """Return the repetition that still waits for the other side."""
        waiting, self._waiting = self._waiting, None
        return self._reps([waiting] if waiting is not None else [])

    def _reps(self, found: list[Found]) -> list[Rep]:
        return [rep for rep in map(self._rep, found) if rep is not None]

    def _together(self, found: list[Found], t_s: float) -> list[Found]:
        """Hold back a side's cycle while the other side may still complete the same repetition."""
        ready: list[Found] = []
        for one in (one for one in found if _depth(one.cycle, self._plan) >= self._plan.begun):
            if self._waiting is not None and self._waiting.side != one.side and _overlap(self._waiting, one):
                ready.append(_merged(self._waiting, one))
                self._waiting = None
            else:
                ready += [self._waiting] if self._waiting else []
                self._waiting = one
        if self._waiting is not None and not self._other_may_end(self._waiting, t_s):
            ready.append(self._waiting)
            self._waiting = None
        return ready

    def _other_may_end(self, waiting: Found, t_s: float) -> bool:
        other = self._sides[1] if waiting.side == "left" else self._sides[0]
        cycle = waiting.cycle
        within_s = max(WHOLE_SET_S, WHOLE_SET_PART * (cycle.end_s - cycle.start_s))
        return other.moving and t_s - cycle.end_s < within_s

    def _rep(self, found: Found) -> Rep | None:
        cycle, reason = found.cycle, self._reason(found)
        if reason is None:
            return None
        if not reason:
            self._number += 1
        first = self._plan.signals[0]
        span = abs(first.target - first.rest)
        return Rep(
            number=0 if reason else self._number,
            start_s=cycle.start_s,
            end_s=cycle.end_s,
            depth=round(_depth(cycle, self._plan), 3),
            rom_deg=round((cycle.peak - cycle.start) * span, 1) if is_angle(first.measure) else None,
            eccentric_s=cycle.back_s if self._plan.lifts_first else cycle.there_s,
            pause_s=cycle.far_until_s - cycle.far_from_s,
            concentric_s=cycle.there_s if self._plan.lifts_first else cycle.back_s,
            side=found.side,
            difference_deg=found.difference_deg,
            reason=reason,
        )

    def _reason(self, found: Found) -> str | None:
        """Return why a cycle does not count; empty if it does, None if it is not worth listing."""
        plan = self._plan
        peak = _depth(found.cycle, plan)
        if peak < plan.begun:
            return None
        if found.broke is not None:
            return found.broke.reason or None
        if peak >= plan.enough:
            return ""
        first = plan.signals[0]
        if not is_angle(first.measure):
            return f"{1 - peak:.0%} short"
        return f"{(1 - peak) * abs(first.target - first.rest):.0f} degrees short"


def _depth(cycle: Cycle, plan: Count) -> float:
    return cycle.peak - cycle.start if plan.relative else cycle.peak


def _gate(exercise: Exercise, plan: Count, side: Side) -> Gate:
    first = plan.signals[0].measure
    compared = (f"left_{first}", f"right_{first}") if side == "both" and is_angle(first) else ()
    return Gate(sided(exercise.conditions, exercise.one_sided, side), compared)


def _overlap(one: Found, other: Found) -> bool:
    """Return whether two movements overlap by more than half of the shorter one."""
    a, b = one.cycle, other.cycle
    shared_s = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
    return shared_s > min(a.end_s - a.start_s, b.end_s - b.start_s) / 2


def _merged(one: Found, other: Found) -> Found:
    a, b = one.cycle, other.cycle
    cycle = Cycle(
        start_s=min(a.start_s, b.start_s),
        far_from_s=min(a.far_from_s, b.far_from_s),
        far_until_s=max(a.far_until_s, b.far_until_s),
        end_s=max(a.end_s, b.end_s),
        start=(a.start + b.start) / 2,
        peak=(a.peak + b.peak) / 2,
        end=(a.end + b.end) / 2,
    )
    return Found(cycle, "both", one.broke or other.broke, None)
