"""SIGINT and SIGTERM in child processes that are still starting.

Ctrl-C, and some supervisors, signal the whole process group. A child that does not handle the signal yet would die of
it, and its parent would take that for a crash.
"""

import contextlib
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def blocked() -> Iterator[None]:
    """Block both signals in a process started in this block, until it calls `unblock` or `ignore`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        unblock()


def start(process: BaseProcess) -> None:
    """Start a process that only its parent ends: it has to call `ignore`."""
    resource_tracker.ensure_running()  # else `start` would do it, which unblocks the signals
    with blocked():
        process.start()


def unblock() -> None:
    """Let this process receive what was blocked when it was started."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def ignore() -> None:
    """Ignore both signals in this process, which its parent ends."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    unblock()
