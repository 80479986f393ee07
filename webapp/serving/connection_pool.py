"""Limits the connections served at a time."""

import contextlib
import resource
from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet

_MOST_FILES, _SPARE_FILES = 16_384, 200


def _open_files() -> int:
    """Return the number of files that this process may open, after trying to raise the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _MOST_FILES:
        soft = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
        with contextlib.suppress(ValueError, OSError):  # macOS has a second limit that cannot be queried
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_FILES if files == resource.RLIM_INFINITY else min(files, _MOST_FILES)


class ConnectionPool:
    """The green threads that serve connections; one more than allowed from an address is closed at once.

    Their total is less than the files that this process may open, because without one left eventlet stops listening.
    """

    def __init__(self, per_address: int) -> None:
        self._threads = eventlet.GreenPool(max(1, _open_files() - _SPARE_FILES))
        self._per_address = per_address
        self._by_address: Counter[str] = Counter()

    def spawn(self, answer: Callable[[Any], None], connection: Any) -> Any:  # noqa: ANN401 - eventlet's own
        """Serve a connection, [(address, port), socket, state], in a green thread of its own."""
        address = connection[0][0]
        if self._by_address[address] >= self._per_address:
            return self._threads.spawn(lambda: None)  # when a thread ends, eventlet closes its connection
        self._by_address[address] += 1
        thread = self._threads.spawn(answer, connection)
        thread.link(self._gone, address)
        return thread

    def size(self) -> int:
        """Return the number of connections being served."""
        return int(self._threads.running())

    def waitall(self) -> None:
        """Wait until all connections have ended."""
        self._threads.waitall()

    def _gone(self, _thread: object, address: str) -> None:
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
