"""Databases of every age: older ones are migrated with all their contents, newer ones are refused."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from webapp.errors import StoreError
from webapp.records import Hold, Rep, Set, Summary
from webapp.store import Share, StoredWorkout, open_store
from webapp.store.databases import begin_writing
from webapp.store.history import Day, TrendDay
from webapp.store.migrations.versions.v3_sets_and_series import AT_ONCE
from webapp.store.schema import METADATA, upgrade

REP = Rep(1, 10.0, 12.5, 1.02, faults=("knees in",))
SUMMARY = Summary("squat", "reps", 10.0, 4.0, 3.5, reps=(REP,), cues={"depth": 2})

REPS = Summary(
    "squat",
    "reps",
    10.0,
    9.0,
    7.5,
    reps=(
        Rep(1, 10.0, 12.5, 1.0, rom_deg=80.0),
        Rep(2, 13.0, 15.5, 1.5, rom_deg=100.0),
        Rep(3, 16.0, 18.0, 1.25, rom_deg=None),
        Rep(0, 18.0, 18.5, 0.1, rom_deg=8.0),
    ),
)
HOLDS = Summary(
    "plank",
    "hold",
    20.0,
    70.0,
    60.0,
    holds=(Hold(1, "plank", 20.0, 60.0, 40.0, "ended"), Hold(2, "plank", 70.0, 90.0, 20.0, "ended")),
)
NOTHING = Summary("lunge", "reps", 5.0, 1.0, 0.0)
ADD_WORKOUT = sa.text(
    "INSERT INTO workouts (id, exercise, started_at_s, resume_sha256, summary, person) "
    "VALUES (:id, :exercise, :at_s, :id, :summary, 'me')"
)

BEFORE_MIGRATIONS = (
    "CREATE TABLE workouts (id VARCHAR NOT NULL, exercise VARCHAR NOT NULL, started_at_s {double} NOT NULL, "
    "resume_sha256 VARCHAR(64) NOT NULL, summary JSON, PRIMARY KEY (id), UNIQUE (resume_sha256))",
    "CREATE INDEX ix_workouts_started_at_s ON workouts (started_at_s)",
    "CREATE TABLE events (id {number} PRIMARY KEY, workout VARCHAR NOT NULL, key VARCHAR NOT NULL, "
    "kind VARCHAR NOT NULL, record JSON NOT NULL, UNIQUE (workout, key), "
    "FOREIGN KEY(workout) REFERENCES workouts (id) ON DELETE CASCADE)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database."""
    sqlite = request.param == "sqlite"
    engine = sa.create_engine(f"sqlite:///{tmp_path}/workouts.db" if sqlite else request.getfixturevalue("postgresql"))
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
        ("INSERT INTO workouts VALUES (:id, 'squat', 1000, 'hash', :summary)", json_of(SUMMARY)),
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


def go_to(engine: sa.Engine, revision: str) -> None:
    with engine.begin() as connection:
        begin_writing(connection)
        upgrade(connection, revision)


def json_of(summary: Summary | None) -> str | None:
    """Return a summary as version 2 stored it, without sets."""
    if summary is None:
        return None
    record = asdict(summary)
    del record["sets"]
    for event in (*record["reps"], *record["holds"]):
        del event["set"]
    return json.dumps(record)


def add_version_2_rows(engine: sa.Engine) -> None:
    event = (
        "INSERT INTO events (workout, key, kind, record) VALUES ('reps', 'rep 1', 'rep', "
        """'{"number": 1, "start_s": 10.0, "end_s": 12.5, "depth": 1.0, "faults": []}')"""
    )
    rows = (("under way", "squat", 1.0, None), ("empty", "lunge", 2.0, NOTHING), ("holds", "plank", 3.5, HOLDS))
    with engine.begin() as connection:
        for name, exercise, at_s, summary in (*rows, ("reps", "squat", 4.5, REPS)):
            row = {"id": name, "exercise": exercise, "at_s": at_s, "summary": json_of(summary)}
            connection.execute(ADD_WORKOUT, row)
        connection.exec_driver_sql(event)
        connection.exec_driver_sql("INSERT INTO shares (id, workout, expires_at_s) VALUES ('link', 'reps', 5e9)")


