"""A database file is private to its owner."""

import os
import stat
from pathlib import Path

from webapp.store import open_store


def test_a_new_database_can_be_read_by_its_owner_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        store = open_store(f"sqlite:///{tmp_path}/workouts.db")
        store.begin("w", "squat", 1000.0, "hash")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert modes == {f"workouts.db{part}": 0o600 for part in ("", "-wal", "-shm")}
    (tmp_path / "workouts.db").chmod(0o640)
    open_store(f"sqlite:///{tmp_path}/workouts.db").close()
    assert stat.S_IMODE((tmp_path / "workouts.db").stat().st_mode) == 0o640
