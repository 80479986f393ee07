"""Records as rows, rounded to their meaningful decimals. Pure."""

from collections.abc import Mapping
from dataclasses import asdict

from webapp.records import Hold, Rep, Set

_DECIMALS, _DECIMALS_OF_DEGREES = 3, 1
"""A camera's frames are tens of milliseconds apart; an engine's angles vary by degrees between frames."""


def row_of(record: Rep | Hold | Set) -> dict[str, object]:
    """Return the record's fields by name, with rounded figures; what only identifies it is left out."""
    return {name: value for name, value in rounded(asdict(record)).items() if name != "told_s"}


def rounded(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields with rounded figures; names in degrees end with `_deg`."""
    return {name: _rounded(name, value) for name, value in fields.items()}


def _rounded(name: str, value: object) -> object:
    if not isinstance(value, float):
        return value
    return round(value, _DECIMALS_OF_DEGREES if name.endswith("_deg") else _DECIMALS)
