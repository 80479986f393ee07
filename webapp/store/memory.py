"""A store that forgets everything when the process ends: for tests, and for who wants nothing kept."""

from dataclasses import replace

from webapp.errors import NoWorkout
from webapp.records import Summary
from webapp.store import KeptEvent, Share, StoredWorkout, event_key


class MemoryStore:
    """Workouts and events in dictionaries, which keep the order of insertion."""

    def __init__(self) -> None:
        self._workouts: dict[str, StoredWorkout] = {}
        self._events: dict[str, dict[str, KeptEvent]] = {}
        self._resumes: dict[str, str] = {}
        self._shares: dict[str, Share] = {}

    def begin(
        self, workout: str, exercise: str, started_at_s: float, resume_sha256: str, person: str | None = None
    ) -> None:
        """See `Store`."""
        if workout not in self._workouts:
            self._workouts[workout] = StoredWorkout(workout, exercise, started_at_s, person=person)
            self._events[workout] = {}
            self._resumes[resume_sha256] = workout

    def append(self, workout: str, event: KeptEvent) -> None:
        """See `Store`."""
        self.workout(workout)
        self._events[workout][event_key(event)] = event

    def events(self, workout: str) -> list[KeptEvent]:
        """See `Store`."""
        return list(self._events.get(workout, {}).values())

    def finish(self, workout: str, summary: Summary) -> None:
        """See `Store`."""
        self._workouts[workout] = replace(self.workout(workout), summary=summary)

    def workout(self, workout: str) -> StoredWorkout:
        """See `Store`."""
        if workout not in self._workouts:
            raise NoWorkout(f"There is no workout {workout!r}")
        return self._workouts[workout]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        return self._workouts.get(self._resumes.get(resume_sha256, ""))

    def recent(self, person: str, limit: int | None = None, *, done: bool = False) -> list[StoredWorkout]:
        """See `Store`."""
        all_own = (kept for kept in self._workouts.values() if kept.person == person)
        own = (kept for kept in all_own if self._events[kept.id] or not done)
        return sorted(own, key=lambda kept: kept.started_at_s, reverse=True)[:limit]

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

    def forget(self, person: str) -> None:
        """See `Store`."""
        gone = {kept.id for kept in self.recent(person)}
        self._resumes = {secret: workout for secret, workout in self._resumes.items() if workout not in gone}
        for workout in gone:
            del self._workouts[workout], self._events[workout]
            self.unshare(workout)

    def close(self) -> None:
        """See `Store`."""


def open_url(_url: str) -> MemoryStore:
    """Open an empty store of its own."""
    return MemoryStore()
