"""The picture card has the right size, letters and colours, for any workout and any title."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

from webapp.card import FRAME, LEFT, RIGHT, Card, colours, draw
from webapp.card.lettering import Lettering, fitted, writable
from webapp.errors import SettingsError
from webapp.exercises import load_library
from webapp.pages.card import deepest_pose, make_card
from webapp.parts import parts_of
from webapp.records import Hold, Pose, Rep, Set, Summary
from webapp.series import Series
from webapp.settings import ROOT
from webapp.skeleton import JOINT
from webapp.store import StoredWorkout

FONTS = ROOT / "static" / "vendor"
SERIES = Path(__file__).parents[1] / "data" / "series"
LIBRARY = load_library([])
BARE = Card("Squat", "Monday, 23 November 2026", "0", "repetitions")
LONG = "Extended side angle with a twist, slowly, and Übermäßig łong ćwiczenie besides"

pytestmark = pytest.mark.skipif(not (FONTS / "inter-latin.woff2").exists(), reason="no fonts here: run `make setup`")


def pose(name: str = "squat_front_1") -> Pose:
    found = Series.load(SERIES / f"{name}.npz").pose_at(3.0)
    assert found is not None
    return found


def drawn(card: Card) -> np.ndarray:
    with Image.open(io.BytesIO(draw(card, FONTS))) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 630), "RGB")
        return np.asarray(picture)


def amount(picture: np.ndarray, colour: str) -> int:
    return int((picture == ImageColor.getrgb(colour)).all(axis=2).sum())


def test_left_limbs_are_blue_and_right_ones_orange() -> None:
    picture = drawn(Card("Squat", "", "3", "repetitions", pose=pose()))
    frame = picture[FRAME[1] : FRAME[1] + FRAME[3], FRAME[0] : FRAME[0] + FRAME[2]]
    at = [np.argwhere((frame == ImageColor.getrgb(colours.LIMBS[side])).all(axis=2)) for side in ("left", "right")]
    assert min(map(len, at)) > 2000
    assert at[0][:, 1].mean() > at[1][:, 1].mean()  # they face the camera: their left is to the picture's right


def test_the_head_is_seen_between_raised_arms() -> None:
    raised = Series.load(SERIES / "chair_1.npz").pose_at(8.0)
    assert raised is not None
    picture = drawn(Card("Chair", "", "9", "seconds held", pose=raised))[:, FRAME[0] :]
    assert amount(picture, colours.LIMBS["middle"]) > 600


def test_without_a_pose_there_are_bars_and_without_anything_the_sign() -> None:
    bars, empty = (drawn(Card("Squat", "", "3", "repetitions", bars=bars)) for bars in ((1.0, 0.5, 1.1), ()))
    for picture in (bars, empty):
        frame = picture[FRAME[1] : FRAME[1] + FRAME[3], FRAME[0] : FRAME[0] + FRAME[2]]
        assert amount(frame, colours.ACCENT) > 3000
    assert (bars != empty).any()


@pytest.mark.parametrize("joints", [(), ("left_ear", "nose"), ("left_shoulder", "left_hip"), ("right_shoulder",)])
def test_a_skeleton_with_joints_missing_is_drawn(joints: tuple[str, ...]) -> None:
    seen = pose()
    image = seen.image.copy()
    image[[JOINT[joint] for joint in joints]] = (np.nan, np.nan, np.nan, 0)
    picture = drawn(Card("Squat", "", "3", "repetitions", pose=Pose(image, seen.world, seen.aspect)))
    assert amount(picture, colours.LIMBS["right"]) > 500


def test_a_skeleton_of_which_nothing_is_known_is_no_failure() -> None:
    image, world = np.full((33, 4), np.nan, np.float32), np.full((33, 3), np.nan, np.float32)
    assert drawn(Card("Squat", "", "3", "repetitions", pose=Pose(image, world, 1.0))).any()


@pytest.mark.parametrize("title", [*(known.title for known in LIBRARY.values()), LONG, "Donaudampfschifffahrt" * 4, ""])
def test_every_title_stays_left_of_the_picture(title: str) -> None:
    lettering, lines = fitted(Lettering(FONTS, 72, 700), title, RIGHT - LEFT, 40)
    assert len(lines) <= 2
    assert lettering.size >= 40
    assert max(map(lettering.width, lines)) <= RIGHT - LEFT
    if title in {known.title for known in LIBRARY.values()}:
        assert " ".join(lines) == title


def test_titles_are_written_with_letters_that_the_font_has() -> None:
    assert all(writable(FONTS, known.title) for known in LIBRARY.values())
    assert writable(FONTS, "Übung · ćwiczenie · naïve")
    assert not writable(FONTS, "深蹲")
    assert not writable(FONTS, "a\N{PILE OF POO}b")


def test_a_missing_font_names_the_command_that_brings_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make setup"):
        draw(BARE, tmp_path)


def test_the_colours_are_those_of_the_dark_pages() -> None:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    dark = tokens[: tokens.index(":root[data-theme")]
    shown = {name: value.lower() for name, value in re.findall(r"--([\w-]+): (#\w+);", dark)}
    assert shown["ground"] == colours.GROUND
    assert shown["surface"] == colours.SURFACE
    assert shown["line"] == colours.LINE
    assert (shown["ink"], shown["ink-soft"], shown["accent"]) == (colours.INK, colours.INK_SOFT, colours.ACCENT)
    assert {side: shown[f"limb-{side}"] for side in colours.LIMBS} == colours.LIMBS


REPS = (Rep(1, 10.0, 13.0, 0.98, None, 1.0, 0.4, 1.0), Rep(2, 20.0, 23.0, 1.1, None, 1.4, 0.2, 1.2))
SETS = (Set(1, "squat", 10.0, 23.0, 2, 0.0, "ended"), Set(2, "plank", 60.0, 95.0, 0, 35.0, "ended"))
KEPT = StoredWorkout("one", "squat", 1_790_000_000.0)


def test_a_card_shows_the_figures_of_the_workout() -> None:
    card = make_card(KEPT, Summary("squat", "reps", 10.0, 100.0, 30.0, REPS, sets=SETS), LIBRARY, FONTS, None)
    assert (card.title, card.score, card.unit, card.below) == ("Squat and Plank", "2", "repetitions", "in 2 sets")
    assert card.figures == (("Depth", "104%"), ("Lower · pause · lift", "1.2 · 0.3 · 1.1 s"), ("Time", "1:40 min"))
    assert card.bars == (0.98, 1.1)


def test_a_card_of_repetitions_and_holds_says_how_much_of_both() -> None:
    holds = (Hold(1, "plank", 60.0, 260.0, 200.0, "ended", set=2),)
    card = make_card(KEPT, Summary("squat", "reps", 10.0, 300.0, 206.0, REPS, holds, sets=SETS), LIBRARY, FONTS, None)
    assert (card.score, card.unit, card.below) == ("2", "repetitions", "and 3:20 min held")


def test_a_hold_says_how_long() -> None:
    holds = (Hold(1, "plank", 0.0, 40.0, 38.4, "ended", breaks=1), Hold(2, "plank", 50.0, 90.0, 30.0, "ended"))
    card = make_card(KEPT, Summary("plank", "hold", 0.0, 95.0, 68.4, holds=holds), LIBRARY, FONTS, None)
    assert (card.score, card.unit, card.below) == ("1:08", "minutes held", "in 1 set")
    assert card.figures[:2] == (("Longest hold", "38 s"), ("Breaks", "1"))


def test_an_exercise_that_is_gone_or_cannot_be_written_goes_by_its_name() -> None:
    card = make_card(
        StoredWorkout("one", "box_squat", 0.0), Summary("box_squat", "reps", 0, 1, 0), LIBRARY, FONTS, None
    )
    assert (card.title, card.score, card.unit, card.below) == ("Box squat", "0", "repetitions", "")


def test_the_pose_is_that_of_the_deepest_repetition_at_its_far_end() -> None:
    series = Series.load(SERIES / "squat_side_1.npz")
    parts = list(parts_of(series.estimates()))
    bottom_s = series.t_s[np.nanargmax(series.image[:, JOINT["left_hip"], 1])]
    deep = Rep(2, bottom_s - 1.3, bottom_s + 1.0, 1.2, None, 1.2, 0.2, 0.9)
    shallow = Rep(1, 0.5, 2.0, 0.9, None, 0.5, 0.1, 0.5)
    partial = Rep(0, 0.5, 2.0, 1.3, reason="leaning")
    found = deepest_pose(Summary("squat", "reps", 0.0, 15.0, 9.0, (shallow, deep, partial)), LIBRARY, lambda: parts)
    assert found is not None
    hip = found.image[JOINT["left_hip"], 1]
    assert hip == pytest.approx(np.nanmax(series.image[:, JOINT["left_hip"], 1]), abs=0.01)


def test_without_landmarks_there_is_no_pose_and_without_repetitions_any_will_do() -> None:
    nothing = Summary("squat", "reps", 0.0, 15.0, 0.0)
    assert deepest_pose(nothing, LIBRARY, list) is None
    parts = list(parts_of(Series.load(SERIES / "squat_side_1.npz").estimates()))
    assert deepest_pose(nothing, LIBRARY, lambda: parts) is not None
    long_before = Summary("squat", "reps", -99.0, 1.0, 1.0, (Rep(1, -99.0, -98.0, 1.0),))
    assert deepest_pose(long_before, LIBRARY, lambda: parts) is None
