"""The result of a video analysis: its estimates, counted by the same `Workout` as live ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from webapp.errors import UnknownExercise
from webapp.motion.exercise import Exercise
from webapp.records import Estimate, Event, Setup
from webapp.store import KeptEvent, Store, event_key
from webapp.uploads.folder import Upload
from webapp.uploads.messages import Chosen, Message, Part, Progress
from webapp.workout import Workout


class Result:
    """One video's workout; it counts from the first picture."""

    def __init__(self, library: Mapping[str, Exercise]) -> None:
        self._library = library
        self._workout: Workout | None = None
        self._started_at_s: float | None = None
        self._progress = Progress(0.0, 0.0)
        self._events: dict[str, KeptEvent] = {}
        self._parts: list[bytes] = []

    def take(self, message: Message) -> None:
        """Take the next message. Raises UnknownExercise if its exercise is not in the library."""
        if isinstance(message, Estimate):
            self._observe(message)
        elif isinstance(message, Progress):
            self._progress = message
        elif isinstance(message, Part):
            self._parts.append(message.data)
        elif isinstance(message, Chosen):
            self._begin(message.exercise)

    def end(self) -> None:
        """The video has ended: complete the repetition or hold in progress."""
        if self._workout is not None:
            self._add(self._workout.pause())

    def progress(self, upload: Upload) -> Upload:
        """Return the upload with its current progress, count and held seconds."""
        count = self._workout.count if self._workout else 0
        held_s = self._workout.held_s if self._workout else 0.0
        done = self._progress
        return replace(upload, seen_s=done.seen_s, length_s=done.length_s, count=count, held_s=held_s)

    def keep(self, store: Store, upload: Upload, resume_sha256: str) -> None:
        """Store the workout under the upload's id. Raises StoreError; repeating it then stores nothing twice.

        The summary is written first, so that a server killed meanwhile leaves no workout that looks unfinished.
        """
        if self._workout is None or self._started_at_s is None:
            return
        name, summary = upload.id, self._workout.finish()
        store.begin(name, summary.exercise, self._started_at_s, resume_sha256, upload.person, upload.body_kg)
        store.finish(name, summary)
        for event in self._events.values():
            store.append(name, event)
        for number, part in enumerate(self._parts):
            store.append_series(name, number, part)

    def _begin(self, exercise: str) -> None:
        if exercise not in self._library:
            raise UnknownExercise(f"There is no exercise {exercise[:40]!r}.")
        self._workout = Workout(self._library[exercise])
        self._workout.go()

    def _observe(self, estimate: Estimate) -> None:
        if self._workout is None:
            return
        if self._started_at_s is None:
            self._started_at_s = estimate.t_s
        self._add(self._workout.observe(estimate))

    def _add(self, events: Iterable[Event]) -> None:
        self._events |= {event_key(event): event for event in events if not isinstance(event, Setup)}
