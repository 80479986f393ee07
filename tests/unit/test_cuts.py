"""Cuts: a new scene is followed by a new stream, the same scene by the same one, and counted from its start."""

import json

import numpy as np
import pytest
from recorded import LIBRARY, RECORDINGS, estimates

from webapp.pose.cuts import AnewAfterCuts
from webapp.recordings import play

RNG = np.random.default_rng(11)
EXPECTED = json.loads((RECORDINGS / "expected.json").read_text())
COUNTED = [name for name, facts in EXPECTED.items() if facts["counts"] and facts["exercise"] != "none"]


def scene(height=240, width=320):
    """A room of a few large areas, which differ from scene to scene."""
    return np.kron(RNG.integers(20, 230, (6, 8, 3)), np.ones((height // 6, width // 8, 1))).astype(np.uint8)


class Counts:
    """A stream that can be told apart by the number of streams opened before it."""

    others = 0
    opened = 0
    closed = 0

    def __init__(self):
        type(self).opened += 1

    def estimate(self, _rgb, _t_s):
        return None

    def close(self):
        type(self).closed += 1


@pytest.fixture
def watch():
    """Show pictures to a stream; return how many streams were needed."""

    def shown(*pictures):
        Counts.opened = Counts.closed = 0
        stream = AnewAfterCuts(Counts)
        for t_s, rgb in enumerate(pictures):
            stream.estimate(rgb, t_s)
        stream.close()
        assert Counts.opened == Counts.closed
        return Counts.opened

    return shown


def test_every_cut_begins_a_new_stream(watch):
    first, second = scene(), scene()
    assert watch(first, second, first, first) == 3


def darker(rgb):
    return rgb // 3


def moved(rgb):
    return np.roll(rgb, 12, axis=1)


def smaller(rgb):
    return rgb[::2, ::2]


def hidden(rgb):
    """Somebody steps before the camera and fills a third of the picture."""
    near = rgb.copy()
    near[:, 100:210] = 60
    return near


def grainy(rgb):
    return (rgb + RNG.normal(0, 20, rgb.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("change", [darker, moved, smaller, hidden, grainy])
def test_the_same_scene_keeps_its_stream(watch, change):
    room = scene()
    assert watch(room, change(room), room) == 1


def test_a_covered_camera_is_no_cut_and_a_fade_is_one(watch):
    black = RNG.integers(0, 6, (240, 320, 3), np.uint8)
    room = scene()
    assert watch(room, black, room) == 1
    assert watch(room, black, scene()) == 2


def test_a_picture_of_one_pixel_is_no_cut(watch):
    assert watch(scene(), np.zeros((1, 1, 3), np.uint8)) == 1


def test_a_cut_does_not_let_time_run_backwards():
    stream = AnewAfterCuts(Counts)
    stream.estimate(scene(), 1.0)
    with pytest.raises(ValueError, match="increase"):
        stream.estimate(scene(), 1.0)


@pytest.mark.parametrize("name", COUNTED)
def test_a_repetition_that_begins_soon_after_a_cut_is_counted(name):
    yoga = [one for one in estimates("yoga_flow_1", start_s=0.0) if one.t_s < 2]
    exercise = LIBRARY[EXPECTED[name]["exercise"]]
    assert play(exercise, [*yoga, *estimates(name, start_s=2.03)]).count in EXPECTED[name]["counts"]
