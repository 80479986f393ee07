"""The short way of frames and poses, past Engine.IO and Socket.IO, whose general way takes as long as all the rest.

A frame is known by its text, and a pose's text is always the same but for its numbers. What looks otherwise, and
everything on a socket that is none of ours, goes the libraries' way, which means the same.
"""

import re
from collections.abc import Callable
from typing import Any, Protocol

SOCKET = "posecoach.socket"
"""Where a connection's environment has its `Socket`."""

_NUMBER = r"(?:0|[1-9][0-9]{0,15})"
_FRAME = re.compile(rf'451-\["frame",({_NUMBER}),({_NUMBER}(?:\.[0-9]{{1,20}})?),\{{"_placeholder":true,"num":0\}}\]')
"""An Engine.IO message (4) with a Socket.IO event that has one binary part (51-), as JSON.stringify writes it."""


class Socket(Protocol):
    """A WebSocket whose messages may be taken and sent without the libraries (`webapp.serving.frames`)."""

    def divert(self, form: re.Pattern[str], take: Callable[[re.Match[str], object], None]) -> None:
        """Give a text of this form to `take`, with the message that follows it."""

    def send_at_once(self, *messages: str | bytes) -> bool:
        """Send the messages without waiting; return whether that was possible: nothing is sent if it was not."""


def take_frames(environ: dict[str, Any], take: Callable[..., None]) -> None:
    """Let `take(seq, t_ms, picture)` have the frames that come on this connection."""
    socket: Socket | None = environ.get(SOCKET)
    if socket is not None:
        socket.divert(_FRAME, lambda text, picture: take(int(text[1]), float(text[2]), picture))


def send_pose(environ: dict[str, Any], seq: int, joints: bytes | None, progress: float | None) -> bool:
    """Send a `pose`; return whether that was possible."""
    socket: Socket | None = environ.get(SOCKET)
    if socket is None:
        return False
    reached = "null" if progress is None else repr(progress)  # as JSON writes a finite number
    if joints is None:
        return socket.send_at_once(f'42["pose",{seq},null,{reached}]')
    return socket.send_at_once(f'451-["pose",{seq},{{"_placeholder":true,"num":0}},{reached}]', joints)
