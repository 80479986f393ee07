"""A workout is shared by link, seen by a stranger, revoked, downloaded and deleted: all in a real browser."""

import csv
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS
from webapp.evaluation.live import ServerProcess

ALLOWED = ("camera", "clipboard-read", "clipboard-write")


@pytest.fixture
def page(replay_server: ServerProcess, open_page: OpenPage) -> Page:
    """The summary of two squats."""
    page: Page = open_page(f"{replay_server.url}/workout/squat?start=now&countdown=0", permissions=ALLOWED)
    expect(page.get_by_test_id("count")).to_have_text("2", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
    return page


def shared(page: Page) -> str:
    page.get_by_test_id("share").click()
    return page.get_by_test_id("share-link").input_value()


def counted(page: Page) -> str:
    return page.get_by_test_id("summary-count").inner_text()


def saved_picture(page: Page, file: Path) -> Path:
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save picture").click()
    saved.value.save_as(file)
    with Image.open(file) as picture:
        assert picture.size == (1200, 630)
    return file


def shown_to_messengers(page: Page) -> str:
    tags = {name: page.locator(f"meta[property='og:{name}']").get_attribute("content") for name in ("url", "image")}
    assert tags["url"] == page.url
    return str(tags["image"])


def test_the_link_is_copied_by_keyboard(page: Page) -> None:
    link = shared(page)
    expect(page.get_by_role("button", name="Share")).to_be_hidden()  # this browser has no share sheet
    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("share-said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_a_stranger_sees_the_summary_and_the_picture_by_link(page: Page, open_page: OpenPage, tmp_path: Path) -> None:
    stranger = open_page(shared(page))
    expect(stranger.get_by_role("heading", name="Squat")).to_be_visible()
    assert counted(stranger) == counted(page)
    picture = saved_picture(page, tmp_path / "card.png")
    assert stranger.request.get(shown_to_messengers(stranger)).body() == picture.read_bytes()
    assert stranger.goto(page.url).status == 404


def test_a_revoked_link_shows_nothing(page: Page, open_page: OpenPage) -> None:
    link = shared(page)
    page.get_by_test_id("revoke").click()
    expect(page.get_by_test_id("share")).to_be_visible()
    stranger = open_page(link)
    for address in (link, f"{link}/card.png"):
        assert stranger.goto(address).status == 404


def test_the_downloaded_repetitions_are_those_of_the_summary(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as saved:
        page.get_by_test_id("export-csv").click()
    saved.value.save_as(tmp_path / "reps.csv")
    with (tmp_path / "reps.csv").open(newline="") as file:
        numbers = [int(row["number [0 = not counted]"]) for row in csv.DictReader(file)]
    assert max(numbers) == int(counted(page))


def test_deleting_everything_deletes_the_workout(page: Page) -> None:
    own = page.url
    page.get_by_role("link", name="Your data").click()
    page.get_by_test_id("delete-all").click()
    page.get_by_test_id("delete").click()
    expect(page.get_by_role("heading", name="Nothing is stored for this browser")).to_be_visible()
    response = page.goto(own)
    assert response is not None
    assert response.status == 404


def test_the_share_sheet_gets_the_link_and_the_picture(page: Page) -> None:
    link = shared(page)
    # What a phone has and this Chromium lacks: it takes what it is given.
    page.add_init_script("""
        navigator.canShare = () => true;
        navigator.share = async ({ url, files }) => { window.given = { url, files: files.map((file) => file.name) }; };
    """)
    page.reload()
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_test_id("share-said")).to_have_text("Shared.")
    assert page.evaluate("window.given") == {"url": link, "files": ["posecoach-squat.png"]}
