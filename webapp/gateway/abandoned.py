"""Ends workouts whose server was killed and whose browser never came back; everything counted is kept.

Each server regularly reports to the store that it and its workouts are alive. One that is silent for the grace time
plus `SILENT_S` is dead, and the first server to notice claims its workouts one by one.
"""

import logging
import time
from collections.abc import Collection, Mapping

from webapp.errors import AppError, StoreError, UnknownExercise
from webapp.gateway.live_workout import nobody
from webapp.motion.exercise import Exercise
from webapp.sets import exercise_of
from webapp.store import Store, StoredWorkout
from webapp.workout import Workout

SILENT_S = 15.0
"""How long a live server may be silent; it reports every few seconds."""

AT_ONCE = 20
"""Most workouts ended in a round, so that frames never wait long."""

_log = logging.getLogger(__name__)


class AbandonedWorkouts:
    """One server's care of the workouts of dead servers.

    After this server's start browsers get the grace time to come back, and after an outage of the store the other
    servers get it to report again.
    """

    def __init__(self, library: Mapping[str, Exercise], store: Store) -> None:
        self._library = library
        self._store = store
        self._heard_since_s = time.monotonic()

    def tend(self, ours: Collection[str], grace_s: float) -> None:
        """Report that our workouts are alive, then end those whose server has been silent for too long."""
        try:
            if ours:
                self._store.tend(ours, time.time())
            if time.monotonic() - self._heard_since_s > grace_s + SILENT_S:
                self.end(grace_s + SILENT_S)
        except StoreError:
            self._heard_since_s = time.monotonic()  # nobody can report now

    def end(self, unseen_s: float) -> None:
        """End workouts whose server has been silent for `unseen_s`. Raises StoreError if the store fails."""
        for _ in range(AT_ONCE):
            holder = nobody()
            stray = self._store.claim_stray(holder, unseen_s, time.time())
            if stray is None:
                return
            try:
                self._finish(stray, holder)
            except StoreError:
                raise
            except AppError as problem:  # it was just deleted or resumed, or its exercise is gone
                _log.info("workout %s was not ended: %s", stray.id, problem)
            except Exception:
                _log.exception("workout %s was not ended properly", stray.id)

    def _finish(self, stray: StoredWorkout, holder: str) -> None:
        past = self._store.events(stray.id)
        exercise = self._library.get(exercise_of(past) or stray.exercise)
        if exercise is None:
            raise UnknownExercise(f"The exercise {stray.exercise!r} no longer exists.")
        self._store.finish(stray.id, Workout(exercise, past=past).finish(), holder)
