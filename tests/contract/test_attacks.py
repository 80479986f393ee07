"""Malicious browsers against a real server: they only slow themselves, and nobody else notices."""

import contextlib
import socket
import time
import urllib.request
from itertools import count

import pytest
from figure import squats
from server import JPEG, PATIENCE_S, Browser, serving, until
from test_metrics import figures
from test_serving import Client

MAX_FPS, FEW_FPS = 200, 5
LITTLE_BYTES = 50_000_000
"""More than the natural variation of the server's memory, and far less than what it must not keep."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    flags = ("--workers", "1", "--max-fps", str(MAX_FPS), "--connections-per-address", "300")
    with serving(folder, squats(folder / "squats.npz"), *flags) as running:
        yield running


@pytest.fixture
def server_of_its_own(tmp_path):
    flags = ("--workers", "1", "--connections-per-address", "3", "--max-fps", str(FEW_FPS))
    with serving(tmp_path, squats(tmp_path / "squats.npz"), *flags) as one:
        yield one


@pytest.fixture
def hasty_server(tmp_path):
    with serving(tmp_path, squats(tmp_path / "squats.npz"), "--workers", "1") as one:
        yield one


@pytest.fixture
def browser(server):
    one = Browser(server.url)
    one.start()
    one.answered_frame()
    yield one
    one.close()


class Rude(Client):
    """A Socket.IO client on a bare socket, which reads only what it must."""

    def __init__(self, server):
        super().__init__(int(server.url.rsplit(":", 1)[1]), "/socket.io/?EIO=4&transport=websocket")
        if " 101 " not in self.answer:
            raise ConnectionRefusedError(self.answer)
        self.receive()
        self.say("40")
        self.receive()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.stream.close()
        self.socket.close()

    def say(self, text):
        self.send(text.encode(), 1)

    def start(self):
        self.say('42["start",{"v":1,"exercise":"squat"}]')
        self.receive()

    def frame(self, seq):
        self.say(f'451-["frame",{seq},{1e12 + seq},{{"_placeholder":true,"num":0}}]')
        self.send(JPEG)


def test_a_flood_is_read_no_faster_than_its_share_and_the_other_is_served(server, browser):
    before, began_s = figures(server), time.monotonic()
    rude = Rude(server)
    rude.start()
    rude.socket.setblocking(False)
    with contextlib.suppress(BlockingIOError, ConnectionError):  # what it sends piles up on its own side
        for seq in range(1, 5001):
            rude.frame(seq)
            if seq % 100 == 0:
                browser.answered_frame()
    for _ in range(20):
        browser.answered_frame()
    refused = 'posecoach_refused_total{code="too_many"}'
    until(lambda: figures(server).get(refused))
    after, passed_s = figures(server), time.monotonic() - began_s
    rude.close()
    handled = after["posecoach_frames_total"] - before["posecoach_frames_total"]
    assert after[refused] <= MAX_FPS * passed_s + 1
    assert handled - 71 <= MAX_FPS * (1 + passed_s)  # 71 of them may be the other's
    assert browser.heard.empty()


def test_a_sender_over_the_limit_gets_too_many_and_is_answered_again_later(server_of_its_own):
    hasty = Browser(server_of_its_own.url)
    hasty.start()
    for _ in range(20 * FEW_FPS):  # too fast, even if it takes 15 s to send them
        hasty.frame()
    error = hasty.error()
    assert error["code"] == "too_many"
    assert error["seq"] > 0
    while hasty.heard.get(timeout=PATIENCE_S)[0] != "pose":
        pass
    hasty.close()


def test_200_connections_that_never_send_leave_the_server_as_it_was(server, browser):
    before = server.memory_bytes()
    port = int(server.url.rsplit(":", 1)[1])
    silent = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(200)]
    for _ in range(10):
        browser.answered_frame()
    late = Browser(server.url)
    late.start()
    late.answered_frame()
    late.close()
    assert server.memory_bytes() < before + LITTLE_BYTES
    for one in silent:
        one.close()


def test_of_500_silent_connections_the_server_keeps_a_few_and_serves_the_others(server_of_its_own):
    server = server_of_its_own
    browser = Browser(server.url)
    browser.start()
    port = int(server.url.rsplit(":", 1)[1])
    silent = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(500)]
    browser.answered_frame()
    for one in silent:
        one.close()
    until_room(server).close()
    browser.close()


def test_one_browser_too_many_from_an_address_is_turned_away_and_has_room_later(server_of_its_own):
    server = server_of_its_own
    several = [Rude(server) for _ in range(3)]
    with pytest.raises(ConnectionRefusedError, match="429"):
        Rude(server)
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=PATIENCE_S) as answer:
        assert answer.status == 200
    for one in several:
        one.close()
    until_room(server).close()


def until_room(server):
    def enter():
        with contextlib.suppress(ConnectionError, ValueError):
            return Rude(server)

    return until(enter)


def test_a_half_open_connection_ends_and_gives_its_place_back(server_of_its_own):
    server = server_of_its_own
    rude = Rude(server)
    rude.start()
    assert figures(server)["posecoach_streams"] == 1
    rude.socket.settimeout(60)
    while rude.stream.read(4096):  # pings that it never answers
        pass
    until(lambda: figures(server)["posecoach_streams"] == 0)
    rude.close()


def test_a_client_that_never_reads_is_cut_off_and_costs_no_memory(hasty_server):
    server, browser = hasty_server, Browser(hasty_server.url)
    browser.start()
    rude = Rude(server)
    rude.start()
    before = server.memory_bytes()
    with contextlib.suppress(ConnectionError):
        for seq in count(1):
            rude.frame(seq)
            if seq % 50 == 0:
                rude.say("3")  # as if it had read the server's pings
                browser.answered_frame()
    assert [line for line in server.lines() if "disconnected 127.0.0.1: it does not read" in line] == server.lines()
    assert server.memory_bytes() < before + LITTLE_BYTES
    browser.answered_frame()
    browser.close()
