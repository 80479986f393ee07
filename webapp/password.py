"""The server's password, and the signature that a browser keeps instead of it."""

from hmac import compare_digest

from webapp.allowance import Allowance
from webapp.errors import TooMany, WrongPassword

COOKIE = "posecoach_entered"

_TRIES, _TRIES_PER_S = 10, 1 / 6


class Password:
    """Checks the password; a new password invalidates the old `signature`, made from it with the server's key."""

    def __init__(self, password: str, signature: str) -> None:
        self._password = password.encode()
        self.signature = signature
        self._tries: dict[str, Allowance] = {}

    def try_it(self, given: str, address: str, now_s: float) -> None:
        """Raise WrongPassword for a wrong one, and TooMany after ten wrong ones from an address within a minute."""
        self._tries = {one: left for one, left in self._tries.items() if not left.untouched(now_s)}
        tries = self._tries.setdefault(address, Allowance(_TRIES_PER_S, _TRIES))
        wait_s = tries.take(1, now_s)
        if wait_s > 0:
            raise TooMany(f"Too many wrong passwords from this address; try again in {int(wait_s) + 1} s.")
        if not compare_digest(given.encode(), self._password):  # in a time that does not reveal how much is right
            raise WrongPassword("That is not the password.")
        tries.give_back(1)

    def was_given(self, cookie: str) -> bool:
        """Whether a browser's cookie proves that it gave the password."""
        return compare_digest(cookie.encode(), self.signature.encode())
