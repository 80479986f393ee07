"""A real server in a separate process, and real Socket.IO clients."""

import json
import os
import queue
import re
import select
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import engineio
import numpy as np
import socketio

from webapp.pose.picture import encode

PATIENCE_S = 30.0
JPEG = encode(np.full((48, 64, 3), 120, np.uint8))


def until(condition: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """Poll until the condition holds, and return its result."""
    deadline_s = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline_s, "it never came about"
        time.sleep(0.02)
    return found


@dataclass
class Server:
    process: subprocess.Popen[str]
    url: str
    log: Path

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def ready(self) -> dict:
        with urllib.request.urlopen(f"{self.url}/readyz", timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def readiness(self) -> dict:
        """Return the answer of /readyz, ready or not."""
        try:
            return self.ready()
        except urllib.error.HTTPError as answer:
            return json.load(answer)

    def memory_bytes(self) -> int:
        return self._status("VmRSS")

    def peak_memory_bytes(self) -> int:
        return self._status("VmHWM")

    def _status(self, name: str) -> int:
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) * 1024

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def serving(folder: Path, series: Path, *flags: str) -> Iterator[Server]:
    """Run `posecoach serve` on a free port, with its database and log in `folder`."""
    log = folder / "log.txt"
    engine = ["--backend", "replay", "--series", str(series)]
    hurry = ["--max-fps", "1e6", "--max-address-fps", "1e6", "--pages-per-minute", "1000000"]
    arguments = ["serve", "--port", "0", "--data", str(folder), *engine, *hurry, *flags]
    with (
        log.open("a") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "webapp", *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("POSECOACH_")},
        ) as process,
    ):
        try:
            greeting = process.stdout.readline()
            port = re.search(r"listens on (https?)://localhost:(\d+)", greeting)
            assert port, f"{greeting!r} {log.read_text()}"
            yield Server(process, f"{port[1]}://127.0.0.1:{port[2]}", log)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE_S)


class _InOrder(engineio.Client):
    """Handles messages in order: the library starts a thread for each, and threads may overtake each other."""

    def _trigger_event(self, event, *arguments, run_async=False, **options):
        del run_async
        return super()._trigger_event(event, *arguments, **options)


class _Client(socketio.Client):
    def _engineio_client_class(self):
        return _InOrder


class _TakesTurns(ssl.SSLSocket):
    """A TLS connection that one thread may read while another writes.

    Python 3.11's may not: once in thousands of times the reader is told that the connection has ended
    (https://github.com/miguelgrinberg/python-engineio/issues/461).
    """

    def do_handshake(self, *arguments):
        self._turn = threading.Lock()
        super().do_handshake(*arguments)

    def read(self, *arguments):
        while True:
            with self._turn:
                if self.pending() or select.select([self], [], [], 0)[0]:
                    return super().read(*arguments)
            if not select.select([self], [], [], self.gettimeout())[0]:
                raise TimeoutError

    def send(self, *arguments):
        with self._turn:
            return super().send(*arguments)


def _tls(trusts: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=trusts)
    context.sslsocket_class = _TakesTurns
    return context


@dataclass
class Browser:
    """A client that queues what it receives."""

    url: str
    heard: "queue.Queue[tuple[str, tuple]]" = field(default_factory=queue.Queue)
    numbers: Iterator[int] = field(default_factory=count)
    t_ms: float = field(default_factory=lambda: time.time() * 1000)
    cookie: str = ""
    trusts: Path | None = None

    def __post_init__(self) -> None:
        tls = {"sslopt": {"context": _tls(self.trusts)}} if self.trusts else {}
        self.client = _Client(reconnection=False, websocket_extra_options=tls)
        self.client.on("*", lambda event, *arguments: self.heard.put((event, arguments)))
        headers = {"Cookie": self.cookie} if self.cookie else {}
        self.client.connect(self.url, headers=headers, transports=["websocket"], wait_timeout=PATIENCE_S)

    def say(self, event: str, *arguments: object) -> None:
        self.client.emit(event, arguments)

    def expect(self, event: str) -> tuple:
        """Return the arguments of the next such event; an error instead is a failure."""
        while True:
            name, arguments = self.heard.get(timeout=PATIENCE_S)
            if name == event:
                return arguments
            assert name != "error", f"expected {event}, got {arguments}"

    def error(self) -> dict:
        """Return the next error; answers to frames may come before it."""
        while True:
            name, arguments = self.heard.get(timeout=PATIENCE_S)
            if name == "error":
                return arguments[0]

    def start(self, exercise: str = "squat", **more: str) -> dict:
        self.say("start", {"v": 1, "exercise": exercise, **more})
        return self.expect("ready")[0]

    def frame(self, jpeg: object = JPEG, step_ms: float = 66.0) -> int:
        seq = next(self.numbers)
        self.t_ms += step_ms
        self.say("frame", seq, self.t_ms, jpeg)
        return seq

    def answered_frame(self, step_ms: float = 66.0) -> None:
        seq = self.frame(step_ms=step_ms)
        assert self.expect("pose")[0] == seq

    def squat(self, times: int) -> list[dict]:
        """Send the frames of so many of the recording's squats; return the repetitions counted."""
        reps: list[dict] = []
        while len(reps) < times:
            seq = self.frame()
            while (heard := self.heard.get(timeout=PATIENCE_S)) and heard[0] != "pose":
                assert heard[0] != "error", heard
                reps += heard[1] if heard[0] == "rep" else ()
            assert heard[1][0] == seq
        return reps

    def close(self) -> None:
        self.client.disconnect()
