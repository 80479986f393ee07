"""Sets: what is done of an exercise between two rests. Pure: time comes from repetitions, holds and estimates."""

import math
from collections.abc import Iterable, Iterator
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

    def took(self, event: Done) -> Iterator[Done | Set]:
        """Take a repetition or hold; yield it with its set's number.

        A set that it begins is yielded before it, one that it completes after it.
        """
        if self._under_way(event):
            yield from self._joined(event)
        elif isinstance(event, Rep) and not event.counted and self._open:
            yield from self._seen_to_rest()
            self._waiting.append(replace(event, set=self.number + 1))
            yield self._waiting[-1]
        else:
            yield from self._ended()
            yield self._begun(event)
            yield from self._joined(event)

    def completes(self, hold: Hold) -> bool:
        """Whether a hold in progress has just brought its set to its target."""
        if not self._sets or self._sets[-1].state != "started":
            return False
        return _has_reached(_with(self._sets[-1], (self._holds | {hold.number: hold}).values()))

    def passed(self, t_s: float, *, at_rest: bool) -> Iterator[Set]:
        """Take the time of an estimate; yield the set in progress if its person has begun to rest."""
        if t_s - self._seen_s > SEEN_EVERY_S:
            self._unseen_s += t_s - self._seen_s
        self._seen_s = t_s
        if self._open and at_rest and self._rested(t_s):
            yield from self._seen_to_rest()

    def aim(self, target: Target | None) -> Iterator[Set]:
        """Change or remove the target, also of the set in progress; yield that set if this changes it."""
        self._target = target
        amount = target.amount if target else None
        last = self._sets[-1] if self._sets else None
        if last is not None and last.state == "started" and last.target != amount:
            self._sets[-1] = replace(last, target=amount)
            yield self._sets[-1]
            yield from self._reached()

    def change(self, exercise: str, target: Target | None) -> Iterator[Set]:
        """Continue with another exercise and its target; yield the set that this ends."""
        yield from self.end()
        self._exercise, self._target = exercise, target

    def end(self) -> Iterator[Set]:
        """End the set in progress, or the rest after it; pending partial repetitions become a set of their own."""
        yield from self._ended()
        if self._waiting:
            self._begun(self._waiting[-1])
            self._sets[-1] = _with(self._sets[-1], self._reps)
            yield from self._ended()

    def _under_way(self, event: Done) -> bool:
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

    def _seen_to_rest(self) -> Iterator[Set]:
        if self._sets[-1].state == "started":
            yield self._changed("resting")

    def _ended(self) -> Iterator[Set]:
        if self._open:
            yield self._changed("ended")

    def _begun(self, first: Done) -> Set:
        """Begin a set with the pending partial repetitions."""
        self._reps, self._waiting, self._holds = self._waiting, [], {}
        amount = self._target.amount if self._target else None
        start_s = _together([*self._reps, first])[0].start_s
        self._sets.append(Set(self.number + 1, self._exercise, start_s, start_s, 0, 0.0, "started", amount))
        return self._sets[-1]

    def _joined(self, event: Done) -> Iterator[Done | Set]:
        self._seen_s, self._unseen_s = event.end_s, 0.0
        done = replace(event, set=self.number)
        if isinstance(done, Hold):
            self._holds[done.number] = done
        else:
            self._reps.append(done)
        self._sets[-1] = _with(self._sets[-1], [*self._reps, *self._holds.values()])
        yield done
        yield from self._reached()

    def _reached(self) -> Iterator[Set]:
        if _has_reached(self._sets[-1]):
            yield self._changed("reached")

    def _changed(self, state: SetState) -> Set:
        self._sets[-1] = replace(self._sets[-1], state=state)
        return self._sets[-1]


def exercise_of(past: Iterable[Done | Set | Cue]) -> str | None:
    """Return the exercise that was done last, according to the stored sets."""
    sets = [event for event in past if isinstance(event, Set)]
    return max(sets, key=lambda one: one.number).exercise if sets else None


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
    sets = [_with(latest[number], done.get(number, ())) for number in sorted(latest)]
    if sets and _has_reached(sets[-1]):
        sets[-1] = replace(sets[-1], state="reached")
    return sets


def _with(one: Set, done: Iterable[Done]) -> Set:
    """Return the set with the figures of its events; unchanged if it has none."""
    together = _together(done)
    if not together:
        return one
    return replace(
        one,
        start_s=min(event.start_s for event in together),
        end_s=max(event.end_s for event in together),
        count=sum(isinstance(event, Rep) and event.counted for event in together),
        held_s=sum(event.held_s for event in together if isinstance(event, Hold)),
    )


def _together(done: Iterable[Done]) -> list[Done]:
    """Leave out partial repetitions followed by a rest before anything counted."""
    together: list[Done] = []
    counts, end_s = False, -math.inf
    for event in done:
        if not counts and event.start_s - end_s >= REST_NOTICED_S:
            together = []
        together.append(event)
        counts, end_s = counts or isinstance(event, Hold) or event.counted, max(end_s, event.end_s)
    return together


def _has_reached(one: Set) -> bool:
    """Whether a set in progress has reached its target; one of its repetitions and its seconds is always 0."""
    return one.state == "started" and one.target is not None and max(one.count, one.held_s) >= one.target


def _target_of(sets: list[Set]) -> Target | None:
    """Return the last set's target; its rest and number of sets are not stored."""
    return Target(sets[-1].target) if sets and sets[-1].target is not None else None
