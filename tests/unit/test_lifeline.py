"""A web process ends with its parent, whenever that dies."""

import socket
import threading
from pathlib import Path

import pytest

from webapp.processes import Lifeline, Place

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
