"""A browser reduced to its connection: Socket.IO 5 in Engine.IO 4 over a WebSocket, a hundred of them in one process.

python-socketio's own client runs two threads a connection and unmasks in Python. On the server's cores that would
distort the measurement, and its threads would wait for one another before reading the clock.
"""

import asyncio
import base64
import json
import os
import struct
from typing import Any

import numpy as np

from webapp.errors import SettingsError

TEXT, BINARY, CLOSE = 1, 2, 8

_FINAL = 0x80
_MASKED = 0x80
_PATIENCE_S = 20.0


def client_frame(payload: bytes, opcode: int) -> bytes:
    """Return one masked WebSocket frame (RFC 6455, sections 5.2 and 5.3)."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", _FINAL | opcode, _MASKED | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", _FINAL | opcode, _MASKED | 126, length)
    else:
        head = struct.pack("!BBQ", _FINAL | opcode, _MASKED | 127, length)
    mask = os.urandom(4)
    key = np.resize(np.frombuffer(mask, np.uint8), length)
    return head + mask + (np.frombuffer(payload, np.uint8) ^ key).tobytes()


class LightBrowser:
    """One connection. Events are read in order; pings are answered while listening."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def connect(cls, host: str, port: int) -> "LightBrowser":
        """Connect to a PoseCoach server. Raises SettingsError if it refuses."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                browser = cls(*await asyncio.open_connection(host, port))
                await browser._greeted(host, port)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as exc:
            raise SettingsError(f"the server at port {port} accepted no connection: {exc}") from exc
        return browser

    async def _greeted(self, host: str, port: int) -> None:
        """Shake hands, or close the connection."""
        try:
            await self._shake_hands(host, port)
        except BaseException:
            self._writer.transport.abort()
            raise

    async def _shake_hands(self, host: str, port: int) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Origin: http://{host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        answer = await self._reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            raise SettingsError(f"the server refused the connection: {answer.splitlines()[0].decode()}")
        await self._frame()  # Engine.IO's greeting
        self._write("40")
        await self._frame()  # Socket.IO's own

    def say(self, event: str, *arguments: object) -> None:
        """Send an event without binary data."""
        self._write("42" + json.dumps([event, *arguments]))

    def say_frame(self, seq: int, t_ms: float, picture: bytes) -> None:
        """Send a `frame`; `picture` is the JPEG as a `client_frame`, so that it is masked once and sent often."""
        event = json.dumps(["frame", seq, t_ms, {"_placeholder": True, "num": 0}], separators=(",", ":"))
        self._writer.write(client_frame(b"451-" + event.encode(), TEXT) + picture)

    async def hear(self) -> tuple[str, list[Any]]:
        """Return the next event and its arguments. Raises EOFError if the server is gone."""
        while True:
            opcode, data = await self._frame()
            if opcode == CLOSE:
                raise EOFError("the server closed the connection")
            if data == b"2":
                self._write("3")
            elif data.startswith(b"42"):
                event, *arguments = json.loads(data[2:])
                return event, arguments
            elif data.startswith(b"451-"):
                event, *arguments = json.loads(data[4:])
                _, attached = await self._frame()
                return event, [attached if isinstance(one, dict) else one for one in arguments]

    async def close(self) -> None:
        """Close the connection abruptly."""
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)

    def _write(self, text: str) -> None:
        self._writer.write(client_frame(text.encode(), TEXT))

    async def _frame(self) -> tuple[int, bytes]:
        first, length = await self._reader.readexactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
        return first & 15, await self._reader.readexactly(length)
