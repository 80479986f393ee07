"""Limits the WebSockets of each address; one too many is refused before its handshake."""

import logging
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from webapp.errors import TooMany
from webapp.gateway.rate_limits import Addresses

_log = logging.getLogger(__name__)


def address_of(environ: WSGIEnvironment) -> str:
    """Return the address that a WSGI request came from."""
    return str(environ.get("REMOTE_ADDR", ""))


def one_address_a_subscriber(app: WSGIApplication) -> WSGIApplication:
    """Return the app with every address in the form in which it is limited (`limited_as`)."""

    def called(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = limited_as(address_of(environ))
        return app(environ, start_response)

    return called


def limited_as(address: str) -> str:
    """Return the first 64 bits of an IPv6 address: a subscriber has all that begin with them (RFC 6177, section 2).

    An IPv4 address mapped into IPv6 becomes itself again; all others stay as they are.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))


def limit_connections(app: WSGIApplication, addresses: Addresses) -> WSGIApplication:
    """Return the limited app. Under eventlet, the call for a WebSocket lasts as long as its connection."""
    warned: set[str] = set()

    def limited(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_UPGRADE" not in environ:
            return app(environ, start_response)
        address = address_of(environ)
        try:
            addresses.connected(address)
        except TooMany as problem:
            if address not in warned:
                warned.add(address)
                _log.warning("refused a connection from %s: %s", address, problem)
            start_response("429 Too Many Requests", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [str(problem).encode()]
        try:
            return app(environ, start_response)
        finally:
            addresses.disconnected(address)
            warned.discard(address)

    return limited