def test_a_database_from_before_migrations_is_brought_up_to_date_and_loses_nothing(engine: sa.Engine) -> None:
    make_old(engine)
    for _ in ("first", "second time"):
        store = open_store(url_of(engine))
        summary = replace(SUMMARY, sets=(Set(1, "squat", 10.0, 12.5, 1, 0.0, "ended"),))
        assert store.workout("old") == StoredWorkout("old", "squat", 1000.0, summary, person=None)
        assert store.events("old") == [REP]
        store.close()
    store = open_store(url_of(engine))
    store.share(Share("link", "old"))
    store.append("old", Rep(2, 13.0, 14.0, 1.0))
    assert len(store.events("old")) == 2
    store.close()


def test_a_database_from_before_there_were_sets_gets_a_row_for_each_ended_workout(engine: sa.Engine) -> None:
    make_old(engine)
    go_to(engine, "2")
    add_version_2_rows(engine)
    for _ in ("first", "second time"):
        store = open_store(url_of(engine))
        reps, holds, empty, under_way = store.recent("me")
        assert reps.summary == replace(REPS, sets=(Set(1, "squat", 10.0, 18.5, 3, 0.0, "ended"),))
        assert holds.summary == replace(HOLDS, sets=(Set(1, "plank", 20.0, 90.0, 0, 60.0, "ended"),))
        assert (empty.summary, under_way.summary) == (NOTHING, None)
        assert store.events("reps") == [Rep(1, 10.0, 12.5, 1.0)]
        assert store.share_of("reps") == Share("link", "reps", 5e9)
        assert store.days("me", UTC) == [Day(date(1970, 1, 1), 2, 2, 3, 60.0, 67.5)]
        assert store.trend("me", "squat", UTC) == [TrendDay(date(1970, 1, 1), 1, 3, 0.0, 1.25, 90.0)]
        assert [(record.exercise, record.measure, record.value) for record in store.records("me")] == [
            ("plank", "longest_s", 40.0),
            ("plank", "total", 60.0),
            ("squat", "count", 3.0),
            ("squat", "total", 3.0),
            ("squat", "rom_deg", 90.0),
            ("squat", "depth", 1.25),
        ]
        store.close()


def test_more_old_workouts_than_are_read_at_once_all_get_their_rows(engine: sa.Engine) -> None:
    go_to(engine, "2")
    count = 2 * AT_ONCE + 1
    with engine.begin() as connection:
        rows = [{"id": f"w{at}", "exercise": "squat", "at_s": at, "summary": REPS} for at in range(count)]
        connection.execute(ADD_WORKOUT, [row | {"summary": json_of(row["summary"])} for row in rows])
    store = open_store(url_of(engine))
    assert store.days("me", UTC)[0].workouts == count
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
def test_sqlite_files_hold_no_trace_of_a_forgotten_person(tmp_path: Path, old: bool) -> None:
    if old:
        make_old(sa.create_engine(f"sqlite:///{tmp_path}/workouts.db"))
    store = open_store(f"sqlite:///{tmp_path}/workouts.db")
    traces = [f"{kind} of somebody {number}" for kind in ("workout", "secret", "link") for number in range(50)]
    for number in range(50):
        store.begin(f"workout of somebody {number}", "squat", number, f"secret of somebody {number}", "the person")
        for rep in range(10):
            store.append(f"workout of somebody {number}", Rep(0, rep, rep + 1, 0.5, reason="a telltale reason"))
        store.append_series(f"workout of somebody {number}", 0, b"a telltale series" * 100)
        done = Set(1, "a telltale exercise", 0.0, 1.0, 1, 0.0, "ended")
        store.finish(f"workout of somebody {number}", replace(SUMMARY, sets=(done,)))
        store.share(Share(f"link of somebody {number}", f"workout of somebody {number}"))
    traces += ["the person", "a telltale reason", "a telltale series", "a telltale exercise"]
    before = found(tmp_path)
    assert all(trace in before for trace in traces)
    store.unshare("workout of somebody 0")
    store.forget("the person")  # while the store is open, as it is in a running server
    after = found(tmp_path)
    assert [trace for trace in traces if trace in after] == []
    store.close()


def found(folder: Path) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in folder.glob("workouts.db*"))
