"""Names, figures, times and days in words. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from webapp.motion.exercise import Exercise

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def spoken(name: str) -> str:
    """Turn a file or rule name into words: `push_up` becomes "Push up"."""
    return name.replace("_", " ").capitalize()


def title_of(library: Mapping[str, Exercise], exercise: str) -> str:
    """Return an exercise's title; of a removed one, its name in words."""
    return library[exercise].title if exercise in library else spoken(exercise)


def enumerated(names: Iterable[str]) -> str:
    """Join names as in a sentence: "Squat, Plank and Lunge"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def stopwatch(seconds: float) -> tuple[str, str]:
    """Return a held time and its unit, with tenths below a minute: 12.3 s, 3:05 min."""
    return (f"{seconds:.1f}", "s") if round(seconds, 1) < 60 else clock(seconds)


def clock(seconds: float) -> tuple[str, str]:
    """Return a time to the nearest second, and its unit: 12 s below a minute, 3:05 min above."""
    whole = round(seconds)
    return (str(whole), "s") if whole < 60 else (f"{whole // 60}:{whole % 60:02d}", "min")


def counted(amount: int, what: str) -> str:
    """Return an amount with its noun: 1 set, 2 sets."""
    return f"{amount:,} {what}" if amount == 1 else f"{amount:,} {what}s"


def held(seconds: float) -> str:
    """Return a time in short: 45 s, 12:30 min, 3:20 h."""
    whole = round(seconds)
    return " ".join(clock(seconds)) if whole < 3600 else f"{whole // 3600}:{whole % 3600 // 60:02d} h"


def roughly(seconds: float) -> str:
    """Return a time where space is tight: 45 s, 3 min, 2 h."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 99.5 * 60 else f"{seconds / 3600:.0f} h"


def listed(parts: Iterable[str]) -> str:
    """Join the non-empty parts with commas."""
    return ", ".join(part for part in parts if part)


def short_day(day: date) -> str:
    """Return a day: 3 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def period(from_day: date | None, until_day: date | None) -> str:
    """Return a period as the end of a sentence; empty if unlimited."""
    if from_day and from_day == until_day:
        return f"on {short_day(from_day)}"
    parts = (f"from {short_day(from_day)}" if from_day else "", f"until {short_day(until_day)}" if until_day else "")
    return " ".join(part for part in parts if part)
