"""The web server: eventlet's only home beside `__main__`, and the cures for what eventlet does slowly.

- eventlet unmasks a WebSocket frame byte by byte in Python (6 ms for 30 kB) and asks the socket for each of its fields.
  `FrameSocket` takes all that is there and unmasks it with one vectorised exclusive or (RFC 6455, section 5.3).
- An answer is two small writes, so Nagle's algorithm holds the second back until the browser acknowledges the first, up
  to 40 ms. TCP_NODELAY, set on the listening socket, is inherited by every connection; and the two become one write.
- eventlet breaks a connection off on a message over its limit. `FrameSocket` keeps at most `max_frame_length` bytes of
  it, reads the rest away without keeping it, and passes on what it kept: whoever checks a frame's length then sees that
  it is too long and says so to the browser. Of a text message that is too long, the event `oversize` is passed on.
- Browsers offer to compress every message. JPEG does not get smaller by it, so the offer is not taken.
"""

import contextlib
import errno
import logging
import resource
import signal
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import eventlet
import numpy as np
from eventlet import websocket, wsgi
from eventlet.green import socket

from webapp.errors import SettingsError

_PIECE_BYTES = 1 << 16
_TEXT, _BINARY, _CONTROL = 1, 2, 8
_OVERSIZE_EVENT = '42["oversize"]'  # an Engine.IO message (4) with a Socket.IO event (2)
_ANNOUNCES_BINARY = "45"  # an Engine.IO message (4) with a Socket.IO binary event (5)
_PROTOCOL_ERROR, _NOT_UTF8, _TOO_BIG = 1002, 1007, 1009
_MOST_PIECES = 1000  # frames of one message: empty ones would pile up without ever being too many bytes
_FLUSH_S = 0.2
_MOST_FILES, _SPARE_FILES = 16_384, 200
_PATIENCE = {"socket_timeout": 30.0, "keepalive": 30.0}
"""Seconds that a connection may stay silent within and between its requests, so that idle ones do not pile up."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Any]
Listener = socket.socket

_log = logging.getLogger(__name__)


def unmask(data: bytearray, mask: bytes) -> None:
    """Undo a client's mask in place: byte i was combined with mask[i mod 4] by exclusive or."""
    whole = len(data) & ~3
    np.frombuffer(data, np.uint32, whole // 4)[...] ^= np.frombuffer(mask, np.uint32)
    for index in range(whole, len(data)):
        data[index] ^= mask[index & 3]


class _Head(NamedTuple):
    """The start of a WebSocket frame (RFC 6455, section 5.2)."""

    final: bool
    opcode: int
    length: int
    mask: bytes

    @property
    def control(self) -> bool:
        return self.opcode >= _CONTROL


class _Message:
    """A message of one or more frames; never more than `limit` bytes of it are kept."""

    def __init__(self, opcode: int, limit: int) -> None:
        self.opcode = opcode
        self.finished = False
        self.room = limit
        self._parts: list[bytearray] = []
        self._cut = False

    def add(self, part: bytearray, head: _Head) -> None:
        if len(self._parts) >= _MOST_PIECES:
            raise websocket.FailedConnectionError(_TOO_BIG, "The message has too many frames.")
        self._parts.append(part)
        self.room -= len(part)
        self._cut = self._cut or len(part) < head.length
        self.finished = head.final

    def getvalue(self) -> bytes | str:
        data = bytes(self._parts[0]) if len(self._parts) == 1 else b"".join(self._parts)
        if self.opcode != _TEXT:
            return data
        if self._cut:
            return _OVERSIZE_EVENT
        try:
            return data.decode()
        except UnicodeDecodeError as exc:
            raise websocket.FailedConnectionError(_NOT_UTF8, "Text data must be valid UTF-8.") from exc


class FrameSocket(websocket.RFC6455WebSocket):  # type: ignore[misc]  # eventlet has no types
    """A server's WebSocket that takes frames quickly and bounds what it keeps of them; no compression."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - eventlet's own
        super().__init__(*arguments, **options)
        self._unread = bytearray()
        self._held = b""

    def send(self, message: str | bytes, **how: Any) -> None:  # noqa: ANN401 - eventlet's own
        """Send a message; one that announces binary parts waits for the first of them and leaves in the same packet."""
        packed = self._pack_message(message, **how)
        if isinstance(message, str) and message.startswith(_ANNOUNCES_BINARY):
            self._held += packed
            return
        self._held, packed = b"", self._held + packed
        self._send(packed)

    def _recv_frame(self, message: _Message | None = None) -> _Message:
        head = self._read_head(continues=message is not None)
        if message is None or head.control:
            message = _Message(head.opcode, self.max_frame_length)
        part = self._read(min(head.length, message.room))
        self._drain(head.length - len(part))
        unmask(part, head.mask)
        message.add(part, head)
        if self._unread and not part.startswith(_ANNOUNCES_BINARY.encode()):
            eventlet.sleep(0)  # a browser that floods must not keep the others from their turn
        return message

    def _read_head(self, *, continues: bool) -> _Head:
        first, second = self._read(2)
        opcode, length = first & 15, second & 127
        head = _Head(first >= 128, opcode, length, b"")
        _check(head, reserved=first & 0x70, masked=second >= 128, continues=continues)
        if length == 126:
            (length,) = struct.unpack("!H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._read(8))
        return _Head(head.final, opcode, length, bytes(self._read(4)))

    def _read(self, length: int) -> bytearray:
        while len(self._unread) < length:
            self._unread += self._receive(length - len(self._unread))
        data = self._unread[:length]
        del self._unread[:length]
        return data

    def _drain(self, length: int) -> None:
        while length > 0:
            if not self._unread:
                self._unread += self._receive(0)
            gone = min(length, len(self._unread))
            del self._unread[:gone]
            length -= gone
            eventlet.sleep(0)

    def _receive(self, wanted: int) -> bytes:
        piece: bytes = self.socket.recv(max(wanted, _PIECE_BYTES))
        if not piece:
            raise websocket.ConnectionClosedError
        return piece


def _check(head: _Head, *, reserved: int, masked: bool, continues: bool) -> None:
    """Refuse what RFC 6455, sections 5.2 to 5.5, forbids a client."""
    wrong = (
        (reserved, "Reserved bits are set, but no extension was agreed on."),
        (head.opcode not in (0, _TEXT, _BINARY, 8, 9, 10), "Unknown opcode."),
        (not masked, "A client must mask its frames."),
        (head.control and (not head.final or head.length > 125), "A control frame is short and in one piece."),
        (
            not head.control and continues != (head.opcode == 0),
            "A message was continued that had not begun, or begun anew.",
        ),
    )
    for is_wrong, why in wrong:
        if is_wrong:
            raise websocket.FailedConnectionError(_PROTOCOL_ERROR, why)


def install() -> None:
    """Let eventlet make `FrameSocket`s from now on."""
    websocket.RFC6455WebSocket = FrameSocket


def listen(host: str, port: int) -> socket.socket:
    """Return the listening socket, or raise SettingsError when the address cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as exc:
        raise SettingsError(_why_not(host, port, exc)) from exc
    return listener


def _why_not(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; stop it or choose another one with --port."
    if problem.errno == errno.EACCES:
        return f"Port {port} needs rights that this user has not; choose one from 1024 on with --port."
    return f"{host!r} is no address of this machine ({problem.strerror}); choose another one with --host."


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


def _open_files() -> int:
    """Return how many files this process may have open, after asking for enough of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _MOST_FILES:
        soft = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
        with contextlib.suppress(ValueError, OSError):  # macOS has a second limit that it does not tell
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_FILES if files == resource.RLIM_INFINITY else min(files, _MOST_FILES)


class Crowd:
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

    def waitall(self) -> None:
        """Wait until every connection is served."""
        self._threads.waitall()

    def _gone(self, _thread: object, address: str) -> None:
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def serve(app: WsgiApp, listener: socket.socket, stop: Stop, tell: Callable[[], None], crowd: Crowd) -> None:
    """Answer on the listening socket until the order to stop; then take no one new, `tell` the others, and return."""

    def uncompressed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:  # noqa: ANN401 - WSGI's own
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    how = {"log": _log, "log_output": False, "debug": False, "custom_pool": crowd}
    server = eventlet.spawn(wsgi.server, listener, uncompressed, **how, **_PATIENCE)
    stop.wait()
    listener.close()
    tell()
    eventlet.sleep(_FLUSH_S)
    server.kill()
