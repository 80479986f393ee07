import numpy as np
import pytest

from webapp.pose import picture
from webapp.pose.backends import open_backend, openpose
from webapp.skeleton import JOINT


@pytest.fixture(scope="module")
def backend(shared):
    return open_backend("openpose", models=shared / "weights")


@pytest.fixture(scope="module")
def two_men(shared):
    """Two men sitting side by side, the left one's shoulders about (80, 110) and (185, 105) of 500 x 422."""
    return picture.decode((shared / "data/images/tfpose_p2.jpg").read_bytes())


def shoulder_x(pose):
    return pose.image[JOINT["left_shoulder"], 0] * 500


def test_the_second_man_is_announced(backend, two_men):
    stream = backend.open()
    assert stream.estimate(two_men, 0.0) is not None
    assert stream.others == 1


def test_the_man_who_was_followed_stays_the_one(backend, two_men):
    left_only, right_only = two_men.copy(), two_men.copy()
    left_only[:, 240:] = 128
    right_only[:, :240] = 128
    for first, expected in ((left_only, (100, 240)), (right_only, (300, 480))):
        stream = backend.open()
        stream.estimate(first, 0.0)
        low, high = expected
        assert low < shoulder_x(stream.estimate(two_men, 0.1)) < high
        assert stream.others == 1


def test_when_he_has_gone_the_other_is_followed(backend, two_men):
    left_only, right_only = two_men.copy(), two_men.copy()
    left_only[:, 240:] = 128
    right_only[:, :240] = 128
    stream = backend.open()
    assert shoulder_x(stream.estimate(left_only, 0.0)) < 240
    assert shoulder_x(stream.estimate(right_only, 0.1)) > 300


def body(x, y, size):
    person = np.full((18, 3), (np.nan, np.nan, 0.0))
    person[:4] = [(x, y, 1), (x + size, y, 1), (x, y + size, 1), (x + size, y + size, 1)]
    return person


def test_the_larger_is_more_prominent():
    assert openpose.prominence(body(100, 100, 200), 640, 480) > openpose.prominence(body(300, 200, 60), 640, 480)


def test_of_two_alike_the_more_central_is_more_prominent():
    assert openpose.prominence(body(270, 190, 100), 640, 480) > openpose.prominence(body(20, 20, 100), 640, 480)


def test_people_who_share_no_joint_are_infinitely_far_apart():
    other = np.full((18, 3), (np.nan, np.nan, 0.0))
    other[10] = (5, 5, 1)
    assert openpose.distance_px(body(0, 0, 10), other) == float("inf")


def test_the_whole_picture_fits_into_the_network():
    to_picture = openpose.fitted((720, 1280), (368, 432))
    corners = np.array([(0, 0), (432, 368)]) @ to_picture[:, :2].T + to_picture[:, 2]
    assert corners[0, 0] == pytest.approx(0)
    assert corners[1, 0] == pytest.approx(1280)
    assert corners[:, 1].mean() == pytest.approx(360)
    assert corners[0, 1] < 0
