"""Sets: what is done of an exercise between two rests. Pure: time is what repetitions, holds and estimates carry."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from webapp.records import Hold, Rep, Set, SetState, Target

REST_NOTICED_S = 20.0
"""Whoever has done nothing for so long is resting: even slow repetitions of heavy weights follow each other sooner."""

Done = Rep | Hold


class Sets:
    """The sets of one workout.

    exercise: what is done from now on. target: what each set shall reach. past: what was kept of the same workout
        before its process was lost; all of it is one set where it is from before there were sets.
    """

    def __init__(self, exercise: str, target: Target | None = None, past: Iterable[Done | Set] = ()) -> None:
        events = tuple(past)
        self._exercise = exercise
        self._sets = _rebuilt(exercise, events)
        here = [event for event in events if not isinstance(event, Set) and event.set == self.number]
        self._reps = [event for event in here if isinstance(event, Rep)]
        self._holds = {event.number: event for event in here if isinstance(event, Hold)}
        self._target = target or _target_of(self._sets)

    @property
    def all(self) -> tuple[Set, ...]:
        """Every set so far, oldest first; the last may be under way."""
        return tuple(self._sets)

    @property
    def number(self) -> int:
        """The number of the set under way, or of the last one; 0 before the first."""
        return self._sets[-1].number if self._sets else 0

    @property
    def target(self) -> Target | None:
        """What each set shall reach."""
        return self._target

    def took(self, event: Done) -> Iterator[Done | Set]:
        """Take a repetition or hold; yield it with its set's number.

        The set that it begins comes before it, and the one that it completes after it.
        """
        if self._begins(event):
            yield from self.end()
            yield self._begun(event.start_s)
        done = replace(event, set=self.number)
        if isinstance(done, Hold):
            self._holds[done.number] = done
        else:
            self._reps.append(done)
        self._sets[-1] = _with(self._sets[-1], [*self._reps, *self._holds.values()])
        yield done
        yield from self._reached()

    def completes(self, hold: Hold) -> bool:
        """Whether a hold under way has just brought its set to its target."""
        if not self._sets or self._sets[-1].state != "started":
            return False
        return _has_reached(_with(self._sets[-1], (self._holds | {hold.number: hold}).values()))

    def passed(self, t_s: float, *, at_rest: bool) -> Iterator[Set]:
        """Take the time of an estimate; yield the set under way when its person has begun to rest."""
        last = self._sets[-1] if self._sets else None
        if last is not None and last.state == "started" and at_rest and t_s - last.end_s >= REST_NOTICED_S:
            yield self._told("resting")

    def aim(self, target: Target) -> Iterator[Set]:
        """Set another target, for the set under way too; yield that one where this changes it."""
        self._target = target
        last = self._sets[-1] if self._sets else None
        if last is not None and last.state == "started" and last.target != target.amount:
            self._sets[-1] = replace(last, target=target.amount)
            yield self._sets[-1]
            yield from self._reached()

    def change(self, exercise: str, target: Target | None) -> Iterator[Set]:
        """Go on with another exercise and its target; yield the set that this ends."""
        yield from self.end()
        self._exercise, self._target = exercise, target

    def end(self) -> Iterator[Set]:
        """End the set under way, or the rest after it."""
        if self._sets and self._sets[-1].state != "ended":
            yield self._told("ended")

    def _begins(self, event: Done) -> bool:
        """Whether it is the first of a new set; a hold stays in the set that it began in, however long it goes on."""
        if isinstance(event, Hold) and event.number in self._holds:
            return False
        last = self._sets[-1] if self._sets else None
        return last is None or last.state != "started" or event.start_s - last.end_s >= REST_NOTICED_S

    def _begun(self, start_s: float) -> Set:
        self._reps, self._holds = [], {}
        amount = self._target.amount if self._target else None
        self._sets.append(Set(self.number + 1, self._exercise, start_s, start_s, 0, 0.0, "started", amount))
        return self._sets[-1]

    def _reached(self) -> Iterator[Set]:
        if _has_reached(self._sets[-1]):
            yield self._told("reached")

    def _told(self, state: SetState) -> Set:
        self._sets[-1] = replace(self._sets[-1], state=state)
        return self._sets[-1]


def exercise_of(past: Iterable[Done | Set]) -> str | None:
    """Return the exercise that was done last, as far as kept sets tell."""
    sets = [event for event in past if isinstance(event, Set)]
    return max(sets, key=lambda one: one.number).exercise if sets else None


def _rebuilt(exercise: str, past: Iterable[Done | Set]) -> list[Set]:
    """Return the sets as they stood when the last of this was kept: a set is kept before what is done in it."""
    told: dict[int, Set] = {}
    done: dict[int, list[Done]] = {}
    for event in past:
        if isinstance(event, Set):
            told[event.number] = event
        else:
            done.setdefault(event.set, []).append(event)
    for number, events in done.items():
        start_s = events[0].start_s
        known = told.get(number) or Set(number, exercise, start_s, start_s, 0, 0.0, "started")
        told[number] = _with(known, events)
    sets = [told[number] for number in sorted(told)]
    if sets and _has_reached(sets[-1]):
        sets[-1] = replace(sets[-1], state="reached")
    return sets


def _with(one: Set, done: Collection[Done]) -> Set:
    """Return the set with the figures of what was done in it."""
    return replace(
        one,
        start_s=min(event.start_s for event in done),
        end_s=max(event.end_s for event in done),
        count=sum(isinstance(event, Rep) and event.counted for event in done),
        held_s=sum(event.held_s for event in done if isinstance(event, Hold)),
    )


def _has_reached(one: Set) -> bool:
    """Whether a set under way has come to its target: of its repetitions and its seconds one is always 0."""
    return one.state == "started" and one.target is not None and max(one.count, one.held_s) >= one.target


def _target_of(sets: list[Set]) -> Target | None:
    """Return the last set's target: of how long to rest, and how often, nothing was kept."""
    return Target(sets[-1].target) if sets and sets[-1].target is not None else None
