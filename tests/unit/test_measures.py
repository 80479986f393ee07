"""Measures of a body."""

import math
from dataclasses import replace

import numpy as np
import pytest
from figures import pose, squatting

from webapp.motion.measures import ANGLES, MEASURES, Body, joints_of, mirrored
from webapp.records import Pose
from webapp.skeleton import JOINT, MIRRORED


@pytest.mark.parametrize("knee_deg", [60, 90, 120, 170])
def test_an_angle_is_true(knee_deg):
    assert Body(pose(squatting(knee_deg))).measure("knee") == pytest.approx(knee_deg, abs=1.5)


def test_where_a_limb_points_at_the_camera_depth_counts_more_than_the_picture():
    """A knee at a right angle, faced: hip and ankle lie in front of each other, so that the picture shows no angle."""
    image, world = np.full((33, 4), 0.5, np.float32), np.zeros((33, 3), np.float32)
    for side in ("left", "right"):
        knee, ankle = JOINT[f"{side}_knee"], JOINT[f"{side}_ankle"]
        image[knee, 1], image[ankle, 1] = 0.52, 0.8
        world[knee] = 0, 0.02, -0.42
        world[ankle] = 0, 0.43, -0.42
    assert Body(Pose(image, world, 1.0)).measure("knee") == pytest.approx(95, abs=6)


def test_without_world_points_the_picture_alone_is_measured():
    flat = pose(squatting(90))
    assert Body(replace(flat, world=np.full((33, 3), np.nan, np.float32))).measure("knee") == pytest.approx(90, abs=1.5)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_the_mirror_image_measures_the_same_on_the_other_side(name):
    figure = pose(squatting(100), np.random.default_rng(3))
    image, world = figure.image[list(MIRRORED)].copy(), figure.world[list(MIRRORED)].copy()
    image[:, 0] = 1 - image[:, 0]
    world[:, 0] *= -1
    flipped = Body(Pose(image, world, figure.aspect))
    sided = (
        name if name in {"facing", "foot_spread", "hand_spread", "knee_spread", "knees_over_feet"} else f"left_{name}"
    )
    assert Body(figure).measure(sided) == pytest.approx(flipped.measure(mirrored(sided)), abs=1e-3)


@pytest.mark.parametrize("name", sorted(ANGLES))
def test_hidden_joints_are_not_measured(name):
    hidden = tuple({"shoulder", "hip", "knee", "ankle", "elbow", "wrist", "foot_index"})
    assert Body(pose(squatting(100), hidden=hidden)).measure(name) is None


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_a_body_of_which_nothing_is_known_measures_nothing(name):
    image = np.full((33, 4), np.nan, np.float32)
    image[:, 3] = 0
    value = Body(Pose(image, np.full((33, 3), np.nan, np.float32), 1.0)).measure(name)
    assert value is None


def test_a_leaning_trunk_leans_by_its_angle():
    assert Body(pose(squatting(80))).measure("torso_lean") == pytest.approx(35, abs=2)


def test_the_better_seen_side_weighs_more():
    figure = pose(squatting(90))
    image = figure.image.copy()
    image[[23, 25, 27], 3] = 0.1
    image[27, :2] = 0.0
    measured = Body(replace(figure, image=image)).measure("knee")
    assert measured is not None
    assert math.isclose(measured, 90, abs_tol=3)


def test_joints_of_a_pair_are_both_sides():
    assert joints_of("foot_spread") == (27, 28)
    assert joints_of("left_knee") == (23, 25, 27)


@pytest.mark.parametrize(("seen", "measured", "sure"), [(0.2, False, False), (0.35, True, False), (0.45, True, True)])
def test_a_side_is_counted_by_only_when_it_is_seen_better(seen, measured, sure):
    standing = pose(squatting(170))
    image = standing.image.copy()
    image[:, 3] = seen
    body = Body(replace(standing, image=image))
    assert (body.measure("left_knee") is not None) is measured
    assert body.is_sure("left_knee") is sure
