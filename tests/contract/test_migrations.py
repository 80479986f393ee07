"""Databases of every age: older ones are brought up to date with all they hold, newer ones are refused."""

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from webapp.errors import StoreError
from webapp.records import Rep, Summary
from webapp.store import Share, StoredWorkout, open_store
from webapp.store.schema import METADATA

POSTGRESQL = os.environ.get("POSECOACH_TEST_POSTGRESQL", "")
NO_POSTGRESQL = pytest.mark.skip(reason="no PostgreSQL: name an empty database in POSECOACH_TEST_POSTGRESQL")

REP = Rep(1, 10.0, 12.5, 1.02, faults=("knees in",))
SUMMARY = Summary("squat", "reps", 10.0, 4.0, 3.5, reps=(REP,), cues={"depth": 2})

BEFORE_MIGRATIONS = (
    "CREATE TABLE workouts (id VARCHAR NOT NULL, exercise VARCHAR NOT NULL, started_at_s {double} NOT NULL, "
    "resume_sha256 VARCHAR(64) NOT NULL, summary JSON, PRIMARY KEY (id), UNIQUE (resume_sha256))",
    "CREATE INDEX ix_workouts_started_at_s ON workouts (started_at_s)",
    "CREATE TABLE events (id {number} PRIMARY KEY, workout VARCHAR NOT NULL, key VARCHAR NOT NULL, "
    "kind VARCHAR NOT NULL, record JSON NOT NULL, UNIQUE (workout, key), "
    "FOREIGN KEY(workout) REFERENCES workouts (id) ON DELETE CASCADE)",
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=() if POSTGRESQL else NO_POSTGRESQL)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database."""
    engine = sa.create_engine(POSTGRESQL if request.param == "postgresql" else f"sqlite:///{tmp_path}/workouts.db")
    drop_all(engine)
    yield engine
    drop_all(engine)
    engine.dispose()


def drop_all(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        there.drop_all(connection)


def url_of(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def make_old(engine: sa.Engine) -> None:
    sqlite = engine.dialect.name == "sqlite"
    number, double = ("INTEGER NOT NULL", "DOUBLE") if sqlite else ("BIGSERIAL", "DOUBLE PRECISION")
    rows = (
        ("INSERT INTO workouts VALUES (:id, 'squat', 1000, 'hash', :summary)", json.dumps(asdict(SUMMARY))),
        (
            "INSERT INTO events (workout, key, kind, record) VALUES (:id, 'rep 1', 'rep', :summary)",
            json.dumps(asdict(REP)),
        ),
    )
    with engine.begin() as connection:
        for statement in BEFORE_MIGRATIONS:
            connection.exec_driver_sql(statement.format(number=number, double=double))
        for statement, record in rows:
            connection.execute(sa.text(statement), {"id": "old", "summary": record})


def test_a_database_from_before_migrations_is_brought_up_to_date_and_loses_nothing(engine: sa.Engine) -> None:
    make_old(engine)
    for _ in ("first", "second time"):
        store = open_store(url_of(engine))
        assert store.workout("old") == StoredWorkout("old", "squat", 1000.0, SUMMARY, person=None)
        assert store.events("old") == [REP]
        store.close()
    store = open_store(url_of(engine))
    store.share(Share("link", "old"))
    store.append("old", Rep(2, 13.0, 14.0, 1.0))
    assert len(store.events("old")) == 2
    store.close()


@pytest.mark.parametrize("old", [True, False])
def test_migrations_lead_to_the_tables_that_the_store_uses(engine: sa.Engine, old: bool) -> None:
    if old:
        make_old(engine)
    open_store(url_of(engine)).close()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_newer_database_is_refused_with_a_sentence_and_left_as_it_is(engine: sa.Engine) -> None:
    open_store(url_of(engine)).close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '999'")
    with pytest.raises(StoreError, match=r"newer PoseCoach.*update PoseCoach, or name another database with --store"):
        open_store(url_of(engine))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "999"


def test_a_migration_that_fails_half_way_leaves_the_old_database(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/workouts.db")
    make_old(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE shares (in_the_way TEXT)")
    with pytest.raises(StoreError, match="shares"):
        open_store(url_of(engine))
    engine.dispose()
    rows = sqlite3.connect(tmp_path / "workouts.db")
    assert "person" not in [column[1] for column in rows.execute("PRAGMA table_info(workouts)")]
    assert rows.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchall() == []
    rows.close()


@pytest.mark.parametrize("old", [True, False])
def test_sqlite_s_files_hold_no_trace_of_whoever_is_forgotten(tmp_path: Path, old: bool) -> None:
    if old:
        make_old(sa.create_engine(f"sqlite:///{tmp_path}/workouts.db"))
    store = open_store(f"sqlite:///{tmp_path}/workouts.db")
    traces = [f"{kind} of somebody {number}" for kind in ("workout", "secret", "link") for number in range(50)]
    for number in range(50):
        store.begin(f"workout of somebody {number}", "squat", number, f"secret of somebody {number}", "the person")
        for rep in range(10):
            store.append(f"workout of somebody {number}", Rep(0, rep, rep + 1, 0.5, reason="a telltale reason"))
        store.share(Share(f"link of somebody {number}", f"workout of somebody {number}"))
    before = found(tmp_path)
    assert all(trace in before for trace in [*traces, "the person", "a telltale reason"])
    store.unshare("workout of somebody 0")
    store.forget("the person")  # while the store is open, as it is in a running server
    after = found(tmp_path)
    assert [trace for trace in [*traces, "the person", "a telltale reason"] if trace in after] == []
    store.close()


def found(folder: Path) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in folder.glob("workouts.db*"))
