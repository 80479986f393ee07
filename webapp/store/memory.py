"""A store that forgets everything when the process ends: for tests, and for who wants nothing kept."""

from dataclasses import replace

from webapp.errors import NoWorkout
from webapp.records import Summary
from webapp.store import KeptEvent, StoredWorkout, event_key


class MemoryStore:
    """Workouts and events in dictionaries, which keep the order of insertion."""

    def __init__(self) -> None:
        self._workouts: dict[str, StoredWorkout] = {}
        self._events: dict[str, dict[str, KeptEvent]] = {}
        self._resumes: dict[str, str] = {}

    def begin(self, workout: str, exercise: str, started_at_s: float, resume_sha256: str) -> None:
        """See `Store`."""
        if workout not in self._workouts:
            self._workouts[workout] = StoredWorkout(workout, exercise, started_at_s)
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
            raise NoWorkout(f"there is no workout {workout!r}")
        return self._workouts[workout]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        return self._workouts.get(self._resumes.get(resume_sha256, ""))

    def recent(self, limit: int) -> list[StoredWorkout]:
        """See `Store`."""
        return sorted(self._workouts.values(), key=lambda kept: kept.started_at_s, reverse=True)[:limit]

    def close(self) -> None:
        """See `Store`."""


def open_url(_url: str) -> MemoryStore:
    """Open an empty store of its own."""
    return MemoryStore()
