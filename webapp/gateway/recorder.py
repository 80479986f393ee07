"""Stores a workout's landmarks in parts while it goes on, off the path of its frames; see `webapp.parts`."""

import logging
import threading
from collections import deque

from webapp.errors import NoWorkout, StoreError
from webapp.parts import PartWriter
from webapp.records import Estimate
from webapp.store import Store

MOST_UNKEPT = 360
"""Parts that may wait for a failing store, half an hour of them; beyond that the oldest is dropped."""

_log = logging.getLogger(__name__)


class Recorder:
    """Records one workout; errors of the store do not disturb the workout.

    again: whether the workout continues after a restart, so that the store may already have parts of it.
    """

    def __init__(self, store: Store, workout: str, *, again: bool = False) -> None:
        self._store = store
        self._workout = workout
        self._kept: int | None = None if again else 0
        self._writer = PartWriter()
        self._unkept: deque[bytes] = deque(maxlen=MOST_UNKEPT)
        self._keeping = threading.Lock()
        self._failed = self._gone = False

    def take(self, estimate: Estimate) -> None:
        """Take an estimate that counts; it is stored later, by `keep`."""
        self._writer.take(estimate)

    def rest(self) -> None:
        """End the current part, because nothing is counted for a while."""
        self._writer.rest()

    def keep(self) -> bool:
        """Store the complete parts; return whether there were new ones. Failed writes are retried at the next call."""
        with self._keeping:
            packed = tuple(self._writer.packed())
            self._unkept.extend(packed)
            try:
                self._keep_waiting()
                self._failed = False
            except StoreError as error:
                level = logging.DEBUG if self._failed else logging.WARNING
                _log.log(level, "the landmarks of workout %s are not stored: %s", self._workout, error)
                self._failed = True
            except NoWorkout:  # just deleted
                self._gone = True
            if self._gone:
                self._unkept.clear()
        return bool(packed)

    def end(self) -> None:
        """Store everything, including the current part."""
        self.rest()
        self.keep()

    def finish(self) -> None:
        """Store everything. Raises StoreError if some of it has to be retried."""
        self.end()
        if self._unkept:
            raise StoreError("The last landmarks are not stored.")

    def _keep_waiting(self) -> None:
        if not self._unkept:
            return
        if self._kept is None:
            self._kept = len(self._store.series(self._workout))
        while self._unkept:
            self._store.append_series(self._workout, self._kept, self._unkept[0])
            self._unkept.popleft()
            self._kept += 1
