"""Silences C++ libraries that write to file descriptor 2 regardless of Python's logging."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOWHERE = os.open(os.devnull, os.O_WRONLY)


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Discard everything written to file descriptor 2 meanwhile, by any thread; takes some microseconds."""
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(_NOWHERE, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
