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
PATIENCE_S = 1


def message_queue(url: str, siblings: Siblings | None) -> dict[str, Any]:
    """Return the arguments for Flask-SocketIO: for the queue at the URL, for the siblings, or none."""
    if url:
        return {"message_queue": url, "channel": CHANNEL}
    return {"client_manager": SiblingQueue(siblings)} if siblings is not None else {}


def silence(url: str) -> str:
    """Return why the Redis at the URL does not answer; empty if it does.

    Raises SettingsError if the URL is not of a Redis, or its package is not installed.
    """
    if find_spec("redis") is None:
        raise SettingsError("redis is not installed; run `.venv/bin/pip install redis`, or omit --message-queue.")
    import redis  # noqa: PLC0415 - only several servers need it
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    patience = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}
    try:
        if not url.startswith(("redis://", "rediss://")):
            raise ValueError("another scheme")
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as client:
            client.ping()
    except ValueError as exc:  # says part of the password
        raise SettingsError(
            "--message-queue is no Redis URL; give it as redis://HOST, or redis://:PASSWORD@HOST:6379/0."
        ) from exc
    except redis.RedisError as exc:
        return str(exc).rstrip(".")
    return ""


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
