"""Password protection of the whole server: what is open without it, and the way to the login."""

import time
from base64 import b64decode
from collections.abc import Iterable
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import parse_cookie

from webapp.errors import TooMany, WrongPassword
from webapp.gateway.connection_limit import address_of
from webapp.password import COOKIE, Password

_LOGIN = "/login"
_OPEN = (_LOGIN, "/healthz", "/readyz", "/authority.pem")
_OPEN_UNDER = ("/static/", "/share/")
"""A share link is its own key and needs no password."""


def require_password(app: WSGIApplication, password: Password) -> WSGIApplication:
    """Return the protected app: without the password, pages redirect to the login and all else gets 401.

    After too many wrong ones, even the right one gets 429 for a while.
    """

    def check(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            enters = _is_open(environ.get("PATH_INFO", "")) or _is_authorised(environ, password)
        except TooMany as problem:
            start_response("429 Too Many Requests", [("Content-Type", "text/plain")])
            return [problem.public_message.encode()]
        if enters:
            return app(environ, start_response)
        if environ["REQUEST_METHOD"] == "GET" and "text/html" in environ.get("HTTP_ACCEPT", ""):
            location = f"{_LOGIN}?next={quote(_requested(environ))}"
            start_response("303 See Other", [("Location", location), ("Cache-Control", "no-store")])
            return [b""]
        challenge = ("WWW-Authenticate", 'Basic realm="PoseCoach"')
        start_response("401 Unauthorized", [("Content-Type", "text/plain"), challenge])
        return [b"This server requires a password."]

    return check


def _requested(environ: WSGIEnvironment) -> str:
    """Return the requested path with its query, as the browser shows it."""
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"))  # WSGI decodes bytes as Latin-1 (PEP 3333)
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_UNDER)


def _is_authorised(environ: WSGIEnvironment, password: Password) -> bool:
    """Whether the request has the cookie of a login or, as tools send it, the password itself (RFC 7617).

    Raises TooMany as `Password.try_it` does.
    """
    if password.was_given(parse_cookie(environ).get(COOKIE, "")):
        return True
    scheme, _, credentials = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = b64decode(credentials, validate=True).partition(b":")[2].decode()
        password.try_it(given, address_of(environ), time.monotonic())
    except (ValueError, WrongPassword):  # not base64, not UTF-8, or wrong
        return False
    return True
