"""A store in memory, for tests and for servers that should keep nothing."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, tzinfo
from itertools import islice
from math import inf

from webapp.errors import NoWorkout, TakenOver
from webapp.records import Cue, Summary
from webapp.store import KeptEvent, Share, StoredWorkout, event_key, memory_history, numbered
from webapp.store.history import Day, Record, Totals, TrendDay, done_sets, sets_of
from webapp.store.memory_history import SetRow


class MemoryStore:
    """Workouts and events in dictionaries, which preserve insertion order."""

    def __init__(self) -> None:
        self._workouts: dict[str, StoredWorkout] = {}
        self._events: dict[str, dict[str, KeptEvent]] = {}
        self._series: dict[str, dict[int, bytes]] = {}
        self._resumes: dict[str, str] = {}
        self._holders: dict[str, str | None] = {}
        self._seen_at_s: dict[str, float] = {}
        self._shares: dict[str, Share] = {}

    def begin(
        self,
        workout: str,
        exercise: str,
        started_at_s: float,
        resume_sha256: str,
        person: str | None = None,
        body_kg: float | None = None,
        holder: str | None = None,
    ) -> None:
        """See `Store`."""
        if workout not in self._workouts:
            self._workouts[workout] = StoredWorkout(workout, exercise, started_at_s, person=person, body_kg=body_kg)
            self._events[workout] = {}
            self._series[workout] = {}
            self._resumes[resume_sha256] = workout
            self._holders[workout] = holder
            self._seen_at_s[workout] = started_at_s

    def claim(self, workout: str, holder: str, at_s: float) -> str | None:
        """See `Store`."""
        if self.workout(workout).finished:
            raise NoWorkout(f"The workout {workout!r} has ended")
        former, self._holders[workout] = self._holders[workout], holder
        self.tend([workout], at_s)
        return former

    def tend(self, workouts: Collection[str], at_s: float) -> None:
        """See `Store`."""
        self._seen_at_s |= {workout: at_s for workout in workouts if workout in self._workouts}

    def claim_stray(self, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
        """See `Store`."""
        strays = [
            kept for kept in self._workouts.values() if not kept.finished and self._seen_at_s[kept.id] < at_s - unseen_s
        ]
        stray = min(strays, key=_place, default=None)
        if stray is not None:
            self.claim(stray.id, holder, at_s)
        return stray

    def holders(self, workouts: Collection[str]) -> dict[str, str | None]:
        """See `Store`."""
        return {workout: holder for workout, holder in self._holders.items() if workout in workouts}

    def append(self, workout: str, event: KeptEvent, holder: str | None = None) -> None:
        """See `Store`."""
        self._check(workout, holder)
        self._events[workout][event_key(event)] = event

    def events(self, workout: str) -> list[KeptEvent]:
        """See `Store`."""
        return numbered(list(self._events.get(workout, {}).values()))

    def finish(self, workout: str, summary: Summary, holder: str | None = None) -> None:
        """See `Store`."""
        self._check(workout, holder)
        self._workouts[workout] = replace(self.workout(workout), summary=summary, exercise=summary.exercise)

    def append_series(self, workout: str, part: int, data: bytes) -> None:
        """See `Store`."""
        self.workout(workout)
        self._series[workout].setdefault(part, data)

    def series(self, workout: str, first: int = 0, count: int | None = None) -> list[bytes]:
        """See `Store`."""
        until = None if count is None else first + count
        return [data for _, data in sorted(self._series.get(workout, {}).items())[first:until]]

    def has_series(self, workout: str) -> bool:
        """See `Store`."""
        return bool(self._series.get(workout))

    def workout(self, workout: str) -> StoredWorkout:
        """See `Store`."""
        if workout not in self._workouts:
            raise NoWorkout(f"There is no workout {workout!r}")
        return self._workouts[workout]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        return self._workouts.get(self._resumes.get(resume_sha256, ""))

    def count(self, person: str) -> int:
        """See `Store`."""
        return len(self._own(person))

    def recent(
        self,
        person: str,
        limit: int | None = None,
        *,
        done: bool = False,
        exercise: str | None = None,
        from_s: float | None = None,
        until_s: float | None = None,
        before: str | None = None,
    ) -> list[StoredWorkout]:
        """See `Store`."""
        newest_first = sorted(self._own(person), key=_place, reverse=True)
        last = None if before is None else next((kept for kept in newest_first if kept.id == before), _NEVER)
        wanted = (
            kept
            for kept in newest_first
            if (not done or any(not isinstance(event, Cue) for event in self._events[kept.id].values()))
            and exercise in (None, *_exercises(kept))
            and _between(kept.started_at_s, from_s, until_s)
            and (last is None or _place(kept) < _place(last))
        )
        return list(islice(wanted, limit))

    def days(
        self,
        person: str,
        zone: tzinfo | None = None,
        *,
        exercise: str | None = None,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[Day]:
        """See `Store`."""
        return memory_history.days(self._rows(person, exercise, from_s, until_s), zone)

    def weeks(self, person: str, zone: tzinfo | None = None, *, exercise: str | None = None) -> list[date]:
        """See `Store`."""
        return memory_history.weeks(self._rows(person, exercise, None, None), zone)

    def totals(
        self, person: str, *, exercise: str | None = None, from_s: float | None = None, until_s: float | None = None
    ) -> Totals:
        """See `Store`."""
        return memory_history.totals(self._rows(person, exercise, from_s, until_s))

    def trend(
        self,
        person: str,
        exercise: str,
        zone: tzinfo | None = None,
        *,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[TrendDay]:
        """See `Store`."""
        return memory_history.trend(self._rows(person, exercise, from_s, until_s), zone)

    def records(self, person: str, *, before_s: float | None = None) -> list[Record]:
        """See `Store`."""
        return memory_history.records(self._rows(person, None, None, before_s))

    def share(self, share: Share) -> None:
        """See `Store`."""
        self.workout(share.workout)
        self._shares[share.workout] = share

    def share_of(self, workout: str) -> Share | None:
        """See `Store`."""
        return self._shares.get(workout)

    def shared(self, share: str) -> Share | None:
        """See `Store`."""
        return next((one for one in self._shares.values() if one.id == share), None)

    def unshare(self, workout: str) -> None:
        """See `Store`."""
        self._shares.pop(workout, None)

    def discard(self, workout: str) -> None:
        """See `Store`."""
        self._resumes = {secret: one for secret, one in self._resumes.items() if one != workout}
        for of_workouts in (self._workouts, self._events, self._series, self._holders, self._seen_at_s):
            of_workouts.pop(workout, None)
        self.unshare(workout)

    def forget(self, person: str) -> None:
        """See `Store`."""
        for kept in self.recent(person):
            self.discard(kept.id)

    def close(self) -> None:
        """See `Store`."""

    def _check(self, workout: str, holder: str | None) -> None:
        self.workout(workout)
        if holder not in (None, self._holders[workout]):
            raise TakenOver

    def _own(self, person: str) -> list[StoredWorkout]:
        return [kept for kept in self._workouts.values() if kept.person == person]

    def _rows(self, person: str, exercise: str | None, from_s: float | None, until_s: float | None) -> list[SetRow]:
        return [
            SetRow(kept.id, int(kept.started_at_s), one)
            for kept in self._own(person)
            if kept.summary is not None and _between(kept.started_at_s, from_s, until_s)
            for one in done_sets(kept.summary)
            if exercise in (None, one.exercise)
        ]


_NEVER = StoredWorkout("", "", -inf)
"""Stands for an unknown workout: none follows it in a list."""


def _place(kept: StoredWorkout) -> tuple[float, str]:
    return kept.started_at_s, kept.id


def _between(at_s: float, from_s: float | None, until_s: float | None) -> bool:
    return (from_s is None or at_s >= from_s) and (until_s is None or at_s < until_s)


def _exercises(kept: StoredWorkout) -> set[str]:
    return {kept.exercise} if kept.summary is None else {one.exercise for one in sets_of(kept.summary)}


def open_url(_url: str) -> MemoryStore:
    """Open an empty store."""
    return MemoryStore()
