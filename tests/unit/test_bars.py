"""Black bars around the picture: found, left out, and the pose put back into the whole picture."""

import numpy as np
import pytest

from webapp.pose.bars import BetweenBars, between
from webapp.records import Pose

RNG = np.random.default_rng(5)


def scene(height=120, width=60):
    return RNG.integers(30, 255, (height, width, 3), np.uint8)


def barred(rgb, above=0, beside=0, level=0):
    return np.pad(rgb, ((above, above), (beside, beside), (0, 0)), constant_values=level)


def test_bars_beside_or_above_and_below_are_found():
    assert between(barred(scene(), beside=40)) == (slice(0, 120), slice(40, 100))
    assert between(barred(scene(), above=30)) == (slice(30, 150), slice(0, 60))
    assert between(barred(scene(), above=30, beside=40, level=16)) == (slice(30, 150), slice(40, 100))


@pytest.mark.parametrize(
    "rgb",
    [
        pytest.param(scene(), id="no bars"),
        pytest.param(np.zeros((48, 64, 3), np.uint8), id="a dark picture"),
        pytest.param(np.zeros((1, 1, 3), np.uint8), id="one pixel"),
        pytest.param(np.pad(scene(), ((0, 0), (30, 50), (0, 0))), id="unequal: a dark scene"),
        pytest.param(np.pad(scene(), ((0, 0), (1, 1), (0, 0))), id="too narrow"),
        pytest.param(barred(scene(), beside=40, level=40), id="grey"),
    ],
)
def test_a_dark_scene_has_no_bars(rgb):
    assert between(rgb) is None


class Watches:
    """A stream that sees somebody in every bright picture: joints in its top left corner, its middle, and beside it."""

    others = 0

    def __init__(self):
        self.saw = []

    def estimate(self, rgb, _t_s):
        self.saw.append(rgb)
        if not rgb.any():
            return None
        image = np.zeros((33, 4), np.float32)
        image[1], image[2] = 0.5, (1.2, 0.5, 0, 0.9)
        return Pose(image, np.zeros((33, 3), np.float32), rgb.shape[1] / rgb.shape[0])

    def close(self):
        self.saw.clear()


def test_a_person_in_front_of_a_black_wall_is_not_between_bars():
    rows, columns = np.indices((240, 240)) - 120
    person = (np.hypot(rows / 2, columns) < 40)[..., None] * np.uint8(200) * np.ones(3, np.uint8)
    assert between(person) is None


def test_an_engine_sees_what_is_between_the_bars_and_its_pose_is_in_the_whole_picture():
    rgb, inner = scene(), Watches()
    pose = BetweenBars(inner).estimate(barred(rgb, beside=90), 0.0)
    np.testing.assert_array_equal(inner.saw[0], rgb)
    assert pose.aspect == 240 / 120
    np.testing.assert_allclose(pose.image[0], (90 / 240, 0, 0, 0))
    np.testing.assert_allclose(pose.image[1], (0.5, 0.5, 0.5 * 60 / 240, 0.5))
    assert pose.image[2, 3] == 0, "it is behind a bar"


def test_a_picture_without_bars_is_not_even_copied():
    rgb, inner = scene(), Watches()
    BetweenBars(inner).estimate(rgb, 0.0)
    assert inner.saw[0] is rgb


def test_bars_stay_while_somebody_is_seen_and_are_looked_for_again_once_nobody_is():
    inner, rgb = Watches(), scene(60, 60)
    stream = BetweenBars(inner)
    bright, barred_once = scene(60, 120), barred(rgb, beside=30)
    for t_s, shown in enumerate((barred_once, bright, np.zeros_like(bright), bright, barred_once)):
        stream.estimate(shown, float(t_s))
    assert [saw.shape[1] for saw in inner.saw] == [60, 60, 60, 120, 120]


def test_a_phone_that_is_turned_has_other_bars():
    inner = Watches()
    stream = BetweenBars(inner)
    stream.estimate(barred(scene(60, 60), beside=30), 0.0)
    stream.estimate(scene(120, 60), 1.0)
    assert [saw.shape[:2] for saw in inner.saw] == [(60, 60), (120, 60)]
