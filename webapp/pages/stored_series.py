"""A workout's landmark series as pages read it: a few parts at a time, because an hour is too large to hold whole."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from webapp.errors import StoreError
from webapp.store import Store, StoredWorkout

AT_ONCE = 12
"""Parts of five seconds read at a time."""


def every_part(store: Store, workout: str) -> Iterator[bytes]:
    """Yield all parts in order, letting other green threads run between them."""
    for first in count(0, AT_ONCE):
        some = store.series(workout, first, AT_ONCE)
        for part in some:
            yield part
            time.sleep(0)
        if len(some) < AT_ONCE:
            return


@contextmanager
def readable(kept: StoredWorkout) -> Iterator[None]:
    """Raise StoreError for an unreadable part."""
    try:
        yield
    except ValueError as exc:
        raise StoreError(f"The landmark series of workout {kept.id} cannot be read: {exc}") from exc
