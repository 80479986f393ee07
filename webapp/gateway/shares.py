"""How much one browser, and one address, may ask for, so that nobody's greed is somebody else's lag; pure.

A browser that sends too fast is refused what is too much and then read more slowly: its messages pile up in its own
machine. An address has a number of connections and of workouts begun; people behind one router share them.
"""

from collections import Counter
from dataclasses import dataclass

from webapp.allowance import Allowance
from webapp.errors import TooMany

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Shares:
    """What one browser may send a second, and what one address may have."""

    messages_per_s: float
    bytes_per_s: float
    connections: int
    starts_per_minute: float


class MessageShare:
    """What one browser may send; `wait_s` says how long it is to be read no further."""

    def __init__(self, shares: Shares) -> None:
        self._messages = Allowance(shares.messages_per_s, shares.messages_per_s)
        self._bytes = Allowance(shares.bytes_per_s, shares.bytes_per_s)
        self._refusal = (
            f"Too fast: {shares.messages_per_s:g} frames and {shares.bytes_per_s / 1e6:g} MB a second are taken from "
            "one browser."
        )
        self.wait_s = 0.0

    def take(self, length: int, now_s: float) -> None:
        """Take a message with that many bytes in it, or raise TooMany."""
        self.wait_s = max(self._messages.take(1, now_s), self._bytes.take(length, now_s))
        if self.wait_s > 0:
            raise TooMany(self._refusal)


class Addresses:
    """Connections and starts by address."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._connections: Counter[str] = Counter()
        self._starts: dict[str, Allowance] = {}

    def connected(self, address: str) -> None:
        """Let one more connection in, or raise TooMany."""
        if self._connections[address] >= self._shares.connections:
            raise TooMany(f"At most {self._shares.connections} connections from one address are taken.")
        self._connections[address] += 1

    def disconnected(self, address: str) -> None:
        """Count one that was let in as gone."""
        self._connections[address] -= 1
        if not self._connections[address]:
            del self._connections[address]

    def started(self, address: str, now_s: float) -> None:
        """Let one more workout begin, or raise TooMany."""
        a_minute = self._shares.starts_per_minute
        self._starts = {one: left for one, left in self._starts.items() if not left.untouched(now_s)}
        wait_s = self._starts.setdefault(address, Allowance(a_minute / _MINUTE_S, a_minute)).take(1, now_s)
        if wait_s > 0:
            raise TooMany(f"Too many workouts were begun from this address; try again in {int(wait_s) + 1} s.")

    def not_started(self, address: str) -> None:
        """Give a start back of which nothing came: whoever waits for room at a full server asks again and again."""
        if address in self._starts:
            self._starts[address].give_back(1)
