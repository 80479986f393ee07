"""The store in an SQL database, SQLite or PostgreSQL, using SQLAlchemy Core."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.errors import NoWorkout, StoreError
from webapp.records import Summary
from webapp.store import KeptEvent, Share, StoredWorkout, claims, numbered, sql_history
from webapp.store.databases import begin_writing, changing_tables, engine_at, reason, wipe
from webapp.store.history import Day, Record, Totals, TrendDay
from webapp.store.rows import event_of, event_row, stored, workout_rows
from webapp.store.schema import EVENTS, SERIES, SHARES, WORKOUTS, upgrade
from webapp.store.sql_history import between, keep_sets, own_sets

_INSERTS: dict[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""The INSERT with ON CONFLICT, by dialect."""


class SqlStore:
    """Workouts, events, series, sets and shares in one table each; each method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._has_traces = False  # whether rows were deleted since the file was last rewritten
        self._insert = _INSERTS[engine.dialect.name]
        with self._translated(), changing_tables(engine) as connection:
            upgrade(connection)

    def begin(
        self,
        workout: str,
        exercise: str,
        started_at_s: float,
        resume_sha256: str,
        person: str | None = None,
        body_kg: float | None = None,
        holder: str | None = None,
    ) -> None:
        """See `Store`."""
        row = {
            "id": workout,
            "exercise": exercise,
            "started_at_s": started_at_s,
            "resume_sha256": resume_sha256,
            "person": person,
            "body_kg": body_kg,
            "holder": holder,
        }
        with self._transaction() as connection:
            connection.execute(self._insert(WORKOUTS).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def claim(self, workout: str, holder: str, at_s: float) -> str | None:
        """See `Store`."""
        with self._transaction() as connection:
            begin_writing(connection)
            return claims.claim(connection, workout, holder, at_s)

    def tend(self, workouts: Collection[str], at_s: float) -> None:
        """See `Store`."""
        with self._transaction() as connection:
            claims.tend(connection, workouts, at_s)

    def claim_stray(self, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
        """See `Store`."""
        with self._transaction() as connection:
            begin_writing(connection)
            return claims.claim_stray(connection, holder, unseen_s, at_s)

    def holders(self, workouts: Collection[str]) -> dict[str, str | None]:
        """See `Store`."""
        with self._transaction() as connection:
            return claims.holders(connection, workouts)

    def append(self, workout: str, event: KeptEvent, holder: str | None = None) -> None:
        """See `Store`."""
        row = event_row(workout, event)
        insert = self._insert(EVENTS).values(row)
        statement = insert.on_conflict_do_update(index_elements=["workout", "key"], set_={"record": row["record"]})
        with self._transaction() as connection:
            try:
                connection.execute(statement)
            except IntegrityError as exc:
                raise _no_workout(workout) from exc
            claims.check(connection, workout, holder)

    def events(self, workout: str) -> list[KeptEvent]:
        """See `Store`."""
        query = sa.select(EVENTS.c.kind, EVENTS.c.record).where(EVENTS.c.workout == workout).order_by(EVENTS.c.id)
        with self._transaction() as connection:
            return numbered([event_of(kind, record) for kind, record in connection.execute(query)])

    def finish(self, workout: str, summary: Summary, holder: str | None = None) -> None:
        """See `Store`."""
        ended = {"summary": asdict(summary), "exercise": summary.exercise}
        update = sa.update(WORKOUTS).where(WORKOUTS.c.id == workout).values(ended)
        with self._transaction() as connection:
            if connection.execute(update).rowcount == 0:
                raise _no_workout(workout)
            claims.check(connection, workout, holder)
            keep_sets(connection, workout, summary)

    def append_series(self, workout: str, part: int, data: bytes) -> None:
        """See `Store`."""
        row = {"workout": workout, "part": part, "data": data}
        insert = self._insert(SERIES).values(row).on_conflict_do_nothing(index_elements=["workout", "part"])
        with self._transaction() as connection:
            try:
                connection.execute(insert)
            except IntegrityError as exc:
                raise _no_workout(workout) from exc

    def series(self, workout: str, first: int = 0, count: int | None = None) -> list[bytes]:
        """See `Store`."""
        query = sa.select(SERIES.c.data).where(SERIES.c.workout == workout).order_by(SERIES.c.part)
        with self._transaction() as connection:
            return list(connection.scalars(query.offset(first).limit(count)))

    def has_series(self, workout: str) -> bool:
        """See `Store`."""
        with self._transaction() as connection:
            return connection.scalar(sa.select(sa.exists().where(SERIES.c.workout == workout))) or False

    def workout(self, workout: str) -> StoredWorkout:
        """See `Store`."""
        kept = self._select(workout_rows().where(WORKOUTS.c.id == workout))
        if not kept:
            raise _no_workout(workout)
        return kept[0]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        kept = self._select(workout_rows().where(WORKOUTS.c.resume_sha256 == resume_sha256))
        return kept[0] if kept else None

    def count(self, person: str) -> int:
        """See `Store`."""
        with self._transaction() as connection:
            own = sa.select(sa.func.count()).where(WORKOUTS.c.person == person)
            return connection.execute(own).scalar_one()

    def recent(
        self,
        person: str,
        limit: int | None = None,
        *,
        done: bool = False,
        exercise: str | None = None,
        from_s: float | None = None,
        until_s: float | None = None,
        before: str | None = None,
    ) -> list[StoredWorkout]:
        """See `Store`."""
        wanted = sql_history.listed(person, done, exercise, between(WORKOUTS.c.started_at_s, from_s, until_s), before)
        newest_first = (WORKOUTS.c.started_at_s.desc(), WORKOUTS.c.id.desc())
        return self._select(workout_rows().where(*wanted).order_by(*newest_first).limit(limit))

    def days(
        self,
        person: str,
        zone: tzinfo | None = None,
        *,
        exercise: str | None = None,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[Day]:
        """See `Store`."""
        with self._transaction() as connection:
            return sql_history.days(connection, zone, own_sets(person, exercise, from_s, until_s))

    def weeks(self, person: str, zone: tzinfo | None = None, *, exercise: str | None = None) -> list[date]:
        """See `Store`."""
        with self._transaction() as connection:
            return sql_history.weeks(connection, zone, own_sets(person, exercise, None, None), whole=exercise is None)

    def totals(
        self, person: str, *, exercise: str | None = None, from_s: float | None = None, until_s: float | None = None
    ) -> Totals:
        """See `Store`."""
        with self._transaction() as connection:
            return sql_history.totals(connection, own_sets(person, exercise, from_s, until_s), whole=exercise is None)

    def trend(
        self,
        person: str,
        exercise: str,
        zone: tzinfo | None = None,
        *,
        from_s: float | None = None,
        until_s: float | None = None,
    ) -> list[TrendDay]:
        """See `Store`."""
        with self._transaction() as connection:
            return sql_history.trend(connection, zone, own_sets(person, exercise, from_s, until_s))

    def records(self, person: str, *, before_s: float | None = None) -> list[Record]:
        """See `Store`."""
        until_s = None if before_s is None else int(before_s)  # the sets of that workout have its second, too
        with self._transaction() as connection:
            return sql_history.records(connection, own_sets(person, None, None, until_s))

    def share(self, share: Share) -> None:
        """See `Store`."""
        row = {"id": share.id, "workout": share.workout, "expires_at_s": share.expires_at_s}
        with self._transaction() as connection:
            connection.execute(sa.delete(SHARES).where(SHARES.c.workout == share.workout))
            try:
                connection.execute(sa.insert(SHARES).values(row))
            except IntegrityError as exc:
                raise _no_workout(share.workout) from exc

    def share_of(self, workout: str) -> Share | None:
        """See `Store`."""
        return self._share(SHARES.c.workout == workout)

    def shared(self, share: str) -> Share | None:
        """See `Store`."""
        return self._share(SHARES.c.id == share)

    def unshare(self, workout: str) -> None:
        """See `Store`."""
        with self._transaction() as connection:
            connection.execute(sa.delete(SHARES).where(SHARES.c.workout == workout))

    def discard(self, workout: str) -> None:
        """See `Store`."""
        self._delete(WORKOUTS.c.id == workout)

    def forget(self, person: str) -> None:
        """See `Store`."""
        self._delete(WORKOUTS.c.person == person)

    def close(self) -> None:
        """See `Store`."""
        self._engine.dispose()

    def _delete(self, condition: sa.ColumnElement[bool]) -> None:
        """Delete workouts; everything else is deleted with its workout."""
        with self._transaction() as connection:
            self._has_traces |= connection.execute(sa.delete(WORKOUTS).where(condition)).rowcount > 0
        if self._has_traces:  # rewriting the file is expensive, and anybody may ask to be forgotten
            with self._translated():
                wipe(self._engine)
            self._has_traces = False

    def _select(self, query: sa.Select[Any]) -> list[StoredWorkout]:
        with self._transaction() as connection:
            return [stored(row) for row in connection.execute(query)]

    def _share(self, condition: sa.ColumnElement[bool]) -> Share | None:
        with self._transaction() as connection:
            row = connection.execute(sa.select(SHARES).where(condition)).one_or_none()
        return Share(row.id, row.workout, row.expires_at_s) if row else None

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as exc:
            raise StoreError(f"The store at {self._engine.url!r}: {reason(exc)}") from exc
        except (KeyError, TypeError) as exc:
            raise StoreError(f"The store at {self._engine.url!r} has a row that this version cannot read") from exc


def open_url(url: str) -> SqlStore:
    """Open the database at an SQLAlchemy URL, creating file, folder and tables if necessary."""
    return SqlStore(engine_at(url))


def _no_workout(workout: str) -> NoWorkout:
    return NoWorkout(f"There is no workout {workout!r}")
