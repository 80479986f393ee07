"""The order to stop, for which a green thread can wait."""

import contextlib
import signal

from eventlet.green import socket


class Stop:
    """Waits for the order to stop: a signal or a call of `order`."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)

    def on_signals(self, *numbers: int) -> None:
        """Take these signals as the order, through the wake-up socket: a handler does not wake eventlet's poll."""
        for number in numbers:
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def order(self) -> None:
        """Give the order to stop."""
        with contextlib.suppress(OSError):
            self._writer.send(b"\0")

    def wait(self) -> None:
        """Return once the order has come; other green threads go on meanwhile."""
        self._reader.recv(1)
