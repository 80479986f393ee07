import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.pose import roi
from webapp.pose.roi import Roi

squares = st.builds(
    Roi,
    x_px=st.floats(-500, 2000),
    y_px=st.floats(-500, 2000),
    side_px=st.floats(1, 3000),
    rotation_rad=st.floats(-math.pi, math.pi),
)


def test_a_standing_body_gives_an_upright_square_around_its_hips():
    square = roi.from_alignment(np.array([320.0, 240.0]), np.array([320.0, 40.0]))
    assert square == Roi(320.0, 240.0, 500.0, 0.0)


def test_a_body_that_lies_with_its_head_to_the_right_turns_the_square_by_a_quarter():
    square = roi.from_alignment(np.array([300.0, 200.0]), np.array([400.0, 200.0]))
    assert square.rotation_rad == pytest.approx(math.pi / 2)


def test_the_rim_point_comes_to_lie_above_the_centre_of_the_crop():
    rim = np.array([450.0, 330.0])
    square = roi.from_alignment(np.array([300.0, 200.0]), rim)
    np.testing.assert_allclose(roi.project(np.array([0.5, 0.5 - 0.5 / 1.25]), square), rim)


@given(squares)
def test_the_crops_centre_is_the_squares_centre(square):
    np.testing.assert_allclose(roi.project(np.array([0.5, 0.5]), square), (square.x_px, square.y_px), atol=1e-6)


@given(squares)
def test_the_crops_sides_are_as_long_as_the_squares(square):
    corners = roi.project(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]), square)
    np.testing.assert_allclose(np.linalg.norm(np.diff(corners, axis=0), axis=1), square.side_px, rtol=1e-6)


def test_pixels_and_fractions_of_the_crop_are_the_same_places():
    square = Roi(100.0, 50.0, 300.0, 0.4)
    matrix = roi.to_picture(square, 256)
    np.testing.assert_allclose(matrix[:, :2] @ (64, 192) + matrix[:, 2], roi.project(np.array([0.25, 0.75]), square))


def test_a_letterbox_holds_the_whole_picture():
    corners = roi.project(np.array([[0.0, 0.125], [1.0, 0.875]]), roi.letterbox(640, 480))
    np.testing.assert_allclose(corners, [[0, 0], [640, 480]])


def test_world_points_turn_with_the_square_and_keep_their_depth():
    quarter = Roi(0, 0, 1, math.pi / 2)
    np.testing.assert_allclose(roi.rotate_world(np.array([[0.0, -0.6, 0.2]]), quarter), [[0.6, 0.0, 0.2]], atol=1e-12)
