"""Fixtures for all tests."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.postgresql import throw_away_server

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of clips and photos beside the project; a bare clone has none."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("needs the test data in ../shared, which is not here")
    return folder


@pytest.fixture(scope="session")
def plain_jpeg():
    """Make a JPEG of one colour: `plain_jpeg(mode, colour)`, with the mode as Pillow names it."""

    def plain_jpeg(mode: str, colour: int | tuple[int, ...]) -> bytes:
        file = io.BytesIO()
        Image.new(mode, (8, 8), colour).save(file, "JPEG")
        return file.getvalue()

    return plain_jpeg


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL database; TEST_POSTGRESQL may name one."""
    if named := os.environ.get("TEST_POSTGRESQL"):
        yield named
        return
    with throw_away_server() as database:
        yield database.url
