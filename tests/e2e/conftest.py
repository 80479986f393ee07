"""A real server, a real Chromium, a clip as its camera."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright

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
Launch = Callable[[Sequence[str]], Browser]


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


@pytest.fixture(scope="module")
def replay_server() -> Iterator[ServerProcess]:
    """A server that sees recorded squats, whatever its camera shows; every page is another person to it."""
    with running_server("--backend", "replay", "--series", str(SQUATS)) as process:
        yield process


@pytest.fixture(scope="session")
def launch(driver: Playwright) -> Iterator[Launch]:
    """Launch a Chromium with certain flags, once for all tests, whose camera shows a test picture."""
    with ExitStack() as browsers:

        @cache
        def launched(flags: tuple[str, ...]) -> Browser:
            return browsers.enter_context(chromium_with_camera(driver, None, flags))

        yield lambda flags: launched(tuple(flags))


@pytest.fixture
def open_page(driver: Playwright, launch: Launch, tmp_path: Path) -> Iterator[OpenPage]:
    """Open an address as another person. `camera` plays in a new Chromium; its last picture stays for a minute."""
    with ExitStack() as opened:

        def open_page(
            url: str,
            camera: FakeCamera | None = None,
            viewport: dict[str, int] | None = None,
            flags: Sequence[str] = CAMERA_ALLOWED,
            permissions: Sequence[str] = ("camera",),
            touch: bool = False,
        ) -> Page:
            if camera is None:
                browser = launch(flags)
            else:
                file = tmp_path / f"{camera.clip.stem}.y4m"
                camera.write(file)
                browser = opened.enter_context(chromium_with_camera(driver, file, flags))
            size = viewport or LAPTOP
            context = browser.new_context(viewport=size, permissions=list(permissions), has_touch=touch)
            page = opened.enter_context(closing(context)).new_page()
            page.goto(url)
            return page

        yield open_page
