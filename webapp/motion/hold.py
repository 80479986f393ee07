"""Holds: how long a pose is kept. Recognised by wide ranges; what is beautiful about it is a matter of form rules."""

from webapp.motion.exercise import Exercise
from webapp.motion.gate import fits, sided
from webapp.motion.measures import Body
from webapp.records import Hold, HoldState, Side

SETTLES_S = 0.2
"""How long the pose must be seen before a hold starts; the time counts."""


class HoldTimer:
    """Times one exercise's holds; `past` is how many there were before."""

    def __init__(self, exercise: Exercise, past: int = 0) -> None:
        if exercise.hold is None:
            raise ValueError(f"{exercise.name} is not held")
        self._plan = exercise.hold
        self._name = exercise.name
        self._sides = sided(exercise.conditions, exercise.one_sided)
        self._number = past
        self._side: Side = "both"
        self._since_s: float | None = None
        self._last_in_s = 0.0
        self._held_s = 0.0
        self._breaks = 0
        self._lost = False
        self._running = False
        self._reached = False

    @property
    def progress(self) -> float:
        """Seconds held so far."""
        return self._held_s if self._running else 0.0

    @property
    def phase(self) -> str:
        """`held` while the pose is kept, else `rest`."""
        return "held" if self._running and not self._lost else "rest"

    @property
    def side(self) -> Side:
        """Which side the pose is taken to."""
        return self._side

    def observe(self, body: Body | None, t_s: float) -> list[Hold]:
        """Take one pose, or none; return what became of the hold."""
        side = self._seen_side(body)
        if side is None:
            return self._out(t_s)
        return self._in(side, t_s)

    def finish(self) -> list[Hold]:
        """End the hold under way."""
        return [self._end()] if self._running else []

    def _seen_side(self, body: Body | None) -> Side | None:
        if body is None:
            return None
        ordered = sorted(self._sides.items(), key=lambda item: item[0] != self._side)
        return next((side for side, conditions in ordered if fits(body, conditions)), None)

    def _in(self, side: Side, t_s: float) -> list[Hold]:
        events: list[Hold] = []
        if self._running and side != self._side:
            events.append(self._end())
        if self._since_s is None:
            self._since_s = t_s
        self._side, self._last_in_s, self._lost = side, t_s, False
        if not self._running and t_s - self._since_s >= SETTLES_S:
            self._running, self._reached, self._breaks = True, False, 0
            self._number += 1
            self._held_s = t_s - self._since_s
            events.append(self._record("started"))
        if self._running:
            self._held_s = t_s - self._since_s
            if self._held_s >= self._plan.target_s and not self._reached:
                self._reached = True
                events.append(self._record("reached"))
        return events

    def _out(self, t_s: float) -> list[Hold]:
        if not self._running:
            self._since_s = None
            return []
        if t_s - self._last_in_s > self._plan.grace_s:
            return [self._end()]
        if not self._lost:
            self._lost = True
            self._breaks += 1
            return [self._record("broken")]
        return []

    def _end(self) -> Hold:
        if self._lost:
            self._breaks -= 1
        ended = self._record("ended")
        self._running, self._since_s, self._held_s, self._lost = False, None, 0.0, False
        return ended

    def _record(self, state: HoldState) -> Hold:
        return Hold(
            number=self._number,
            pose=self._name,
            start_s=self._since_s if self._since_s is not None else self._last_in_s,
            end_s=self._last_in_s,
            held_s=self._held_s,
            state=state,
            side=self._side,
            breaks=self._breaks,
        )
