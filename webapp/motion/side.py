"""One side's movements: follows its signal through the phases and returns each cycle with what the gate says of it."""

from dataclasses import dataclass, replace

from webapp.motion.exercise import Condition, Count, Signal
from webapp.motion.gate import Gate
from webapp.motion.measures import Body, is_angle, mirrored
from webapp.motion.phase import TURNS, Cycle, PhaseMachine
from webapp.motion.smooth import Leaps, OneEuro
from webapp.records import Side

LEAVES_POSITION_S = 0.4
"""How long an `always` condition must be broken before the movement in progress is discarded."""
WATCHED = 0.4
"""Part of a movement's poses in which its signal must be seen."""


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
    def began_s(self) -> float:
        """When the movement in progress began."""
        return self._machine.began_s

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
        found = self._judged(cycle)
        self._seen += 1
        if self._machine.at_rest:
            self._gate.rest(body)
            self._seen, self._unseen = 1, 0
        else:
            self._gate.moving(body, self.part)
        return found

    def finish(self) -> Found | None:
        """End the movement in progress; return it if it has come half back."""
        return self._judged(self._machine.finish())

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

    def _judged(self, cycle: Cycle | None) -> Found | None:
        if cycle is None or not self._believable(cycle):
            return None
        far_from = cycle.peak - TURNS * (cycle.peak - cycle.start)
        side, broke = self._gate.verdict(far_from, min(1.0, depth_of(cycle, self._plan) / self._plan.enough))
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
        return from_rest and watched and not cycle.leaps and plan.shortest_s <= lasted_s <= plan.longest_s


def _part(body: Body, signals: tuple[Signal, ...], seen_poorly: bool = False) -> float | None:
    """Return the part of the way to the target; None if unseen, or if seen poorly, unless that will do."""
    total = weights = 0.0
    for signal in signals:
        value = body.measure(signal.measure)
        if value is not None and (seen_poorly or body.is_sure(signal.measure)):
            total += signal.weight * (value - signal.rest) / (signal.target - signal.rest)
            weights += signal.weight
    return total / weights if weights else None


def depth_of(cycle: Cycle, plan: Count) -> float:
    """Return the part of the way to the target that a cycle went."""
    return cycle.peak - cycle.start if plan.relative else cycle.peak
