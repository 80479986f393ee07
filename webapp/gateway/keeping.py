"""What workouts give the store is handed over in order, and again and again until the store takes it.

A database may be away, or a disk full, for a while: nobody waits for it longer than a moment, nothing is lost as long
as this process lives, and nothing is kept twice, for what the store is given is safe to give again.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from webapp.errors import AppError, StoreError

PATIENCE_S = 0.5
"""How long whoever gives something waits for the store, so that what a browser is told is kept already."""

PROMPT_S = 0.05
"""A store that takes longer for a write is slow: nobody waits for it until it is prompt again."""

RETRY_S = 1.0

Write = Callable[[], None]
"""A call of the store; it raises StoreError when it is to be tried again."""

Owner = TypeVar("Owner", bound=Hashable)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Box:
    """What waits of one owner; `again_at_s`: when it may be tried the next time, on the monotonic clock."""

    writes: dict[str, Write] = field(default_factory=dict)
    failed: bool = False
    again_at_s: float = 0.0


class Keeper(Generic[Owner]):
    """Writes for its owners, one write at a time, in a thread that lives while anything waits.

    on_failure(owner, problem, first) is called whenever a write fails, first for the first time since all was kept;
    on_end(owner, failed) when nothing of the owner waits any more, failed if some of it had to wait.
    """

    def __init__(
        self, on_failure: Callable[[Owner, StoreError, bool], None], on_end: Callable[[Owner, bool], None]
    ) -> None:
        self._on_failure = on_failure
        self._on_end = on_end
        self._changed = threading.Condition(threading.Lock())  # guards the boxes and `_running`
        self._boxes: dict[Owner, _Box] = {}
        self._running = False
        self._overdue = False  # somebody has waited in vain, and no write has come through since
        self._slow = False  # the last write took longer than PROMPT_S
        self._began_s = math.inf  # when the write under way began, on the monotonic clock

    def put(self, owner: Owner, key: str, write: Write) -> bool:
        """Hand a write over, in place of one of the same key that still waits, and return whether all is kept soon.

        While the owner's last write has failed, nobody waits for it; while the store is slow or hangs, nobody waits for
        anything, so that frames go on.
        """
        with self._changed:
            box = self._boxes.setdefault(owner, _Box())
            box.writes[key] = write
            self._run()
            patience_s = 0.0 if self._slow or self._overdue else PATIENCE_S
            if self._changed.wait_for(lambda: box.failed or not box.writes, patience_s):
                return not box.writes
            self._overdue = self._overdue or not self._slow or time.monotonic() - self._began_s >= PATIENCE_S
            if not self._overdue:
                return True  # slow, but it writes
            box.failed = True
        self._on_failure(owner, StoreError(f"The store has not answered within {PATIENCE_S} s."), True)
        return False

    def waits(self, owner: Owner) -> bool:
        """Return whether something of the owner could not be kept so far."""
        box = self._boxes.get(owner)
        return box is not None and box.failed

    def forget(self, owner: Owner) -> None:
        """Give up what waits of the owner."""
        with self._changed:
            if (box := self._boxes.pop(owner, None)) is not None:
                box.writes.clear()
            self._changed.notify_all()

    def end(self, patience_s: float) -> tuple[Owner, ...]:
        """Try everything once more, and return the owners of whom something is left."""
        with self._changed:
            for box in self._boxes.values():
                box.failed, box.again_at_s = False, 0.0
            self._run()
            self._changed.wait_for(lambda: all(box.failed for box in self._boxes.values()), patience_s)
            return tuple(self._boxes)

    def _run(self) -> None:
        if not self._running:
            self._running = True
            threading.Thread(target=self._write_all, daemon=True).start()
        self._changed.notify_all()

    def _write_all(self) -> None:
        while (work := self._next()) is not None:
            self._write(*work)

    def _next(self) -> tuple[Owner, _Box, str, Write] | None:
        """Wait for a write that may be tried, and return it; None, and the thread ends, when nothing waits."""
        with self._changed:
            while self._boxes:
                owner, box = min(self._boxes.items(), key=lambda item: item[1].again_at_s)
                wait_s = box.again_at_s - time.monotonic()
                if wait_s <= 0:
                    key = next(iter(box.writes))
                    return owner, box, key, box.writes[key]
                self._changed.wait(wait_s)
            self._running = self._overdue = False
            return None

    def _write(self, owner: Owner, box: _Box, key: str, write: Write) -> None:
        self._began_s = time.monotonic()
        try:
            write()
        except StoreError as problem:
            self._failed(owner, box, problem)
            return
        except AppError as problem:  # it was deleted a moment ago
            _log.info("what %s was to be kept of is gone: %s", key, problem)
        except Exception:
            _log.exception("%s could not be kept, by a fault of ours", key)
        self._done(owner, box, key, write)

    def _failed(self, owner: Owner, box: _Box, problem: StoreError) -> None:
        with self._changed:
            first, box.failed = not box.failed, True
            box.again_at_s, self._began_s = time.monotonic() + RETRY_S, math.inf
            self._changed.notify_all()
        self._on_failure(owner, problem, first)

    def _done(self, owner: Owner, box: _Box, key: str, write: Write) -> None:
        with self._changed:
            self._slow = time.monotonic() - self._began_s > PROMPT_S
            box.again_at_s, self._overdue, self._began_s = 0.0, False, math.inf
            if box.writes.get(key) is write:  # a later record of the same may have come meanwhile
                del box.writes[key]
            if box.writes or self._boxes.get(owner) is not box:
                return
            del self._boxes[owner]
        self._on_end(owner, box.failed)
        with self._changed:
            self._changed.notify_all()
