"""WebSocket frames, read quickly and with bounded size.

- eventlet unmasks a frame byte by byte in Python (6 ms for 30 kB) and reads each of its fields from the socket.
  `FrameSocket` reads all that is there and unmasks it with one vectorised exclusive or (RFC 6455, section 5.3).
- An answer is two small writes; `FrameSocket` combines them.
- Engine.IO limits each read to some seconds. eventlet keeps the timer of a finished read until it expires, and then
  wakes up for nothing: once more for each frame. `FrameSocket` has one timer a connection.
- The path through Engine.IO and Socket.IO takes as long as all the rest. Messages of one form can be diverted from it,
  and answers sent past it.
- eventlet drops a connection on a message over its limit. `FrameSocket` keeps at most `max_frame_length` bytes of it,
  discards the rest while reading, and passes on what it kept, so that the check of a frame's length can tell the
  browser. A text message that is too long is replaced by the event `oversize`.
"""

import contextlib
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import eventlet
import numpy as np
from eventlet import hubs, websocket
from eventlet.greenio import GreenSocket

from webapp.gateway.shortcut import SOCKET

_PIECE_BYTES = 1 << 16
_SHORT_BYTES = 200
_TEXT, _BINARY, _CONTROL = 1, 2, 8
_FINAL, _MASKED = 0x80, 0x80
_LONG = {126: struct.Struct("!H"), 127: struct.Struct("!Q")}
"""Formats of lengths that do not fit into seven bits, by the value in those bits."""
_OVERSIZE_EVENT = '42["oversize"]'  # an Engine.IO message (4) with a Socket.IO event (2)
_SOCKET_IO = "4"  # an Engine.IO message; other packets (ping, pong, close) are not Socket.IO's
_ANNOUNCES_BINARY = "45"  # an Engine.IO message (4) with a Socket.IO binary event (5)
_PROTOCOL_ERROR, _NOT_UTF8, _TOO_BIG = 1002, 1007, 1009
_MOST_PIECES = 1000  # frames of one message; empty ones could pile up without adding bytes

Take = Callable[[re.Match[str], object], None]


