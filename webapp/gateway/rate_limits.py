"""How much one browser, and one address, may ask for, so that nobody's greed is somebody else's lag; pure.

A browser that sends too fast is refused what is too much and then read more slowly: its messages pile up in its own
machine. An address has a number of connections and of workouts begun, and all that its browsers send together must
not be too much either; people behind one router share these.
"""

from dataclasses import dataclass

from webapp.allowance import Allowance
from webapp.errors import TooMany

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What one browser and all of one address may send a second, and what one address may have."""

    messages_per_s: float
    bytes_per_s: float
    connections: int
    starts_per_minute: float
    address_messages_per_s: float
    address_bytes_per_s: float


class _Sending:
    """What may be sent, of messages and of bytes; `of` says by whom."""

    def __init__(self, messages_per_s: float, bytes_per_s: float, of: str) -> None:
        self._messages = Allowance(messages_per_s, messages_per_s)
        self._bytes = Allowance(bytes_per_s, bytes_per_s)
        self.refusal = f"Too fast: {messages_per_s:g} frames and {bytes_per_s / 1e6:g} MB a second are taken from {of}."

    def take(self, length: int, now_s: float) -> float:
        """Take a message and return 0, or return the seconds after which there is room for it."""
        return max(self._messages.take(1, now_s), self._bytes.take(length, now_s))


class AddressLimit:
    """What the browsers of one address may send together; `connections`: how many they are."""

    def __init__(self, limits: RateLimits) -> None:
        self._sending = _Sending(limits.address_messages_per_s, limits.address_bytes_per_s, "one address")
        self.connections = 0
        self.refusal = self._sending.refusal

    def take(self, length: int, now_s: float) -> float:
        """Take a message and return 0, or return the seconds after which its browser may be read again.

        Each waits as if the others went first: else all would be read again at once, for one of them to be taken.
        """
        return self._sending.take(length, now_s) * max(self.connections, 1)


class BrowserLimit:
    """What one browser may send; `wait_s` says how long it is to be read no further."""

    def __init__(self, limits: RateLimits, address: AddressLimit) -> None:
        self._own = _Sending(limits.messages_per_s, limits.bytes_per_s, "one browser")
        self._address = address
        self.wait_s = 0.0

    def take(self, length: int, now_s: float) -> None:
        """Take a message with that many bytes in it, or raise TooMany; what is refused takes nothing of the others."""
        for limit in (self._own, self._address):
            self.wait_s = limit.take(length, now_s)
            if self.wait_s > 0:
                raise TooMany(limit.refusal)


class Addresses:
    """What is sent, connections and starts by address."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._here: dict[str, AddressLimit] = {}
        self._starts: dict[str, Allowance] = {}

    def connected(self, address: str) -> None:
        """Let one more connection in, or raise TooMany."""
        here = self._here.setdefault(address, AddressLimit(self._limits))
        if here.connections >= self._limits.connections:
            raise TooMany(f"At most {self._limits.connections} connections from one address are taken.")
        here.connections += 1

    def disconnected(self, address: str) -> None:
        """Count one that was let in as gone; with the last one the address is forgotten."""
        self._here[address].connections -= 1
        if not self._here[address].connections:
            del self._here[address]

    def browser(self, address: str) -> BrowserLimit:
        """Return the limit of a browser whose connection was let in."""
        return BrowserLimit(self._limits, self._here[address])

    def started(self, address: str, now_s: float) -> None:
        """Let one more workout begin, or raise TooMany."""
        a_minute = self._limits.starts_per_minute
        self._starts = {one: left for one, left in self._starts.items() if not left.untouched(now_s)}
        wait_s = self._starts.setdefault(address, Allowance(a_minute / _MINUTE_S, a_minute)).take(1, now_s)
        if wait_s > 0:
            raise TooMany(f"Too many workouts were begun from this address; try again in {int(wait_s) + 1} s.")

    def not_started(self, address: str) -> None:
        """Give a start back of which nothing came: whoever waits for room at a full server asks again and again."""
        if address in self._starts:
            self._starts[address].give_back(1)
