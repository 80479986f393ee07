"""The history in a real browser: days in the person's time zone, usable by keyboard, and nothing overflows."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LAPTOP, PHONE, SQUATS, OpenPage
from webapp.evaluation.lifetime import workouts
from webapp.evaluation.live import ServerProcess, running_server
from webapp.store.benchmark import fill

KEPT = 100


@pytest.fixture
def history(open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, list[str]]]:
    """The history of a person with a hundred workouts, and the page's errors."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store')}/workouts.db"
    with running_server("--backend", "replay", "--series", str(SQUATS), "--store", store) as server:
        page: Page = open_page(f"{server.url}/workout/squat")
        person = page.request.get(f"{server.url}/data/export.json").json()["person"]
        assert list(fill(store, person, workouts(KEPT, time.time(), "somebody")))[-1] == KEPT
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{server.url}/workouts")
        yield page, problems


def test_a_day_is_chosen_by_the_keyboard(history: tuple[Page, list[str]]) -> None:
    page, problems = history
    expect(page.get_by_test_id("history-count")).to_have_text(str(KEPT))
    day = page.locator("a.day").last
    said = day.get_attribute("aria-label") or ""
    day.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("list-title")).to_contain_text("Workouts on")
    expect(page.locator("a.day[aria-current='date']")).to_have_attribute("aria-label", said)
    assert f": {page.locator('.workouts li').count()} workout" in said
    assert problems == []


def test_the_very_first_page_tells_the_time_zone(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(replay_server.url)
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    page.wait_for_function("zone => document.cookie.includes(`zone=${zone}`)", arg=zone)


def test_on_the_narrowest_phone_the_minutes_of_a_day_stay_in_its_box(history: tuple[Page, list[str]]) -> None:
    page, _ = history
    page.set_viewport_size({"width": 320, "height": 568})
    amount = page.locator("a.day small").last
    amount.evaluate("amount => { amount.textContent = '99 min'; }")
    assert amount.evaluate("amount => amount.offsetWidth <= amount.closest('.day').clientWidth")


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_nothing_sticks_out_and_the_list_is_turned_page_by_page(
    history: tuple[Page, list[str]], size: dict[str, int]
) -> None:
    page, problems = history
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    pages = 1
    while page.get_by_role("link", name="Older").count():
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        with page.expect_navigation():
            page.get_by_role("link", name="Older").click()
        pages += 1
    assert pages == KEPT / 20
    assert problems == []