def unmask(data: bytearray, mask: bytes) -> None:
    """Undo a client's mask in place: byte i is the exclusive or of the data and mask[i mod 4]."""
    length = len(data)
    if length <= _SHORT_BYTES:  # as one number; numpy's overhead would be larger
        key = (mask * (length // 4 + 1))[:length]
        data[:] = (int.from_bytes(data) ^ int.from_bytes(key)).to_bytes(length)
        return
    whole = length & ~3
    np.frombuffer(data, np.uint32, whole // 4)[...] ^= np.frombuffer(mask, np.uint32)
    for index in range(whole, length):
        data[index] ^= mask[index & 3]


def pack(message: str | bytes) -> bytes:
    """Return a server's message as one frame (RFC 6455, section 5.2)."""
    opcode, data = (_TEXT, message.encode()) if isinstance(message, str) else (_BINARY, message)
    length = len(data)
    if length < 126:
        return bytes((_FINAL | opcode, length)) + data
    code = 126 if length < 1 << 16 else 127
    return bytes((_FINAL | opcode, code)) + _LONG[code].pack(length) + data


class _Head(NamedTuple):
    """The start of a WebSocket frame (RFC 6455, section 5.2)."""

    final: bool
    opcode: int
    length: int
    mask: bytes


class _Message:
    """A message of one or more frames; at most `limit` bytes of it are kept."""

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
    """A server's WebSocket that reads frames quickly and with bounded size; no compression.

    It is a `webapp.gateway.shortcut.Socket`, stored in the WSGI environment of its request.
    """

    def __init__(self, sock: Any, environ: dict[str, Any], *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - eventlet's own
        super().__init__(sock, environ, *arguments, **options)
        environ[SOCKET] = self
        self._unread = bytearray()
        self._held = b""
        self._diverted: tuple[re.Pattern[str], Take] | None = None
        self._announced: re.Match[str] | None = None  # a diverted text whose attachment has not arrived yet
        self._speaks_tls = not isinstance(sock, GreenSocket)
        self._last_read_s = time.monotonic()

    def divert(self, form: re.Pattern[str], take: Take) -> None:
        """Pass texts that match `form` to `take`, each with the message that follows it; `wait` returns neither."""
        self._diverted = form, take

    def wait(self) -> str | bytes | None:
        """Return the next message that is not diverted; None at the end."""
        self._watch()
        while True:
            message: str | bytes | None = super().wait()
            if message is None or self._diverted is None:
                return message
            form, take = self._diverted
            text = self._announced
            if text is None:
                self._announced = form.fullmatch(message) if isinstance(message, str) else None
                if self._announced is None:
                    return message
            elif isinstance(message, str) and not message.startswith(_SOCKET_IO):
                return message  # Engine.IO's own packets may come between a text and its attachment
            else:
                self._announced = None
                take(text, message)

    def send(self, message: str | bytes, **how: Any) -> None:  # noqa: ANN401 - eventlet's own
        """Send a message; one that announces binary parts is held back and sent together with the first of them."""
        packed = self._pack_message(message, **how)
        if isinstance(message, str) and message.startswith(_ANNOUNCES_BINARY):
            self._held += packed
            return
        self._held, packed = b"", self._held + packed
        self._send(packed)

    def send_at_once(self, *messages: str | bytes) -> bool:
        """Send the messages if possible without waiting; return False if nothing was sent.

        What the socket does not accept yet is sent before anything else.
        """
        if self._speaks_tls or self._held or not self._sendlock.acquire(blocking=False):
            return False
        packed, sent = b"".join(map(pack, messages)), 0
        with contextlib.suppress(OSError):  # full, or gone, as a later write will notice
            sent = self.socket.fd.send(packed)
        if 0 < sent < len(packed):
            eventlet.spawn(self._send_rest, packed[sent:])
        else:
            self._sendlock.release()
        return sent > 0

    def _send_rest(self, rest: bytes) -> None:
        with contextlib.suppress(OSError):  # gone, as the reader will notice
            self.socket.sendall(rest)
        self._sendlock.release()

    def _watch(self) -> None:
        """Replace the socket's own timeout by one recurring timer, instead of one for each wait."""
        silence_s = self.socket.gettimeout()
        if silence_s is not None:
            self.socket.settimeout(None)
            self._end_when_silent(silence_s)

    def _end_when_silent(self, silence_s: float) -> None:
        if self.socket.fileno() < 0:
            return
        left_s = self._last_read_s + silence_s - time.monotonic()
        if left_s > 0:
            hubs.get_hub().schedule_call_global(left_s, self._end_when_silent, silence_s)
            return
        with contextlib.suppress(OSError):  # it may be gone already
            self.socket.shutdown(socket.SHUT_RDWR)

    def _recv_frame(self, message: _Message | None = None) -> _Message:
        head = self._read_head(continues=message is not None)
        if message is None or head.opcode >= _CONTROL:
            message = _Message(head.opcode, self.max_frame_length)
        part = self._read(min(head.length, message.room))
        if len(part) < head.length:
            self._drain(head.length - len(part))
        unmask(part, head.mask)
        message.add(part, head)
        if self._unread and not part.startswith(_ANNOUNCES_BINARY.encode()):
            eventlet.sleep(0)  # a flooding browser must let the others have their turn
        return message

    def _read_head(self, *, continues: bool) -> _Head:
        self._fill(2)
        first, second = self._unread[:2]
        final, opcode, length = first >= _FINAL, first & 15, second & 127
        _check(first, second, continues=continues)
        long = _LONG.get(length)
        mask_at = 2 if long is None else 2 + long.size
        self._fill(mask_at + 4)
        if long is not None:
            (length,) = long.unpack_from(self._unread, 2)
        mask = bytes(self._unread[mask_at : mask_at + 4])
        del self._unread[: mask_at + 4]
        return _Head(final, opcode, length, mask)

    def _read(self, length: int) -> bytearray:
        self._fill(length)
        data = self._unread[:length]
        del self._unread[:length]
        return data

    def _fill(self, length: int) -> None:
        while len(self._unread) < length:
            self._unread += self._receive(length - len(self._unread))

    def _drain(self, length: int) -> None:
        while length > 0:
            if not self._unread:
                self._unread += self._receive(0)
            gone = min(length, len(self._unread))
            del self._unread[:gone]
            length -= gone
            eventlet.sleep(0)

    def _receive(self, wanted: int) -> bytes:
        if not self._speaks_tls:  # usually there is nothing yet: waiting first saves a failing read
            hubs.trampoline(self.socket, read=True)
        piece: bytes = self.socket.recv(max(wanted, _PIECE_BYTES))
        if not piece:
            raise websocket.ConnectionClosedError
        self._last_read_s = time.monotonic()
        return piece


def _check(first: int, second: int, *, continues: bool) -> None:
    """Raise if RFC 6455, sections 5.2 to 5.5, does not allow a client these first two bytes of a frame."""
    opcode, is_control = first & 15, first & 15 >= _CONTROL
    if first & 0x70:
        why = "Reserved bits are set, but no extension was negotiated."
    elif opcode not in (0, _TEXT, _BINARY, 8, 9, 10):
        why = "Unknown opcode."
    elif second < _MASKED:
        why = "A client must mask its frames."
    elif is_control and (first < _FINAL or second & 127 > 125):
        why = "A control frame must be short and in one piece."
    elif not is_control and continues != (opcode == 0):
        why = "A continuation without a message, or a new message within one."
    else:
        return
    raise websocket.FailedConnectionError(_PROTOCOL_ERROR, why)
