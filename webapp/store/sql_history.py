"""Queries over many workouts: a person's list, and what the rows of their sets answer.

The selected sets are a condition on `SETS`, or on an alias of it, so that one index answers each query.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Any

import sqlalchemy as sa

from webapp.records import Summary
from webapp.store.history import MEASURES, Day, Measure, Record, Totals, TrendDay, done_sets, least_count
from webapp.store.schema import AMOUNTS, EVENTS, SETS, WORKOUTS

EPOCH = date(1970, 1, 1)
MONDAY = 3
"""1970 began on a Thursday, this many days after a Monday."""

DAY_S = 86400
WEEK_S = 7 * DAY_S

Columns = sa.ColumnCollection[str, sa.ColumnElement[Any]]
Condition = Callable[[Columns], Sequence[sa.ColumnElement[bool]]]
"""Selects sets, by the columns of the table or of an alias."""


def keep_sets(connection: sa.Connection, workout: str, summary: Summary) -> None:
    """Replace the rows of the workout's sets with those of a summary."""
    begun = connection.execute(sa.select(WORKOUTS.c.person, WORKOUTS.c.started_at_s).where(WORKOUTS.c.id == workout))
    person, started_at_s = begun.one()
    own = {"workout": workout, "person": person, "at_s": int(started_at_s)}
    connection.execute(sa.delete(SETS).where(SETS.c.workout == workout))
    rows = [own | asdict(one) for one in done_sets(summary)]
    if rows:
        connection.execute(sa.insert(SETS), rows)


