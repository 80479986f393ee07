"""What several contract suites need: a recording, and every kind of store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from figure import squats

from webapp.store import Store, open_store


@pytest.fixture(scope="session")
def series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of squats, for a server that replays it."""
    return squats(tmp_path_factory.mktemp("series") / "squats.npz")


@pytest.fixture(params=["memory", "sqlite", "sqlite in memory", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql")
    urls = {
        "memory": "memory:",
        "sqlite": f"sqlite:///{tmp_path}/new/folder/workouts.db",
        "sqlite in memory": "sqlite://",
    }
    return urls[request.param]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()
