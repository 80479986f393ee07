"""A pipe between two processes: whole messages of bytes over a duplex `multiprocessing.Pipe`, a pair of sockets.

They are used as sockets, which wait efficiently under eventlet as well as under threads: `Connection` itself asks the
hub before each piece and sends a frame in two. A message is its length (4 bytes, little endian) and its bytes.
"""

import contextlib
import os
import socket
import struct
import threading
from collections import deque
from multiprocessing.connection import Connection

_LENGTH = struct.Struct("<I")
_PIECE_BYTES = 1 << 16


class MessagePipe:
    """One end of a pipe. One thread may send, another receive. Raises EOFError or OSError once the other end is gone.

    A caller that must not wait uses `post` instead of `send`; use only one of them.
    """

    def __init__(self, end: Connection) -> None:
        self._socket = socket.socket(fileno=os.dup(end.fileno()))
        self._socket.setblocking(True)  # a patched socket in the parent process may have left it non-blocking
        end.close()
        self._received = bytearray()
        self._unsent: deque[bytes] = deque()  # the first one is being sent
        self._posting = threading.Lock()  # guards `_unsent`

    def post(self, *parts: bytes) -> None:
        """Send the parts as one message without waiting: a separate thread sends what does not fit into the buffer yet.

        Only one thread at a time may post.
        """
        message = (_LENGTH.pack(sum(map(len, parts))), *parts)
        sent = 0 if self._unsent else self._send_at_once(message)
        if sent == sum(map(len, message)):
            return
        with self._posting:
            self._unsent.append(b"".join(message)[sent:])
            if len(self._unsent) == 1:
                threading.Thread(target=self._send_unsent, daemon=True).start()

    def _send_at_once(self, message: tuple[bytes, ...]) -> int:
        try:
            return self._socket.sendmsg(message, (), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def _send_unsent(self) -> None:
        with contextlib.suppress(OSError):  # the other end is gone, as the receiving thread will notice
            while True:
                self._socket.sendall(self._unsent[0])
                with self._posting:
                    self._unsent.popleft()
                    if not self._unsent:
                        return

    def send(self, *parts: bytes) -> None:
        """Send the parts as one message."""
        self._socket.sendall(b"".join((_LENGTH.pack(sum(map(len, parts))), *parts)))

    def receive(self) -> bytes:
        """Wait for the next message."""
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size))
        return self._take(length)

    def close(self) -> None:
        """Close this end, which wakes up both ends' waiting threads."""
        with contextlib.suppress(OSError):  # the other end may be gone already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _take(self, length: int) -> bytes:
        while len(self._received) < length:
            piece = self._socket.recv(max(_PIECE_BYTES, length - len(self._received)))
            if not piece:
                raise EOFError("the other end of the pipe is gone")
            self._received += piece
        taken = bytes(memoryview(self._received)[:length])
        del self._received[:length]
        return taken
