"""Holds: how long a pose is kept. Wide ranges recognise the pose; form rules judge its quality."""

import math

from webapp.motion.exercise import Exercise
from webapp.motion.gate import fits, sided
from webapp.motion.measures import Body
from webapp.motion.still import FLICKER_S, SETTLES_S, Stillness
from webapp.records import Hold, HoldState, Side

KEEPS_SEEN = 0.5
"""Part of the conditions that must be seen to go on with a hold: an engine that loses a limb ends none."""
SETTLED_S = 3.0
"""Up to this long after its start, a hold restarts when the body comes closer to the posture that it then keeps:
someone easing into a pose is nearly still on the way."""
RUNS_S = 2.0
"""Interval at which a running hold is reported: at most this much is lost if the process is killed."""


class HoldTimer:
    """Times one exercise's holds; `past` is the number of earlier ones."""

    def __init__(self, exercise: Exercise, past: int = 0) -> None:
        if exercise.hold is None:
            raise ValueError(f"{exercise.name} is not a hold")
        self.exercise = exercise
        self._plan = exercise.hold
        self._sides = sided(exercise.conditions, exercise.one_sided)
        self._number = past
        self._side: Side = "both"
        self._still = Stillness(exercise)
        self._since_s = 0.0
        self._last_in_s = 0.0
        self._left_s = 0.0
        self._back_since_s: float | None = None
        self._told_s = 0.0
        self._reported_s = 0.0
        self._ended_s = -math.inf
        self._breaks = 0
        self._lost = False
        self._running = False
        self._reached = False

    @property
    def progress(self) -> float:
        """Seconds held so far."""
        return self._last_in_s - self._since_s if self._running else 0.0

    @property
    def _grace_s(self) -> float:
        """How long the pose may be lost: never longer than it was held, for what comes after that is another hold."""
        return min(self._plan.grace_s, max(self.progress, FLICKER_S))

    @property
    def running(self) -> Hold | None:
        """The hold in progress, up to now."""
        return self._record("running") if self._running else None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held or about to be: until the pose comes, there is nothing to observe."""
        return not self._running and not self._still.has_seen

    @property
    def phase(self) -> str:
        """`held` while the pose is kept, else `rest`."""
        return "held" if self._running and not self._lost else "rest"

    @property
    def side(self) -> Side:
        """The side on which the pose is taken."""
        return self._side

    def observe(self, body: Body | None, t_s: float) -> list[Hold]:
        """Take one pose, None if nobody is in view; return what changed in the hold."""
        if self._running and t_s - self._last_in_s > self._grace_s + FLICKER_S:
            self._still.forget()
            return [self._end(), *self.observe(body, t_s)]
        side = self._seen_side(body)
        if side is None or body is None:
            events = self._out(t_s)
            if t_s - self._last_in_s > FLICKER_S:
                self._still.forget()
            return events
        still_since_s = self._still.since(body, t_s)
        if self._running and side != self._side:
            return self._out(t_s)
        return self._in(side, still_since_s, t_s) if self._is_back(t_s) else []

    def finish(self) -> list[Hold]:
        """End the hold in progress; the next one is a new hold."""
        self._still.forget()
        return [self._end()] if self._running else []

    def _seen_side(self, body: Body | None) -> Side | None:
        if body is None:
            return None
        if self._running and not self._lost and fits(body, self._sides[self._side], KEEPS_SEEN):
            return self._side
        ordered = sorted(self._sides.items(), key=lambda item: item[0] != self._side)
        return next((side for side, conditions in ordered if fits(body, conditions)), None)

    def _is_back(self, t_s: float) -> bool:
        """Whether the pose was never lost, or has been regained for longer than a flicker."""
        if not self._lost:
            return True
        if self._back_since_s is None:
            self._back_since_s = t_s
        return t_s - self._back_since_s >= FLICKER_S

    def _in(self, side: Side, still_since_s: float, t_s: float) -> list[Hold]:
        events: list[Hold] = []
        still = side == self._side and t_s - still_since_s >= SETTLES_S
        self._side, self._last_in_s, self._lost = side, t_s, False
        if still and not self._running:
            self._running, self._reached, self._breaks = True, False, 0
            self._number, self._told_s = self._number + 1, t_s
            self._since_s = self._still.came_s(self._ended_s, still_since_s)
            events.append(self._record("started"))
        elif self._running and self.progress < SETTLED_S:
            self._since_s = self._still.settled_s(self._since_s)
        if self._running and self.progress >= self._plan.target_s and not self._reached:
            self._reached = True
            events.append(self._record("reached"))
        if self._running and not events and t_s - self._reported_s >= RUNS_S:
            events.append(self._record("running"))
        if events:
            self._reported_s = t_s
        return events

    def _out(self, t_s: float) -> list[Hold]:
        self._back_since_s = None
        if not self._running:
            return []
        if t_s - self._last_in_s > self._grace_s:
            return [self._end()]
        if not self._lost and t_s - self._last_in_s > FLICKER_S:
            self._lost = True
            self._left_s = self._still.left_s(self._since_s, self._last_in_s)
            self._breaks += 1
            return [self._record("broken")]
        return []

    def _end(self) -> Hold:
        if self._lost:
            self._breaks -= 1
            self._last_in_s = self._left_s
        ended = self._record("ended")
        self._running, self._lost, self._ended_s = False, False, self._last_in_s
        self._back_since_s = None
        return ended

    def _record(self, state: HoldState) -> Hold:
        return Hold(
            number=self._number,
            pose=self.exercise.name,
            start_s=self._since_s,
            end_s=self._last_in_s,
            held_s=self._last_in_s - self._since_s,
            state=state,
            side=self._side,
            breaks=self._breaks,
            told_s=self._told_s,
        )
