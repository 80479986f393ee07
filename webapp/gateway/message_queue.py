"""Socket.IO's message queue between servers (over Redis) or between the processes of one server.

Messages to a process's own browsers, such as poses, bypass it (`ignore_queue`).
"""

import queue
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from socketio import PubSubManager

from webapp.errors import SettingsError
from webapp.siblings import Siblings

CHANNEL = "posecoach"


def message_queue(url: str, siblings: Siblings | None) -> dict[str, Any]:
    """Return the arguments for Flask-SocketIO: for the queue at the URL, for the siblings, or none."""
    if url:
        if find_spec("redis") is None:
            raise SettingsError("redis is not installed; run `.venv/bin/pip install redis`, or omit --message-queue")
        return {"message_queue": url, "channel": CHANNEL}
    return {"client_manager": SiblingQueue(siblings)} if siblings is not None else {}


class SiblingQueue(PubSubManager):  # type: ignore[misc]  # python-socketio has no types
    """The message queue between the processes of one server."""

    name = "siblings"

    def __init__(self, siblings: Siblings) -> None:
        super().__init__(channel=CHANNEL)
        self._siblings = siblings
        self._heard: queue.Queue[Any] = queue.Queue()
        siblings.on("message", self._heard.put)

    def _publish(self, data: dict[str, Any]) -> None:
        self._siblings.ask("message", data)

    def _listen(self) -> Iterator[Any]:
        while True:
            yield self._heard.get()
