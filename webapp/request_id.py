"""The id of a request, which connects its lines in the log, its answer and a proxy's log.

A page's request and a browser's connection each have one, from the first byte to the last: under eventlet each is a
green thread, and each green thread has its own context.
"""

import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-ID"

_WELL_FORMED = re.compile(r"[\w.-]{1,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("request", default="")


def current() -> str:
    """Return the id of the request being answered; empty outside of one."""
    return _current.get()


def named(app: WSGIApplication, *, behind_proxies: bool) -> WSGIApplication:
    """Return the app with an id for each request: the one from a trusted proxy, or a new one."""

    def enter(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "") if behind_proxies else ""
        name = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        before = _current.set(name)

        def answer(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401 - WSGI's own
            return start_response(status, [*headers, (HEADER, name)], *more)

        try:
            return app(environ, answer)
        finally:
            _current.reset(before)

    return enter
