"""A web process ends with its parent, whenever that dies, and the parent with the last that it could not start."""

import socket
import threading
from pathlib import Path

import pytest

from webapp.processes import Lifeline, Place, Processes

PATIENCE_S = 10.0


@pytest.mark.parametrize("unread", [False, True], ids=["after reading", "before reading"])
def test_a_process_is_ordered_to_stop_when_its_parent_dies(unread: bool) -> None:
    parents, own = socket.socketpair()
    ordered = threading.Event()
    lifeline = Lifeline(Place(1, 1, 0, own.detach(), Path()))
    lifeline.listens()
    if not unread:
        parents.recv(100)
    lifeline.order_when_cut(ordered.set)
    parents.close()
    assert ordered.wait(PATIENCE_S)


def test_processes_that_cannot_be_started_end_everything() -> None:
    ordered, greeted = threading.Event(), threading.Event()
    with socket.socket() as listener:
        processes = Processes(2, listener.fileno(), lambda *_: ["/nowhere/to/be/found"], lambda _: False, ordered.set)
        processes.start(greeted.set)
        assert ordered.wait(PATIENCE_S)
        processes.stop()
    assert not greeted.is_set()
    assert "could not be started" in str(processes.failure)
