"""The order to stop, and how a green thread waits for it."""

import contextlib
import signal

from eventlet.green import socket


class Stop:
    """Waits for the order to stop: a signal, or somebody's `order`."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)

    def on_signals(self, *numbers: int) -> None:
        """Take these signals as the order; the number is written to a socket because no poll wakes up for a handler."""
        for number in numbers:
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def order(self) -> None:
        """Order to stop."""
        with contextlib.suppress(OSError):
            self._writer.send(b"\0")

    def wait(self) -> None:
        """Return once the order came; a green thread among others meanwhile."""
        self._reader.recv(1)
