"""A real server, a real Chromium, a clip as its camera."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from webapp.errors import SettingsError
from webapp.evaluation.fake_camera import FakeCamera
from webapp.evaluation.live import (
    CAMERA_ALLOWED,
    ServerProcess,
    chromium_with_camera,
    find_chromium,
    playwright_driver,
    running_server,
)

LAPTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}

SQUATS = Path(__file__).parents[1] / "data" / "series" / "squat_front_1.npz"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The driver of browsers; skips with a message if there is no Chromium."""
    with playwright_driver() as driver:
        try:
            find_chromium(driver.chromium.executable_path)
        except SettingsError as exc:
            pytest.skip(str(exc))
        yield driver


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """A server with the default engine."""
    with running_server() as process:
        yield process


@pytest.fixture
def replay_server() -> Iterator[ServerProcess]:
    """A server that sees recorded squats, whatever its camera shows."""
    with running_server("--backend", "replay", "--series", str(SQUATS)) as process:
        yield process


@pytest.fixture
def open_page(driver: Playwright, tmp_path: Path) -> Iterator[OpenPage]:
    """Open an address in a new Chromium whose camera shows `camera`; the last picture stays for a minute."""
    with ExitStack() as browsers:

        def open_page(
            url: str,
            camera: FakeCamera | None = None,
            viewport: dict[str, int] | None = None,
            flags: Sequence[str] = CAMERA_ALLOWED,
            permissions: Sequence[str] = ("camera",),
            touch: bool = False,
        ) -> Page:
            file = None
            if camera is not None:
                file = tmp_path / f"{camera.clip.stem}.y4m"
                camera.write(file)
            browser = browsers.enter_context(chromium_with_camera(driver, file, flags))
            page = browser.new_page(viewport=viewport or LAPTOP, permissions=list(permissions), has_touch=touch)
            page.goto(url)
            return page

        yield open_page
