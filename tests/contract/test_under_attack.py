"""How much an attack affects others, as a ratio: how long their answers take, and what the server holds."""

import contextlib
import socket
import statistics
import threading
import time
from contextlib import contextmanager
from itertools import count

import pytest
from figure import squats
from server import PATIENCE_S, Browser, serving
from test_attacks import LITTLE_BYTES, Rude

ROUNDS, FRAMES = 4, 25
MOST = 4.0
"""Longest answers relative to those without the attack; the machine has other work, and a flood takes its share."""
FELT_S = 1 / 15
"""An answer before the next picture is never late, whatever the ratio."""


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
    several = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(200)]
    yield
    for one in several:
        one.close()


@contextmanager
def half_open(server):
    """20 workouts whose browsers have vanished."""
    several = [Rude(server) for _ in range(20)]
    yield
    for one in several:
        one.close()


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
    yield
    over.set()
    thread.join(PATIENCE_S)
    with contextlib.suppress(OSError):
        rude.close()


def median_s(browser):
    """How long an answer takes."""
    times = []
    for _ in range(FRAMES):
        began_s = time.perf_counter()
        browser.answered_frame()
        times.append(time.perf_counter() - began_s)
    return statistics.median(times)


@pytest.mark.parametrize("attack", [silent, half_open, flood])
def test_others_wait_little_longer_and_the_server_holds_little_more(server, attack):
    browser = Browser(server.url)
    browser.start()
    without, within = [median_s(browser)], []
    before = server.memory_bytes()
    for _ in range(ROUNDS):  # by turns, so that whatever else the machine does is in both
        with attack(server):
            within.append(median_s(browser))
        without.append(median_s(browser))
    browser.close()
    assert statistics.median(within) < max(FELT_S, MOST * statistics.median(without))
    assert server.memory_bytes() < before + LITTLE_BYTES
    print(f"{attack.__name__}: {statistics.median(within) / statistics.median(without):.2f} times as long, ", end="")
    print(f"{(server.memory_bytes() - before) / 1e6:.1f} MB more")
