"""Listening sockets: plain, shared by several processes, and with TLS."""

import errno
import ssl
from collections.abc import Callable
from typing import Any, TypeAlias

import eventlet
from eventlet import hubs, patcher
from eventlet.green import select, socket

from webapp.errors import SettingsError

Listener: TypeAlias = socket.socket

_LONGEST_DELAY_S = 0.02
_CONNECTIONS_AT_HALF_DELAY = 10
"""Longest delay before a process accepts, and the number of connections at which it waits half of that."""


def listen(host: str, port: int) -> socket.socket:
    """Return the listening socket. Raises SettingsError if the address cannot be bound."""
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
        return f"Port {port} is used by another program; stop it or choose another port with --port."
    if problem.errno == errno.EACCES:
        return f"Port {port} needs privileges that this user lacks; choose 1024 or higher with --port."
    return f"{host!r} is not an address of this machine ({problem.strerror}); choose another one with --host."


class SharedListener:
    """A listening socket that several processes accept from, so that each has about the same number of connections.

    A process with more connections, or without room, leaves the others more time to accept the next one. (SO_REUSEPORT
    would let the kernel distribute them by the hash of the address: of twelve browsers nine may land on one of two
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
        """Return the next connection that no other process accepts first, and its address."""
        while True:
            hubs.trampoline(self._listener, read=True)
            eventlet.sleep(self._delay_s())
            if self._is_readable():
                accepted: tuple[Any, Any] = self._listener.accept()
                return accepted

    def _delay_s(self) -> float:
        connections = self._connections()
        return _LONGEST_DELAY_S * (self._full() + connections / (connections + _CONNECTIONS_AT_HALF_DELAY))

    def _is_readable(self) -> bool:
        readable, _, _ = select.select([self._listener], [], [], 0)
        return bool(readable)


class TlsListener:
    """A listening socket with TLS; handshakes happen later, each in its connection's thread, and block nobody."""

    def __init__(self, listener: "Listener | SharedListener", context: ssl.SSLContext) -> None:
        self._accept = listener.accept
        self._context = context
        self.family = listener.family
        self.getsockname = listener.getsockname
        self.close = listener.close

    def accept(self) -> tuple[Any, Any]:
        """Return the next connection, before its handshake, and its address."""
        connection, address = self._accept()
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address


def inherited(number: int) -> Listener:
    """Return the listening socket that the parent process opened, by its file descriptor."""
    return socket.socket(patcher.original("socket").socket(fileno=number))
