"""Personal records in words. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from webapp.motion.exercise import Exercise
from webapp.pages.wording import counted, held, title_of
from webapp.store.history import Measure, Record, day_of

SAID: Mapping[Measure, tuple[str, Callable[[float], str]]] = {
    "count": ("in a set", lambda value: counted(int(value), "repetition")),
    "longest_s": ("longest hold", held),
    "total": ("in a workout", lambda value: counted(int(value), "repetition")),
    "rom_deg": ("mean range of a set", lambda value: f"{value:.0f}°"),
    "depth": ("of the target, mean of a set", lambda value: f"{100 * value:.0f}%"),
}
"""What each record is of, and how its value is formatted; if nothing is counted, seconds held in a workout are a time.
"""


@dataclass(frozen=True, slots=True)
class Best:
    """One record: `12 repetitions`, `in a set`, and where it was reached."""

    value: str
    what: str
    workout: str
    day: date


@dataclass(frozen=True, slots=True)
class Bests:
    """The records of one exercise."""

    exercise: str
    title: str
    bests: tuple[Best, ...]


def said(records: Iterable[Record], library: Mapping[str, Exercise], zone: tzinfo | None) -> list[Bests]:
    """Return the records by exercise, ordered by title."""
    by_exercise: dict[str, list[Record]] = {}
    for record in records:
        by_exercise.setdefault(record.exercise, []).append(record)
    every = [Bests(name, title_of(library, name), _bests(own, zone)) for name, own in by_exercise.items()]
    return sorted(every, key=lambda one: one.title)


def _bests(records: list[Record], zone: tzinfo | None) -> tuple[Best, ...]:
    by = {record.measure: record for record in records}
    if "rom_deg" in by:
        by.pop("depth", None)  # would repeat the other one
    return tuple(_best(record, zone, timed="count" not in by) for record in by.values())


def _best(record: Record, zone: tzinfo | None, *, timed: bool) -> Best:
    what, say = SAID[record.measure]
    if timed and record.measure == "total":
        what, say = "held in a workout", held
    return Best(say(record.value), what, record.workout, day_of(record.at_s, zone))
