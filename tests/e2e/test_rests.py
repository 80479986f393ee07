"""Sets on the page: a target, the rest after it, the next set, and another exercise in the same workout."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import SQUATS, OpenPage
from tests.e2e.test_trouble import expect_state
from webapp.evaluation.live import ServerProcess, running_server
from webapp.records import TARGET_AMOUNT, TARGET_SETS
from webapp.series import Series

STILL_S = 3.0
"""Nobody moves before the page counts."""

TWO_SQUATS_S = 3.5
"""In the recording the second squat is over, and the third has not begun."""

REST_S = 8.0

FURTHER_SQUATS_S = 5.0
"""After the rest the recording continues for so long, with squats."""

WITHIN_MS = 30_000


@pytest.fixture
def squats_with_a_rest(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that sees a person stand, do two squats, stand for some seconds and continue."""
    series = Series.load(SQUATS)
    later_s = np.where(series.t_s < TWO_SQUATS_S, STILL_S, STILL_S + REST_S)
    recording = tmp_path / "two_squats_and_a_rest.npz"
    replace(series, t_s=series.t_s + later_s).save(recording)
    with running_server("--backend", "replay", "--series", str(recording)) as process:
        yield process


def expect_text(page: Page, element: str, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_test_id(element)).to_have_text(text, timeout=WITHIN_MS)


