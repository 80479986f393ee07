"""Workouts looked back on: a row for each set that was done, and what days, trends and records are made of. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from statistics import fmean
from typing import Literal

from webapp.records import Hold, Rep, Set, Summary, active_s

Measure = Literal["count", "longest_s", "total", "rom_deg", "depth"]
MEASURES: tuple[Measure, ...] = ("count", "longest_s", "total", "rom_deg", "depth")
"""What there are records of; see `DoneSet`."""

MEAN_OF_REPS = 3
"""A mean of fewer repetitions is no record: one deep repetition alone would stand for ever."""


@dataclass(frozen=True, slots=True)
class DoneSet:
    """One set of a workout that has ended.

    start_s, end_s: on the clock of its events. active_s: within repetitions, and held. count: counted repetitions.
    longest_s: its longest hold. total: repetitions counted, or else seconds held, of this exercise in the workout up to
    and with this set. depth, rom_deg: means over the counted repetitions; None where there is none, or no angle.
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
    """A day with workouts, and how much was done in them."""

    day: date
    workouts: int
    sets: int
    count: int
    held_s: float
    active_s: float


@dataclass(frozen=True, slots=True)
class Totals:
    """How much was done in all."""

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
    """The most that a person has reached in an exercise, and the workout and set in which it was first reached.

    value: in the measure's unit. at_s: when that workout began, in whole seconds since 1970.
    """

    exercise: str
    measure: Measure
    value: float
    workout: str
    set: int
    at_s: int


def sets_of(summary: Summary) -> tuple[Set, ...]:
    """Return a summary's sets; of a workout from before there were sets, all that was done in it as one."""
    events: tuple[Rep | Hold, ...] = (*summary.reps, *summary.holds)
    if summary.sets or not events:
        return summary.sets
    start_s, end_s = min(event.start_s for event in events), max(event.end_s for event in events)
    return (Set(1, summary.exercise, start_s, end_s, summary.count, summary.held_s, "ended"),)


def done_sets(summary: Summary) -> list[DoneSet]:
    """Return the rows of a workout that has ended, in the order of its sets."""
    totals: dict[str, float] = {}
    rows = []
    for one in sets_of(summary):
        reps = [rep for rep in summary.reps if rep.set == one.number]
        holds = [hold for hold in summary.holds if hold.set == one.number]
        totals[one.exercise] = totals.get(one.exercise, 0.0) + (one.count or one.held_s)
        rows.append(_done(one, reps, holds, totals[one.exercise]))
    return rows


def day_of(at_s: float, zone: tzinfo | None) -> date:
    """Return the day of a time in seconds since 1970; in the server's own time zone where none is named."""
    return datetime.fromtimestamp(at_s, zone).date()


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of what is known, or None."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _done(one: Set, reps: list[Rep], holds: list[Hold], total: float) -> DoneSet:
    counted = [rep for rep in reps if rep.counted]
    return DoneSet(
        number=one.number,
        exercise=one.exercise,
        start_s=one.start_s,
        end_s=one.end_s,
        active_s=active_s(reps, holds),
        count=one.count,
        held_s=one.held_s,
        longest_s=max((hold.held_s for hold in holds), default=0.0),
        total=total,
        depth=mean(rep.depth for rep in counted),
        rom_deg=mean(rep.rom_deg for rep in counted),
        target=one.target,
    )
