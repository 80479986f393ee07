"""Stores workouts with every repetition and hold as they happen, so that a killed process loses none."""

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
"""The module for the URLs of a scheme, imported when the first such URL is opened."""


@dataclass(frozen=True, slots=True)
class StoredWorkout:
    """A stored workout.

    started_at_s: seconds since 1970. summary: None while in progress. person: its owner; None for nobody's, which is
    never shown. body_kg: their weight then, if given.
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
    """A workout visible through a link, until a time in seconds since 1970, or until the link is revoked."""

    id: str
    workout: str
    expires_at_s: float | None = None

    def expired(self, now_s: float) -> bool:
        """Whether the link has expired."""
        return self.expires_at_s is not None and now_s >= self.expires_at_s


class Store(Protocol):
    """A store of workouts; every method raises `StoreError` if it cannot be read or written."""

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
        """Store a new workout of this person, held by `holder`; a second call with the same name changes nothing.

        resume_sha256 is the hexadecimal hash of the secret with which the browser resumes the workout. The secret
        itself is never stored.
        """
        ...

    def claim(self, workout: str, holder: str, at_s: float) -> str | None:
        """Make `holder` the workout's holder and return the former one. Raises `NoWorkout` if it has ended.

        The holder of a workout is the browser's connection to one process of one server that continues it. at_s: the
        time of day, in seconds since 1970, as for `tend`.
        """
        ...

    def tend(self, workouts: Collection[str], at_s: float) -> None:
        """Record that the server with these workouts was alive at that time, in seconds since 1970."""
        ...

    def claim_stray(self, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
        """Claim the oldest unfinished workout of a dead server for `holder`, if there is one.

        A server is dead if at `at_s` it has not begun, claimed or tended the workout for `unseen_s` seconds.
        """
        ...

    def holders(self, workouts: Collection[str]) -> dict[str, str | None]:
        """Return each workout's holder; unknown workouts are left out."""
        ...

    def append(self, workout: str, event: KeptEvent, holder: str | None = None) -> None:
        """Store an event of the workout. Raises `NoWorkout`, and `TakenOver` if it has another holder.

        What is stored twice is kept once: a repetition, a hold and a cue are known by their start, a set by its
        number, so that a later record of one replaces its earlier ones.
        """
        ...

    def events(self, workout: str) -> list[KeptEvent]:
        """Return the workout's events in the order they were first stored; none for an unknown workout.

        If two holders gave the same number to two of them, they are ordered and renumbered by time.
        """
        ...

    def finish(self, workout: str, summary: Summary, holder: str | None = None) -> None:
        """Store the summary of a finished workout. Raises what `append` does; a later summary replaces it.

        From now on the workout's sets count in `days`, `trend` and `records`, and its exercise is the summary's: it may
        have begun with another one.
        """
        ...

    def append_series(self, workout: str, part: int, data: bytes) -> None:
        """Store one part of the workout's landmark series, once. Raises `NoWorkout`."""
        ...

    def series(self, workout: str, first: int = 0, count: int | None = None) -> list[bytes]:
        """Return the parts of the workout's landmark series in order; empty if there are none.

        first, count: how many to skip at the beginning, and how many to return at most.
        """
        ...

    def has_series(self, workout: str) -> bool:
        """Return whether any part of the workout's landmark series is stored."""
        ...

    def workout(self, workout: str) -> StoredWorkout:
        """Return a workout by name. Raises `NoWorkout`."""
        ...

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """Return the workout begun with this hash, finished or not, or None."""
        ...

    def count(self, person: str) -> int:
        """Return how many workouts the person has, including those in progress or without any event."""
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
        """Return the person's workouts, at most `limit`, the newest first.

        done: only those with events: just opening a workout's page begins one, too. exercise: those with a set of it.
        from_s, until_s: begun at or after the one time and before the other. before: those that follow this workout in
        the list, for the next page.
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
        """Return the days on which the person's finished workouts began, with how much was done, the earliest first.

        zone: time zone of the days; None for the server's own.
        """
        ...

    def weeks(self, person: str, zone: tzinfo | None = None, *, exercise: str | None = None) -> list[date]:
        """Return the Mondays of the weeks in which the person's finished workouts began, the earliest first."""
        ...

    def totals(
        self, person: str, *, exercise: str | None = None, from_s: float | None = None, until_s: float | None = None
    ) -> Totals:
        """Return how much the person did in the finished workouts that began between two times."""
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

    def records(self, person: str, *, before_s: float | None = None) -> list[Record]:
        """Return the person's records, by exercise and in the order of `MEASURES`; what was never done has none.

        before_s: as they stood before the workout that began at that time.
        """
        ...

    def share(self, share: Share) -> None:
        """Store a share in place of the workout's former one. Raises `NoWorkout`."""
        ...

    def share_of(self, workout: str) -> Share | None:
        """Return the workout's share, expired or not, or None."""
        ...

    def shared(self, share: str) -> Share | None:
        """Return a share by name, expired or not, or None."""
        ...

    def unshare(self, workout: str) -> None:
        """Delete the workout's share, if there is one."""
        ...

    def discard(self, workout: str) -> None:
        """Delete a workout, if there is one of that name, with everything that belongs to it, as `forget` does."""
        ...

    def forget(self, person: str) -> None:
        """Delete the person's workouts and everything that belongs to them, without a trace in SQLite's file."""
        ...

    def close(self) -> None:
        """Close the store; a second call does nothing."""
        ...


def open_store(url: str) -> Store:
    """Open the store at a URL: `sqlite:///workouts.db`, `postgresql://user@host/name` or `memory:`."""
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme not in _MODULES:
        raise StoreError(f"No store opens {scheme!r} URLs; use one of {', '.join(f'{name}:' for name in _MODULES)}")
    store: Store = import_module(_MODULES[scheme]).open_url(url)
    return store


def event_key(event: KeptEvent) -> str:
    """Return the key under which storing an event again replaces it within its workout."""
    if isinstance(event, Set):
        return f"set {event.number}"
    if isinstance(event, Hold):
        return f"hold {event.start_s if event.told_s is None else event.told_s!r}"
    if isinstance(event, Cue):
        return f"cue {event.t_s!r}"
    return f"{'rep' if event.counted else 'partial'} {event.side} {event.start_s!r}"


def numbered(events: Sequence[KeptEvent]) -> list[KeptEvent]:
    """Return the events with unique numbers.

    A former holder's events stored after the next one began may have numbers that the next one used again.
    """
    given = [(type(event), event.number) for event in events if _has_number(event)]
    if len(set(given)) == len(given):
        return list(events)
    numbers = {Rep: count(1), Hold: count(1)}
    in_order = sorted(events, key=lambda event: event.start_s)
    return [replace(event, number=next(numbers[type(event)])) if _has_number(event) else event for event in in_order]


def _has_number(event: KeptEvent) -> TypeGuard[Rep | Hold]:
    return isinstance(event, Hold) or (isinstance(event, Rep) and event.counted)
