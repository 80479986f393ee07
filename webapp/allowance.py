"""A token bucket. Pure."""


class Allowance:
    """Refills by so much a second up to a maximum (a token bucket); time is passed in."""

    def __init__(self, per_s: float, at_once: float) -> None:
        self._per_s = per_s
        self._at_once = at_once
        self._left = at_once
        self._asked_s = 0.0

    def take(self, amount: float, now_s: float) -> float:
        """Take the amount and return 0; or take nothing and return the seconds until it is available."""
        self._refill(now_s)
        if amount > self._left:
            wanted = min(amount, self._at_once)  # more than the maximum is granted when the bucket is full
            if wanted > self._left:
                return (wanted - self._left) / self._per_s
        self._left -= amount
        return 0.0

    def give_back(self, amount: float) -> None:
        """Put back an unused amount."""
        self._left += amount

    def untouched(self, now_s: float) -> bool:
        """Return whether the bucket is full, so that it can be forgotten."""
        self._refill(now_s)
        return self._left >= self._at_once

    def _refill(self, now_s: float) -> None:
        self._left = min(self._at_once, self._left + (now_s - self._asked_s) * self._per_s)
        self._asked_s = now_s
