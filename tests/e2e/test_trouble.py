"""Problems in a real workout: no camera, no server for a while, a worker that dies."""

import json
import os
import re
import signal
import sqlite3
import urllib.request
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SQUATS, OpenPage
from webapp.evaluation.live import CAMERA_ALLOWED, ServerProcess, running_server

DENIED = ("--use-fake-device-for-media-stream", "--deny-permission-prompts")
STATE_WITHIN_MS = 30_000
TELLS_WHAT_HAPPENS = """() => {
    window.happened = [];
    const note = (what) => window.happened.at(-1) !== what && window.happened.push(what);
    window.addEventListener("posecoach:drawn", () => note("pose"));
    new MutationObserver(() => note(document.body.dataset.state))
        .observe(document.body, { attributeFilter: ["data-state"] });
}"""


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=STATE_WITHIN_MS)


def start(page: Page) -> None:
    expect_state(page, "setup")
    page.keyboard.press("Enter")
    expect_state(page, "live")


def wait_for_count(page: Page, at_least: int) -> None:
    numbers = "|".join(str(number) for number in range(at_least, at_least + 10))
    expect(page.get_by_test_id("count")).to_have_text(re.compile(f"^({numbers})$"), timeout=STATE_WITHIN_MS)


def count_of(page: Page) -> int:
    return int(page.get_by_test_id("count").inner_text())


def test_a_refused_camera_gets_a_sentence_that_helps(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat", flags=DENIED, permissions=[])
    expect_state(page, "refused")
    expect(page.get_by_role("alert")).to_contain_text("camera")


def test_a_machine_without_camera_says_so(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat", flags=["--use-fake-ui-for-media-stream"])
    expect_state(page, "missing")
    expect(page.get_by_role("alert")).to_contain_text("camera")


def test_an_address_without_https_explains_what_a_browser_needs(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    flags = [*CAMERA_ALLOWED, "--host-resolver-rules=MAP coach.test 127.0.0.1"]
    page = open_page(f"http://coach.test:{replay_server.port}/workout/squat", flags=flags, permissions=[])
    expect_state(page, "insecure")
    expect(page.get_by_role("alert")).to_contain_text("https")


def test_a_camera_that_ends_in_a_set_keeps_the_count_and_can_be_tried_again_or_left(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    unplugged = "video => video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))"
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0&start=now")
    wait_for_count(page, 1)
    page.locator("#camera").evaluate(unplugged)
    expect(page.get_by_role("alert")).to_contain_text("Your count is safe")
    expect(page.get_by_test_id("count")).to_be_visible()
    before = count_of(page)
    page.get_by_role("button", name="Try again").click()
    wait_for_count(page, before + 1)
    page.locator("#camera").evaluate(unplugged)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_url("**/workouts/*")


def test_counting_continues_after_the_server_is_killed_and_restarted(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0")
    start(page)
    wait_for_count(page, 2)
    replay_server.kill()
    expect_state(page, "reconnecting")
    page.evaluate(TELLS_WHAT_HAPPENS)
    before = count_of(page)
    replay_server.start()
    expect_state(page, "live")
    assert page.evaluate("window.happened")[:2] == ["pose", "live"]  # it counts from the first answer, not before
    assert count_of(page) >= before
    wait_for_count(page, before + 1)


def test_a_connection_that_the_browser_calls_offline_is_made_anew_and_the_count_stays(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0")
    start(page)
    wait_for_count(page, 1)
    page.evaluate(TELLS_WHAT_HAPPENS)
    before = count_of(page)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    wait_for_count(page, before + 1)
    states = [what for what in page.evaluate("window.happened") if what != "pose"]
    assert states == ["reconnecting", "live"]


def test_a_reloaded_page_goes_on_with_its_workout(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0")
    start(page)
    wait_for_count(page, 2)
    before = count_of(page)
    page.reload()
    expect_state(page, "live")  # by itself, once the set-up's checks are done again
    assert count_of(page) >= before


def test_a_killed_worker_is_replaced_and_the_count_stays(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0")
    start(page)
    wait_for_count(page, 1)
    before = count_of(page)
    workers = _workers_of(replay_server)
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_for_count(page, before + 1)
    assert not workers & _workers_of(replay_server)


def test_an_unavailable_store_is_shown_until_it_is_back_and_the_summary_waits(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page = open_page(f"{replay_server.url}/workout/squat?countdown=0&start=now")
    wait_for_count(page, 1)
    unsaved = page.get_by_test_id("unsaved")
    with closing(sqlite3.connect(replay_server.log.parent / "posecoach.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        expect(unsaved).to_contain_text("Cannot be saved yet", timeout=STATE_WITHIN_MS)
        wait_for_count(page, count_of(page) + 1)
        other.execute("ROLLBACK")
        expect(unsaved).to_be_empty(timeout=STATE_WITHIN_MS)
        other.execute("BEGIN EXCLUSIVE")
        page.keyboard.press("s")
        expect(page.get_by_role("alert")).to_contain_text("cannot be saved yet", timeout=STATE_WITHIN_MS)
    page.wait_for_url("**/workouts/*")
    expect(page.get_by_role("heading", name="Squat")).to_be_visible()


def _workers_of(server: ServerProcess) -> set[int]:
    """Return the process ids of the workers that are ready."""
    with urllib.request.urlopen(f"{server.url}/readyz") as answer:
        return {worker["pid"] for worker in json.load(answer)["workers"]}


@pytest.mark.parametrize("path", ["/", "/workout/squat", "/workouts"])
def test_no_page_asks_another_host_for_anything(path: str, replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(replay_server.url)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(f"{replay_server.url}{path}")
    page.wait_for_load_state("networkidle")
    assert hosts == {f"localhost:{replay_server.port}"}


def test_a_browser_without_a_place_gets_the_first_free_one_of_any_process(open_page: OpenPage) -> None:
    one_place_each = ("--processes", "2", "--workers", "2", "--streams-per-worker", "1")
    inside = re.compile("setup|countdown|live")
    with running_server("--backend", "replay", "--series", str(SQUATS), *one_place_each) as server:
        first, second = (open_page(f"{server.url}/workout/squat") for _ in range(2))
        for page in (first, second):
            expect(page.locator("body")).to_have_attribute("data-state", inside, timeout=STATE_WITHIN_MS)
        third = open_page(f"{server.url}/workout/squat")
        expect_state(third, "full")
        first.close()
        expect(third.locator("body")).to_have_attribute("data-state", inside, timeout=STATE_WITHIN_MS)
