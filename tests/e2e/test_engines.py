"""Another engine is chosen on the page, and counts, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS, STILL_S, camera_of, count_of, truth_of, wait_until_live
from webapp.evaluation.live import ServerProcess, running_server

CLIP = "squat_single_prithvi.mp4"
OTHER = "efficientpose-ii-lite"


@pytest.fixture
def server_with_weights(shared: Path) -> Iterator[ServerProcess]:
    """A server with the default engine and the weights of others; its one worker keeps opened engines."""
    with running_server("--models", str(shared / "weights"), "--workers", "1") as process:
        yield process


def begin_with(page: Page, engine: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", "setup", timeout=LIVE_WITHIN_MS)
    page.get_by_text("Camera and engine").click()
    page.get_by_test_id("engine").select_option(engine)
    expect(page.get_by_test_id("engine-note")).to_contain_text("toes")
    page.get_by_role("button", name="Start", exact=True).click()  # it begins once the engine is open
    wait_until_live(page)


def test_another_engine_chosen_on_the_page_counts_the_one_squat(
    shared: Path, server_with_weights: ServerProcess, open_page: OpenPage
) -> None:
    clips = shared / "data" / "clips"
    truth = truth_of(clips, CLIP)
    squat = f"{server_with_weights.url}/workout/squat?countdown=0&start=hand"
    first = open_page(squat)
    begin_with(first, OTHER)  # to open an engine may take longer than the clip waits: from here on it is open
    first.close()
    page = open_page(squat, camera_of(clips, CLIP))
    begin_with(page, OTHER)
    page.keyboard.press("i")
    expect(page.get_by_test_id("stats")).to_contain_text(OTHER, timeout=LIVE_WITHIN_MS)
    page.wait_for_timeout((STILL_S + truth["duration_s"] + 1) * 1000)  # the clip plays in real time
    assert count_of(page) == 1
    page.goto(f"{server_with_weights.url}/workout/calf_raise?start=hand")
    expect(page.get_by_test_id("engine")).to_have_value("blazepose-full")
    expect(page.get_by_test_id("engine-note")).to_contain_text("needs the toes")


def test_an_unavailable_engine_leads_to_an_available_one(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand")
    expect(page.get_by_test_id("setup-body")).to_have_attribute("data-done", "true", timeout=LIVE_WITHIN_MS)
    page.get_by_test_id("engine").evaluate(
        "list => { list.add(new Option('Gone', 'gone')); list.value = 'gone'; list.dispatchEvent(new Event('change')) }"
    )
    expect(page.get_by_role("alert")).to_contain_text("There is no engine 'gone'")
    expect(page.get_by_test_id("setup-body")).to_have_attribute("data-done", "open")
    page.get_by_role("button", name="Use another engine").click()
    expect(page.get_by_test_id("engine")).to_have_value("replay")
    page.keyboard.press("Enter")
    wait_until_live(page)
    expect(page.get_by_test_id("count")).not_to_have_text("0", timeout=LIVE_WITHIN_MS)
    page.reload()
    expect(page.get_by_test_id("engine").get_by_text("A recorded landmark series")).to_contain_text(" ms")
