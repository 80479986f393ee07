"""A recorded video is chosen on the page, sent, analysed, and becomes a summary: in a real browser."""

import re
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Launch, OpenPage
from webapp.evaluation.live import CAMERA_ALLOWED, ServerProcess

LOOKED_AT_WITHIN_MS = 60_000


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Five seconds, of two squats and the most of a third, in a container that Chromium plays, to read the duration."""
    path = tmp_path / "my squats.webm"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), 15.0, (64, 48))
    for number in range(75):
        writer.write(np.full((48, 64, 3), number, np.uint8))
    writer.release()
    return path


def choose(page: Page, film: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Choose a video").click()
    chooser.value.set_files(film)


def test_a_video_leads_from_the_set_up_to_the_summary(
    replay_server: ServerProcess, open_page: OpenPage, film: Path
) -> None:
    page = open_page(f"{replay_server.url}/", viewport=PHONE)
    page.get_by_test_id("recorded").click()
    expect(page.get_by_text("Up to 500 MB and 15 minutes")).to_be_visible()
    page.get_by_test_id("upload-exercise").select_option("squat")
    page.get_by_text("Weight and pose engine").click()
    page.get_by_test_id("upload-weight").fill("70")
    choose(page, film)
    expect(page.get_by_test_id("upload-name")).to_have_text(re.compile(r"^my squats\.webm · \d+ kB · 5 s$"))
    page.get_by_test_id("upload-send").click()
    page.wait_for_url("**/workouts/*", timeout=LOOKED_AT_WITHIN_MS)
    expect(page.get_by_role("heading", name="Squat").first).to_be_visible()
    expect(page.get_by_test_id("summary-count")).to_contain_text("3")
    expect(page.get_by_test_id("summary-energy")).to_contain_text("kcal")
    page.goto(f"{replay_server.url}/upload")
    expect(page.get_by_test_id("upload-weight")).to_have_value("70")  # this browser remembers it


def test_a_touch_screen_is_not_asked_to_drop_anything(replay_server: ServerProcess, open_page: OpenPage) -> None:
    page = open_page(f"{replay_server.url}/upload", viewport=PHONE, touch=True)
    expect(page.get_by_text("Choose a video")).to_be_visible()
    expect(page.get_by_text("drop it here")).to_be_hidden()


def test_a_dropped_file_that_is_no_video_is_reported_and_can_be_replaced(
    replay_server: ServerProcess, open_page: OpenPage, film: Path
) -> None:
    page = open_page(f"{replay_server.url}/upload")
    page.evaluate(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["no video"], "notes.txt"));
          document.querySelector(".drop").dispatchEvent(
            new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_test_id("upload-name")).to_contain_text("notes.txt")
    for _ in range(2):  # it stays chosen, so that one press sends it again
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_test_id("upload-send").press("Enter")
        said = page.get_by_role("alert")
        expect(said).to_contain_text("cannot be read as a video", timeout=LOOKED_AT_WITHIN_MS)
        expect(page.get_by_test_id("upload-name")).to_contain_text("notes.txt")
        expect(page.get_by_test_id("upload-send")).to_be_focused()
        assert page.url == f"{replay_server.url}/upload"
    page.get_by_test_id("upload-exercise").select_option("squat")
    page.get_by_test_id("upload-file").set_input_files(film)
    expect(said).to_be_hidden()
    page.get_by_test_id("upload-send").click()
    page.wait_for_url("**/workouts/*", timeout=LOOKED_AT_WITHIN_MS)


def test_without_a_file_the_page_says_so_beside_the_drop_area(
    replay_server: ServerProcess, open_page: OpenPage, film: Path
) -> None:
    page = open_page(f"{replay_server.url}/upload")
    page.get_by_test_id("upload-send").click()
    said = page.get_by_role("alert")
    expect(said).to_have_text("Choose a video first.")
    area, words = page.locator(".drop").bounding_box(), said.bounding_box()
    assert area
    assert words
    assert 0 <= words["y"] - (area["y"] + area["height"]) <= 24
    expect(page.get_by_test_id("upload-file")).to_be_focused()
    page.get_by_test_id("upload-file").set_input_files(film)
    expect(said).to_be_hidden()
    expect(page.get_by_test_id("upload-send")).to_be_enabled()


def test_without_script_a_plain_form_does(replay_server: ServerProcess, launch: Launch, film: Path) -> None:
    with closing(launch(CAMERA_ALLOWED).new_context(java_script_enabled=False)) as context:
        page = context.new_page()
        page.goto(f"{replay_server.url}/upload?exercise=squat")
        page.get_by_label("Choose a video").set_input_files(film)
        page.get_by_test_id("upload-send").click()
        page.wait_for_url("**/workouts/*", timeout=LOOKED_AT_WITHIN_MS)
        expect(page.get_by_test_id("summary-count")).to_contain_text("3")
