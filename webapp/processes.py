"""Several web processes on one port: a parent starts them, replaces those that die, and ends them together.

Each is a fresh `python -m webapp serve`, because a process patched by eventlet must not be forked. It inherits the
listening socket and one end of its lifeline: a socket pair over which it reports, and whose closing tells each side at
once that the other one is gone, for whatever reason.
"""

import contextlib
import json
import logging
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from webapp import stop_signals
from webapp.errors import AppError, SettingsError

_STOP_S = 15.0
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0

_log = logging.getLogger(__name__)


class Place(NamedTuple):
    """What a web process inherits: its number out of how many, two sockets, and the folder of its siblings' sockets."""

    number: int
    of: int
    listener: int
    lifeline: int
    folder: Path

    def written(self) -> str:
        """Return it as the value of a flag."""
        return ":".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> "Place":
        """Parse what `written` returned."""
        *numbers, folder = text.split(":", 4)
        number, of, listener, lifeline = map(int, numbers)
        return cls(number, of, listener, lifeline, Path(folder))


class Lifeline:
    """A web process's end of the lifeline to its parent."""

    def __init__(self, place: Place) -> None:
        self._line = socket.socket(fileno=place.lifeline)
        self._line.set_inheritable(False)  # or a worker would keep it open after this process

    def order_when_cut(self, order: Callable[[], None]) -> None:
        """Call the order once the parent is gone; returns at once."""

        def watch() -> None:
            with contextlib.suppress(OSError):  # the parent was killed before it read this process's last report
                self._line.recv(1)
            order()

        threading.Thread(target=watch, daemon=True).start()

    def listens(self) -> None:
        """Report that connections are accepted from now on."""
        self._report({"listens": True})

    def failed(self, error: AppError) -> None:
        """Report why this process cannot serve, for the parent to show once."""
        self._report({"failed": str(error), "settings": isinstance(error, SettingsError)})

    def _report(self, report: dict[str, object]) -> None:
        self._line.sendall(json.dumps(report).encode() + b"\n")


def shared_out(workers: int, processes: int) -> list[int]:
    """Return the number of workers of each process: even shares, at least one each."""
    return [max(1, workers // processes + (number < workers % processes)) for number in range(processes)]


class Processes:
    """The web processes.

    command: of a process, by its number and the lifeline's file descriptor. others_serve: whether a process other than
    that one is ready. order_stop: called when serving has become pointless; `failure` then says why.
    """

    def __init__(
        self,
        count: int,
        listener: int,
        command: Callable[[int, int], Sequence[str]],
        others_serve: Callable[[int], bool],
        order_stop: Callable[[], None],
    ) -> None:
        self.failure: AppError | None = None
        self._listener = listener
        self._command = command
        self._others_serve = others_serve
        self._order_stop = order_stop
        self._stopping = threading.Event()
        self._listening = [threading.Event() for _ in range(count)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._serving: set[int] = set()
        self._watchers = [threading.Thread(target=self._keep_up, args=(number + 1,)) for number in range(count)]

    def start(self, greet: Callable[[], None]) -> None:
        """Start all processes and return at once; `greet` is called when all listen, unless they stop before."""
        for watcher in self._watchers:
            watcher.start()
        threading.Thread(target=self._greet, args=(greet,), daemon=True).start()

    def stop(self) -> None:
        """Let each process drain, and return when all have ended; one that takes too long or still starts is killed."""
        self._stopping.set()
        for number, process in tuple(self._running.items()):
            process.send_signal(signal.SIGTERM if number in self._serving else signal.SIGKILL)
        for process in tuple(self._running.values()):
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        for watcher in self._watchers:
            watcher.join()

    def _greet(self, greet: Callable[[], None]) -> None:
        for listening in self._listening:
            listening.wait()
        if not self._stopping.is_set():
            greet()

    def _keep_up(self, number: int) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            listened, failure = self._run(number)
            if self._stopping.is_set() or self._gives_up(number, failure):
                break
            pause_s = _FIRST_PAUSE_S if listened else min(2 * pause_s, _LONGEST_PAUSE_S)
            _log.warning("web process %s ended%s; it is replaced", number, f": {failure}" if failure else "")
            self._stopping.wait(pause_s)
        self._listening[number - 1].set()

    def _gives_up(self, number: int, failure: AppError | None) -> bool:
        """Return whether to end everything: none serves, and this one reported a failure or died before listening."""
        at_start = not self._listening[number - 1].is_set()
        if not (failure or at_start) or self._others_serve(number):
            return False
        self._stopping.set()
        self.failure = failure or AppError("A web process ended before it listened; the log above says why.")
        self._order_stop()
        return True

    def _run(self, number: int) -> tuple[bool, AppError | None]:
        """Run a process to its end; return whether it listened, and its failure."""
        try:
            process, ours = self._begin(number)
        except OSError as exc:  # no memory or file descriptors for another process
            return False, AppError(f"A web process could not be started: {exc.strerror}.")
        with ours:
            self._running[number] = process
            if self._stopping.is_set():  # the order came meanwhile
                process.kill()
            failure = self._hear(number, ours)
        process.wait()
        listened = number in self._serving
        self._serving.discard(number)
        del self._running[number]
        return listened, failure

    def _begin(self, number: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
        """Start a process; return it with our end of its lifeline."""
        ours, its = socket.socketpair()
        with its:
            try:
                with stop_signals.blocked():
                    process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                        self._command(number, its.fileno()),
                        stdin=subprocess.DEVNULL,
                        pass_fds=(self._listener, its.fileno()),
                    )
            except OSError:
                ours.close()
                raise
        return process, ours

    def _hear(self, number: int, line: socket.socket) -> AppError | None:
        failure: AppError | None = None
        for text in line.makefile("rb"):
            report = json.loads(text)
            if "listens" in report:
                self._serving.add(number)
                self._listening[number - 1].set()
            else:
                failure = SettingsError(report["failed"]) if report["settings"] else AppError(report["failed"])
        return failure
