"""The store in an SQL database, SQLite or PostgreSQL; SQLAlchemy Core's only home.

SQLite runs in WAL mode with synchronous=NORMAL: readers never wait for a writer, and what was committed outlives the
process, however that ends (https://www.sqlite.org/wal.html).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from webapp.errors import NoWorkout, StoreError
from webapp.records import Hold, Rep, Summary
from webapp.store import KeptEvent, StoredWorkout, event_key

BUSY_MS = 250
"""How long SQLite waits for another process that writes; the caller stands still for as long."""

_metadata = sa.MetaData()
_workouts = sa.Table(
    "workouts",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("exercise", sa.String, nullable=False),
    sa.Column("started_at_s", sa.Double, nullable=False, index=True),
    sa.Column("resume_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("summary", sa.JSON(none_as_null=True)),
)
_events = sa.Table(
    "events",
    _metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("workout", sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.UniqueConstraint("workout", "key"),
)

_INSERTS: dict[str, Callable[[sa.Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""The insert that knows ON CONFLICT, by dialect."""

_REASONS = {
    "SQLITE_FULL": "the disk is full; free some space",
    "SQLITE_BUSY": "another process holds the database; try again",
    "SQLITE_READONLY": "it may not be written; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists and may be written",
    "SQLITE_IOERR": "the disk does not read or write; check the disk and its free space",
    "SQLITE_NOTADB": "it is not a database; move the file away or name another with --store",
    "SQLITE_CORRUPT": "the database is damaged; restore a copy or move the file away",
}
"""What SQLite's result codes mean for the person who can mend it (https://www.sqlite.org/rescode.html)."""


class SqlStore:
    """Workouts and events in two tables; each method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert = _INSERTS[engine.dialect.name]
        with self._transaction() as connection:
            _metadata.create_all(connection)

    def begin(self, workout: str, exercise: str, started_at_s: float, resume_sha256: str) -> None:
        """See `Store`."""
        row = {"id": workout, "exercise": exercise, "started_at_s": started_at_s, "resume_sha256": resume_sha256}
        with self._transaction() as connection:
            connection.execute(self._insert(_workouts).values(row).on_conflict_do_nothing(index_elements=["id"]))

    def append(self, workout: str, event: KeptEvent) -> None:
        """See `Store`."""
        kind = "hold" if isinstance(event, Hold) else "rep"
        row = {"workout": workout, "key": event_key(event), "kind": kind, "record": asdict(event)}
        insert = self._insert(_events).values(row)
        statement = insert.on_conflict_do_update(index_elements=["workout", "key"], set_={"record": row["record"]})
        with self._transaction() as connection:
            try:
                connection.execute(statement)
            except IntegrityError as exc:
                raise _no_workout(workout) from exc

    def events(self, workout: str) -> list[KeptEvent]:
        """See `Store`."""
        query = sa.select(_events.c.kind, _events.c.record).where(_events.c.workout == workout).order_by(_events.c.id)
        with self._transaction() as connection:
            return [_hold(row.record) if row.kind == "hold" else _rep(row.record) for row in connection.execute(query)]

    def finish(self, workout: str, summary: Summary) -> None:
        """See `Store`."""
        update = sa.update(_workouts).where(_workouts.c.id == workout).values(summary=asdict(summary))
        with self._transaction() as connection:
            if connection.execute(update).rowcount == 0:
                raise _no_workout(workout)

    def workout(self, workout: str) -> StoredWorkout:
        """See `Store`."""
        kept = self._select(_workout_rows().where(_workouts.c.id == workout))
        if not kept:
            raise _no_workout(workout)
        return kept[0]

    def by_resume(self, resume_sha256: str) -> StoredWorkout | None:
        """See `Store`."""
        kept = self._select(_workout_rows().where(_workouts.c.resume_sha256 == resume_sha256))
        return kept[0] if kept else None

    def recent(self, limit: int) -> list[StoredWorkout]:
        """See `Store`."""
        return self._select(_workout_rows().order_by(_workouts.c.started_at_s.desc()).limit(limit))

    def close(self) -> None:
        """See `Store`."""
        self._engine.dispose()

    def _select(self, query: sa.Select[Any]) -> list[StoredWorkout]:
        with self._transaction() as connection:
            return [_stored(row) for row in connection.execute(query)]

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as exc:
            raise StoreError(f"the store at {self._engine.url!r}: {_reason(exc)}") from exc
        except (KeyError, TypeError) as exc:
            raise StoreError(f"the store at {self._engine.url!r} has a row that this version cannot read") from exc


def open_url(url: str) -> SqlStore:
    """Open the database at an SQLAlchemy URL, and make its file, folder and tables where there are none."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return SqlStore(_sqlite_engine(parsed))
        return SqlStore(sa.create_engine(parsed, pool_pre_ping=True))
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
        raise StoreError("that is no database URL; write it like sqlite:////home/me/workouts.db") from exc
    except ModuleNotFoundError as exc:
        raise StoreError(f"{exc.name} is not installed; run `.venv/bin/pip install 'psycopg[binary]'`") from exc


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    in_memory = url.database in (None, "", ":memory:")
    if in_memory:  # one connection, or every thread would see an empty database of its own
        engine = sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_folder_of(str(url.database))
        engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_folder_of(database: str) -> None:
    folder = Path(database.removeprefix("file:")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreError(f"the folder {folder} for the store cannot be made: {exc.strerror}") from exc


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for setting in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _reason(exc: SQLAlchemyError) -> str:
    if not isinstance(exc, DBAPIError):
        return str(exc)
    code = getattr(exc.orig, "sqlite_errorname", "")
    return next((text for name, text in _REASONS.items() if code.startswith(name)), str(exc.orig).strip())


def _no_workout(workout: str) -> NoWorkout:
    return NoWorkout(f"there is no workout {workout!r}")


def _workout_rows() -> sa.Select[Any]:
    return sa.select(_workouts.c.id, _workouts.c.exercise, _workouts.c.started_at_s, _workouts.c.summary)


def _stored(row: sa.Row[Any]) -> StoredWorkout:
    return StoredWorkout(row.id, row.exercise, row.started_at_s, _summary(row.summary) if row.summary else None)


def _rep(record: dict[str, Any]) -> Rep:
    return Rep(**record | {"faults": tuple(record["faults"])})


def _hold(record: dict[str, Any]) -> Hold:
    return Hold(**record)


def _summary(record: dict[str, Any]) -> Summary:
    reps, holds = tuple(map(_rep, record["reps"])), tuple(map(_hold, record["holds"]))
    return Summary(**record | {"reps": reps, "holds": holds})
