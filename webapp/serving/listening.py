"""Where the server listens, and how several processes share one port."""

import errno
import ssl
from collections.abc import Callable
from typing import Any, TypeAlias

import eventlet
from eventlet import hubs, patcher
from eventlet.green import select, socket

from webapp.errors import SettingsError

Listener: TypeAlias = socket.socket

_LONGEST_GIVE_WAY_S = 0.02
_HALF_OF_IT = 10
"""How long a process waits at most before it accepts, and how many connections make it wait half as long."""


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


class SharedListener:
    """A listening socket that several processes accept from, so that each has about as many connections.

    Whoever has more connections, or has no room, leaves the others more time to accept the next one. (SO_REUSEPORT
    would let the kernel share them out by the hash of the address: of twelve browsers nine may land on one of two
    processes, and those that wait for a process that dies are lost.)
    """

    def __init__(self, listener: Listener, connections: Callable[[], int], full: Callable[[], bool]) -> None:
        self._listener = listener
        self._connections = connections
        self._full = full
        self.family = listener.family
        self.getsockname = listener.getsockname
        self.close = listener.close

    def accept(self) -> tuple[Any, Any]:
        """Return the next connection that no other process has accepted, and its address."""
        while True:
            hubs.trampoline(self._listener, read=True)
            eventlet.sleep(self._gives_way_s())
            if self._waits():
                accepted: tuple[Any, Any] = self._listener.accept()
                return accepted

    def _gives_way_s(self) -> float:
        connections = self._connections()
        return _LONGEST_GIVE_WAY_S * (self._full() + connections / (connections + _HALF_OF_IT))

    def _waits(self) -> bool:
        readable, _, _ = select.select([self._listener], [], [], 0)
        return bool(readable)


class TlsListener:
    """A listening socket whose connections speak TLS; each shakes hands in its own time and holds nobody up."""

    def __init__(self, listener: "Listener | SharedListener", context: ssl.SSLContext) -> None:
        self._accept = listener.accept
        self._context = context
        self.family = listener.family
        self.getsockname = listener.getsockname
        self.close = listener.close

    def accept(self) -> tuple[Any, Any]:
        """Return the next connection, whose hands are not yet shaken, and its address."""
        connection, address = self._accept()
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address


def inherited(number: int) -> Listener:
    """Return the listening socket that the parent process has opened, by its file number."""
    return socket.socket(patcher.original("socket").socket(fileno=number))