def test_a_set_with_a_target_is_followed_by_a_rest_and_the_second_set(
    squats_with_a_rest: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{squats_with_a_rest.url}/workout/squat?start=now&countdown=0&target=2&sets=2&rest=4")
    expect_state(page, "live")
    expect_text(page, "set", "Set 1 of 2")
    expect_text(page, "unit", "of 2 repetitions")
    expect_state(page, "rest")
    expect_text(page, "rest-digits", re.compile("^[1-4]$"))
    expect_text(page, "rest-was", re.compile(r"^Set 1: 2 repetitions, depth \d+% \(target 100%\)$"))
    expect_text(page, "rest-next", "Next: set 2 of 2, 2 repetitions")
    expect_state(page, "live")  # by itself, when the rest is over
    expect_text(page, "set", "Set 2 of 2")
    expect_text(page, "count", re.compile("^[01]$"))
    expect(page.get_by_test_id("rest")).to_have_attribute("data-kind", "last", timeout=WITHIN_MS)
    expect_text(page, "rest-digits", "2/2")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_url("**/workouts/*")


def test_after_the_last_set_movement_begins_no_further_one_until_it_is_asked_for(
    squats_with_a_rest: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{squats_with_a_rest.url}/workout/squat?start=now&countdown=0&target=2&sets=1")
    expect_state(page, "rest")
    expect(page.get_by_test_id("rest")).to_have_attribute("data-kind", "last")
    page.wait_for_timeout((REST_S + FURTHER_SQUATS_S) * 1000)  # the recording plays in real time
    expect_state(page, "rest")
    page.get_by_role("button", name="One more set").click()
    expect_state(page, "live")
    expect_text(page, "set", "Set 2")
    expect_text(page, "count", "1")


def test_another_exercise_goes_on_in_the_same_workout(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(replay_server.url)
    page.goto(f"{replay_server.url}/workout/squat?countdown=0&start=now")
    expect_text(page, "count", "2")
    page.keyboard.press("Space")
    expect_state(page, "paused")
    elapsed = page.get_by_test_id("elapsed").inner_text()
    page.keyboard.press("n")
    page.get_by_test_id("find").fill("walsit")
    expect(page.get_by_test_id("nothing-found")).to_contain_text("walsit")
    page.get_by_test_id("find").fill("wall")
    page.keyboard.press("Enter")
    page.wait_for_url("**/workout/wall_sit?countdown=0&start=now")
    expect_state(page, "live")
    expect_text(page, "held", "0.0")
    assert page.get_by_test_id("elapsed").inner_text() >= elapsed
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
    page.goto(f"{replay_server.url}/workouts")
    expect(page.locator(".workouts > li")).to_have_count(1)


def test_back_from_the_second_exercise_leads_to_where_the_first_was_begun(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(replay_server.url)
    page.goto(f"{replay_server.url}/workout/squat?countdown=0&start=now")
    expect_text(page, "count", "1")
    page.keyboard.press("Space")
    page.keyboard.press("n")
    page.get_by_role("link", name="Deadlift").click()
    page.wait_for_url("**/workout/deadlift?*")
    expect_state(page, "live")
    page.go_back()
    expect(page.locator("body")).to_have_attribute("data-state", "home")


def test_a_workout_ends_in_the_set_up_of_its_next_exercise(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0&start=hand")
    expect_state(page, "setup")
    expect(page.get_by_test_id("finish")).to_be_hidden()
    page.keyboard.press("Enter")
    expect_text(page, "count", "1")
    page.keyboard.press("Space")
    page.keyboard.press("n")
    page.get_by_role("link", name="Deadlift").click()
    page.wait_for_url("**/workout/deadlift?*")
    expect_state(page, "setup")
    page.get_by_test_id("finish").click()
    page.wait_for_url("**/workouts/*")
    expect(page.get_by_test_id("summary-count")).to_have_text("1")


def test_an_exercise_is_found_by_typing(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(replay_server.url)
    page.keyboard.press("/")
    page.keyboard.type("pushup")
    expect(page.locator(".card:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/workout/push_up")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("press ups", "push_up"),
        ("chinup", "pull_up"),
        ("abs", "sit_up"),
        ("warior", "warrior_one"),
        ("biceps", "bicep_curl"),
    ],
)
def test_another_name_a_plural_and_a_typing_mistake_find_it(
    replay_server: ServerProcess, open_page: OpenPage, typed: str, found: str
) -> None:
    page = open_page(f"{replay_server.url}/")
    page.get_by_test_id("find").fill(typed)
    expect(page.get_by_test_id(f"exercise-{found}")).to_be_visible()
    expect(page.get_by_test_id("exercise-plank")).to_be_hidden()


def test_nothing_starts_by_itself_while_the_chooser_is_open(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0")
    choices = page.locator("summary", has_text="Camera and engine")
    choices.click()
    expect_text(page, "setup-title", "All set")
    choices.click()
    expect_state(page, "live")


def test_a_target_out_of_range_is_not_changed_but_answered_with_the_servers_limit(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?start=hand&sets={TARGET_SETS[1]}&target=10")
    page.get_by_text(re.compile(rf"^Target:\s{TARGET_SETS[1]}\s.\s10$")).click()
    amount, note = page.get_by_test_id("goal-amount"), page.get_by_test_id("goal-note")
    amount.fill(str(TARGET_AMOUNT[1] + 1))
    page.keyboard.press("Tab")
    expect(note).to_have_text(f"At most {TARGET_AMOUNT[1]} repetitions.")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_accessible_description(f"At most {TARGET_AMOUNT[1]} repetitions.")
    expect(page.get_by_text("Target: not valid")).to_be_visible()
    amount.fill(str(TARGET_AMOUNT[1]))
    page.keyboard.press("Tab")
    expect(amount).to_have_attribute("aria-invalid", "false")
    expect(note).to_contain_text("optional")


def test_a_given_up_workout_whose_end_is_refused_swallows_no_later_summary(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    refused: list[str] = []

    def refuse_first_end(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def heard(message: str | bytes) -> None:
            if isinstance(message, str) and message.startswith('42["summary"') and not refused:
                refused.append(message)
                message = '42["error",{"code":"too_many","message":"Too much at a time."}]'
            line.send(message)

        server.on_message(heard)

    page = open_page(replay_server.url)
    page.route_web_socket(re.compile("/socket.io/"), refuse_first_end)
    page.goto(f"{replay_server.url}/workout/squat?start=hand&countdown=0")
    expect_state(page, "setup")
    page.get_by_text("Target", exact=True).click()
    page.get_by_test_id("goal-weight").fill("70")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start", exact=True).click()
    expect_text(page, "count", re.compile("^[1-9]$"))
    assert refused
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
