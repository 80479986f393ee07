"""The history's filters, from the query of its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from flask import url_for

from webapp.errors import BadMessage

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """One exercise or all, a period of days, a month of the calendar, a page of the list.

    before: the last workout of the previous page.
    """

    exercise: str | None = None
    from_day: date | None = None
    until_day: date | None = None
    month: date | None = None
    before: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything is filtered out."""
        return any((self.exercise, self.from_day, self.until_day))

    def holds(self, day: date) -> bool:
        """Whether a day is within the period."""
        return (self.from_day is None or self.from_day <= day) and (self.until_day is None or day <= self.until_day)

    def from_s(self, zone: tzinfo | None) -> float | None:
        """Start of the first day, in seconds since 1970."""
        return None if self.from_day is None else _midnight_s(self.from_day, zone)

    def until_s(self, zone: tzinfo | None) -> float | None:
        """End of the last day, in seconds since 1970."""
        return None if self.until_day is None else _midnight_s(self.until_day + timedelta(1), zone)

    @property
    def address(self) -> str:
        """The address with these filters."""
        parts = {
            "exercise": self.exercise,
            "from": self.from_day,
            "until": self.until_day,
            "month": self.month and f"{self.month:%Y-%m}",
            "before": self.before,
        }
        query = urlencode({name: part for name, part in parts.items() if part})
        return url_for("pages.workouts") + (f"?{query}" if query else "")

    def first_page(self) -> "Filters":
        """The same from the beginning of the list."""
        return replace(self, before=None)

    def next_page(self, last: str) -> "Filters":
        """The same from after this workout of the list."""
        return replace(self, before=last)

    def at_month(self, month: date) -> "Filters":
        """The same with another month of the calendar."""
        return replace(self, month=month)

    def on(self, day: date) -> "Filters":
        """The same for one day only."""
        return replace(self, from_day=day, until_day=day, before=None)


def parse_filters(query: Mapping[str, str]) -> Filters:
    """Parse a query. Raises BadMessage for an invalid day or month; empty form fields are ignored."""
    return Filters(
        exercise=query.get("exercise", "")[:LONGEST_NAME] or None,
        from_day=_day(query.get("from", "")),
        until_day=_day(query.get("until", "")),
        month=_day(f"{month}-01") if (month := query.get("month")) else None,
        before=query.get("before") or None,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as exc:
        raise BadMessage("Write a day like 2026-11-14, and a month like 2026-11.") from exc
    if not 1970 < day.year < 9999:
        raise BadMessage("There is no workout in that year.")
    return day


def _midnight_s(day: date, zone: tzinfo | None) -> float:
    return datetime.combine(day, time(), zone).timestamp()
