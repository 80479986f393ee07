"""A workout: turns estimates into events, and into a summary at the end. Pure: time comes with the estimates."""

import math
from collections import Counter
from collections.abc import Iterable
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

    def observe(self, body: Body | None, t_s: float) -> list[Rep | Hold]:
        """Take one pose or None; return completed repetitions with their faults, or changes of the hold."""
        done: list[Rep | Hold] = []
        if self.timer is not None:
            done += self.timer.observe(body, t_s)
            self.form.switch_to(self.timer.exercise)
        if self.counter is not None:
            done += map(self._with_faults, self.counter.observe(body, t_s))
        return done

    def finish(self) -> list[Rep | Hold]:
        """End the hold in progress; return it, or the repetition that waited for its other side."""
        done: list[Rep | Hold] = []
        if self.timer is not None:
            done += self.timer.finish()
        if self.counter is not None:
            done += map(self._with_faults, self.counter.finish())
        return done

    def _with_faults(self, rep: Rep) -> Rep:
        return replace(rep, faults=self.form.faults(rep.start_s, rep.end_s))


def _timer(exercise: Exercise, past: int) -> HoldTimer | FlowTimer:
    return FlowTimer(exercise, past) if exercise.poses else HoldTimer(exercise, past)


class Workout:
    """One person's workout of one or more exercises.

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

    def report_setup_again(self) -> None:
        """Report the set-up with the next estimate, to a browser that has just started or resumed the workout."""
        self._tracker.setup.tell_again()

    def go(self) -> None:
        """Start counting with the next estimate."""
        self.counting = True

    def pause(self) -> list[Rep | Hold | Set]:
        """Stop counting until the next `go`; return what this ends, because holds and repetitions exclude pauses."""
        self.counting = False
        self._last_s = None
        return self._end_movement()

    def set_target(self, target: Target | None) -> list[Set]:
        """Replace or remove the target; return the current set if this changes it."""
        return self._sets.set_target(target)

    def change(self, exercise: Exercise, target: Target | None = None) -> list[Rep | Hold | Set]:
        """Continue with another exercise, whose first repetition or hold begins a set; return what this ends.

        Nothing is counted until the next `go`, because the person must first find the new position.
        """
        ended = [*self.pause(), *self._sets.change(exercise.name, target)]
        self._tracker = _Tracker(exercise, self.count, max(self._holds, default=0))
        return ended

    def observe(self, estimate: Estimate) -> list[Event]:
        """Take one estimate; return its events, in the order in which to report them."""
        body = Body(estimate.pose) if estimate.pose is not None else None
        view = body.view if body is not None else "any"
        setup = self._tracker.setup.observe(estimate, body, view)
        events: list[Event] = [] if setup is None else [setup]
        if self.counting:
            self._clock(estimate.t_s)
            events += self._count(body, estimate.t_s)
            if body is not None:
                events += self._coach(body, estimate.t_s)
        return events

    def finish(self) -> Summary:
        """End the workout, with its hold and set in progress.

        The summary has the name and kind of the first exercise that has a set; every set names its own exercise.
        """
        self._end_movement()
        self._sets.end()
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

    def _count(self, body: Body | None, t_s: float) -> list[Rep | Hold | Set]:
        events = self._record(self._tracker.observe(body, t_s))
        running = self.holding
        if running is not None and self._sets.completes(running):
            events += self._record([running])
        events += self._sets.advance(t_s, at_rest=body is None or self.phase == "rest")
        return events

    def _record(self, done: Iterable[Rep | Hold]) -> list[Rep | Hold | Set]:
        events = [event for one in done for event in self._sets.add(one)]
        for event in events:
            if isinstance(event, Rep):
                self._reps.append(event)
            elif isinstance(event, Hold):
                self._holds[event.number] = event
        return events

    def _end_movement(self) -> list[Rep | Hold | Set]:
        return self._record(self._tracker.finish())

    def _coach(self, body: Body, t_s: float) -> list[Cue]:
        mover = self._tracker.mover
        if mover is None:
            return []
        cue = self._tracker.form.observe(body, body.view, mover.phase, mover.side, t_s)
        if cue is None:
            return []
        self._cues[cue.rule] += 1
        return [cue]


def _lasted_s(events: Iterable[Rep | Hold]) -> float:
    """Return the seconds within events, and of the rests between them; longer gaps are absences."""
    lasted_s, until_s = 0.0, -math.inf
    for event in sorted(events, key=lambda event: event.start_s):
        from_s = until_s if event.start_s - until_s <= LONGEST_REST_S else event.start_s
        lasted_s += max(0.0, event.end_s - from_s)
        until_s = max(until_s, event.end_s)
    return lasted_s
