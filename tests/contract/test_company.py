"""The tracked person stays the tracked person while a drawn stranger walks through the picture, or stays in it."""

import itertools

import pytest

from webapp.errors import BackendUnavailable
from webapp.evaluation import mannequin
from webapp.pose.backends import open_backend
from webapp.skeleton import JOINT

WIDTH_PX = 160  # of the columns that hold the drawn person
HIPS = [JOINT["left_hip"], JOINT["right_hip"]]


@pytest.fixture(scope="module")
def backend():
    try:
        opened = open_backend("blazepose-full")
    except BackendUnavailable as exc:
        pytest.skip(str(exc))
    yield opened
    opened.close()


@pytest.fixture
def stream(backend):
    opened = backend.open()
    yield opened
    opened.close()


def pictures(stranger_px):
    """A person squatting in the middle, and one standing with the left edge at each of those columns; None: nobody."""
    beside = mannequin.draw()[:, 240 : 240 + WIDTH_PX]
    for left_px, alone in zip(stranger_px, itertools.cycle(mannequin.squatting(30)), strict=False):
        rgb = alone.copy()
        if left_px is not None:
            start, end = max(0, left_px), min(640, left_px + WIDTH_PX)
            if end > start:
                rgb[:, start:end] = beside[:, start - left_px : end - left_px]
        yield rgb


def hips_px(pose):
    return None if pose is None else float(pose.image[HIPS, 0].mean() * 640)


def test_a_drawn_person_is_seen_and_goes_down_and_up(stream):
    poses = [stream.estimate(rgb, number / 15) for number, rgb in enumerate(mannequin.squatting(30))]
    down_px = [float(pose.image[HIPS, 1].mean() * 480) for pose in poses]
    assert max(down_px) - down_px[0] > 50
    assert abs(down_px[-1] - down_px[0]) < 15


def test_a_single_person_has_no_company(stream):
    for number, rgb in enumerate(pictures([None] * 75)):
        stream.estimate(rgb, number / 15)
        assert stream.others == 0


def test_a_stranger_who_stays_is_noticed_within_three_seconds(stream):
    for number, rgb in enumerate(pictures([None] * 15 + [440] * 45)):
        pose = stream.estimate(rgb, number / 15)
    assert stream.others == 1
    assert hips_px(pose) == pytest.approx(320, abs=30)


@pytest.mark.parametrize("stops_px", [700, 460])
def test_a_stranger_who_walks_through_does_not_take_the_skeleton_along(stream, stops_px):
    way = [None] * 30 + [min(left_px, stops_px) for left_px in range(-WIDTH_PX, 1100, 14)]
    places = [hips_px(stream.estimate(rgb, number / 15)) for number, rgb in enumerate(pictures(way))]
    assert places[-1] == pytest.approx(320, abs=30)
    away = [place for place in places if place is None or abs(place - 320) > 60]
    assert len(away) < 20, "the time in which the stranger hides the person, and little more"
