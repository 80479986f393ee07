import math

import numpy as np
import pytest

from webapp.pose.body_square import around, torso_px


def lying(rotation_rad):
    """A person whose neck is at the origin and whose legs lead away from it, turned clockwise from standing."""
    person = np.full((18, 3), (np.nan, np.nan, 0.0))
    away = np.array([-math.sin(rotation_rad), math.cos(rotation_rad)])
    for joint, far in ((1, 0), (8, 50), (9, 80), (10, 110)):
        person[joint] = (*(far * away), 1)
    return person


@pytest.mark.parametrize("turn_deg", [-170, -90, 0, 45, 90])
def test_the_square_is_turned_so_that_the_person_stands_in_it(turn_deg):
    square = around(lying(math.radians(turn_deg)), 0.0, 1.0)
    assert square.rotation_rad == pytest.approx(math.radians(turn_deg))
    middle = 55 * np.array([-math.sin(square.rotation_rad), math.cos(square.rotation_rad)])
    assert (square.x_px, square.y_px) == pytest.approx(tuple(middle), abs=1e-6)


def test_a_lean_turns_nothing():
    assert around(lying(math.radians(20)), 0.0, 1.0).rotation_rad == 0.0


def test_the_square_is_never_smaller_than_asked():
    assert around(lying(0.0), 0.0, 1000.0).side_px == 1000.0


def standing():
    """A person whose torso is 100 long, arms hanging: neck, shoulders, elbows, wrists, hips, knees and ankles."""
    person = np.full((18, 3), (np.nan, np.nan, 0.0))
    for joint, x, y in ((1, 0, 0), *((2 + down, -20, 60 * down) for down in range(3))):
        person[joint] = x, y, 1
    person[5:8] = person[2:5] * (-1, 1, 1)
    person[8:11] = [(-15, 100, 1), (-15, 180, 1), (-15, 260, 1)]
    person[11:14] = person[8:11] * (-1, 1, 1)
    return person


def test_raised_arms_do_not_change_the_square_s_size():
    raised = standing()
    raised[3:8:3, 1], raised[4:8:3, 1] = -60, -100
    assert around(raised, 0.0, 1.0).side_px == pytest.approx(around(standing(), 0.0, 1.0).side_px)


def test_a_lost_leg_does_not_change_the_square_s_size():
    lost = standing()
    lost[9:14] = np.nan, np.nan, 0
    lost[11] = standing()[11]
    assert around(lost, 0.0, 1.0).side_px == pytest.approx(around(standing(), 0.0, 1.0).side_px)


def test_a_torso_that_points_at_the_camera_is_as_long_as_the_thighs_tell():
    bent = standing()
    bent[8:14, 1] -= 60
    assert torso_px(bent) == pytest.approx(100, rel=0.05)


def test_one_joint_in_a_wrong_place_changes_the_torso_little():
    wrong = standing()
    wrong[10] = 500, 500, 1
    assert torso_px(wrong) == pytest.approx(torso_px(standing()), rel=0.05)


def test_of_a_single_limb_the_torso_is_unknown():
    shin = np.full((18, 3), (np.nan, np.nan, 0.0))
    shin[9:11] = standing()[9:11]
    assert torso_px(shin) == 0.0
