"""Passes the writes of workouts to the store, in order, and retries until the store accepts them.

If a database is down or a disk is full, callers wait only briefly, nothing is lost as long as this process lives, and
nothing is stored twice, because the store's writes may be repeated.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from webapp.errors import AppError, StoreError

PATIENCE_S = 0.5
"""How long a caller waits for the store, so that events are normally stored before their browser sees them."""

LAST_PATIENCE_S = 2.0
"""How long the caller of an owner's last write waits, because no frames come after it."""

PROMPT_S = 0.05
"""A store that takes longer for a write is slow: nobody waits for it until a write is faster."""

RETRY_S = 1.0

Pace = Literal["prompt", "slow", "hanging"]
"""How the store answers. `slow`: the last write took longer than PROMPT_S. `hanging`: a caller has waited PATIENCE_S in
vain, or the current write takes that long, and no write has succeeded since."""

Write = Callable[[], None]
"""A call of the store. Raises StoreError if it should be retried."""

Owner = TypeVar("Owner", bound=Hashable)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pending:
    """The pending writes of one owner.

    late: whether one of them has failed or hung. told: whether their owner knows that, so that nobody waits for the
    others. again_at_s: time of the next attempt, on the monotonic clock.
    """

    writes: dict[str, Write] = field(default_factory=dict)
    late: bool = False
    told: bool = False
    again_at_s: float = 0.0

    def is_settled(self) -> bool:
        """Return whether nobody has to wait for them: all are done, or their owner knows that they are late."""
        return self.told or not self.writes


class Keeper(Generic[Owner]):
    """Performs the writes of all owners, one at a time, in a thread that lives while any are pending.

    on_failure(owner, problem, first) is called whenever a write fails, and when one hangs; `first` marks the first
    failure since everything was stored. on_end(owner, late) is called when the owner's last write is done; `late` if
    any had failed or hung.
    """

    def __init__(
        self, on_failure: Callable[[Owner, StoreError, bool], None], on_end: Callable[[Owner, bool], None]
    ) -> None:
        self._on_failure = on_failure
        self._on_end = on_end
        self._changed = threading.Condition(threading.Lock())  # guards everything below
        self._pending: dict[Owner, _Pending] = {}
        self._running = False
        self._pace: Pace = "prompt"
        self._began_s = math.inf  # start of the current write, on the monotonic clock

    def put(self, owner: Owner, key: str, write: Write, *, last: bool = False) -> bool:
        """Queue a write, replacing a pending one of the same key; return False if it is delayed by a failing store.

        A caller waits for its write at most PATIENCE_S, and not at all after a failed write of the owner or while the
        store is slow or hanging, so that frames go on. The caller of an owner's `last` write waits longer, for a slow
        store, too, and gets True only if everything is stored.
        """
        with self._changed:
            pending = self._pending.setdefault(owner, _Pending())
            pending.writes[key] = write
            self._run()
            slow = self._pace == "slow" and not last
        if slow:  # it will be written
            threading.Thread(target=self._watch, args=(owner, pending), daemon=True).start()
            return True
        return self._await(owner, pending, LAST_PATIENCE_S if last else PATIENCE_S)

    def forget(self, owner: Owner) -> None:
        """Discard the owner's pending writes."""
        with self._changed:
            if (pending := self._pending.pop(owner, None)) is not None:
                pending.writes.clear()
            self._changed.notify_all()

    def end(self, patience_s: float) -> tuple[Owner, ...]:
        """Try everything once more; return the owners with writes left."""
        with self._changed:
            for pending in self._pending.values():
                pending.late, pending.again_at_s = False, 0.0
            self._run()
            self._changed.wait_for(lambda: all(pending.late for pending in self._pending.values()), patience_s)
            return tuple(self._pending)

    def _await(self, owner: Owner, pending: _Pending, most_s: float) -> bool:
        """Wait for an owner's writes; return whether they are done. If not, they are late from now on."""
        with self._changed:
            patience_s = 0.0 if self._pace == "hanging" else most_s
            if self._changed.wait_for(pending.is_settled, patience_s):
                return not pending.writes
            if self._pace == "prompt" or self._hangs():
                self._pace = "hanging"
            first, pending.late = not pending.late, True
        self._report(owner, pending, StoreError(f"The store has not answered within {PATIENCE_S} s."), first)
        return False

    def _watch(self, owner: Owner, pending: _Pending) -> None:
        """Wait until a slow store has done an owner's writes, or hangs, which their owner has to know."""
        with self._changed:
            while not self._changed.wait_for(pending.is_settled, PATIENCE_S):
                if self._hangs():
                    self._pace = "hanging"
                    break
        self._await(owner, pending, PATIENCE_S)

    def _hangs(self) -> bool:
        return time.monotonic() - self._began_s >= PATIENCE_S

    def _run(self) -> None:
        if not self._running:
            self._running = True
            threading.Thread(target=self._write_all, daemon=True).start()
        self._changed.notify_all()

    def _write_all(self) -> None:
        while (work := self._next()) is not None:
            self._write(*work)

    def _next(self) -> tuple[Owner, _Pending, str, Write] | None:
        """Wait for a write that is due and return it; None, which ends the thread, if there are no more."""
        with self._changed:
            while self._pending:
                owner, pending = min(self._pending.items(), key=lambda item: item[1].again_at_s)
                wait_s = pending.again_at_s - time.monotonic()
                if wait_s <= 0:
                    key = next(iter(pending.writes))
                    return owner, pending, key, pending.writes[key]
                self._changed.wait(wait_s)
            self._running = False
            self._pace = "prompt" if self._pace == "hanging" else self._pace
            return None

    def _write(self, owner: Owner, pending: _Pending, key: str, write: Write) -> None:
        self._began_s = time.monotonic()
        try:
            write()
        except StoreError as problem:
            self._refused(owner, pending, problem)
            return
        except AppError as problem:  # the workout was just deleted
            _log.info("%s was not stored: %s", key, problem)
        except Exception:
            _log.exception("%s could not be stored, because of a bug", key)
        self._done(owner, pending, key, write)

    def _refused(self, owner: Owner, pending: _Pending, problem: StoreError) -> None:
        with self._changed:
            first, pending.late = not pending.late, True
            pending.again_at_s, self._began_s = time.monotonic() + RETRY_S, math.inf
        self._report(owner, pending, problem, first)

    def _report(self, owner: Owner, pending: _Pending, problem: StoreError, first: bool) -> None:
        """Tell the owner before the callers that wait for its writes go on."""
        self._on_failure(owner, problem, first)
        with self._changed:
            pending.told = True
            self._changed.notify_all()

    def _done(self, owner: Owner, pending: _Pending, key: str, write: Write) -> None:
        with self._changed:
            self._pace = "slow" if time.monotonic() - self._began_s > PROMPT_S else "prompt"
            pending.again_at_s, self._began_s = 0.0, math.inf
            if pending.writes.get(key) is write:  # not if a later record has replaced it meanwhile
                del pending.writes[key]
            if pending.writes or self._pending.get(owner) is not pending:
                return
            del self._pending[owner]
        self._on_end(owner, pending.late)
        with self._changed:
            self._changed.notify_all()
