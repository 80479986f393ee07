"""Who a browser is: a person is a random name in a signed cookie, and nothing more is asked.

Whoever has the key can be anybody, so it lies in the data folder in a file that its owner alone may read, and not in
the database with what it protects. Several servers for the same people are given the same key.
"""

import os
import secrets
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path

from itsdangerous import BadSignature, Signer

from webapp.errors import Forbidden, SettingsError

COOKIE = "posecoach_person"
KEY_FILE = "secret.key"
KEY_BYTES = 32
NAME_BYTES = 16


class People:
    """Signs and reads what a browser keeps for us; `key` is what makes a signature ours."""

    def __init__(self, key: bytes) -> None:
        self._persons = Signer(key, salt="person")
        self._links = Signer(key, salt="share")
        self._forms = Signer(key, salt="form")
        self._passwords = Signer(key, salt="password")

    def newcomer(self) -> str:
        """Return a new person's name: 128 random bits in hexadecimal."""
        return secrets.token_hex(NAME_BYTES)

    def cookie(self, person: str) -> str:
        """Return what the person's browser keeps."""
        return self._persons.sign(person).decode()

    def person(self, cookie: str) -> str | None:
        """Return the person of a cookie; None when we did not sign it."""
        return _unsigned(self._persons, cookie)

    def link(self, share: str) -> str:
        """Return a share's link: its name, and a signature, so that the store alone gives no link away."""
        return self._links.sign(share).decode()

    def share(self, link: str) -> str | None:
        """Return the name of the share that a link leads to; None when we did not sign it."""
        return _unsigned(self._links, link)

    def form_token(self, person: str) -> str:
        """Return what a form of ours carries, so that no other site can send one in the person's name."""
        return self._forms.get_signature(person).decode()

    def check_form(self, person: str, token: str) -> None:
        """Raise Forbidden unless the token is of a form of ours, made for this person."""
        if not compare_digest(self.form_token(person).encode(), token.encode()):
            raise Forbidden("This form is not from this page, or is too old; open the page anew and try again.")

    def password_signature(self, password: str) -> str:
        """Return what a browser keeps that has given the server's password."""
        return self._passwords.get_signature(password).decode()


def _unsigned(signer: Signer, signed: str) -> str | None:
    try:
        return signer.unsign(signed).decode()
    except (BadSignature, UnicodeError):
        return None


def load_key(folder: Path, given: str = "") -> bytes:
    """Return the key that is given in hexadecimal, or else the one in the folder, made at the first call.

    SettingsError when it is none, cannot be made or is damaged.
    """
    if given:
        return _read_key(given)
    file = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_key(file)
        key = bytes.fromhex(file.read_text())
    except (OSError, ValueError) as exc:
        raise SettingsError(f"The key in {file} cannot be read: {exc}") from exc
    if len(key) != KEY_BYTES:
        raise SettingsError(f"The key in {file} is damaged; delete it (browsers then begin anew) and start again")
    return key


def _read_key(text: str) -> bytes:
    with suppress(ValueError):
        key = bytes.fromhex(text)
        if len(key) == KEY_BYTES:
            return key
    raise SettingsError(
        f"A secret key has {2 * KEY_BYTES} hexadecimal digits; `openssl rand -hex {KEY_BYTES}` makes one"
    )


def _make_key(file: Path) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as made:
        made.write(secrets.token_hex(KEY_BYTES))
