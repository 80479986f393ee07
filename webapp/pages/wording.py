"""Names and figures in words. Pure."""

from collections.abc import Iterable, Mapping

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
