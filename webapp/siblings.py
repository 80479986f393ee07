"""Calls between the web processes of one server, over one Unix socket each in their parent's folder.

A call is one line of JSON, [name, argument]; its answer is one line of JSON, the return value of the callee's handler.
Only the owner can access the folder, so nobody else can call.
"""

import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE_S = 2.0
"""How long a call waits for a process that is busy or has just died."""

Handler = Callable[[Any], Any]

_log = logging.getLogger(__name__)


class Siblings:
    """The processes with the numbers 1 to `count`; `number` is this one's, and its parent's is 0."""

    def __init__(self, folder: Path, number: int, count: int) -> None:
        self.number = number
        self.count = count
        self._folder = folder
        self._handlers: dict[str, Handler] = {}

    def on(self, name: str, handler: Handler) -> None:
        """Answer calls of that name with the handler's return value, which must be JSON-serialisable."""
        self._handlers[name] = handler

    def listen(self) -> None:
        """Answer calls from now on; returns at once."""
        path = self._folder / str(self.number)
        path.unlink(missing_ok=True)  # left by a dead process with this number
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen()
        threading.Thread(target=self._answer_all, args=(listener,), daemon=True).start()

    def ask(self, name: str, argument: object = None) -> dict[int, Any]:
        """Call all the others and return their answers by number, without those that do not answer."""
        others = [number for number in range(1, self.count + 1) if number != self.number]
        answers = {number: self._call(number, name, argument) for number in others}
        return {number: answer for number, (answered, answer) in answers.items() if answered}

    def _call(self, number: int, name: str, argument: object) -> tuple[bool, Any]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE_S)
            try:
                line.connect(str(self._folder / str(number)))
                line.sendall(json.dumps([name, argument]).encode() + b"\n")
                return True, json.loads(line.makefile("rb").readline())
            except (OSError, ValueError) as exc:
                _log.info("process %s did not answer %s: %s", number, name, exc)
                return False, None

    def _answer_all(self, listener: socket.socket) -> None:
        while True:
            line, _ = listener.accept()
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            line.settimeout(PATIENCE_S)
            try:
                name, argument = json.loads(line.makefile("rb").readline())
                line.sendall(json.dumps(self._handlers[name](argument)).encode() + b"\n")
            except Exception:
                _log.exception("a call from another process was not answered")
