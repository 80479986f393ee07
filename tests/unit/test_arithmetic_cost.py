import numpy as np
import pytest
from figures import pose, squatting

from webapp.evaluation.arithmetic_cost import cost, pictures_of
from webapp.pose import picture
from webapp.records import Pose


def moved(exact, by_px, by_m):
    """The same pose, every joint moved across by a part of the picture's height, every world point down."""
    image = exact.image + np.array([by_px / exact.aspect, 0, 0, 0], np.float32)
    return Pose(image, exact.world + np.array([0, by_m, 0], np.float32), exact.aspect)


def test_joints_are_measured_in_squares_around_the_body_and_world_points_in_millimetres():
    exact = pose(squatting(170))
    joints = exact.image[:, :2] * (exact.aspect, 1)
    side = 2.5 * np.linalg.norm(joints - joints[[23, 24]].mean(axis=0), axis=1).max()
    told = cost([exact, None], [moved(exact, 0.01 * side, 0.018), exact])
    assert told.region_percent == pytest.approx(1.0, abs=0.01)
    assert told.world_mm == pytest.approx(18, abs=0.1)


def test_an_engine_without_world_points_has_no_millimetres():
    exact = pose(squatting(170))
    flat = Pose(exact.image, np.full_like(exact.world, np.nan), exact.aspect)
    assert cost([flat], [flat]).world_mm is None


def test_nobody_in_both_is_no_cost():
    exact = pose(squatting(170))
    assert cost([exact, None], [None, exact]) is None


def test_pictures_come_from_a_folder_or_are_drawn(tmp_path):
    drawn = pictures_of(None)
    (tmp_path / "within").mkdir()
    (tmp_path / "within" / "one.jpg").write_bytes(picture.encode(drawn[0]))
    assert [one.shape for one in pictures_of(tmp_path)] == [drawn[0].shape]
