import numpy as np
import pytest

from webapp.pose import picture
from webapp.pose.backends import open_backend, openpose
from webapp.pose.roi import Roi
from webapp.skeleton import JOINT


@pytest.fixture(scope="module")
def backend(shared):
    return open_backend("openpose", models=[shared / "weights"])


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


def test_one_body_seen_in_two_parts_is_not_two_people():
    half = body(0, 0, 100)
    beside, without_neck = half.copy(), half.copy()
    beside[1, 0] += 10
    without_neck[1] = np.nan, np.nan, 0
    assert not openpose.is_apart(beside, half)
    assert not openpose.is_apart(without_neck, half)
    assert openpose.is_apart(body(200, 0, 100), half)


def test_the_followed_person_is_preferred_to_a_more_confident_one():
    followed = openpose.Seen(body(0, 0, 10), Roi(0, 0, 1), is_same=True)
    better = followed._replace(person=followed.person * (1, 1, 5), is_same=False)
    assert openpose.most_confident([better, None, followed]) is followed
    assert openpose.most_confident([None]) is None


def test_joints_that_are_placed_and_placed_back_have_not_moved():
    to = openpose.fitted(Roi(30, 40, 200, 0.7), (368, 432))
    person = body(3, 4, 50)
    assert openpose.placed(openpose.placed(person, to), openpose.inverse(to)) == pytest.approx(person, nan_ok=True)


def test_the_whole_picture_fits_into_the_network():
    square = openpose.letterboxes((720, 1280), (368, 432))[0]
    to_picture = openpose.fitted(square, (368, 432))
    corners = np.array([(0, 0), (432, 368)]) @ to_picture[:, :2].T + to_picture[:, 2]
    assert corners[0, 0] == pytest.approx(0)
    assert corners[1, 0] == pytest.approx(1280)
    assert corners[:, 1].mean() == pytest.approx(360)
    assert corners[0, 1] < 0


@pytest.mark.parametrize("quarters", [1, -1])
def test_a_lying_person_is_found_in_the_rotated_picture(backend, two_men, quarters):
    alone = two_men.copy()
    alone[:, 240:] = 128
    upright = backend.open().estimate(alone, 0.0)
    stream = backend.open()
    lying = np.ascontiguousarray(np.rot90(alone, quarters))
    stream.estimate(lying, 0.0)
    pose = stream.estimate(lying, 0.1)
    for joint in (JOINT["left_shoulder"], JOINT["right_shoulder"], JOINT["nose"]):
        x, y = upright.image[joint, :2]
        expected = (y, 1 - x) if quarters == 1 else (1 - y, x)
        assert pose.image[joint, :2] == pytest.approx(expected, abs=0.04)


def test_an_unsure_shoulder_is_left_out_and_an_elbow_is_as_visible_as_it_is_sure():
    person = np.full((18, 3), 0.05)
    joints = openpose.to_joints(person)
    assert np.isnan(joints[JOINT["left_shoulder"], 0])
    assert joints[JOINT["left_shoulder"], 2] == 0
    assert joints[JOINT["left_elbow"]] == pytest.approx([0.05, 0.05, 1 / 6])


def test_a_partly_seen_person_is_searched_in_the_mirrored_picture_too(backend, two_men, monkeypatch):
    mirrored = []
    both_ways = openpose.OpenPoseStream._both_ways
    monkeypatch.setattr(
        openpose.OpenPoseStream, "_both_ways", lambda stream, maps: mirrored.append(1) or both_ways(stream, maps)
    )
    no_ankle = two_men.copy()
    no_ankle[300:] = 128
    backend.open().estimate(no_ankle, 0.0)
    assert mirrored


def test_a_person_much_smaller_than_the_square_is_searched_more_closely_at_once():
    stream = openpose.OpenPoseStream(network=None)
    stream._closely = lambda _, square, last: openpose.Seen(last * (1, 1, 2), square, is_same=True)
    rgb = np.zeros((100, 100, 3), np.uint8)
    far = openpose.Seen(body(40, 40, 20), Roi(50, 50, 90), is_same=True)
    assert stream._nearer(rgb, far).square.side_px < 0.7 * far.square.side_px
    near = far._replace(square=Roi(50, 50, 30))
    assert stream._nearer(rgb, near) is near
    assert stream._nearer(rgb, None) is None
