"""Identity: a person is a random name in a signed cookie, nothing more.

Anyone with the key can impersonate anybody, so it is a file in the data folder that only its owner can read, apart from
the database that it protects. Several servers for the same people share one key.
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
    """Signs and verifies what browsers keep; `key` makes the signatures."""

    def __init__(self, key: bytes) -> None:
        self._persons = Signer(key, salt="person")
        self._links = Signer(key, salt="share")
        self._forms = Signer(key, salt="form")
        self._passwords = Signer(key, salt="password")

    def newcomer(self) -> str:
        """Return a new person's name: 128 random bits in hexadecimal."""
        return secrets.token_hex(NAME_BYTES)

    def cookie(self, person: str) -> str:
        """Return a person's cookie."""
        return self._persons.sign(person).decode()

    def person(self, cookie: str) -> str | None:
        """Return a cookie's person; None if the signature is not ours."""
        return _unsigned(self._persons, cookie)

    def link(self, share: str) -> str:
        """Return a share's link: its name and a signature, so that read access to the store reveals no link."""
        return self._links.sign(share).decode()

    def share(self, link: str) -> str | None:
        """Return the name of a link's share; None if the signature is not ours."""
        return _unsigned(self._links, link)

    def form_token(self, person: str) -> str:
        """Return a form's token, which stops other sites from submitting forms in the person's name."""
        return self._forms.get_signature(person).decode()

    def check_form(self, person: str, token: str) -> None:
        """Raise Forbidden unless the token is of one of our forms, made for this person."""
        if not compare_digest(self.form_token(person).encode(), token.encode()):
            raise Forbidden("This form does not belong to this browser; reload the page and try again.")

    def password_signature(self, password: str) -> str:
        """Return the cookie of a browser that has given the server's password."""
        return self._passwords.get_signature(password).decode()


def _unsigned(signer: Signer, signed: str) -> str | None:
    try:
        return signer.unsign(signed).decode()
    except (BadSignature, UnicodeError):
        return None


def load_key(folder: Path, given: str = "") -> bytes:
    """Return the given hexadecimal key, or else the one in the folder, created at the first call.

    Raises SettingsError if it is invalid, damaged or cannot be created.
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
        raise SettingsError(f"The key in {file} is damaged; delete it (browsers then start afresh) and restart")
    return key


def _read_key(text: str) -> bytes:
    with suppress(ValueError):
        key = bytes.fromhex(text)
        if len(key) == KEY_BYTES:
            return key
    raise SettingsError(
        f"A secret key is {2 * KEY_BYTES} hexadecimal digits; `openssl rand -hex {KEY_BYTES}` generates one"
    )


def _make_key(file: Path) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as made:
        made.write(secrets.token_hex(KEY_BYTES))
