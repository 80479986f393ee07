"""A workout is shared by link, seen by a stranger, revoked, taken along and deleted: all in a real browser."""

import csv
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS
from webapp.evaluation.live import ServerProcess

ALLOWED = ("camera", "clipboard-read", "clipboard-write")


def squatted(server: ServerProcess, open_page: OpenPage) -> Page:
    page: Page = open_page(f"{server.url}/workout/squat?start=now&countdown=0", permissions=ALLOWED)
    expect(page.get_by_test_id("count")).to_have_text("2", timeout=LIVE_WITHIN_MS)
    page.keyboard.press("s")
    page.wait_for_url("**/workouts/*")
    return page


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


def test_from_a_link_to_its_end_and_from_the_files_to_nothing(
    replay_server: ServerProcess, open_page: OpenPage, tmp_path: Path
) -> None:
    page = squatted(replay_server, open_page)
    own = page.url
    page.get_by_test_id("share").click()
    expect(page.get_by_role("button", name="Share")).to_be_hidden()  # this browser has no share sheet
    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("share-said")).to_have_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    picture = saved_picture(page, tmp_path / "card.png")

    stranger = open_page(link)
    expect(stranger.get_by_role("heading", name="Squat")).to_be_visible()
    counted = stranger.get_by_test_id("summary-count").inner_text()
    assert counted == page.get_by_test_id("summary-count").inner_text()
    assert stranger.request.get(shown_to_messengers(stranger)).body() == picture.read_bytes()
    assert stranger.goto(own).status == 404

    with page.expect_download() as saved:
        page.get_by_test_id("export-csv").click()
    saved.value.save_as(tmp_path / "reps.csv")
    with (tmp_path / "reps.csv").open(newline="") as file:
        numbers = [int(row["number [0 = not counted]"]) for row in csv.DictReader(file)]
    assert max(numbers) == int(counted)

    page.get_by_test_id("revoke").click()
    expect(page.get_by_test_id("share")).to_be_visible()
    assert stranger.goto(link).status == 404
    assert stranger.goto(f"{link}/card.png").status == 404

    page.get_by_role("link", name="Your data").click()
    page.get_by_test_id("delete-all").click()
    page.get_by_test_id("delete").click()
    expect(page.get_by_role("heading", name="Nothing is stored for this browser")).to_be_visible()
    assert page.goto(own).status == 404


def test_the_share_sheet_gets_the_link_and_the_picture(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = squatted(replay_server, open_page)
    page.get_by_test_id("share").click()
    # What a phone brings and this Chromium has not: it takes what it is given.
    page.add_init_script("""
        navigator.canShare = () => true;
        navigator.share = async ({ url, files }) => { window.given = { url, files: files.map((file) => file.name) }; };
    """)
    page.reload()
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_test_id("share-said")).to_have_text("Shared.")
    link = page.get_by_test_id("share-link").input_value()
    assert page.evaluate("window.given") == {"url": link, "files": ["posecoach-squat.png"]}
