"""The store in an SQL database, SQLite or PostgreSQL, through SQLAlchemy Core."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from webapp.errors import NoWorkout, StoreError
from webapp.records import Hold, Rep, Set, Summary
from webapp.store import KeptEvent, Share, StoredWorkout, event_key
from webapp.store.databases import begin_writing, engine_at, reason, wipe
from webapp.store.schema import EVENTS, SHARES, WORKOUTS, upgrade

_INSERTS: dict[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""The insert that knows ON CONFLICT, by dialect."""


class SqlStore:
    """Workouts, events and shares in a table each; each method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert = _INSERTS[engine.dialect.name]
        with self._transaction() as connection:
            begin_writing(connection)
            upgrade(connection)

    def begin(
        self, workout: str, exercise: str, started_at_s: float, resume_sha256: str, person: str | None = None
    ) -> None:
        """See `Store`."""
        row = {
            "id": workout,
            "exercise": exercise,
            "started_at_s": started_at_s,
            "resume_sha256": resume_sha256,
            "person": person,
        }
        with self._transaction() as connection:
            connection.execute(self._insert(WORKOUTS).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def append(self, workout: str, event: KeptEvent) -> None:
        """See `Store`."""
        row = {"workout": workout, "key": event_key(event), "kind": _KINDS[type(event)], "record": asdict(event)}
        insert = self._insert(EVENTS).values(row)
        statement = insert.on_conflict_do_update(index_elements=["workout", "key"], set_={"record": row["record"]})
        with self._transaction() as connection:
            try:
                connection.execute(statement)
            except IntegrityError as exc:
                raise _no_workout(workout) from exc

    def events(self, workout: str) -> list[KeptEvent]:
        """See `Store`."""
        query = sa.select(EVENTS.c.kind, EVENTS.c.record).where(EVENTS.c.workout == workout).order_by(EVENTS.c.id)
        with self._transaction() as connection:
            return [_READERS[row.kind](row.record) for row in connection.execute(query)]

    def finish(self, workout: str, summary: Summary) -> None:
        """See `Store`."""
        update = sa.update(WORKOUTS).where(WORKOUTS.c.id == workout).values(summary=asdict(summary))
        with self._transaction() as connection:
            if connection.execute(update).rowcount == 0:
                raise _no_workout(workout)

    def workout(self, workout: str) -> StoredWorkout:
        """See `Store`."""
        kept = self._select(_workout_rows().where(WORKOUTS.c.id == workout))
        if not kept:
            raise _no_workout(workout)
        return kept[0]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        kept = self._select(_workout_rows().where(WORKOUTS.c.resume_sha256 == resume_sha256))
        return kept[0] if kept else None

    def recent(self, person: str, limit: int | None = None, *, done: bool = False) -> list[StoredWorkout]:
        """See `Store`."""
        own = _workout_rows().where(WORKOUTS.c.person == person)
        if done:
            own = own.where(sa.exists().where(EVENTS.c.workout == WORKOUTS.c.id))
        return self._select(own.order_by(WORKOUTS.c.started_at_s.desc()).limit(limit))

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

    def forget(self, person: str) -> None:
        """See `Store`; events and shares go with their workouts."""
        with self._transaction() as connection:
            connection.execute(sa.delete(WORKOUTS).where(WORKOUTS.c.person == person))
        with self._translated():
            wipe(self._engine)

    def close(self) -> None:
        """See `Store`."""
        self._engine.dispose()

    def _select(self, query: sa.Select[Any]) -> list[StoredWorkout]:
        with self._transaction() as connection:
            return [_stored(row) for row in connection.execute(query)]

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
    """Open the database at an SQLAlchemy URL, and make its file, folder and tables where there are none."""
    return SqlStore(engine_at(url))


def _no_workout(workout: str) -> NoWorkout:
    return NoWorkout(f"There is no workout {workout!r}")


def _workout_rows() -> sa.Select[Any]:
    columns = WORKOUTS.c
    return sa.select(columns.id, columns.exercise, columns.started_at_s, columns.summary, columns.person)


def _stored(row: sa.Row[Any]) -> StoredWorkout:
    summary = _summary(row.summary) if row.summary else None
    return StoredWorkout(row.id, row.exercise, row.started_at_s, summary, row.person)


def _rep(record: dict[str, Any]) -> Rep:
    return Rep(**record | {"faults": tuple(record["faults"])})


def _hold(record: dict[str, Any]) -> Hold:
    return Hold(**record)


def _set(record: dict[str, Any]) -> Set:
    return Set(**record)


_KINDS: dict[type[KeptEvent], str] = {Rep: "rep", Hold: "hold", Set: "set"}
_READERS: dict[str, Callable[[dict[str, Any]], KeptEvent]] = {"rep": _rep, "hold": _hold, "set": _set}
"""How an event's kind is kept, and how a record of that kind is read."""


def _summary(record: dict[str, Any]) -> Summary:
    reps, holds = tuple(map(_rep, record["reps"])), tuple(map(_hold, record["holds"]))
    sets = tuple(map(_set, record.get("sets", ())))
    return Summary(**record | {"reps": reps, "holds": holds, "sets": sets})
