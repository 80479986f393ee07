"""A workout: estimates in, events out, a summary at the end. Pure: time is what the estimates carry."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from webapp.motion.exercise import Exercise
from webapp.motion.form import FormCoach
from webapp.motion.hold import HoldTimer
from webapp.motion.measures import Body
from webapp.motion.reps import RepCounter
from webapp.motion.setup import SetupGuide
from webapp.records import Cue, Estimate, Event, Hold, Rep, Set, Summary

LONGEST_GAP_S = 2.0
"""Frames further apart than this are two stretches of the workout: the time between is no part of its duration."""


class Workout:
    """One person's workout of one exercise.

    past: the repetitions and holds of the same workout from before a lost connection or process.
    """

    def __init__(self, exercise: Exercise, past: Iterable[Rep | Hold | Set] = ()) -> None:
        self.exercise = exercise
        self.counting = False
        events = tuple(event for event in past if not isinstance(event, Set))
        self._reps = [event for event in events if isinstance(event, Rep)]
        self._holds = {event.number: event for event in events if isinstance(event, Hold)}
        self._cues: Counter[str] = Counter()
        self._setup = SetupGuide(exercise)
        self._form = FormCoach(exercise)
        self._counter = RepCounter(exercise, self.count) if exercise.count else None
        self._timer = HoldTimer(exercise, max(self._holds, default=0)) if exercise.hold else None
        times = [event.start_s for event in events] + [event.end_s for event in events]
        self._start_s: float | None = min(times, default=None)
        self._last_s: float | None = max(times, default=None)
        self._duration_s = _lasted_s(events)

    @property
    def count(self) -> int:
        """How many repetitions counted so far."""
        return sum(rep.counted for rep in self._reps)

    @property
    def held_s(self) -> float:
        """Seconds of the hold that runs, or ran last."""
        last = self.holding or next(reversed(self._holds.values()), None)
        return last.held_s if last is not None else 0.0

    @property
    def holding(self) -> Hold | None:
        """The hold under way, as far as it has come."""
        return self._timer.running if self._timer is not None else None

    @property
    def progress(self) -> float | None:
        """The part of the way to the target reached now, or the seconds held; None when it cannot be judged."""
        if not self.counting:
            return None
        mover = self._counter or self._timer
        return mover.progress if mover is not None else None

    @property
    def phase(self) -> str:
        """What the person is at: `rest`, `going`, `far` or `coming` in a repetition, `rest` or `held` in a hold."""
        mover = self._counter or self._timer
        return mover.phase if mover is not None else "rest"

    def taken_up(self) -> None:
        """A browser takes the workout up, perhaps not for the first time: it is told anew how the person stands."""
        self._setup.tell_again()

    def go(self) -> None:
        """Count from the next estimate on."""
        self.counting = True

    def pause(self) -> None:
        """Stop counting until the next `go`."""
        self.counting = False
        self._last_s = None

    def observe(self, estimate: Estimate) -> Iterator[Event]:
        """Take one estimate; yield what happened, in the order in which it should be told."""
        body = Body(estimate.pose) if estimate.pose is not None else None
        view = body.view if body is not None else "any"
        setup = self._setup.observe(estimate, body, view)
        if setup is not None:
            yield setup
        if not self.counting:
            return
        self._clock(estimate.t_s)
        yield from self._count(body, estimate.t_s)
        if body is not None:
            yield from self._coach(body, estimate.t_s)

    def finish(self) -> Summary:
        """End the workout; a hold under way ends with it."""
        if self._timer is not None:
            for hold in self._timer.finish():
                self._holds[hold.number] = hold
        holds = tuple(replace(hold, state="ended") for hold in self._holds.values())
        return Summary(
            exercise=self.exercise.name,
            kind=self.exercise.kind,
            start_s=self._start_s or 0.0,
            duration_s=self._duration_s,
            active_s=sum(rep.end_s - rep.start_s for rep in self._reps) + sum(hold.held_s for hold in holds),
            reps=tuple(self._reps),
            holds=holds,
            cues=dict(self._cues),
        )

    def _clock(self, t_s: float) -> None:
        if self._start_s is None:
            self._start_s = t_s
        if self._last_s is not None and 0 < t_s - self._last_s <= LONGEST_GAP_S:
            self._duration_s += t_s - self._last_s
        self._last_s = t_s

    def _count(self, body: Body | None, t_s: float) -> Iterator[Rep | Hold]:
        if self._timer is not None:
            for hold in self._timer.observe(body, t_s):
                self._holds[hold.number] = hold
                yield hold
        if self._counter is not None:
            for rep in self._counter.observe(body, t_s):
                done = replace(rep, faults=self._form.faults())
                self._reps.append(done)
                yield done

    def _coach(self, body: Body, t_s: float) -> Iterator[Cue]:
        mover = self._counter or self._timer
        if mover is None:
            return
        cue = self._form.observe(body, body.view, mover.phase, mover.side, t_s)
        if cue is not None:
            self._cues[cue.rule] += 1
            yield cue


def _lasted_s(events: Iterable[Rep | Hold]) -> float:
    """The time within events, and between those that are no further apart than two stretches of a workout."""
    lasted_s, until_s = 0.0, -math.inf
    for event in sorted(events, key=lambda event: event.start_s):
        from_s = until_s if event.start_s - until_s <= LONGEST_GAP_S else event.start_s
        lasted_s += max(0.0, event.end_s - from_s)
        until_s = max(until_s, event.end_s)
    return lasted_s
