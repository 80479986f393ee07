"""How much may be asked for in a time; pure."""


class Allowance:
    """So much a second, and at most so much at once after a rest (a token bucket); the time is passed in."""

    def __init__(self, per_s: float, at_once: float) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._left = at_once
        self._asked_s = 0.0

    def take(self, amount: float, now_s: float) -> float:
        """Take it and return 0; or take nothing and return the seconds after which there is enough."""
        self._refill(now_s)
        if amount > self._left:
            wanted = min(amount, self._at_once)  # more than ever lies ready is taken when all of it does
            if wanted > self._left:
                return (wanted - self._left) / self._per_s
        self._left -= amount
        return 0.0

    def give_back(self, amount: float) -> None:
        """Put back what was taken and not used."""
        self._left += amount

    def untouched(self, now_s: float) -> bool:
        """Return whether all of it lies ready, so that it may be forgotten."""
        self._refill(now_s)
        return self._left >= self._at_once

    def _refill(self, now_s: float) -> None:
        self._left = min(self._at_once, self._left + (now_s - self._asked_s) * self._per_s)
        self._asked_s = now_s
