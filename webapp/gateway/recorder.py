"""What was seen of a workout is kept in parts while it goes on, apart from the frames' way: see `webapp.parts`."""

import logging
import threading
from collections import deque

from webapp.errors import NoWorkout, StoreError
from webapp.parts import Recording
from webapp.records import Estimate
from webapp.store import Store

MOST_UNKEPT = 360
"""Parts that wait for a store out of order, half an hour of them: then the oldest is given up for the newest."""

_log = logging.getLogger(__name__)


class Recorder:
    """Records one workout; nothing that the store says of it disturbs the workout.

    again: whether the workout goes on after a restart, so that the store may have parts of it.
    """

    def __init__(self, store: Store, workout: str, *, again: bool = False) -> None:
        self._store = store
        self._workout = workout
        self._kept: int | None = None if again else 0
        self._recording = Recording()
        self._unkept: deque[bytes] = deque(maxlen=MOST_UNKEPT)
        self._keeping = threading.Lock()
        self._failed = self._gone = False

    def take(self, estimate: Estimate) -> None:
        """Take an estimate that is counted; no more is done with it here."""
        self._recording.take(estimate)

    def rest(self) -> None:
        """End the part under way: nothing is counted for a while."""
        self._recording.rest()

    def keep(self) -> bool:
        """Store the parts that are whole; return whether there were any. What fails is tried again the next time."""
        with self._keeping:
            packed = tuple(self._recording.packed())
            self._unkept.extend(packed)
            try:
                self._keep_waiting()
                self._failed = False
            except StoreError as error:
                _log.log(logging.DEBUG if self._failed else logging.WARNING, "of workout %s: %s", self._workout, error)
                self._failed = True
            except NoWorkout:  # deleted a moment ago
                self._gone = True
            if self._gone:
                self._unkept.clear()
        return bool(packed)

    def end(self) -> None:
        """Store all that there is."""
        self.rest()
        self.keep()

    def finish(self) -> None:
        """Store all that there is, or raise StoreError for what has to be tried again."""
        self.end()
        if self._unkept:
            raise StoreError("The last parts of what was seen are not kept.")

    def _keep_waiting(self) -> None:
        if self._unkept and self._kept is None:
            self._kept = len(self._store.series(self._workout))
        while self._unkept:
            self._store.append_series(self._workout, self._kept or 0, self._unkept[0])
            self._unkept.popleft()
            self._kept = (self._kept or 0) + 1
