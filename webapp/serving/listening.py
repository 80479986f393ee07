"""Where the server listens, and how several processes share one port."""

import errno

from eventlet.green import socket

from webapp.errors import SettingsError

Listener = socket.socket


def listen(host: str, port: int) -> socket.socket:
    """Return the listening socket, or raise SettingsError when the address cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as exc:
        raise SettingsError(_why_not(host, port, exc)) from exc
    return listener


def _why_not(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; stop it or choose another one with --port."
    if problem.errno == errno.EACCES:
        return f"Port {port} needs rights that this user has not; choose one from 1024 on with --port."
    return f"{host!r} is no address of this machine ({problem.strerror}); choose another one with --host."
