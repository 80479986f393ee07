"""The Socket.IO handlers: a browser's messages go to its connection, and errors go back to the browser.

Handlers are registered with the Socket.IO server itself, because Flask-SocketIO's decorator builds a Flask request for
every message, which nothing below needs.
"""

import contextlib
import logging
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_socketio import SocketIO
from socketio import Server
from socketio.packet import Packet

from webapp.errors import AppError, BadMessage, FrameTooLarge, PoolFull
from webapp.gateway import shortcut, wire
from webapp.gateway.connection import Connect, Connection, unexpected
from webapp.gateway.connection_limit import address_of
from webapp.gateway.rate_limits import Addresses, BrowserLimit
from webapp.gateway.wire import Limits

OVERSIZE = "oversize"
"""The event that replaces a text message of more bytes than the server accepts (see `webapp.serving.frames`)."""

MOST_UNREAD = 200
"""Packets that may wait for a browser to read them. A browser with more is disconnected, which bounds the server's
memory; it may come back and resume its workout."""

_DISCONNECTED = "posecoach.disconnected"

_log = logging.getLogger(__name__)

Arguments = Sequence[object]


@dataclass(frozen=True, slots=True)
class Client:
    """A connected browser: its connection, address and rate limit."""

    connection: Connection
    address: str
    limit: BrowserLimit


Act = Callable[[Client, Arguments], None]


class OneAttachment(Packet):  # type: ignore[misc]  # python-socketio has no types
    """A message that a browser may send: an event of no reserved name, with at most one binary part.

    Without a limit it could announce endless parts; and an event named `connect` would reach the handler of real
    connections, with a WSGI environment made up by the browser.
    """

    def decode(self, encoded_packet: str) -> int:
        """Read a message's text and return the number of binary parts that follow. Raises ValueError if not allowed."""
        announced: int = super().decode(encoded_packet) or 0
        if announced > 1:
            raise ValueError(f"{announced} binary parts in one message")
        if isinstance(self.data, list) and self.data and self.data[0] in Server.reserved_events:
            raise ValueError(f"an event with the reserved name {self.data[0]}")
        return announced


def register(socketio: SocketIO, connect: Connect, limits: Limits, addresses: Addresses) -> None:
    """Register the handlers, which give every browser a connection of its own."""
    server = socketio.server
    acts = _acts(limits, addresses)
    browsers = _Browsers(server, connect, addresses, acts)
    server.eio.on("message", browsers.guarded(server.eio.handlers["message"]))
    server.on("connect", browsers.connected)
    server.on("disconnect", browsers.disconnected)
    for event, act in acts.items():
        server.on(event, browsers.handler(event, act))
    server.on("*", lambda event, sid, *arguments: browsers.handler(event, _unknown)(sid, *arguments))


class _Browsers:
    """The connected browsers; `server` is python-socketio's, which has no types."""

    def __init__(
        self,
        server: Any,  # noqa: ANN401 - see above
        connect: Connect,
        addresses: Addresses,
        acts: Mapping[str, Act],
    ) -> None:
        self._server = server
        self._acts = acts
        self._connect = connect
        self._addresses = addresses
        self._clients: dict[str, Client] = {}

    def connected(self, sid: str, environ: dict[str, Any], _auth: object = None) -> None:
        transport = self._server.manager.eio_sid_from_sid(sid, "/")
        connection = self._connect(sid, environ, partial(self._send_to, sid, transport))
        address = address_of(environ)
        self._clients[sid] = Client(connection, address, self._addresses.browser(address))
        shortcut.take_frames(environ, partial(self.handler("frame", self._acts["frame"]), sid))

    def disconnected(self, sid: str, _reason: object = None) -> None:
        client = self._clients.pop(sid, None)
        if client is not None:
            client.connection.lost()

    def handler(self, event: str, act: Act) -> Callable[..., None]:
        def handle(sid: str, *arguments: object) -> None:
            client = self._clients.get(sid)
            if client is None:
                return
            _do(act, client, event, arguments)
            if client.limit.wait_s > 0:
                self._server.sleep(client.limit.wait_s)  # only this browser's next message is read later

        return handle

    def guarded(self, receive: Callable[[str, object], None]) -> Callable[[str, object], None]:
        """Return `receive`, which reads Socket.IO messages, wrapped so that sending anything else disconnects."""

        def guarded_receive(transport: str, data: object) -> None:
            try:
                receive(transport, data)
            except Exception as exc:
                self._disconnect(transport, f"not a Socket.IO message: {type(exc).__name__}: {exc}")

        return guarded_receive

    def _send_to(self, sid: str, transport: str, event: str, *arguments: Any) -> None:  # noqa: ANN401 - the event's own
        waiting = self._server.eio.sockets.get(transport)
        unread = waiting.queue.qsize() if waiting is not None else 0
        if unread >= MOST_UNREAD:
            self._disconnect(transport, "it does not read its messages")
        elif unread or event != "pose" or not shortcut.send_pose(self._server.environ.get(transport, {}), *arguments):
            self._server.emit(event, arguments, to=sid, ignore_queue=True)

    def _disconnect(self, transport: str, why: str) -> None:
        environ = self._server.environ.get(transport)
        if environ is None or _DISCONNECTED in environ:
            return
        environ[_DISCONNECTED] = True
        _log.warning("disconnected %s: %s", address_of(environ), why[:200])
        with contextlib.suppress(OSError):  # it may be gone already
            environ["eventlet.input"].get_socket().shutdown(socket.SHUT_RDWR)


def _acts(limits: Limits, addresses: Addresses) -> dict[str, Act]:
    def start(client: Client, arguments: Arguments) -> None:
        message = wire.parse_start(arguments)
        addresses.started(client.address, time.monotonic())
        try:
            client.connection.start(message)
        except PoolFull:
            addresses.not_started(client.address)
            raise

    return {
        "start": start,
        "go": lambda client, _: client.connection.go(),
        "pause": lambda client, _: client.connection.pause(),
        "frame": lambda client, arguments: client.connection.frame(wire.parse_frame(arguments, limits)),
        "stop": lambda client, _: client.connection.stop(),
        OVERSIZE: _oversize,
    }


def _unknown(_client: Client, _arguments: Arguments) -> None:
    raise BadMessage("The server knows start, go, pause, frame and stop.")


def _oversize(_client: Client, _arguments: Arguments) -> None:
    raise FrameTooLarge("The message is too long.")


def _do(act: Act, client: Client, event: str, arguments: Arguments) -> None:
    """Handle a message; any exception becomes one error to this browser and does not affect later messages."""
    seq = wire.frame_number(arguments) if event == "frame" else None
    try:
        client.limit.take(_length(arguments), time.monotonic())
        act(client, arguments)
    except AppError as problem:
        client.connection.refuse(problem, seq)
    except Exception as exc:
        client.connection.refuse(unexpected(exc), seq)


def _length(arguments: Arguments) -> int:
    return sum([len(one) for one in arguments if isinstance(one, (bytes, str))])
