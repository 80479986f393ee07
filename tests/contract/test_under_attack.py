"""An attack leaves others their answers and their repetitions, and the server its memory."""

import contextlib
import socket
import threading
from contextlib import contextmanager
from itertools import count

import pytest
from figure import squats
from server import PATIENCE_S, Browser, serving
from test_attacks import LITTLE_BYTES, Rude

ROUNDS = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    flags = ("--workers", "1", "--max-fps", "200", "--connections-per-address", "300")
    with serving(folder, squats(folder / "squats.npz"), *flags) as running:
        yield running


@contextmanager
def silent(server):
    """200 connections that never send."""
    port = int(server.url.rsplit(":", 1)[1])
    with contextlib.ExitStack() as several:
        for _ in range(200):
            several.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S))
        yield


@contextmanager
def half_open(server):
    """20 workouts whose browsers have vanished."""
    with contextlib.ExitStack() as several:
        for _ in range(20):
            several.enter_context(contextlib.closing(Rude(server)))
        yield


@contextmanager
def flood(server):
    """A browser that sends as fast as the server reads, and reads nothing."""
    rude, over = Rude(server), threading.Event()
    rude.start()
    rude.socket.settimeout(0.05)

    def send():
        with contextlib.suppress(ConnectionError, ValueError):
            for seq in count(1):
                if over.is_set():
                    return
                with contextlib.suppress(TimeoutError):
                    rude.frame(seq)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(PATIENCE_S)
        with contextlib.suppress(OSError):
            rude.close()


@pytest.mark.parametrize("attack", [silent, half_open, flood])
def test_others_are_answered_and_counted_and_the_server_holds_little_more(server, attack):
    browser = Browser(server.url)
    browser.start()
    browser.say("go", {})
    browser.squat(1)
    before = server.memory_bytes()
    for number in range(2, ROUNDS + 2):
        with attack(server):
            assert [rep["number"] for rep in browser.squat(1)] == [number]
    browser.close()
    assert server.memory_bytes() < before + LITTLE_BYTES
