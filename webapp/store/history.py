"""Rows for each set of finished workouts, and the days, trends and records made of them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import fmean
from typing import Literal

from webapp.records import Hold, Rep, Set, Summary, active_s

Measure = Literal["count", "longest_s", "total", "rom_deg", "depth"]
MEASURES: tuple[Measure, ...] = ("count", "longest_s", "total", "rom_deg", "depth")
"""The measures with records; see `DoneSet`."""


@dataclass(frozen=True, slots=True)
class DoneSet:
    """One set of a finished workout.

    start_s, end_s: on the clock of its events. active_s: within repetitions and holds. count: counted repetitions.
    longest_s: its longest hold. total: repetitions counted, or else seconds held, of this exercise in the workout up to
    and including this set. depth, rom_deg: means over the counted repetitions; None without any, or if it is not an
    angle.
    """

    number: int
    exercise: str
    start_s: float
    end_s: float
    active_s: float
    count: int
    held_s: float
    longest_s: float
    total: float
    depth: float | None
    rom_deg: float | None
    target: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day with workouts, and how much was done."""

    day: date
    workouts: int
    sets: int
    count: int
    held_s: float
    active_s: float


@dataclass(frozen=True, slots=True)
class Totals:
    """How much was done in total."""

    workouts: int = 0
    sets: int = 0
    count: int = 0
    held_s: float = 0.0
    active_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TrendDay:
    """A day on which an exercise was done.

    count: most repetitions in a set. longest_s: the longest hold. depth, rom_deg: means over the day's sets.
    """

    day: date
    sets: int
    count: int
    longest_s: float
    depth: float | None
    rom_deg: float | None


@dataclass(frozen=True, slots=True)
class Record:
    """A person's best in an exercise, with the workout and set in which it was first reached.

    value: in the measure's unit. at_s: when that workout began, in whole seconds since 1970.
    """

    exercise: str
    measure: Measure
    value: float
    workout: str
    set: int
    at_s: int


def least_count(measure: Measure) -> int:
    """Return how many counted repetitions make a set's value a record.

    A mean over fewer than three is none: a single deep repetition would stand for ever.
    """
    return 3 if measure in ("depth", "rom_deg") else 0


def sets_of(summary: Summary) -> tuple[Set, ...]:
    """Return a summary's sets; for a workout that predates sets, everything as one set."""
    events: tuple[Rep | Hold, ...] = (*summary.reps, *summary.holds)
    if summary.sets or not events:
        return summary.sets
    start_s, end_s = min(event.start_s for event in events), max(event.end_s for event in events)
    return (Set(1, summary.exercise, start_s, end_s, summary.count, summary.held_s, "ended"),)


def done_sets(summary: Summary) -> list[DoneSet]:
    """Return the rows of a finished workout, in the order of its sets."""
    totals: dict[str, float] = {}
    rows = []
    for workout_set in sets_of(summary):
        reps = [rep for rep in summary.reps if rep.set == workout_set.number]
        holds = [hold for hold in summary.holds if hold.set == workout_set.number]
        totals[workout_set.exercise] = totals.get(workout_set.exercise, 0.0) + (workout_set.count or workout_set.held_s)
        rows.append(_done(workout_set, reps, holds, totals[workout_set.exercise]))
    return rows


def day_of(at_s: float, zone: tzinfo | None) -> date:
    """Return the day of a time in seconds since 1970; zone None is the server's own."""
    return datetime.fromtimestamp(at_s, zone).date()


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(day.weekday())


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the known values, or None."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def tempo_s(reps: Sequence[Rep]) -> tuple[float, float, float]:
    """Return the mean seconds of lowering, pause and lifting over at least one repetition."""
    return (
        fmean(rep.eccentric_s for rep in reps),
        fmean(rep.pause_s for rep in reps),
        fmean(rep.concentric_s for rep in reps),
    )


def _done(workout_set: Set, reps: list[Rep], holds: list[Hold], total: float) -> DoneSet:
    counted = [rep for rep in reps if rep.counted]
    return DoneSet(
        number=workout_set.number,
        exercise=workout_set.exercise,
        start_s=workout_set.start_s,
        end_s=workout_set.end_s,
        active_s=active_s(reps, holds),
        count=workout_set.count,
        held_s=workout_set.held_s,
        longest_s=max((hold.held_s for hold in holds), default=0.0),
        total=total,
        depth=mean(rep.depth for rep in counted),
        rom_deg=mean(rep.rom_deg for rep in counted),
        target=workout_set.target,
    )
