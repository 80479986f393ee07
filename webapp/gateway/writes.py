"""The store's writes for workouts in progress, and what becomes of them once another process has a workout."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from webapp.errors import TakenOver
from webapp.gateway.live_workout import LiveWorkout
from webapp.records import Hold, Rep, Summary
from webapp.store import KeptEvent, Store, event_key
from webapp.workout import Workout


class Writes:
    """Writes to the store under each workout's claim; `let_go` is called for a workout that another process has."""

    def __init__(self, store: Store, let_go: Callable[[LiveWorkout], None]) -> None:
        self._store = store
        self._let_go = let_go

    def append(self, live: LiveWorkout, event: KeptEvent) -> None:
        """Store an event, but nothing counted after another process resumed the workout, because that one counts it."""
        try:
            self._claimed(live, partial(self._store.append, live.id, event))
        except TakenOver:
            self._let_go(live)
            if (live.late or not live.shared) and isinstance(event, Rep | Hold):
                self._store.append(live.id, event)
                self._complete(live)

    def finish(self, live: LiveWorkout, summary: Summary) -> None:
        """Store the summary, unless another process has resumed the workout."""
        with suppress(TakenOver):
            self._claimed(live, partial(self._store.finish, live.id, summary))
            self._complete(live)

    def _claimed(self, live: LiveWorkout, write: Callable[[str], None]) -> None:
        """Write under the workout's claim. Raises TakenOver if another process has claimed the workout."""
        while True:
            try:
                return write(live.claim)
            except TakenOver:
                holder = self._store.holders([live.id]).get(live.id)
                if holder is None or holder not in (live.claim, live.claiming):
                    raise
                live.claim = holder  # a browser has resumed the workout here while the write waited

    def _complete(self, live: LiveWorkout) -> None:
        """Rebuild the summary of an ended workout if the store has repetitions or holds that it lacks."""
        summary, kept = self._store.workout(live.id).summary, self._store.events(live.id)
        if summary is None:
            return
        known = {event_key(rep) for rep in summary.reps} | {event_key(hold) for hold in summary.holds}
        if any(isinstance(event, Rep | Hold) and event_key(event) not in known for event in kept):
            self._store.finish(live.id, Workout(live.exercise, past=kept).finish())
