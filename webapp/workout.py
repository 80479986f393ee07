"""A workout: turns estimates into events, and into a summary at the end. Pure: time comes with the estimates."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from webapp.motion.exercise import Exercise, Kind
from webapp.motion.flow import FlowTimer
from webapp.motion.form import FormCoach
from webapp.motion.hold import HoldTimer
from webapp.motion.measures import Body
from webapp.motion.reps import RepCounter
from webapp.motion.setup import SetupGuide
from webapp.records import Cue, Estimate, Event, Hold, Rep, Set, Summary, Target, active_s
from webapp.sets import Sets

LONGEST_GAP_S = 2.0
"""A longer gap between frames is not part of the workout's duration."""
LONGEST_REST_S = 300.0
"""A longer gap between what was done counts as an absence when a workout is rebuilt, a shorter one as a rest."""


class _Tracker:
    """Follows one exercise: set-up, repetitions or hold, and form.

    count, holds: the workout's number of repetitions and holds before.
    """

    def __init__(self, exercise: Exercise, count: int, holds: int) -> None:
        self.exercise = exercise
        self.setup = SetupGuide(exercise)
        self.form = FormCoach(exercise)
        self.counter = RepCounter(exercise, count) if exercise.count else None
        self.timer = _timer(exercise, holds) if exercise.hold else None

    @property
    def mover(self) -> RepCounter | HoldTimer | FlowTimer | None:
        """The source of progress, phase and side."""
        return self.counter or self.timer

    @property
    def phase(self) -> str:
        """See `Workout.phase`."""
        return self.mover.phase if self.mover is not None else "rest"

    def observe(self, body: Body | None, t_s: float) -> Iterator[Rep | Hold]:
        """Take one pose or None; yield completed repetitions with their faults, or changes of the hold."""
        if self.timer is not None:
            yield from self.timer.observe(body, t_s)
            self.form.switch_to(self.timer.exercise)
        if self.counter is not None:
            yield from map(self._with_faults, self.counter.observe(body, t_s))

    def finish(self) -> Iterator[Rep | Hold]:
        """End the hold in progress; yield it, or the repetition that waited for its other side."""
        if self.timer is not None:
            yield from self.timer.finish()
        if self.counter is not None:
            yield from map(self._with_faults, self.counter.finish())

    def _with_faults(self, rep: Rep) -> Rep:
        return replace(rep, faults=self.form.faults(rep.start_s, rep.end_s))


def _timer(exercise: Exercise, past: int) -> HoldTimer | FlowTimer:
    return FlowTimer(exercise, past) if exercise.poses else HoldTimer(exercise, past)


