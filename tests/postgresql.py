"""A PostgreSQL server for the tests: created in a temporary folder, without network, and stopped with the tests."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

NAME = "posecoach"
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian puts the programs of each version, none of them on the path."""


@dataclass(frozen=True)
class Database:
    """An empty database, and the switch of its server."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def throw_away_server() -> Iterator[Database]:
    """Run a temporary server. Skip the test if there is no PostgreSQL."""
    programs, user = _programs(), _user()
    folder = Path(mkdtemp(prefix="posecoach-pg-"))  # not pytest's: a socket's path has at most 107 bytes
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = str(folder / "data")
        run(user, programs / "initdb", "-D", data, "-U", NAME, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        start = partial(run, user, programs / "pg_ctl", "start", "-w", "-D", data, "-l", f"{folder}/log", "-o", options)
        stop = partial(run, user, programs / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")
        start()
        try:
            run(user, programs / "createdb", "-h", str(folder), "-U", NAME, NAME)
            yield Database(f"postgresql://{NAME}@/{NAME}?host={folder}", stop, start)
        finally:
            stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(user: str | None, *command: str | Path) -> None:
    """Run a program, as another user if one is named. Raises CalledProcessError with its output."""
    groups = None if user is None else []
    subprocess.run(command, user=user, group=user, extra_groups=groups, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _programs() -> Path:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = [folder for folder in DEBIAN.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        pytest.skip("needs PostgreSQL's server (Debian: apt install postgresql), which is not here")
    return max(versions, key=lambda folder: int(folder.parent.name))


def _user() -> str | None:
    """PostgreSQL refuses to run as root, so use the user that its package created."""
    if os.geteuid() != 0:
        return None
    if "postgres" not in [entry.pw_name for entry in pwd.getpwall()]:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres; run the tests as another user")
    return "postgres"
