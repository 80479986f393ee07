"""For benchmarks only: writing many whole workouts at once, and the size of a database."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from webapp.records import Summary
from webapp.store import KeptEvent
from webapp.store.databases import engine_at
from webapp.store.history import done_sets
from webapp.store.rows import event_row
from webapp.store.schema import EVENTS, SETS, WORKOUTS

AT_ONCE = 200
_PAGES = ("count", "size")


@dataclass(frozen=True, slots=True)
class Whole:
    """A finished workout; started_at_s in seconds since 1970."""

    id: str
    exercise: str
    started_at_s: float
    summary: Summary


def fill(url: str, person: str, workouts: Iterable[Whole]) -> Iterator[int]:
    """Write workouts of a person into an open SQL store; yield how many are written so far.

    Writing years of workouts event by event, as a server does, would take many minutes. At the end the database
    computes its tables' statistics, which PostgreSQL does by itself within a minute.
    """
    engine = engine_at(url)
    waiting, written = iter(workouts), 0
    while some := list(islice(waiting, AT_ONCE)):
        with engine.begin() as connection:
            connection.execute(sa.insert(WORKOUTS), [_workout(one, person) for one in some])
            connection.execute(sa.insert(EVENTS), [row for one in some for row in _events(one)])
            connection.execute(sa.insert(SETS), [row for one in some for row in _sets(one, person)])
        written += len(some)
        yield written
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def size_bytes(url: str) -> int:
    """Return the size of an SQL store in bytes, including indexes and the log."""
    engine = engine_at(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages, page_bytes = (connection.exec_driver_sql(f"PRAGMA page_{what}").scalar_one() for what in _PAGES)
            size = pages * page_bytes
        else:
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    engine.dispose()
    return int(size)


def _workout(whole: Whole, person: str) -> dict[str, Any]:
    return {
        "id": whole.id,
        "exercise": whole.exercise,
        "started_at_s": whole.started_at_s,
        "resume_sha256": sha256(whole.id.encode()).hexdigest(),
        "summary": asdict(whole.summary),
        "person": person,
    }


def _events(whole: Whole) -> Iterator[dict[str, Any]]:
    for event in chain[KeptEvent](whole.summary.reps, whole.summary.holds, whole.summary.sets):
        yield event_row(whole.id, event)


def _sets(whole: Whole, person: str) -> Iterator[dict[str, Any]]:
    for done in done_sets(whole.summary):
        yield {"workout": whole.id, "person": person, "at_s": int(whole.started_at_s), **asdict(done)}
