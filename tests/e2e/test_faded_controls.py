"""A finger first brings faded controls back before it does anything; a mouse has done so by moving."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.test_trouble import expect_state
from webapp.evaluation.live import ServerProcess

FADED = re.compile(r"\bstill\b")


def tap(page: Page, button: str) -> None:
    """Tap at the button's position, visible or not."""
    box = page.get_by_role("button", name=button).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def faded_workout(server: ServerProcess, open_page: OpenPage) -> Page:
    page = open_page(f"{server.url}/workout/squat?start=now&countdown=0", viewport=PHONE, touch=True)
    expect_state(page, "live")
    expect(page.locator("body")).to_have_class(FADED)
    return page


def test_the_first_touch_brings_faded_buttons_back_and_the_second_one_acts(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = faded_workout(replay_server, open_page)
    tap(page, "Pause")
    expect(page.locator("body")).not_to_have_class(FADED)
    expect_state(page, "live")
    tap(page, "Pause")
    expect_state(page, "paused")


def test_buttons_that_a_touch_brought_back_fade_again(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = faded_workout(replay_server, open_page)
    tap(page, "Stop")
    expect(page.locator("body")).not_to_have_class(FADED)
    expect(page.locator("body")).to_have_class(FADED)
    expect(page.locator(".controls")).to_have_css("opacity", "0")
    expect_state(page, "live")


def test_a_mouse_acts_at_once(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = faded_workout(replay_server, open_page)
    page.get_by_role("button", name="Pause").click()
    expect_state(page, "paused")
