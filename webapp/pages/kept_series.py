"""A workout's landmark series as pages read it: some parts at a time, for an hour is too much to be held whole."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from webapp.errors import StoreError
from webapp.store import Store, StoredWorkout

AT_ONCE = 12
"""How many parts, five seconds each, are read at a time."""


def every_part(store: Store, workout: str) -> Iterator[bytes]:
    """Yield all parts in their order; others' frames come between any two."""
    for first in count(0, AT_ONCE):
        some = store.series(workout, first, AT_ONCE)
        for part in some:
            yield part
            time.sleep(0)
        if len(some) < AT_ONCE:
            return


@contextmanager
def readable(kept: StoredWorkout) -> Iterator[None]:
    """Raise StoreError for a part that cannot be read."""
    try:
        yield
    except ValueError as exc:
        raise StoreError(f"The landmark series of workout {kept.id} cannot be read: {exc}") from exc
