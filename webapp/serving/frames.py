"""WebSocket frames, taken quickly and bounded.

- eventlet unmasks a frame byte by byte in Python (6 ms for 30 kB) and asks the socket for each of its fields.
  `FrameSocket` takes all that is there and unmasks it with one vectorised exclusive or (RFC 6455, section 5.3).
- An answer is two small writes; `FrameSocket` makes one of them.
- eventlet breaks a connection off on a message over its limit. `FrameSocket` keeps at most `max_frame_length` bytes of
  it, reads the rest away without keeping it, and passes on what it kept: whoever checks a frame's length then sees that
  it is too long and says so to the browser. Of a text message that is too long, the event `oversize` is passed on.
"""

import struct
from typing import Any, NamedTuple

import eventlet
import numpy as np
from eventlet import websocket

_PIECE_BYTES = 1 << 16
_TEXT, _BINARY, _CONTROL = 1, 2, 8
_OVERSIZE_EVENT = '42["oversize"]'  # an Engine.IO message (4) with a Socket.IO event (2)
_ANNOUNCES_BINARY = "45"  # an Engine.IO message (4) with a Socket.IO binary event (5)
_PROTOCOL_ERROR, _NOT_UTF8, _TOO_BIG = 1002, 1007, 1009
_MOST_PIECES = 1000  # frames of one message: empty ones would pile up without ever being too many bytes


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
