"""Silence for C++ libraries that write to file descriptor 2 whatever Python's logging says."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOWHERE = os.open(os.devnull, os.O_WRONLY)


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Drop what is written to file descriptor 2 meanwhile, by any thread; costs some microseconds."""
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(_NOWHERE, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
