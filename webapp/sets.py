"""Sets: what is done of an exercise between two rests. Pure: time comes from repetitions, holds and estimates."""

import math
from collections.abc import Iterable
from dataclasses import replace

from webapp.records import Cue, Hold, Rep, Set, SetState, Target

REST_NOTICED_S = 20.0
"""This long without a repetition is a rest: even slow repetitions of heavy weights follow each other sooner."""
SEEN_EVERY_S = 2.0
"""Estimates further apart mean a lost connection; a set below its target continues after it."""

Done = Rep | Hold


class Sets:
    """The sets of one workout.

    exercise: the current one. target: of each set. past: events of the same workout stored by an earlier process; if
    they predate sets, all of them are one set.

    Walking about, drinking and bending down during a rest can look like part of a repetition, so after a rest only a
    counted repetition begins a set. Partial ones before it are held back and belong to that set.
    """

    def __init__(self, exercise: str, target: Target | None = None, past: Iterable[Done | Set] = ()) -> None:
        events = tuple(past)
        self._exercise = exercise
        self._sets = _rebuilt(exercise, events)
        done = [event for event in events if not isinstance(event, Set)]
        self._reps = [event for event in done if isinstance(event, Rep) and event.set == self.number]
        self._holds = {event.number: event for event in done if isinstance(event, Hold) and event.set == self.number}
        self._waiting = [event for event in done if isinstance(event, Rep) and event.set > self.number]
        self._target = target or _target_of(self._sets)
        self._seen_s, self._unseen_s = math.inf, 0.0

    @property
    def all(self) -> tuple[Set, ...]:
        """Every set so far, oldest first; the last may be in progress."""
        return tuple(self._sets)

    @property
    def number(self) -> int:
        """The number of the set in progress, or of the last one; 0 before the first."""
        return self._sets[-1].number if self._sets else 0

    @property
    def target(self) -> Target | None:
        """The target of each set."""
        return self._target

    def add(self, event: Done) -> list[Done | Set]:
        """Add a repetition or hold; return it with its set's number.

        A set that it begins comes before it, one that it completes after it.
        """
        if self._belongs_to_current(event):
            return self._add_to_current(event)
        if isinstance(event, Rep) and not event.counted and self._open:
            self._waiting.append(replace(event, set=self.number + 1))
            return [*self._begin_rest(), self._waiting[-1]]
        return [*self._end_current(), self._begin(event), *self._add_to_current(event)]

    def completes(self, hold: Hold) -> bool:
        """Whether a hold in progress has just brought its set to its target."""
        if not self._sets or self._sets[-1].state != "started":
            return False
        return _has_reached(_with_figures(self._sets[-1], (self._holds | {hold.number: hold}).values()))

    def advance(self, t_s: float, *, at_rest: bool) -> list[Set]:
        """Take the time of an estimate; return the set in progress if its person has begun to rest."""
        if t_s - self._seen_s > SEEN_EVERY_S:
            self._unseen_s += t_s - self._seen_s
        self._seen_s = t_s
        return self._begin_rest() if self._open and at_rest and self._rested(t_s) else []

    def set_target(self, target: Target | None) -> list[Set]:
        """Change or remove the target, also of the set in progress; return that set if this changes it."""
        self._target = target
        amount = target.amount if target else None
        last = self._sets[-1] if self._sets else None
        if last is None or last.state != "started" or last.target == amount:
            return []
        self._sets[-1] = replace(last, target=amount)
        return [self._sets[-1], *self._end_if_reached()]

    def change(self, exercise: str, target: Target | None) -> list[Set]:
        """Continue with another exercise and its target; return the set that this ends."""
        ended = self.end()
        self._exercise, self._target = exercise, target
        return ended

    def end(self) -> list[Set]:
        """End the set in progress, or the rest after it; pending partial repetitions become a set of their own."""
        ended = self._end_current()
        if self._waiting:
            self._begin(self._waiting[-1])
            self._sets[-1] = _with_figures(self._sets[-1], self._reps)
            ended += self._end_current()
        return ended

    def _belongs_to_current(self, event: Done) -> bool:
        """Whether an event belongs to the set in progress; a hold belongs to the set that it began in."""
        if isinstance(event, Hold) and event.number in self._holds:
            return True
        last = self._sets[-1] if self._sets else None
        return last is not None and last.state == "started" and not self._rested(event.start_s)

    def _rested(self, t_s: float) -> bool:
        """Whether nothing has been done for REST_NOTICED_S by then; only a set with a counted one rests."""
        last = self._sets[-1]
        unseen_s = self._unseen_s if last.target is not None else 0.0
        return max(last.count, last.held_s) > 0 and t_s - unseen_s - last.end_s >= REST_NOTICED_S

    @property
    def _open(self) -> bool:
        """Whether the last set is in progress, or is being rested from."""
        return bool(self._sets) and self._sets[-1].state != "ended"

    def _begin(self, first: Done) -> Set:
        """Begin a set with the pending partial repetitions."""
        self._reps, self._waiting, self._holds = self._waiting, [], {}
        amount = self._target.amount if self._target else None
        start_s = _without_stray_partials([*self._reps, first])[0].start_s
        self._sets.append(Set(self.number + 1, self._exercise, start_s, start_s, 0, 0.0, "started", amount))
        return self._sets[-1]

    def _add_to_current(self, event: Done) -> list[Done | Set]:
        self._seen_s, self._unseen_s = event.end_s, 0.0
        done = replace(event, set=self.number)
        if isinstance(done, Hold):
            done = self._as_long_as_reported(done)
            self._holds[done.number] = done
        else:
            self._reps.append(done)
        self._sets[-1] = _with_figures(self._sets[-1], [*self._reps, *self._holds.values()])
        return [done, *self._end_if_reached()]

    def _as_long_as_reported(self, hold: Hold) -> Hold:
        """Return a hold no shorter than when its set reached the target: the exact end is found only after it."""
        last = self._sets[-1]
        if last.state != "reached" or last.target is None:
            return hold
        others_s = sum(other.held_s for number, other in self._holds.items() if number != hold.number)
        missing_s = max(0.0, last.target - others_s - hold.held_s)
        return replace(hold, end_s=hold.end_s + missing_s, held_s=hold.held_s + missing_s)

    def _begin_rest(self) -> list[Set]:
        return [self._set_state("resting")] if self._sets[-1].state == "started" else []

    def _end_if_reached(self) -> list[Set]:
        return [self._set_state("reached")] if _has_reached(self._sets[-1]) else []

    def _end_current(self) -> list[Set]:
        return [self._set_state("ended")] if self._open else []

    def _set_state(self, state: SetState) -> Set:
        self._sets[-1] = replace(self._sets[-1], state=state)
        return self._sets[-1]


