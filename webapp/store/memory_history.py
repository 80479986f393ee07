"""The queries of `sql_history`, answered from rows in memory. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, tzinfo
from itertools import groupby

from webapp.store.history import (
    MEASURES,
    Day,
    DoneSet,
    Measure,
    Record,
    Totals,
    TrendDay,
    day_of,
    least_count,
    mean,
    monday_of,
)


@dataclass(frozen=True, slots=True)
class SetRow:
    """A set, the name of its workout, and when that began, in whole seconds since 1970."""

    workout: str
    at_s: int
    done: DoneSet


def days(rows: Iterable[SetRow], zone: tzinfo | None) -> list[Day]:
    """See `Store.days`."""
    return [_day(day, of_day) for day, of_day in _by_day(rows, zone)]


def weeks(rows: Iterable[SetRow], zone: tzinfo | None) -> list[date]:
    """See `Store.weeks`."""
    return sorted({monday_of(day_of(row.at_s, zone)) for row in rows})


def totals(rows: Iterable[SetRow]) -> Totals:
    """See `Store.totals`."""
    return _sum(list(rows))


def trend(rows: Iterable[SetRow], zone: tzinfo | None) -> list[TrendDay]:
    """See `Store.trend`."""
    return [_trend_day(day, [row.done for row in of_day]) for day, of_day in _by_day(rows, zone)]


def records(rows: Iterable[SetRow]) -> list[Record]:
    """See `Store.records`."""
    by_exercise: dict[str, list[SetRow]] = {}
    for row in rows:
        by_exercise.setdefault(row.done.exercise, []).append(row)
    found = (_best(by_exercise[name], measure) for name in sorted(by_exercise) for measure in MEASURES)
    return [record for record in found if record is not None]


def _by_day(rows: Iterable[SetRow], zone: tzinfo | None) -> list[tuple[date, list[SetRow]]]:
    in_order = sorted(rows, key=lambda row: row.at_s)
    return [(day, list(of_day)) for day, of_day in groupby(in_order, key=lambda row: day_of(row.at_s, zone))]


def _day(day: date, rows: list[SetRow]) -> Day:
    return Day(day, **asdict(_sum(rows)))


def _sum(rows: list[SetRow]) -> Totals:
    return Totals(
        workouts=len({row.workout for row in rows}),
        sets=len(rows),
        count=sum(row.done.count for row in rows),
        held_s=sum(row.done.held_s for row in rows),
        active_s=sum(row.done.active_s for row in rows),
    )


def _trend_day(day: date, sets: list[DoneSet]) -> TrendDay:
    return TrendDay(
        day,
        sets=len(sets),
        count=max(one.count for one in sets),
        longest_s=max(one.longest_s for one in sets),
        depth=mean(one.depth for one in sets),
        rom_deg=mean(one.rom_deg for one in sets),
    )


def _best(rows: list[SetRow], measure: Measure) -> Record | None:
    least = least_count(measure)
    values = [(getattr(row.done, measure) or 0.0, row) for row in rows if row.done.count >= least]
    value, row = max(values, key=lambda pair: (pair[0], -pair[1].at_s), default=(0.0, rows[0]))
    if value <= 0:
        return None
    return Record(row.done.exercise, measure, float(value), row.workout, row.done.number, row.at_s)
