import numpy as np
import pytest
from painted import HEIGHT, STANDING, WIDTH, matches, painted

from webapp.pose.affinity_fields import people


def test_one_body_is_one_person():
    found = people(*painted(STANDING))
    assert len(found) == 1
    assert matches(found[0], STANDING)
    assert (found[0, :, 2] > 0.9).all()


def test_three_bodies_are_three_people_each_with_its_own_joints():
    bodies = [STANDING + (shift, drop) for shift, drop in ((0, 0), (15, 4), (30, 2))]
    found = people(*painted(*bodies))
    assert len(found) == 3
    for body in bodies:
        assert any(matches(person, body) for person in found)


def test_arms_that_cross_stay_with_their_bodies():
    left, right = STANDING.copy(), STANDING + (14, 0)
    left[6:8] = (17, 13), (21, 16)
    right[3:5] = (18, 16), (15, 13)
    found = people(*painted(left, right))
    assert any(matches(person, left) for person in found)
    assert any(matches(person, right) for person in found)


def test_a_body_without_its_legs_is_a_person_whose_legs_are_missing():
    heatmaps, pafs = painted(STANDING)
    heatmaps[8:14] = 0
    found = people(heatmaps, pafs)
    assert len(found) == 1
    assert np.isnan(found[0, 8:14, :2]).all()
    assert (found[0, 8:14, 2] == 0).all()
    assert np.isfinite(found[0, :8]).all()


def test_peaks_that_no_field_joins_are_nobody():
    heatmaps, pafs = painted(STANDING)
    assert people(heatmaps, np.zeros_like(pafs)).shape == (0, 18, 3)


def test_a_field_that_points_the_other_way_joins_nothing():
    heatmaps, pafs = painted(STANDING)
    assert people(heatmaps, -pafs).shape == (0, 18, 3)


def test_an_empty_picture_holds_nobody():
    assert people(np.zeros((18, HEIGHT, WIDTH), np.float32), np.zeros((38, HEIGHT, WIDTH), np.float32)).size == 0


@pytest.mark.parametrize("joint", [0, 2, 17])
def test_one_stray_peak_changes_nobody(joint):
    heatmaps, pafs = painted(STANDING)
    heatmaps[joint, 40, 48] = 0.8
    found = people(heatmaps, pafs)
    assert len(found) == 1
    assert matches(found[0], STANDING)
