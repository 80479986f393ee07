"""The page counts what the clip shows: real clips, real Chromium, real server."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from webapp.evaluation.fake_camera import FakeCamera
from webapp.evaluation.live import ServerProcess

STILL_S = 8.0
LIVE_WITHIN_MS = 30_000
CLIPS = (
    "squat_front_home_kratika.mp4",
    "squat_side_pier_vaidansh.mp4",
    "squat_oblique_home_vengaza.mp4",
    "pushup_side_studio_aigility.mp4",
    "jacks_front_ahmedlila.mp4",
)


def truth_of(clips: Path, name: str) -> dict[str, Any]:
    rows = json.loads((clips / "truth.json").read_text())
    return next(row for row in rows if row["file"] == name)


def camera_of(clips: Path, name: str, lead_s: float = STILL_S) -> FakeCamera:
    total_s = lead_s + truth_of(clips, name)["duration_s"] + 30
    return FakeCamera(clips / name, 640, 480, lead_s=lead_s, total_s=total_s)


def count_of(page: Page) -> int:
    return int(page.get_by_test_id("count").inner_text())


def wait_until_live(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=LIVE_WITHIN_MS)


@pytest.mark.parametrize("name", CLIPS)
def test_the_page_counts_every_repetition_and_nothing_else(
    name: str, shared: Path, server: ServerProcess, open_page: OpenPage
) -> None:
    clips = shared / "data" / "clips"
    truth = truth_of(clips, name)
    page = open_page(f"{server.url}/workout/{truth['exercise']}?start=now&countdown=0", camera_of(clips, name))
    wait_until_live(page)
    page.wait_for_timeout((STILL_S + truth["duration_s"] + 1) * 1000)  # the clip plays in real time
    assert count_of(page) in truth["acceptable_reps"]
