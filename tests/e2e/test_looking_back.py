"""A workout is looked back on: its chart and its replay, by its person and by a stranger with the link."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, SQUATS, OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS
from webapp.evaluation.live import ServerProcess, running_server

MOVED = """
() => {
  const canvas = document.querySelector("[data-testid='replay'] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, at) => (sum + value * (at % 9973)) % 1000000007, 0);
}
"""
"""A number that tells one picture of the canvas from another."""


def squatted(server: ServerProcess, open_page: OpenPage) -> tuple[Page, list[str]]:
    page = open_page(f"{server.url}/workout/squat?start=now&countdown=0")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    expect(page.get_by_test_id("count")).to_have_text("3", timeout=LIVE_WITHIN_MS)
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
    return page, problems


def marked(page: Page, key: str) -> None:
    expect(page.get_by_test_id("replay")).to_have_attribute("data-mark", key)


def test_the_replay_is_scrubbed_turned_and_jumps_and_a_stranger_with_the_link_sees_it_until_it_is_revoked(
    replay_server: ServerProcess, open_page: OpenPage
) -> None:
    page, problems = squatted(replay_server, open_page)
    replay = page.get_by_test_id("replay")
    scrub = page.get_by_label("Time in the replay")
    expect(page.get_by_label("Play", exact=True)).to_be_visible()
    expect(page.get_by_test_id("plot").locator("canvas")).to_be_visible()
    assert replay.get_attribute("data-playing") == "false"  # who asked for less motion starts it

    pictures = {page.evaluate(MOVED)}
    scrub.fill("2")
    pictures.add(page.evaluate(MOVED))
    scrub.press("ArrowRight")
    pictures.add(page.evaluate(MOVED))
    replay.locator("canvas").press("ArrowLeft")
    pictures.add(page.evaluate(MOVED))
    assert len(pictures) == 4

    page.locator("tr[data-row='r2']").click()
    marked(page, "r2")
    expect(page.locator("svg [data-row='r2']")).to_have_class("good chosen")
    page.get_by_label("Next repetition").click()
    marked(page, "r3")
    page.get_by_label("Repetition before").click()
    marked(page, "r2")
    page.get_by_label("Play", exact=True).click()
    expect(replay).to_have_attribute("data-playing", "true")
    page.get_by_label("Pause", exact=True).click()

    page.get_by_test_id("share").click()
    link = page.get_by_test_id("share-link").input_value()
    stranger = open_page(link, viewport=PHONE)
    expect(stranger.get_by_test_id("plot").locator("canvas")).to_be_visible()
    expect(page.locator("tr[data-row='r2']")).to_be_visible()
    expect(stranger.locator("tr[data-row='r2']")).to_be_hidden()  # folded away on a phone
    stranger.get_by_text("Repetitions in figures").click()
    expect(stranger.locator("tr[data-row='r2']")).to_be_visible()
    stranger.locator("svg [data-row='r2']").click()
    marked(stranger, "r2")
    page.get_by_test_id("revoke").click()
    expect(page.get_by_test_id("share")).to_be_visible()
    for address in (link, f"{link}/replay.json", f"{link}/replay.bin", f"{link}/signal.json"):
        assert stranger.goto(address).status == 404
    assert problems == []


def test_a_workout_of_which_no_movement_is_kept_says_so(open_page: OpenPage) -> None:
    with running_server("--backend", "replay", "--series", str(SQUATS), "--keep-series", "off") as server:
        page, problems = squatted(server, open_page)
        expect(page.get_by_text("the movement of this workout was not kept")).to_be_visible()
        expect(page.get_by_test_id("summary-count")).to_be_visible()
        assert problems == []
