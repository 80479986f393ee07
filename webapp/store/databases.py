"""Opens databases by URL, and explains their errors to the person who can fix them.

SQLite runs in WAL mode with synchronous=NORMAL: readers never wait for a writer, and committed data survives the
process, however it ends (https://www.sqlite.org/wal.html).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from webapp.errors import StoreError

BUSY_MS = 250
"""How long SQLite waits for another writing process; the caller is blocked as long."""

OPENING_MS = 30_000
"""How long opening a database waits for others that open it, too."""

_TABLES = 0x706F7365
"""The number of the advisory lock for changing PostgreSQL's tables; arbitrary, but must never change."""

_SQLITE_SETTINGS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")

_POSTGRESQL_SETTINGS = {"connect_timeout": 3, "tcp_user_timeout": 5000, "options": "-c jit=off"}
"""Seconds to connect, and milliseconds until a silent server is given up (libpq's names).

Compiling a page's queries takes PostgreSQL longer than running them: a summary took 99 ms with JIT, and 29 without.
"""

_REASONS = {
    "SQLITE_FULL": "the disk is full; free some space",
    "SQLITE_BUSY": "another process has locked the database; try again",
    "SQLITE_READONLY": "it is not writable; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "it cannot be opened; check that the folder exists and is writable",
    "SQLITE_IOERR": "reading or writing the disk failed; check the disk and its free space",
    "SQLITE_NOTADB": "it is not a database; move the file away or name another with --store",
    "SQLITE_CORRUPT": "the database is damaged; restore a copy or move the file away",
}
"""SQLite's result codes, explained to the person who can fix them (https://www.sqlite.org/rescode.html)."""


def engine_at(url: str) -> sa.Engine:
    """Return an engine for an SQLAlchemy URL, creating SQLite's folder. Raises StoreError."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed)
        limits = {name: value for name, value in _POSTGRESQL_SETTINGS.items() if name not in parsed.query}
        return sa.create_engine(parsed, pool_pre_ping=True, connect_args=limits)
    except (ArgumentError, NoSuchModuleError, ValueError) as exc:
        raise StoreError("That is not a database URL; write it like sqlite:////home/me/workouts.db") from exc
    except ModuleNotFoundError as exc:
        name = exc.name or "psycopg"
        package = "psycopg[binary]" if name == "psycopg" else name  # our extra would bring a second OpenCV
        raise StoreError(f"{name} is not installed; run `.venv/bin/pip install '{package}'`") from exc


def reason(exc: SQLAlchemyError) -> str:
    """Return what went wrong, as part of a sentence."""
    if not isinstance(exc, DBAPIError):
        return str(exc)
    code = getattr(exc.orig, "sqlite_errorname", "")
    return next((text for name, text in _REASONS.items() if code.startswith(name)), str(exc.orig).strip())


def begin_writing(connection: sa.Connection) -> None:
    """Begin SQLite's transaction here, because Python's driver begins none for a change of tables."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def changing_tables(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a connection with a transaction that exclusively inspects and changes the tables.

    Several processes and servers open one database at the same time, and each takes some seconds.
    """
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql(f"PRAGMA busy_timeout={OPENING_MS}" if sqlite else f"SET lock_timeout={OPENING_MS}")
        connection.commit()
        with connection.begin():
            begin_writing(connection)
            if not sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TABLES)))
            yield connection
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}" if sqlite else "RESET lock_timeout")
        connection.commit()


def wipe(engine: sa.Engine) -> None:
    """Rewrite SQLite's file and empty its log, so that nothing is left of deleted rows.

    PostgreSQL's vacuuming does the same in time.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
        busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    if busy:
        raise StoreError(
            "all rows are deleted, but another process reads the database, so its log still has traces of them; "
            "stop it and delete again"
        )


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    in_memory = url.database in (None, "", ":memory:")
    if in_memory:  # a single connection, or every thread would see its own empty database
        engine = sa.create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        _make_folder_of(str(url.database))
        _make_file(str(url.database))
        engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _make_folder_of(database: str) -> None:
    folder = Path(database.removeprefix("file:")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreError(
            f"The folder {folder} for the store cannot be created ({exc.strerror}); choose another."
        ) from exc


def _make_file(database: str) -> None:
    """Create a new database's file before SQLite does, which would make it world-readable."""
    if not database.startswith("file:"):
        with suppress(OSError):  # exists already, or SQLite will say what is wrong
            os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for setting in (f"busy_timeout={BUSY_MS}", *_SQLITE_SETTINGS):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
