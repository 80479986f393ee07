import numpy as np
import pytest

from webapp.pose import openvino, picture, planar, roi
from webapp.pose.backends import Opening, efficientpose, engine, open_backend, weights_of
from webapp.skeleton import JOINT, MPII16

BY_EYE = {
    # in pixels of efficientpose_MPII.jpg, 1024 x 1024; the woman faces the camera, so her right is on the left
    "right_shoulder": (403, 203),
    "left_shoulder": (540, 211),
    "right_elbow": (410, 335),
    "left_elbow": (535, 360),
    "right_wrist": (412, 470),
    "left_wrist": (490, 480),
    "right_knee": (490, 638),
    "left_knee": (603, 650),
    "right_ankle": (455, 792),
    "left_ankle": (610, 850),
}


@pytest.fixture(scope="module")
def woman(shared):
    return picture.decode((shared / "data/images/efficientpose_MPII.jpg").read_bytes())


@pytest.mark.parametrize("variant", ["rt", "i", "rt-lite", "i-lite"])
def test_every_variant_finds_the_joints_where_they_are(variant, shared, woman):
    backend = open_backend(f"efficientpose-{variant}", models=[shared / "weights"])
    pose = backend.open().estimate(woman, 0.0)
    assert pose is not None
    for name, place in BY_EYE.items():
        assert np.hypot(*(pose.image[JOINT[name], :2] * 1024 - place)) < 32, name
        assert pose.image[JOINT[name], 3] > 0.5, name


def test_joints_that_the_network_has_not_are_unseen(shared, woman):
    pose = open_backend("efficientpose-rt", models=[shared / "weights"]).open().estimate(woman, 0.0)
    unknown = [joint for joint in range(33) if joint not in MPII16]
    assert np.isnan(pose.image[unknown, :3]).all()
    assert (pose.image[unknown, 3] == 0).all()
    assert np.isnan(pose.world).all()


def test_a_small_figure_is_followed(shared, woman):
    room = np.full((720, 1280, 3), 235, np.uint8)
    small = woman[::5, ::5]
    stream = open_backend("efficientpose-i-lite", models=[shared / "weights"]).open()
    for number in range(8):
        frame = room.copy()
        left = 300 + 12 * number
        frame[300 : 300 + len(small), left : left + len(small)] = small
        pose = stream.estimate(frame, number / 15)
    shoulder = pose.image[JOINT["left_shoulder"], :2] * (1280, 720) - (left, 300)
    assert np.hypot(*(shoulder * 5 - BY_EYE["left_shoulder"])) < 40


def test_a_person_who_left_is_gone_and_one_elsewhere_is_found(shared, woman):
    stream = open_backend("efficientpose-rt", models=[shared / "weights"]).open()
    room = np.full((1024, 2048, 3), 235, np.uint8)
    left, right = room.copy(), room.copy()
    left[:, :1024] = woman
    right[:, 1024:] = woman
    assert stream.estimate(left, 0.0).image[JOINT["left_knee"], 0] < 0.5
    assert stream.estimate(room, 0.1) is None
    assert stream.estimate(right, 0.2).image[JOINT["left_knee"], 0] > 0.5
    assert stream.estimate(left, 0.3).image[JOINT["left_knee"], 0] < 0.5


def test_the_next_square_holds_the_joints_with_room_around_them():
    found = np.zeros((16, 3))
    found[:, :2] = np.random.default_rng(0).uniform((100, 200), (180, 500), (16, 2))
    found[:, 2] = 0.5
    found[0] = (900, 900, 0.04)  # a peak that is none
    square = efficientpose.around(found, 128, 0.05)
    extent = np.ptp(found[1:, 1])
    assert square.side_px == pytest.approx(1.6 * extent)
    assert abs(square.y_px - 350) < 20


def test_the_next_square_is_no_smaller_than_it_may_be():
    found = np.zeros((16, 3))
    found[:, :2] = np.random.default_rng(0).uniform(100, 110, (16, 2))
    found[:, 2] = 0.5
    assert efficientpose.around(found, 128, 0.05).side_px == 128


def test_too_few_peaks_say_nothing_about_where_to_look():
    found = np.zeros((16, 3))
    found[:2, 2] = 0.9
    assert efficientpose.around(found, 128, 0.05) is None


@pytest.mark.parametrize(("variant", "last_output"), [("rt", 3), ("i", 3), ("rt-lite", 0), ("i-lite", 0)])
def test_the_layers_left_out_of_the_network_change_no_joint(variant, last_output, shared, woman):
    row = engine(f"efficientpose-{variant}")
    weights = weights_of(row, [shared / "weights"])
    stream = efficientpose.EfficientPoseStream(efficientpose.load(row, Opening(tuple(weights))))
    found = stream.look_at(woman, roi.letterbox(1024, 1024))
    whole = openvino.load(weights[0], (last_output,), efficientpose.normalisation(row.name))
    picture.warp(
        woman, planar.between_centres(roi.to_picture(roi.letterbox(1024, 1024), len(whole.pixels))), whole.pixels
    )
    maps = whole(whole.pixels)[0]
    y, x = np.unravel_index(maps.reshape(-1, 16).argmax(axis=0), maps.shape[:2])
    network_px = found[:, :2] * len(maps) / 1024
    assert np.abs(network_px - np.stack([x + 0.5, y + 0.5], axis=1)).max() <= 0.5 + 1e-3
    assert np.abs(found[:, 2] - maps.max(axis=(0, 1))).max() < 1e-3


def test_a_lite_variant_says_so_in_its_title():
    titles = [engine(f"efficientpose-{variant}").title for variant in ("iv", "rt-lite")]
    assert titles == ["EfficientPose IV", "EfficientPose RT Lite"]
