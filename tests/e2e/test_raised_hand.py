"""A person too far away to touch anything brings the faded buttons back by raising a hand."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import expect

from tests.e2e.conftest import SQUATS, OpenPage
from tests.e2e.test_counting import LIVE_WITHIN_MS
from webapp.evaluation.live import running_server
from webapp.series import Series
from webapp.skeleton import JOINT

RAISED_FROM_S, LASTS_S = 8.0, 12.0
"""The buttons have faded by then, three seconds after the page was opened."""


def standing_with_a_raised_hand() -> Series:
    squats = Series.load(SQUATS)
    t_s = np.arange(0.0, LASTS_S, 1 / 15)
    image, world = (np.repeat(array[:1], len(t_s), axis=0) for array in (squats.image, squats.world))
    image[t_s >= RAISED_FROM_S, JOINT["left_wrist"], 1] = 0.0
    return Series(t_s, image, world, squats.aspect)


def test_a_raised_hand_brings_the_faded_buttons_back(open_page: OpenPage, tmp_path: Path) -> None:
    recording = tmp_path / "hand.npz"
    standing_with_a_raised_hand().save(recording)
    with running_server("--backend", "replay", "--series", str(recording)) as server:
        page = open_page(f"{server.url}/workout/squat?start=now&countdown=0")
        faded = re.compile(r"\bstill\b")
        expect(page.locator("body")).to_have_class(faded, timeout=LIVE_WITHIN_MS)
        expect(page.locator("body")).not_to_have_class(faded, timeout=LIVE_WITHIN_MS)
