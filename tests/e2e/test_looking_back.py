"""A finished workout's chart and replay, for its owner and for a stranger with the link."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import PHONE, SQUATS, Launch, OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS
from webapp.evaluation.live import CAMERA_ALLOWED, ServerProcess, running_server

PICTURE = """
() => {
  const canvas = document.querySelector("[data-testid='replay'] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, at) => (sum + value * (at % 9973)) % 1000000007, 0);
}
"""
"""A number that distinguishes one picture of the canvas from another."""


@dataclass
class Kept:
    """A workout of three squats, and the cookies of its person."""

    url: str
    cookies: list[Any]
    problems: list[str] = field(default_factory=list)

    def opened(self, open_page: OpenPage, server: ServerProcess) -> Page:
        """Return its summary as its person sees it, calm, with the replay ready."""
        page: Page = open_page(f"{server.url}/healthz")
        page.context.add_cookies(self.cookies)
        page.emulate_media(reduced_motion="reduce")
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.url)
        return page


def squatted(page: Page, server: ServerProcess) -> Kept:
    page.goto(f"{server.url}/workout/squat?start=now&countdown=0")
    expect(page.get_by_test_id("count")).to_have_text("3", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
    return Kept(page.url, page.context.cookies())


@pytest.fixture(scope="module")
def squats() -> Iterator[ServerProcess]:
    """A server that sees recorded squats."""
    with running_server("--backend", "replay", "--series", str(SQUATS)) as server:
        yield server


@pytest.fixture(scope="module")
def kept(squats: ServerProcess, launch: Launch) -> Kept:
    """One workout for all of these tests."""
    with closing(launch(CAMERA_ALLOWED).new_context(permissions=["camera"])) as context:
        return squatted(context.new_page(), squats)


@pytest.fixture
def page(kept: Kept, squats: ServerProcess, open_page: OpenPage) -> Iterator[Page]:
    """Its summary; nothing may go wrong on it."""
    kept.problems.clear()
    page = kept.opened(open_page, squats)
    expect(page.get_by_label("Play", exact=True)).to_be_visible()
    yield page
    assert kept.problems == []


def marked(page: Page, key: str) -> None:
    expect(page.get_by_test_id("replay")).to_have_attribute("data-mark", key)


def test_on_a_phone_held_sideways_the_whole_replay_is_in_view(page: Page) -> None:
    page.set_viewport_size({"width": 844, "height": 390})
    play = page.get_by_label("Play", exact=True)
    play.evaluate("button => button.closest('.replay').scrollIntoView()")
    for part in (page.get_by_test_id("replay").locator("canvas"), page.get_by_label("Time in the replay"), play):
        expect(part).to_be_in_viewport(ratio=0.99)


def test_the_replay_waits_for_a_click_with_reduced_motion(page: Page) -> None:
    replay = page.get_by_test_id("replay")
    expect(page.get_by_test_id("plot").locator("canvas")).to_be_visible()
    expect(replay).to_have_attribute("data-playing", "false")
    page.get_by_label("Play", exact=True).click()
    expect(replay).to_have_attribute("data-playing", "true")
    page.get_by_label("Pause", exact=True).click()
    expect(replay).to_have_attribute("data-playing", "false")


def test_the_replay_is_scrubbed_and_turned_by_keyboard(page: Page) -> None:
    pictures = {page.evaluate(PICTURE)}
    scrub = page.get_by_label("Time in the replay")
    scrub.fill("2")
    pictures.add(page.evaluate(PICTURE))
    for _ in range(5):  # two samples in a row may be alike
        scrub.press("ArrowRight")
    pictures.add(page.evaluate(PICTURE))
    page.get_by_test_id("replay").locator("canvas").press("ArrowLeft")
    pictures.add(page.evaluate(PICTURE))
    assert len(pictures) == 4


def test_the_running_time_of_the_replay_is_not_read_aloud(page: Page) -> None:
    at = page.locator("[data-replay=at]")
    expect(at).to_contain_text("/")
    assert at.evaluate("at => at.matches('output, [role=status], [aria-live] *')") is False


def test_the_replay_jumps_to_the_chosen_repetition(page: Page) -> None:
    page.locator("tr[data-row='r2']").click()
    marked(page, "r2")
    expect(page.locator("svg [data-row='r2']")).to_have_class("good chosen")
    page.get_by_label("Next repetition").click()
    marked(page, "r3")
    page.get_by_label("Previous repetition").click()
    marked(page, "r2")


def test_the_keyboard_chooses_a_repetition_too(page: Page) -> None:
    page.get_by_role("button", name="Repetition 3", exact=True).press("Enter")
    marked(page, "r3")


def test_a_stranger_with_the_link_sees_the_replay_until_it_is_revoked(page: Page, open_page: OpenPage) -> None:
    page.get_by_test_id("share").click()
    link = page.get_by_test_id("share-link").input_value()
    stranger = open_page(link, viewport=PHONE)
    expect(stranger.get_by_test_id("plot").locator("canvas")).to_be_visible()
    stranger.locator("svg [data-row='r2']").click()
    marked(stranger, "r2")
    page.get_by_test_id("revoke").click()
    expect(page.get_by_test_id("share")).to_be_visible()
    for address in (link, f"{link}/replay.json", f"{link}/replay.bin", f"{link}/signal.json"):
        assert stranger.goto(address).status == 404


def test_on_a_phone_the_repetitions_are_folded_away(page: Page) -> None:
    row = page.locator("tr[data-row='r2']")
    expect(row).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.reload()
    expect(row).to_be_hidden()
    page.get_by_text("All repetitions").click()
    expect(row).to_be_visible()


def test_a_replay_that_cannot_be_fetched_says_so_and_asks_again_when_played(page: Page) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429)

    def in_two_pieces(route: Route) -> None:
        content = route.fetch().json()
        begin_s = content["parts_s"][0]
        route.fulfill(json={**content, "parts_s": [begin_s, begin_s + 2.0], "parts_at_a_time": 1})

    page.route("**/replay.json", in_two_pieces)
    page.route("**/replay.bin?from=1", refuse)
    page.reload()
    said = page.get_by_text("The replay could not be loaded")
    scrub = page.get_by_label("Time in the replay")
    expect(scrub).to_be_visible()
    expect(said).to_be_hidden()
    scrub.fill(scrub.get_attribute("max") or "")
    expect(said).to_be_visible()
    before = len(asked)
    page.get_by_label("Play", exact=True).click()
    expect(page.get_by_test_id("replay")).to_have_attribute("data-playing", "false")
    expect(said).to_be_visible()
    assert len(asked) == before + 1
    page.unroute("**/replay.bin?from=1")
    page.get_by_label("Play", exact=True).click()
    expect(said).to_be_hidden()


def test_a_chart_that_cannot_be_fetched_says_so(page: Page) -> None:
    page.route("**/signal.json", lambda route: route.fulfill(status=503))
    page.reload()
    expect(page.get_by_text("The chart could not be loaded")).to_be_visible()


def test_a_workout_of_which_no_movement_is_kept_says_so(open_page: OpenPage) -> None:
    with running_server("--backend", "replay", "--series", str(SQUATS), "--keep-series", "off") as server:
        page = open_page(server.url)
        squatted(page, server)
        expect(page.get_by_text("no replay and no chart")).to_be_visible()
        expect(page.get_by_test_id("summary-count")).to_be_visible()
