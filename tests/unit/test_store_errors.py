"""Problems with a database file become a sentence for the person who can fix them."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.errors import StoreError
from webapp.records import Rep
from webapp.store import Store, databases, open_store, sql


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "workouts.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{file}")
    opened.begin("w", "squat", 0.0, "hash")
    yield opened
    opened.close()


def test_a_killed_process_leaves_its_stored_records(store: Store, file: Path) -> None:
    store.append("w", Rep(1, 0.0, 1.0, 1.0))
    other_process = open_store(f"sqlite:///{file}")
    assert [event.number for event in other_process.events("w")] == [1]
    other_process.close()


def test_a_locked_database_is_a_store_error_and_the_repetition_can_be_stored_later(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_MS", 1)
    impatient = open_store(f"sqlite:///{file}")
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process has locked the database"):
        impatient.append("w", Rep(1, 0.0, 1.0, 1.0))
    writer.execute("ROLLBACK")
    writer.close()
    impatient.append("w", Rep(1, 0.0, 1.0, 1.0))
    assert len(store.events("w")) == 1
    impatient.close()


def test_a_full_disk_is_a_store_error(file: Path, store: Store) -> None:
    small = sql.open_url(f"sqlite:///{file}")
    with small._engine.connect() as connection:  # a limit on pages is the full disk that can be had anywhere
        connection.exec_driver_sql("PRAGMA max_page_count=1")
    with pytest.raises(StoreError, match="disk is full"):
        small.append("w", Rep(0, 0.0, 1.0, 0.5, reason="x" * 1_000_000))
    assert store.events("w") == []
    small.close()


def test_a_file_that_is_no_database_is_a_store_error(file: Path) -> None:
    file.write_text("a diary, not a database\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{file}")


def test_a_read_only_database_is_a_store_error(store: Store, file: Path) -> None:
    store.close()
    with pytest.raises(StoreError, match="is not writable"):
        open_store(f"sqlite:///file:{file}?mode=ro&uri=true").begin("v", "squat", 0.0, "other hash")


def test_a_folder_that_cannot_be_made_is_a_store_error(file: Path) -> None:
    file.write_text("in the way")
    with pytest.raises(StoreError, match="folder"):
        open_store(f"sqlite:///{file}/workouts.db")


def test_a_row_that_this_version_cannot_read_is_a_store_error(store: Store, file: Path) -> None:
    store.append("w", Rep(1, 0.0, 1.0, 1.0))
    other = sqlite3.connect(file)
    other.execute("UPDATE events SET record = '{}'")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="cannot read"):
        store.events("w")


def test_a_broken_url_is_a_store_error_that_keeps_the_password_to_itself() -> None:
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://me:secret@host:port/name")
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_a_store_error_that_names_the_command_which_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as if it were not installed
    with pytest.raises(StoreError, match=r"psycopg is not installed; run .*pip install 'psycopg\[binary\]'"):
        open_store("postgresql://me@localhost/name")
