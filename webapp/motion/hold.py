"""Holds: how long a pose is kept. Wide ranges recognise the pose; form rules judge its quality."""

import math
from statistics import median

from webapp.motion.exercise import Exercise
from webapp.motion.gate import fits, sided
from webapp.motion.measures import Body, is_angle, is_difference, mirrored
from webapp.records import Hold, HoldState, Side

KEEPS_SEEN = 0.5
"""Part of the conditions that must be seen to go on with a hold: an engine that loses a limb ends none."""
SETTLES_S = 0.4
"""How long the pose must be kept still before a hold starts; this time counts."""
STILL_DEG = 6.0
STILL_PART = 0.15
"""How much an angle, or a length in torso lengths, may change in that time; on the way into a pose it changes more."""
MEDIAN_S = 0.25
"""Without depth, stillness is judged by medians over this time: such engines find each joint anew in every picture, a
little elsewhere."""
FLICKER_S = 0.2
"""A pose lost or regained, or a joint that leaps, for less than this is an error of the engine."""
RUNS_S = 2.0
"""Interval at which a running hold is reported: at most this much is lost if the process is killed."""
WAY_OUT_S = 1.0
"""Movement up to this long before the pose is lost is the way out of it, and not counted as held."""


class Stillness:
    """Finds since when the measures of the pose's conditions have been still.

    A difference of two sides is left out: it has the errors of both.
    """

    def __init__(self, exercise: Exercise) -> None:
        names = {one.measure for one in exercise.conditions if not is_difference(one.measure)}
        self._limits = {name: STILL_DEG if is_angle(name) else STILL_PART for name in (*names, *map(mirrored, names))}
        self._raw: list[tuple[float, dict[str, float]]] = []
        self._samples: list[tuple[float, dict[str, float]]] = []

    def forget(self) -> None:
        """Start over."""
        self._raw, self._samples = [], []

    def since(self, body: Body, t_s: float) -> float:
        """Take one pose; return since what time the body has been still, at most about SETTLES_S ago."""
        now = {name: value for name in self._limits if (value := body.measure(name)) is not None}
        if body.is_flat:
            t_s, now = self._smoothed(now, t_s)
        kept = len(self._samples)
        while kept and all(self._near(value, name, self._samples[kept - 1][1]) for name, value in now.items()):
            kept -= 1
        if 0 < kept == len(self._samples) and t_s - self._samples[-1][0] <= FLICKER_S:
            return self._samples[0][0]
        self._samples = [*self._samples[kept:], (t_s, now)]
        while len(self._samples) > 1 and t_s - self._samples[1][0] >= SETTLES_S:
            del self._samples[0]
        return self._samples[0][0]

    def _smoothed(self, now: dict[str, float], t_s: float) -> tuple[float, dict[str, float]]:
        """Return the medians of the last MEDIAN_S, and their time: they show a movement after it happens."""
        self._raw = [*(row for row in self._raw if t_s - row[0] < MEDIAN_S), (t_s, now)]
        medians = {name: median([row[name] for _, row in self._raw if name in row]) for name in now}
        return t_s - (t_s - self._raw[0][0]) / 4, medians

    def _near(self, value: float, name: str, before: dict[str, float]) -> bool:
        return name not in before or abs(value - before[name]) <= self._limits[name]


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
        self._last_still_s = 0.0
        self._back_since_s: float | None = None
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
            if t_s - self._last_in_s > FLICKER_S:
                self._still.forget()
            return self._out(t_s)
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
        if still:
            self._last_still_s = t_s
        if still and not self._running:
            self._running, self._reached, self._breaks = True, False, 0
            self._number += 1
            self._since_s = max(still_since_s, self._ended_s)
            events.append(self._record("started"))
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
            self._breaks += 1
            return [self._record("broken")]
        return []

    def _end(self) -> Hold:
        if self._lost:
            self._breaks -= 1
        if self._lost and self._last_in_s - self._last_still_s <= WAY_OUT_S:
            self._last_in_s = self._last_still_s
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
        )
