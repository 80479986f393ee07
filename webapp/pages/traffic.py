"""Rate limit and access log of pages."""

import logging
import time
from functools import partial, update_wrapper
from http import HTTPStatus

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

UNLIMITED = frozenset({"static", "healthz", "readyz", "show_metrics", "pages.upload_status"})
"""Not limited: cached files, machine endpoints, and the status that an upload's page polls every second."""

_REDIS_PATIENCE_S = 1

_log = logging.getLogger(__name__)


def limit(flask: Flask, per_minute: int, redis: str) -> None:
    """Answer 429, with Retry-After, to an address that requests more than so many pages a minute.

    redis: URL of the Redis in which several servers count together; empty to count in this process only, as also
    happens while Redis does not answer.
    """
    for view in flask.view_functions.values():
        if isinstance(view, partial):
            update_wrapper(view, view.func)  # the limiter asks every view for its name
    patience = {"socket_timeout": _REDIS_PATIENCE_S, "socket_connect_timeout": _REDIS_PATIENCE_S}

    @flask.after_request  # registered first, so called last: after the limiter
    def tell_no_other_to_wait(response: Response) -> Response:
        if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.pop("Retry-After", None)
        return response

    limiter = Limiter(
        get_remote_address,
        app=flask,
        application_limits=[f"{per_minute} per minute"],  # all pages together
        headers_enabled=True,
        storage_uri=redis or "memory://",
        storage_options=patience if redis else {},  # type: ignore[arg-type]  # documented as int or str; both are accepted
        in_memory_fallback_enabled=bool(redis),
        key_prefix="posecoach",
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)


def tell(flask: Flask) -> None:
    """Log each page at level info by the pattern of its address: the address itself may be a secret link."""

    @flask.before_request
    def begin() -> None:
        g.began_s = time.monotonic()

    @flask.after_request
    def end(response: Response) -> Response:
        pattern = request.url_rule.rule if request.url_rule else "an unknown address"
        took_ms = (time.monotonic() - g.get("began_s", time.monotonic())) * 1000
        _log.info("%s %s: %d in %.0f ms", request.method, pattern, response.status_code, took_ms)
        return response
