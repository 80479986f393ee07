"""A hold is timed as the clip shows; a whole workout works by keyboard; two people never mix."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS, STILL_S, camera_of, count_of, truth_of, wait_until_live
from webapp.evaluation.live import ServerProcess

HOLD = "yoga_downdog_ankith.mp4"
TWO_CLIPS = ("squat_single_prithvi.mp4", "jacks_front_studio_unknown550_trim.mp4")


def test_a_hold_is_timed_to_half_a_second(shared: Path, server: ServerProcess, open_page: OpenPage) -> None:
    clips = shared / "data" / "clips"
    truth = truth_of(clips, HOLD)
    hold = truth["holds"][0]
    page = open_page(f"{server.url}/workout/{hold['pose']}?start=now&countdown=0", camera_of(clips, HOLD))
    wait_until_live(page)
    page.wait_for_timeout((STILL_S + truth["duration_s"] + 1) * 1000)  # the clip plays in real time
    held_s = float(page.get_by_test_id("held").inner_text())
    assert held_s == pytest.approx(hold["end_s"] - hold["start_s"], abs=0.5)


def test_a_whole_workout_goes_by_the_keyboard(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(replay_server.url)
    page.get_by_role("link", name="Squat", exact=False).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-state", "setup", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("count")).to_have_text("2", timeout=LIVE_WITHIN_MS)
    stop = page.get_by_role("button", name="Stop")
    for _ in range(20):
        if stop.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/workouts/*")
    expect(page.get_by_role("heading", name="Squat")).to_be_visible()


def test_escape_cancels_the_countdown_until_start_is_pressed(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=60")
    body = page.locator("body")
    expect(body).to_have_attribute("data-state", "countdown", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("Escape")
    expect(body).to_have_attribute("data-state", "setup")
    expect(page.get_by_label("Start automatically")).not_to_be_checked()
    page.keyboard.press("Enter")
    expect(body).to_have_attribute("data-state", "countdown")


def test_keys_that_are_switched_off_do_nothing_and_stay_off(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat")
    body = page.locator("body")
    expect(body).to_have_attribute("data-state", "setup", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close", exact=True).click()
    page.reload()
    expect(body).to_have_attribute("data-state", "setup", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_two_people_at_once_are_counted_each_for_themselves(
    shared: Path, server: ServerProcess, open_page: OpenPage
) -> None:
    clips = shared / "data" / "clips"
    truths = [truth_of(clips, name) for name in TWO_CLIPS]
    lead_s = 3 * STILL_S  # the first page's camera runs while the second browser starts
    pages = [
        open_page(f"{server.url}/workout/{truth['exercise']}?start=now&countdown=0", camera_of(clips, name, lead_s))
        for name, truth in zip(TWO_CLIPS, truths, strict=True)
    ]
    for page in pages:
        wait_until_live(page)
    pages[0].wait_for_timeout((lead_s + STILL_S + max(truth["duration_s"] for truth in truths)) * 1000)
    for page, truth in zip(pages, truths, strict=True):
        assert count_of(page) in truth["acceptable_reps"]
