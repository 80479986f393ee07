"""The orders to end, SIGINT and SIGTERM, in processes that are still starting.

Ctrl-C, and some supervisors, send an order to the whole process group. A process that is not prepared for it yet would
die of it, and its parent would take that for a crash.
"""

import contextlib
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess

ORDERS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def withheld() -> Iterator[None]:
    """Withhold orders from a process started in this block until it calls `accept` or `ignore`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
    try:
        yield
    finally:
        accept()


def start(process: BaseProcess) -> None:
    """Start a process that obeys its parent only: it has to call `ignore`."""
    resource_tracker.ensure_running()  # else `start` would do it, which lets the orders in again
    with withheld():
        process.start()


def accept() -> None:
    """Let in the orders that were withheld from this process."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)


def ignore() -> None:
    """Ignore all orders in this process, which its parent ends."""
    for order in ORDERS:
        signal.signal(order, signal.SIG_IGN)
    accept()