def between(at_s: sa.ColumnElement[Any], from_s: float | None, until_s: float | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for a time at or after one time and before another; no condition where None."""
    since = [] if from_s is None else [at_s >= from_s]
    return since if until_s is None else [*since, at_s < until_s]


def own_sets(person: str, exercise: str | None, from_s: float | None, until_s: float | None) -> Condition:
    """Return the condition for a person's sets; PostgreSQL uses no index of whole numbers to find a fraction."""
    since, until = (None if at_s is None else ceil(at_s) for at_s in (from_s, until_s))

    def own(columns: Columns) -> list[sa.ColumnElement[bool]]:
        of_exercise = [] if exercise is None else [columns.exercise == exercise]
        return [columns.person == person, *of_exercise, *between(columns.at_s, since, until)]

    return own


def listed(
    person: str, done: bool, exercise: str | None, times: list[sa.ColumnElement[bool]], before: str | None
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for workouts in a person's list, see `Store.recent`; times: those of their start."""
    columns = WORKOUTS.c
    wanted = [columns.person == person, *times]
    if done:
        wanted.append(sa.exists().where(EVENTS.c.workout == columns.id, EVENTS.c.kind != "cue"))
    if exercise is not None:
        with_it = sa.select(SETS.c.workout).where(SETS.c.person == person, SETS.c.exercise == exercise)
        wanted.append(columns.id.in_(with_it) | (columns.summary.is_(None) & (columns.exercise == exercise)))
    if before is not None:
        wanted.append(_comes_after(person, before))
    return wanted


def _comes_after(person: str, workout: str) -> sa.ColumnElement[bool]:
    """Return the condition for workouts that follow this one in the person's list, newest first."""
    last, columns = WORKOUTS.alias(), WORKOUTS.c
    its_start = sa.select(last.c.started_at_s).where(last.c.id == workout, last.c.person == person).scalar_subquery()
    return (columns.started_at_s < its_start) | ((columns.started_at_s == its_start) & (columns.id < workout))


def days(connection: sa.Connection, zone: tzinfo | None, condition: Condition) -> list[Day]:
    """See `Store.days`."""
    return [Day(day, *amounts) for day, *amounts in _by_day(connection, zone, condition, _amounts())]


def weeks(connection: sa.Connection, zone: tzinfo | None, condition: Condition, *, whole: bool) -> list[date]:
    """See `Store.weeks`; for whole workouts, of all exercises, the first sets suffice."""
    day = _day_in(connection, zone, condition)
    if day is None:
        return []
    week = (day + MONDAY) // _number(7)
    first = [SETS.c.number == 1] if whole else []
    done = connection.scalars(sa.select(week).where(*condition(SETS.c), *first).distinct())
    return [EPOCH + timedelta(7 * since - MONDAY) for since in sorted(done)]


def totals(connection: sa.Connection, condition: Condition, *, whole: bool) -> Totals:
    """See `Store.totals`; whole workouts, of all exercises, are counted by their first sets."""
    columns = SETS.c
    first = sa.func.sum(sa.case((columns.number == 1, 1), else_=0))
    workouts = first if whole else sa.func.count(columns.workout.distinct())
    amounts = sa.select(workouts, sa.func.count(), *_sums()).where(*condition(columns))
    return Totals(*(amount or 0 for amount in connection.execute(amounts).one()))


def trend(connection: sa.Connection, zone: tzinfo | None, condition: Condition) -> list[TrendDay]:
    """See `Store.trend`."""
    columns = SETS.c
    measures = [
        sa.func.count(),
        sa.func.max(columns.count),
        sa.func.max(columns.longest_s),
        sa.func.avg(columns.depth),
        sa.func.avg(columns.rom_deg),
    ]
    return [TrendDay(day, *values) for day, *values in _by_day(connection, zone, condition, measures)]


def records(connection: sa.Connection, condition: Condition) -> list[Record]:
    """See `Store.records`."""
    exercises = _exercises(connection, condition)
    if not exercises:
        return []
    done = sa.values(sa.column("exercise", sa.String)).data([(name,) for name in exercises]).cte("done")
    found = connection.execute(sa.union_all(*(_best(measure, done, condition) for measure in MEASURES)))
    order = {measure: at for at, measure in enumerate(MEASURES)}
    rows = sorted(found, key=lambda row: (row.exercise, order[row.measure]))
    return [Record(row.exercise, row.measure, row.value, row.workout, row.number, row.at_s) for row in rows]


def _exercises(connection: sa.Connection, condition: Condition) -> list[str]:
    """Return the exercises of the selected sets, each found in an index after the one before.

    PostgreSQL would read all sets for a SELECT DISTINCT (https://wiki.postgresql.org/wiki/Loose_indexscan).
    """
    exercise = SETS.c.exercise
    first = sa.select(sa.func.min(exercise).label("exercise")).where(*condition(SETS.c))
    done = first.cte("done", recursive=True)
    after = sa.select(sa.func.min(exercise)).where(*condition(SETS.c), exercise > done.c.exercise).correlate(done)
    done = done.union_all(sa.select(after.scalar_subquery()).where(done.c.exercise.is_not(None)))
    return list(connection.scalars(sa.select(done.c.exercise).where(done.c.exercise.is_not(None))))


def _best(measure: Measure, done: sa.CTE, condition: Condition) -> sa.Select[Any]:
    """Return, for each exercise, the set with the highest value; of several the first."""
    other = SETS.alias()
    value = other.c[measure]
    better = [other.c.exercise == done.c.exercise, value > 0]
    if least := least_count(measure):
        better.append(other.c.count >= least)
    top = sa.select(other.c.id).where(*condition(other.c), *better).order_by(value.desc(), other.c.at_s).limit(1)
    columns = SETS.c
    return sa.select(
        columns.exercise,
        sa.literal(measure).label("measure"),
        sa.cast(columns[measure], sa.Double).label("value"),
        columns.workout,
        columns.number,
        columns.at_s,
    ).join_from(done, SETS, columns.id == top.correlate(done).scalar_subquery())


def _amounts() -> list[sa.ColumnElement[Any]]:
    return [sa.func.count(SETS.c.workout.distinct()), sa.func.count(), *_sums()]


def _sums() -> list[sa.ColumnElement[Any]]:
    return [sa.func.sum(SETS.c[name]) for name in AMOUNTS]


def _by_day(
    connection: sa.Connection, zone: tzinfo | None, condition: Condition, columns: Sequence[sa.ColumnElement[Any]]
) -> list[tuple[Any, ...]]:
    """Return the columns' values for each day with sets, after the day."""
    day = _day_in(connection, zone, condition)
    if day is None:
        return []
    rows = connection.execute(sa.select(day, *columns).where(*condition(SETS.c)).group_by(day).order_by(day))
    return [(EPOCH + timedelta(since), *values) for since, *values in rows]


def _day_in(connection: sa.Connection, zone: tzinfo | None, condition: Condition) -> sa.ColumnElement[int] | None:
    """Return the day of a set in a zone, in days since 1970; None without a set."""
    at_s = SETS.c.at_s
    ends = [sa.select(end(at_s)).where(*condition(SETS.c)).scalar_subquery() for end in (sa.func.min, sa.func.max)]
    first_s, last_s = connection.execute(sa.select(*ends)).one()
    if first_s is None:
        return None
    offset_s = _offset(at_s, offsets(zone, first_s // WEEK_S * WEEK_S, (last_s // WEEK_S + 1) * WEEK_S))
    return (at_s + offset_s) // _number(DAY_S)


def _offset(at_s: sa.ColumnElement[int], changes: Sequence[tuple[int, int]]) -> sa.ColumnElement[int]:
    """Return the zone's UTC offset in seconds at a time in the table, including daylight saving."""
    usual = _number(changes[0][1])
    cases = [(at_s >= _number(since_s), _number(offset_s)) for since_s, offset_s in reversed(changes[1:])]
    return sa.case(*cases, else_=usual) if cases else usual


def _number(value: int) -> sa.ColumnElement[int]:
    """Return a number inlined into the statement, so that a database sees the same expression in each place."""
    return sa.literal_column(str(value), sa.BigInteger)


@lru_cache(maxsize=256)
def offsets(zone: tzinfo | None, first_s: int, last_s: int) -> list[tuple[int, int]]:
    """Return the zone's UTC offsets in seconds, and since when, between two times in seconds since 1970.

    Sampled week by week: since 1970 no daylight saving period has been shorter.
    """
    looks = [*range(first_s, last_s, WEEK_S), last_s]
    found = [(first_s, _offset_s(zone, first_s))]
    for early_s, late_s in pairwise(looks):
        if _offset_s(zone, late_s) != found[-1][1]:
            found.append((_change(zone, early_s, late_s), _offset_s(zone, late_s)))
    return found


def _change(zone: tzinfo | None, early_s: int, late_s: int) -> int:
    """Return the first second with the later time's offset, by bisection."""
    while late_s - early_s > 1:
        middle_s = (early_s + late_s) // 2
        if _offset_s(zone, middle_s) == _offset_s(zone, early_s):
            early_s = middle_s
        else:
            late_s = middle_s
    return late_s


def _offset_s(zone: tzinfo | None, at_s: int) -> int:
    there = datetime.fromtimestamp(at_s, UTC).astimezone(zone)
    offset = there.utcoffset()
    return 0 if offset is None else round(offset.total_seconds())
