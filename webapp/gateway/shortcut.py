"""A shortcut for frames and poses past Engine.IO and Socket.IO, whose general path costs as much as all the rest.

A frame is recognised by its text, and a pose's text is always the same except for its numbers. Everything else, and
every socket without the shortcut, takes the libraries' path, to the same effect.
"""

import re
from collections.abc import Callable
from typing import Any, Protocol

SOCKET = "posecoach.socket"
"""Key of the `Socket` in a connection's WSGI environment."""

_NUMBER = r"(?:0|[1-9][0-9]{0,15})"
_FRAME = re.compile(rf'451-\["frame",({_NUMBER}),({_NUMBER}(?:\.[0-9]{{1,20}})?),\{{"_placeholder":true,"num":0\}}\]')
"""An Engine.IO message (4) with a Socket.IO event that has one binary part (51-), as JSON.stringify writes it."""


class Socket(Protocol):
    """A WebSocket that can be used without the libraries (`webapp.serving.frames`)."""

    def divert(self, form: re.Pattern[str], take: Callable[[re.Match[str], object], None]) -> None:
        """Pass texts that match `form` to `take`, each with the message that follows it."""

    def send_at_once(self, *messages: str | bytes) -> bool:
        """Send the messages if possible without waiting; return False if nothing was sent."""


def take_frames(environ: dict[str, Any], take: Callable[..., None]) -> None:
    """Pass the frames of this connection to `take(seq, t_ms, picture)`."""
    socket: Socket | None = environ.get(SOCKET)
    if socket is not None:
        socket.divert(_FRAME, lambda text, picture: take(int(text[1]), float(text[2]), picture))


def send_pose(environ: dict[str, Any], seq: int, joints: bytes | None, progress: float | None) -> bool:
    """Send a `pose` if possible without waiting; return False if it was not sent."""
    socket: Socket | None = environ.get(SOCKET)
    if socket is None:
        return False
    reached = "null" if progress is None else repr(progress)  # as JSON writes a finite number
    if joints is None:
        return socket.send_at_once(f'42["pose",{seq},null,{reached}]')
    return socket.send_at_once(f'451-["pose",{seq},{{"_placeholder":true,"num":0}},{reached}]', joints)