class Workout:
    """One person's workout of one exercise, or of several in turn.

    past: the repetitions, holds, sets and cues of the same workout from before a lost connection or process.
    target: of each set; if None, a rebuilt workout takes that of its last set.
    """

    def __init__(
        self, exercise: Exercise, past: Iterable[Rep | Hold | Set | Cue] = (), target: Target | None = None
    ) -> None:
        events = tuple(past)
        done = [event for event in events if isinstance(event, Rep | Hold)]
        self.counting = False
        self._reps = [event for event in done if isinstance(event, Rep)]
        self._holds = {event.number: event for event in done if isinstance(event, Hold)}
        self._sets = Sets(exercise.name, target, [event for event in events if not isinstance(event, Cue)])
        self._cues = Counter(event.rule for event in events if isinstance(event, Cue))
        self._tracker = _Tracker(exercise, self.count, max(self._holds, default=0))
        times = [event.start_s for event in done] + [event.end_s for event in done]
        self._start_s: float | None = min(times, default=None)
        self._last_s: float | None = max(times, default=None)
        self._duration_s = _lasted_s(done)

    @property
    def exercise(self) -> Exercise:
        """The current exercise."""
        return self._tracker.exercise

    @property
    def count(self) -> int:
        """The repetitions counted so far, in all sets."""
        return sum(rep.counted for rep in self._reps)

    @property
    def sets(self) -> tuple[Set, ...]:
        """Every set so far, oldest first; the last may be in progress."""
        return self._sets.all

    @property
    def target(self) -> Target | None:
        """The target of each set."""
        return self._sets.target

    @property
    def held_s(self) -> float:
        """Seconds of the current hold, else of the last one."""
        last = self.holding or next(reversed(self._holds.values()), None)
        return last.held_s if last is not None else 0.0

    @property
    def holding(self) -> Hold | None:
        """The hold in progress, up to now."""
        running = self._tracker.timer.running if self._tracker.timer is not None else None
        return replace(running, set=self._sets.number) if running is not None else None

    @property
    def progress(self) -> float | None:
        """The part of the way to the target reached now, or the seconds held; None if unknown or not counting."""
        if not self.counting:
            return None
        mover = self._tracker.mover
        return mover.progress if mover is not None else None

    @property
    def phase(self) -> str:
        """The phase: `rest`, `going`, `far` or `coming` of a repetition, `rest` or `held` of a hold."""
        return self._tracker.phase

    def taken_up(self) -> None:
        """A browser has started or resumed the workout: report the set-up again."""
        self._tracker.setup.tell_again()

    def go(self) -> None:
        """Start counting with the next estimate."""
        self.counting = True

    def pause(self) -> list[Rep | Hold | Set]:
        """Stop counting until the next `go`; return what this ends, because holds and repetitions exclude pauses."""
        self.counting = False
        self._last_s = None
        return list(self._ended())

    def aim(self, target: Target | None) -> Iterator[Set]:
        """Replace or remove the target; yield the current set if this changes it."""
        return self._sets.aim(target)

    def change(self, exercise: Exercise, target: Target | None = None) -> Iterator[Rep | Hold | Set]:
        """Continue with another exercise, whose first repetition or hold begins a set; yield what this ends.

        Nothing is counted until the next `go`, because the person must first find the new position.
        """
        yield from self.pause()
        yield from self._sets.change(exercise.name, target)
        self._tracker = _Tracker(exercise, self.count, max(self._holds, default=0))

    def observe(self, estimate: Estimate) -> Iterator[Event]:
        """Take one estimate; yield its events, in the order in which to report them."""
        body = Body(estimate.pose) if estimate.pose is not None else None
        view = body.view if body is not None else "any"
        setup = self._tracker.setup.observe(estimate, body, view)
        if setup is not None:
            yield setup
        if not self.counting:
            return
        self._clock(estimate.t_s)
        yield from self._count(body, estimate.t_s)
        if body is not None:
            yield from self._coach(body, estimate.t_s)

    def finish(self) -> Summary:
        """End the workout, with its hold and set in progress.

        The summary has the name and kind of the first exercise that has a set; every set names its own exercise.
        """
        list(self._ended())
        list(self._sets.end())
        holds = tuple(replace(hold, state="ended") for hold in self._holds.values())
        name, kind = self._first()
        held_s = sum(hold.held_s for hold in holds)
        duration_s = max(self._duration_s, held_s)  # a hold may begin before the first counted frame
        return Summary(
            exercise=name,
            kind=kind,
            start_s=self._start_s or 0.0,
            duration_s=duration_s,
            active_s=min(active_s(self._reps, holds), duration_s),
            reps=tuple(self._reps),
            holds=holds,
            cues=dict(self._cues),
            sets=self.sets,
        )

    def _first(self) -> tuple[str, Kind]:
        """Return the name and kind of the first exercise that has a set."""
        if not self.sets:
            return self.exercise.name, self.exercise.kind
        first = self.sets[0]
        return first.exercise, "hold" if any(hold.set == first.number for hold in self._holds.values()) else "reps"

    def _clock(self, t_s: float) -> None:
        if self._start_s is None:
            self._start_s = t_s
        if self._last_s is not None and 0 < t_s - self._last_s <= LONGEST_GAP_S:
            self._duration_s += t_s - self._last_s
        self._last_s = t_s

    def _count(self, body: Body | None, t_s: float) -> Iterator[Rep | Hold | Set]:
        for event in self._tracker.observe(body, t_s):
            yield from self._record(event)
        running = self.holding
        if running is not None and self._sets.completes(running):
            yield from self._record(running)
        yield from self._sets.passed(t_s, at_rest=body is None or self.phase == "rest")

    def _record(self, event: Rep | Hold) -> Iterator[Rep | Hold | Set]:
        for numbered in self._sets.took(event):
            if isinstance(numbered, Rep):
                self._reps.append(numbered)
            elif isinstance(numbered, Hold):
                self._holds[numbered.number] = numbered
            yield numbered

    def _ended(self) -> Iterator[Rep | Hold | Set]:
        for event in self._tracker.finish():
            yield from self._record(event)

    def _coach(self, body: Body, t_s: float) -> Iterator[Cue]:
        mover = self._tracker.mover
        if mover is None:
            return
        cue = self._tracker.form.observe(body, body.view, mover.phase, mover.side, t_s)
        if cue is not None:
            self._cues[cue.rule] += 1
            yield cue


def _lasted_s(events: Iterable[Rep | Hold]) -> float:
    """Return the seconds within events, and of the rests between them; longer gaps are absences."""
    lasted_s, until_s = 0.0, -math.inf
    for event in sorted(events, key=lambda event: event.start_s):
        from_s = until_s if event.start_s - until_s <= LONGEST_REST_S else event.start_s
        lasted_s += max(0.0, event.end_s - from_s)
        until_s = max(until_s, event.end_s)
    return lasted_s
