"""How many connections are served at a time."""

import contextlib
import resource
from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet

_MOST_FILES, _SPARE_FILES = 16_384, 200


def _open_files() -> int:
    """Return how many files this process may have open, after asking for enough of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _MOST_FILES:
        soft = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
        with contextlib.suppress(ValueError, OSError):  # macOS has a second limit that it does not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_FILES if files == resource.RLIM_INFINITY else min(files, _MOST_FILES)


class ConnectionPool:
    """The green threads that serve the connections; an address has so many, and one more is closed at once.

    Together they are fewer than the files that this process may have open: without one left, eventlet stops to listen.
    """

    def __init__(self, per_address: int) -> None:
        self._threads = eventlet.GreenPool(max(1, _open_files() - _SPARE_FILES))
        self._per_address = per_address
        self._by_address: Counter[str] = Counter()

    def spawn(self, answer: Callable[[Any], None], connection: Any) -> Any:  # noqa: ANN401 - eventlet's own
        """Serve a connection, [its address and port, its socket, its state], in a green thread of its own."""
        address = connection[0][0]
        if self._by_address[address] >= self._per_address:
            return self._threads.spawn(lambda: None)  # when a thread ends, eventlet closes its connection
        self._by_address[address] += 1
        thread = self._threads.spawn(answer, connection)
        thread.link(self._gone, address)
        return thread

    def size(self) -> int:
        """Return how many connections are served now."""
        return int(self._threads.running())

    def waitall(self) -> None:
        """Wait until every connection is served."""
        self._threads.waitall()

    def _gone(self, _thread: object, address: str) -> None:
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
