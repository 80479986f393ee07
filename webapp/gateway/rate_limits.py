"""Limits on what one browser and one address may send, so that nobody slows down others. Pure.

The excess of a browser that sends too fast is refused, and the browser is then read more slowly, so that its messages
pile up in its own machine. An address has limits for connections, for workouts begun, and for everything that its
browsers send together; people behind one router share them.
"""

from dataclasses import dataclass

from webapp.allowance import Allowance
from webapp.errors import TooMany

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Most messages and bytes a second from one browser and from one address, connections and starts of an address."""

    messages_per_s: float
    bytes_per_s: float
    connections: int
    starts_per_minute: float
    address_messages_per_s: float
    address_bytes_per_s: float


class _Sending:
    """Allowance of messages and bytes; `of` names the sender in the refusal."""

    def __init__(self, messages_per_s: float, bytes_per_s: float, of: str) -> None:
        self._messages = Allowance(messages_per_s, messages_per_s)
        self._bytes = Allowance(bytes_per_s, bytes_per_s)
        self.refusal = (
            f"Too fast: {messages_per_s:g} frames and {bytes_per_s / 1e6:g} MB a second are allowed from {of}."
        )

    def take(self, length: int, now_s: float) -> float:
        """Count a message and return 0, or return the seconds until it would be accepted."""
        return max(self._messages.take(1, now_s), self._bytes.take(length, now_s))


class AddressLimit:
    """Limit of what the browsers of one address send together; `connections` is their number."""

    def __init__(self, limits: RateLimits) -> None:
        self._sending = _Sending(limits.address_messages_per_s, limits.address_bytes_per_s, "one address")
        self.connections = 0
        self.refusal = self._sending.refusal

    def take(self, length: int, now_s: float) -> float:
        """Count a message and return 0, or return the seconds until its browser may be read again.

        Each browser waits as if all others went first; otherwise all would be read again at once, and one accepted.
        """
        return self._sending.take(length, now_s) * max(self.connections, 1)


class BrowserLimit:
    """Limit of what one browser sends; `wait_s` is how long to wait before reading on."""

    def __init__(self, limits: RateLimits, address: AddressLimit) -> None:
        self._own = _Sending(limits.messages_per_s, limits.bytes_per_s, "one browser")
        self._address = address
        self.wait_s = 0.0

    def take(self, length: int, now_s: float) -> None:
        """Count a message of `length` bytes. Raises TooMany; what is refused does not count for the address."""
        for limit in (self._own, self._address):
            self.wait_s = limit.take(length, now_s)
            if self.wait_s > 0:
                raise TooMany(limit.refusal)


class Addresses:
    """Messages, connections and starts by address."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._here: dict[str, AddressLimit] = {}
        self._starts: dict[str, Allowance] = {}

    def connected(self, address: str) -> None:
        """Count a new connection. Raises TooMany if there are too many."""
        here = self._here.setdefault(address, AddressLimit(self._limits))
        if here.connections >= self._limits.connections:
            raise TooMany(f"At most {self._limits.connections} connections from one address are allowed.")
        here.connections += 1

    def disconnected(self, address: str) -> None:
        """Count a connection as closed; with the last one the address is forgotten."""
        self._here[address].connections -= 1
        if not self._here[address].connections:
            del self._here[address]

    def browser(self, address: str) -> BrowserLimit:
        """Return the limit of a browser whose connection was counted."""
        return BrowserLimit(self._limits, self._here[address])

    def started(self, address: str, now_s: float) -> None:
        """Count a workout's start. Raises TooMany if there are too many a minute."""
        a_minute = self._limits.starts_per_minute
        self._starts = {one: left for one, left in self._starts.items() if not left.untouched(now_s)}
        wait_s = self._starts.setdefault(address, Allowance(a_minute / _MINUTE_S, a_minute)).take(1, now_s)
        if wait_s > 0:
            raise TooMany(f"Too many workouts were started from this address; try again in {int(wait_s) + 1} s.")

    def not_started(self, address: str) -> None:
        """Do not count a failed start, because a browser that waits for a place on a full server retries repeatedly."""
        if address in self._starts:
            self._starts[address].give_back(1)
