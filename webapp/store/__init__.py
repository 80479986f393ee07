"""What is kept: workouts with every repetition and hold, stored as they happen, so that a killed process loses none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from importlib import import_module
from itertools import count
from typing import Protocol, TypeGuard

from webapp.errors import StoreError
from webapp.records import Cue, Hold, Rep, Set, Summary
from webapp.store.history import Day, Record, Totals, TrendDay

KeptEvent = Rep | Hold | Set | Cue

_MODULES = {
    "memory": "webapp.store.memory",
    "sqlite": "webapp.store.sql",
    "postgresql": "webapp.store.sql",
}
"""Which module opens the URLs of a scheme; it is imported when the first such URL is opened."""


@dataclass(frozen=True, slots=True)
class StoredWorkout:
    """One workout as it is kept.

    started_at_s: when it began, in seconds since 1970. summary: None while it still runs.
    person: whose it is; None for nobody's, which nobody is shown. body_kg: their weight then, if they told it.
    """

    id: str
    exercise: str
    started_at_s: float
    summary: Summary | None = None
    person: str | None = None
    body_kg: float | None = None

    @property
    def finished(self) -> bool:
        """Whether the workout has ended."""
        return self.summary is not None


@dataclass(frozen=True, slots=True)
class Share:
    """A workout shown to whoever has its link, until a time in seconds since 1970, or until it is taken back."""

    id: str
    workout: str
    expires_at_s: float | None = None

    def expired(self, now_s: float) -> bool:
        """Whether its time is over."""
        return self.expires_at_s is not None and now_s >= self.expires_at_s


class Store(Protocol):
    """A place that keeps workouts; every method raises `StoreError` when the place cannot be read or written."""

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
        """Keep a new workout of this person, held by `holder`; a second call with the same name changes nothing.

        resume_sha256 is the hash, in hexadecimal, of the secret by which the browser takes the workout up again. The
        secret itself is never kept.
        """
        ...

    def claim(self, workout: str, holder: str, at_s: float | None = None) -> str | None:
        """Let `holder` have the workout from now on, and return who had it; `NoWorkout` for one that has ended.

        A holder is whoever goes on with a workout: a browser's connection to one process of one server.
        at_s: the time of day, in seconds since 1970, as for `tend`.
        """
        ...

    def tend(self, workouts: Collection[str], at_s: float) -> None:
        """Keep that the server that has these workouts was there at that time, in seconds since 1970."""
        ...

    def claim_stray(self, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
        """Let `holder` have the workout begun first that has not ended and whose server is gone, if there is one.

        A server is gone that has neither begun, claimed nor tended the workout for `unseen_s` seconds at `at_s`.
        """
        ...

    def holders(self, workouts: Collection[str]) -> dict[str, str | None]:
        """Return who has each of the workouts; one that is not there is left out."""
        ...

    def append(self, workout: str, event: KeptEvent, holder: str | None = None) -> None:
        """Keep an event of the workout, or raise `NoWorkout`; `TakenOver` for a holder who has it no more.

        What is stored twice is kept once: a repetition, a hold and a cue are known by their start, a set by its
        number, so that a later record of one replaces its earlier ones.
        """
        ...

    def events(self, workout: str) -> list[KeptEvent]:
        """Return the workout's events in the order in which they were first kept; none for an unknown workout.

        Where two holders have given two of them the same number, they come in order of time and are numbered anew.
        """
        ...

    def finish(self, workout: str, summary: Summary, holder: str | None = None) -> None:
        """Keep the summary of a workout that has ended, or raise what `append` does; a later summary replaces it.

        From here on the workout's sets count in `days`, `trend` and `records`, and the workout's exercise is the
        summary's: it may have been begun with another one.
        """
        ...

    def append_series(self, workout: str, part: int, data: bytes) -> None:
        """Keep one part of the workout's landmark series, or raise `NoWorkout`; a part stored twice is kept once."""
        ...

    def series(self, workout: str, first: int = 0, count: int | None = None) -> list[bytes]:
        """Return the parts of the workout's landmark series in the order of their numbers; none where none is kept.

        first, count: how many to leave out at the beginning, and how many to return at most.
        """
        ...

    def has_series(self, workout: str) -> bool:
        """Return whether any part of the workout's landmark series is kept."""
        ...

    def workout(self, workout: str) -> StoredWorkout:
        """Return the workout of that name, or raise `NoWorkout`."""
        ...

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """Return the workout that was begun with this hash, finished or not, or None."""
        ...

    def count(self, person: str) -> int:
        """Return how many workouts the person has, those under way and those in which nothing was done too."""
        ...

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
    ) -> Sequence[StoredWorkout]:
        """Return the person's workouts, at most `limit` of them, the one begun last first.

        done: those alone in which something is kept: whoever only looks at a workout's page begins one, too.
        exercise: those with a set of it. from_s, until_s: those begun from the one time on and before the other.
        before: those that come after this workout of theirs in the list: the next page after the one that it ends.
        """
        ...

    def days(
        self,
        person: str,
        zone: tzinfo | None = None,
        *,
        exercise: str | None = None,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[Day]:
        """Return the days on which the person's ended workouts began, with how much was done, the earliest first.

        zone: where a day begins and ends; None for the server's own.
        """
        ...

    def weeks(self, person: str, zone: tzinfo | None = None, *, exercise: str | None = None) -> list[date]:
        """Return the Mondays of the weeks in which the person's ended workouts began, the earliest first."""
        ...

    def totals(
        self, person: str, *, exercise: str | None = None, from_s: float | None = None, until_s: float | None = None
    ) -> Totals:
        """Return how much the person did in the ended workouts that began between two times."""
        ...

    def trend(
        self,
        person: str,
        exercise: str,
        zone: tzinfo | None = None,
        *,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[TrendDay]:
        """Return the days on which the person did the exercise, with how well it went, the earliest first."""
        ...

    def records(self, person: str, exercise: str | None = None, *, before_s: float | None = None) -> list[Record]:
        """Return the person's records, by exercise and in the order of `MEASURES`; what was never done has none.

        exercise: its records alone. before_s: as they stood for the workout that began at that time.
        """
        ...

    def share(self, share: Share) -> None:
        """Keep a share in place of the workout's former one, or raise `NoWorkout`."""
        ...

    def share_of(self, workout: str) -> Share | None:
        """Return the workout's share, expired or not, or None."""
        ...

    def shared(self, share: str) -> Share | None:
        """Return the share of that name, expired or not, or None."""
        ...

    def unshare(self, workout: str) -> None:
        """Forget the workout's share, if there is one."""
        ...

    def forget(self, person: str) -> None:
        """Forget the person's workouts and all that belongs to them; SQLite's file then holds no trace of them."""
        ...

    def close(self) -> None:
        """Let go of the place; a second call does nothing."""
        ...


def open_store(url: str) -> Store:
    """Open the store at a URL: `sqlite:///workouts.db`, `postgresql://user@host/name` or `memory:`."""
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme not in _MODULES:
        raise StoreError(f"No store opens {scheme!r} URLs; use one of {', '.join(f'{name}:' for name in _MODULES)}")
    store: Store = import_module(_MODULES[scheme]).open_url(url)
    return store


def event_key(event: KeptEvent) -> str:
    """Return what makes an event the same one within its workout when it is stored again."""
    if isinstance(event, Set):
        return f"set {event.number}"
    if isinstance(event, Hold):
        return f"hold {event.start_s!r}"
    if isinstance(event, Cue):
        return f"cue {event.t_s!r}"
    return f"{'rep' if event.counted else 'partial'} {event.side} {event.start_s!r}"


def numbered(events: Sequence[KeptEvent]) -> list[KeptEvent]:
    """Return the events with each number once.

    What a former holder could store only after the next one had begun has numbers that the next one has given again.
    """
    given = [(type(event), event.number) for event in events if _has_number(event)]
    if len(set(given)) == len(given):
        return list(events)
    numbers = {Rep: count(1), Hold: count(1)}
    in_order = sorted(events, key=lambda event: event.start_s)
    return [replace(event, number=next(numbers[type(event)])) if _has_number(event) else event for event in in_order]


def _has_number(event: KeptEvent) -> TypeGuard[Rep | Hold]:
    return isinstance(event, Hold) or (isinstance(event, Rep) and event.counted)
