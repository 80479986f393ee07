"""The web server: eventlet's only home besides `__main__`, and workarounds for its slow parts.

- A WebSocket's frames are read and unmasked quickly (`frames.py`).
- An answer is two small writes, so Nagle's algorithm delays the second until the browser acknowledges the first, up to
  40 ms. TCP_NODELAY on the listening socket is inherited by every connection, and the two become one write.
- Browsers offer to compress every message. JPEG does not shrink any more, so the offer is declined.
- eventlet reads a body only once all of the requested bytes are there; ours is read as it arrives (`body.py`).
"""

import logging
import ssl
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import eventlet
from eventlet import websocket, wsgi

from webapp.serving.body import AsItComes
from webapp.serving.connection_pool import ConnectionPool
from webapp.serving.frames import FrameSocket
from webapp.serving.listening import Listener, SharedListener, TlsListener, inherited, listen
from webapp.serving.stop import Stop

__all__ = ["ConnectionPool", "Listener", "SharedListener", "Stop", "inherited", "install", "listen", "serve"]

_FLUSH_S = 0.2
_PATIENCE = {"socket_timeout": 30.0, "keepalive": 30.0}
"""Seconds that a connection may be silent within and between requests, so that idle ones do not pile up."""

_log = logging.getLogger(__name__)


def install() -> None:
    """Make eventlet create `FrameSocket`s from now on."""
    websocket.RFC6455WebSocket = FrameSocket


def serve(
    app: WSGIApplication,
    listener: Listener | SharedListener,
    stop: Stop,
    notify: Callable[[], None],
    pool: ConnectionPool,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Serve until the order to stop; then accept nobody new, call `notify` to notify the connected, and return."""
    own = {} if tls is None else {"wsgi.url_scheme": "https"}
    entrance = listener if tls is None else TlsListener(listener, tls)

    def uncompressed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        environ["wsgi.input"].rfile = AsItComes(environ["wsgi.input"].rfile)
        return app(environ, start_response)

    how = {"log": _log, "log_output": False, "debug": False, "custom_pool": pool, "environ": own, "protocol": _answer}
    server = eventlet.spawn(wsgi.server, entrance, uncompressed, **how, **_PATIENCE)
    eventlet.sleep(0)  # start listening even if the order has already come
    stop.wait()
    listener.close()
    notify()
    eventlet.sleep(_FLUSH_S)
    server.kill()


def _answer(connection: Any, server: Any) -> None:  # noqa: ANN401 - eventlet's own
    """Serve a connection until it ends. A client without TLS, or that does not trust us, is no server error."""
    try:
        wsgi.HttpProtocol(connection, server)
    except ssl.SSLError as exc:
        _log.info("no https with %s: %s", connection[0][0], exc.reason or exc)