def exercise_of(past: Iterable[Done | Set | Cue]) -> str | None:
    """Return the exercise that was done last, according to the stored sets."""
    sets = [event for event in past if isinstance(event, Set)]
    return max(sets, key=lambda done_set: done_set.number).exercise if sets else None


def _rebuilt(exercise: str, past: Iterable[Done | Set]) -> list[Set]:
    """Return each set as it was last stored; a set is stored before its events."""
    latest: dict[int, Set] = {}
    done: dict[int, list[Done]] = {}
    for event in past:
        if isinstance(event, Set):
            latest[event.number] = event
        else:
            done.setdefault(event.set, []).append(event)
    if not latest and done:  # from before there were sets
        start_s = done[1][0].start_s
        latest[1] = Set(1, exercise, start_s, start_s, 0, 0.0, "started")
    sets = [_with_figures(latest[number], done.get(number, ())) for number in sorted(latest)]
    if sets and _has_reached(sets[-1]):
        sets[-1] = replace(sets[-1], state="reached")
    return sets


def _with_figures(done_set: Set, done: Iterable[Done]) -> Set:
    """Return the set with the figures of its events; unchanged if it has none."""
    together = _without_stray_partials(done)
    if not together:
        return done_set
    return replace(
        done_set,
        start_s=min(event.start_s for event in together),
        end_s=max(event.end_s for event in together),
        count=sum(isinstance(event, Rep) and event.counted for event in together),
        held_s=sum(event.held_s for event in together if isinstance(event, Hold)),
    )


def _without_stray_partials(done: Iterable[Done]) -> list[Done]:
    """Leave out partial repetitions followed by a rest before anything counted."""
    together: list[Done] = []
    counts, end_s = False, -math.inf
    for event in done:
        if not counts and event.start_s - end_s >= REST_NOTICED_S:
            together = []
        together.append(event)
        counts, end_s = counts or isinstance(event, Hold) or event.counted, max(end_s, event.end_s)
    return together


def _has_reached(last: Set) -> bool:
    """Whether a set in progress has reached its target; either its repetitions or its seconds are 0."""
    return last.state == "started" and last.target is not None and max(last.count, last.held_s) >= last.target


def _target_of(sets: list[Set]) -> Target | None:
    """Return the last set's target; its rest and number of sets are not stored."""
    return Target(sets[-1].target) if sets and sets[-1].target is not None else None
