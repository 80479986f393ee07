"""Cameras of several shapes and in several lights: the whole picture comes, is sent small, and the workout starts."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.test_trouble import STATE_WITHIN_MS, expect_state
from webapp.evaluation.live import ServerProcess, chromium_with_camera
from webapp.jpeg import size_px

PICTURE_PX = "() => [document.querySelector('#camera').videoWidth, document.querySelector('#camera').videoHeight]"


def grey_camera(path: Path, width: int, height: int, luma: int = 120) -> Path:
    """Write a camera's file of two grey pictures."""
    frame = b"FRAME\n" + bytes([luma]) * (width * height) + bytes([128]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F30:1 Ip C420mpeg2\n".encode() + 2 * frame)
    return path


@pytest.mark.parametrize(
    ("camera", "sent"),
    [((720, 1280), (360, 640)), ((640, 480), (640, 480)), ((1280, 720), (640, 360)), ((1920, 1080), (640, 360))],
)
def test_a_camera_of_any_shape_gives_its_whole_picture_and_the_page_sends_it_small(
    camera: tuple[int, int], sent: tuple[int, int], replay_server: ServerProcess, driver: Playwright, tmp_path: Path
) -> None:
    with chromium_with_camera(driver, grey_camera(tmp_path / "camera.y4m", *camera)) as browser:
        page = browser.new_page()
        with page.expect_websocket() as socket:
            page.goto(f"{replay_server.url}/workout/squat?start=hand")
        jpeg = socket.value.wait_for_event("framesent", lambda message: isinstance(message, bytes))
        expect_state(page, "setup")
        assert tuple(page.evaluate(PICTURE_PX)) == camera
        assert size_px(jpeg) == sent


def test_a_body_before_a_white_wall_starts_by_itself_with_a_hint_about_the_light(
    replay_server: ServerProcess, driver: Playwright, tmp_path: Path
) -> None:
    with chromium_with_camera(driver, grey_camera(tmp_path / "white.y4m", 640, 480, luma=255)) as browser:
        page = browser.new_page()
        page.goto(f"{replay_server.url}/workout/squat")
        expect(page.get_by_test_id("setup-title")).to_contain_text("Too bright", timeout=STATE_WITHIN_MS)
        expect_state(page, "countdown")
        expect(page.get_by_test_id("cue")).to_contain_text("Too bright")
        expect_state(page, "live")
