"""The Socket.IO handlers: a browser's messages reach its connection, and what that raises reaches the browser.

Handlers are registered with the Socket.IO server itself: Flask-SocketIO's own decorator builds a Flask request for
every message, and nothing below needs one.
"""

from collections.abc import Callable, Sequence
from functools import partial

from flask_socketio import SocketIO
from socketio.packet import Packet

from webapp.errors import AppError, BadMessage, FrameTooLarge
from webapp.gateway import wire
from webapp.gateway.connection import Connection, Send, unexpected
from webapp.gateway.wire import Limits

OVERSIZE = "oversize"
"""The event that stands for a text message of more bytes than the server takes (see `webapp.serving`)."""

Arguments = Sequence[object]
Act = Callable[[Connection, Arguments], None]


class OneAttachment(Packet):  # type: ignore[misc]  # python-socketio has no types
    """A message with at most one binary part: without a limit a browser could announce parts without end."""

    def decode(self, encoded_packet: str) -> int:
        """Read a message's text and return how many binary parts follow."""
        announced: int = super().decode(encoded_packet) or 0
        if announced > 1:
            raise ValueError(f"{announced} binary parts in one message")
        return announced


def register(socketio: SocketIO, connect: Callable[[str, Send], Connection], limits: Limits) -> None:
    """Let every browser that connects have a connection of its own, and its messages reach it."""
    server = socketio.server
    connections: dict[str, Connection] = {}

    def send_to(sid: str, event: str, *arguments: object) -> None:
        server.emit(event, arguments, to=sid)

    def connected(sid: str, _environ: object, _auth: object = None) -> None:
        if sid not in connections:  # a browser may send an event that is called `connect`, too
            connections[sid] = connect(sid, partial(send_to, sid))

    def disconnected(sid: str, _reason: object = None) -> None:
        connection = connections.pop(sid, None)
        if connection is not None:
            connection.lost()

    def act_on(event: str, act: Act) -> Callable[..., None]:
        def handle(sid: str, *arguments: object) -> None:
            connection = connections.get(sid)
            if connection is not None:
                _do(act, connection, event, arguments)

        return handle

    server.on("connect", connected)
    server.on("disconnect", disconnected)
    for event, act in _acts(limits).items():
        server.on(event, act_on(event, act))
    server.on("*", lambda event, sid, *arguments: act_on(event, _unknown)(sid, *arguments))


def _acts(limits: Limits) -> dict[str, Act]:
    return {
        "start": lambda connection, arguments: connection.start(wire.parse_start(arguments)),
        "go": lambda connection, _: connection.go(),
        "pause": lambda connection, _: connection.pause(),
        "frame": lambda connection, arguments: connection.frame(wire.parse_frame(arguments, limits)),
        "stop": lambda connection, _: connection.stop(),
        OVERSIZE: _oversize,
    }


def _unknown(_connection: Connection, _arguments: Arguments) -> None:
    raise BadMessage("The server knows start, go, pause, frame and stop.")


def _oversize(_connection: Connection, _arguments: Arguments) -> None:
    raise FrameTooLarge("The message is too long.")


def _do(act: Act, connection: Connection, event: str, arguments: Arguments) -> None:
    """Do it; whatever goes wrong becomes one message to this browser, and the next message finds everything well."""
    seq = wire.frame_number(arguments) if event == "frame" else None
    try:
        act(connection, arguments)
    except AppError as problem:
        connection.refuse(problem, seq)
    except Exception as exc:
        connection.refuse(unexpected(exc), seq)
