"""Workouts whose server was killed and whose browser never came back are ended, and kept with all that was counted.

Each server says in the store, again and again, that it is there with its workouts. One that has not been heard of for
the grace time, and a few rounds more, is gone; whichever server notices first claims its workouts one after the other.
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
"""How long a server that is there may say nothing: it speaks every few seconds."""

AT_ONCE = 20
"""So many workouts are ended in a round at most, so that frames never wait long."""

_log = logging.getLogger(__name__)


class AbandonedWorkouts:
    """What one server does for the workouts of others that are gone.

    A browser is given the grace time to come back after this server's start, and a server to be heard of again after
    the store was away.
    """

    def __init__(self, library: Mapping[str, Exercise], store: Store) -> None:
        self._library = library
        self._store = store
        self._heard_since_s = time.monotonic()

    def tend(self, ours: Collection[str], grace_s: float) -> None:
        """Say that our workouts are tended, then end those whose server was not heard of for too long."""
        try:
            if ours:
                self._store.tend(ours, time.time())
            if time.monotonic() - self._heard_since_s > grace_s + SILENT_S:
                self.end(grace_s + SILENT_S)
        except StoreError:
            self._heard_since_s = time.monotonic()  # nobody can be heard now

    def end(self, unseen_s: float) -> None:
        """End workouts whose server was not heard of for so long; StoreError when the store cannot say."""
        for _ in range(AT_ONCE):
            holder = nobody()
            stray = self._store.claim_stray(holder, unseen_s, time.time())
            if stray is None:
                return
            try:
                self._finish(stray, holder)
            except StoreError:
                raise
            except AppError as problem:  # it was deleted or taken up a moment ago, or its exercise is no more
                _log.info("workout %s was not ended: %s", stray.id, problem)
            except Exception:
                _log.exception("workout %s was not ended as it should be", stray.id)

    def _finish(self, stray: StoredWorkout, holder: str) -> None:
        past = self._store.events(stray.id)
        exercise = self._library.get(exercise_of(past) or stray.exercise)
        if exercise is None:
            raise UnknownExercise(f"There is no exercise {stray.exercise!r} any more.")
        self._store.finish(stray.id, Workout(exercise, past=past).finish(), holder)
