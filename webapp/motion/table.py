"""Reads a table of an exercise's TOML; errors give the file, the key and what is allowed."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeGuard

from webapp.errors import ExerciseError

LONGEST_TEXT = 500
SHOWN = 60
"""Characters of a wrong value in its error."""
LIKE = 0.7
"""How alike a misspelt key is; of the keys of one table, no two are as much as 0.65."""


class Table:
    """A TOML table at `path` of the file `source`. Every method that reads raises ExerciseError."""

    def __init__(self, source: str, path: str, content: object) -> None:
        self.source = source
        self.path = path
        if not isinstance(content, Mapping):
            raise ExerciseError(f"{source}: {path.rstrip('.') or 'the file'} is {_shown(content)}; it must be a table")
        self.content: dict[str, object] = dict(content)
        self.known: set[str] = set()

    def wrong(self, key: str, allowed: str) -> ExerciseError:
        """Return the error that says what a key must be."""
        found = _shown(self.content[key]) if key in self.content else "missing"
        if like := self.misspelt(key):
            found += f", or misspelt as {like}"
        return ExerciseError(f"{self.source}: {self.path}{key} is {found}; it must be {allowed}")

    def misspelt(self, key: str) -> str | None:
        """Return an unknown key that is spelt like a missing one."""
        unread = self.content.keys() - self.known
        return next(iter(get_close_matches(key, unread, 1, LIKE)), None) if key not in self.content else None

    def text(self, key: str, default: str | None = None, allowed: tuple[str, ...] = ()) -> str:
        """Read a text, one of `allowed` unless that is empty; without a default it must say something."""
        self.known.add(key)
        value = self.content.get(key, default)
        if allowed and value not in allowed:
            raise self.wrong(key, ("one of " if len(allowed) > 1 else "") + ", ".join(one or '""' for one in allowed))
        if not _is_text(value) or (default is None and not value.strip()):
            raise self.wrong(key, f"a text of at most {LONGEST_TEXT} characters, without a NUL")
        return value

    def number(self, key: str, default: float | None = None, low: float = -1e6, high: float = 1e6) -> float:
        """Read a number from `low` to `high`."""
        self.known.add(key)
        value = self.content.get(key, default)
        if not _is_number(value) or not low <= value <= high:
            bounds = f" from {low:g} to {high:g}" if (low, high) != (-1e6, 1e6) else ""
            raise self.wrong(key, "a number" + bounds)
        return float(value)

    def end(self, key: str, unlimited: float, low: float, high: float) -> float:
        """Read an end of a range, from `low` to `high`; `unlimited` if missing."""
        self.known.add(key)
        return self.number(key, None, low, high) if key in self.content else unlimited

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """Read a whole number from `low` to `high`."""
        self.known.add(key)
        value = self.content.get(key, default)
        if not _is_number(value) or value not in range(low, high + 1):
            raise self.wrong(key, f"a whole number from {low} to {high}")
        return int(value)

    def truth(self, key: str) -> bool:
        """Read true or false; false if missing."""
        self.known.add(key)
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def table(self, key: str) -> "Table":
        """Read a table within this one; empty if missing."""
        self.known.add(key)
        if self.misspelt(key):
            raise self.wrong(key, "a table")
        return Table(self.source, f"{self.path}{key}.", self.content.get(key, {}))

    def tables(self, key: str) -> Iterator["Table"]:
        """Read a list of tables; all keys of one must be read before the next."""
        self.known.add(key)
        rows = self.content.get(key, [])
        if not isinstance(rows, list):
            raise self.wrong(key, f"a list of tables, each headed [[{self.path}{key}]]")
        for number, row in enumerate(rows, start=1):
            table = Table(self.source, f"{self.path}{key}[{number}].", row)
            yield table
            table.done()

    def row(self, key: str, number: int) -> "Table":
        """Return a table of a list that has been read, the first being number 1."""
        rows = self.content[key]
        return Table(self.source, f"{self.path}{key}[{number}].", rows[number - 1] if isinstance(rows, list) else rows)

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, none of them empty."""
        self.known.add(key)
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(_is_text(text) and text.strip() for text in value):
            raise self.wrong(key, f"a list of texts of at most {LONGEST_TEXT} characters each, without a NUL")
        return tuple(value)

    def pair(self, key: str, low: float, high: float) -> tuple[float, float] | None:
        """Read two numbers from `low` to `high`, the lower first; None if missing."""
        self.known.add(key)
        value = self.content.get(key)
        if value is None:
            return None
        if not _is_pair(value) or not low <= value[0] <= value[1] <= high:
            raise self.wrong(key, f"two numbers from {low:g} to {high:g}, the lower first")
        return float(value[0]), float(value[1])

    def done(self) -> None:
        """Raise ExerciseError for a key that has not been read."""
        for key in sorted(self.content.keys() - self.known):
            known = ", ".join(sorted(self.known))
            raise ExerciseError(f"{self.source}: {self.path}{key:.{SHOWN}} is unknown; known are {known}")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_pair(value: object) -> TypeGuard[list[float]]:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


def _is_text(value: object) -> TypeGuard[str]:
    """Return whether a value is a text that can be stored: PostgreSQL takes no NUL."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\0" not in value


def _shown(value: object) -> str:
    """Return a value as an error shows it."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of too many digits, tables in tables
        return "a value too long to show"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
