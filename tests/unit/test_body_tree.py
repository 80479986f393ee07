import numpy as np
import pytest
from painted import STANDING, matches, painted

from webapp.pose.affinity_fields import mirrored, people
from webapp.pose.body_tree import best_body

RIGHT_LEG, RIGHT_KNEE, LEFT_KNEE, RIGHT_ANKLE, LEFT_ANKLE, RIGHT_ELBOW, RIGHT_WRIST = slice(8, 11), 9, 12, 10, 13, 3, 4
NOBODY = np.zeros((0, 18, 3))


def test_a_body_that_is_seen_well_is_found_whole():
    assert matches(best_body(*painted(STANDING), None, NOBODY), STANDING)


def test_joints_too_faint_to_be_joined_one_by_one_are_found_from_the_whole_body():
    heatmaps, pafs = painted(STANDING)
    heatmaps[RIGHT_LEG] *= 0.08
    assert np.isnan(people(heatmaps, pafs)[0, RIGHT_LEG, 0]).all()
    body = best_body(heatmaps, pafs, None, NOBODY)
    assert matches(body, STANDING)
    assert body[RIGHT_LEG, 2] == pytest.approx([0.08] * 3, rel=0.1)


def test_a_joint_to_which_no_limb_leads_is_not_believed():
    heatmaps, pafs = painted(STANDING)
    heatmaps[RIGHT_ANKLE] = np.roll(heatmaps[RIGHT_ANKLE], 25, axis=1)
    body = best_body(heatmaps, pafs, None, NOBODY)
    assert np.isnan(body[RIGHT_ANKLE, :2]).all()
    assert body[RIGHT_ANKLE, 2] == 0
    assert np.isfinite(body[RIGHT_KNEE, :2]).all()


def test_a_hand_without_an_elbow_is_believed_only_where_it_was():
    heatmaps, pafs = painted(STANDING)
    heatmaps[RIGHT_ELBOW] = 0
    last = np.column_stack([STANDING + 0.5, np.ones(18)])
    assert np.isfinite(best_body(heatmaps, pafs, last, NOBODY)[RIGHT_WRIST, 0])
    last[RIGHT_WRIST, 1] -= 20
    assert np.isnan(best_body(heatmaps, pafs, last, NOBODY)[RIGHT_WRIST, 0])


def test_joints_beyond_a_limb_that_its_field_contradicts_are_not_found():
    heatmaps, pafs = painted(STANDING)
    heatmaps[RIGHT_ELBOW : RIGHT_WRIST + 1] = np.roll(heatmaps[RIGHT_ELBOW : RIGHT_WRIST + 1], 25, axis=2)
    pafs[16:18] = np.roll(pafs[16:18], 25, axis=2)
    assert np.isnan(best_body(heatmaps, pafs, None, NOBODY)[RIGHT_ELBOW : RIGHT_WRIST + 1, 0]).all()


@pytest.mark.parametrize("leg", [slice(9, 11), slice(12, 14)])
def test_of_two_legs_seen_in_one_place_the_one_that_was_there_stays(leg):
    doubled = STANDING.copy()
    doubled[9:11] = doubled[12:14] = STANDING[leg]
    heatmaps, pafs = painted(doubled)
    heatmaps[leg] *= 0.9
    last = np.column_stack([STANDING + 0.5, np.ones(18)])
    body = best_body(heatmaps, pafs, last, NOBODY)
    assert body[leg, :2] == pytest.approx(STANDING[leg] + 0.5, abs=0.5)


def test_of_two_places_alike_a_joint_stays_where_it_was():
    first, second = STANDING.copy(), STANDING.copy()
    first[RIGHT_WRIST], second[RIGHT_WRIST] = (3, 18), (9, 18)
    heatmaps = painted(first, second)[0]
    pafs = (painted(first)[1] + painted(second)[1]) / 2
    for body in (first, second):
        last = np.column_stack([body + 0.5, np.ones(18)])
        assert best_body(heatmaps, pafs, last, NOBODY)[RIGHT_WRIST, :2] == pytest.approx(
            body[RIGHT_WRIST] + 0.5, abs=0.5
        )


def test_a_leg_is_not_seen_twice_when_there_is_another_place_for_it():
    doubled = STANDING.copy()
    doubled[[RIGHT_KNEE, RIGHT_ANKLE]] = STANDING[[LEFT_KNEE, LEFT_ANKLE]]
    heatmaps, pafs = painted(doubled)
    heatmaps_apart, pafs_apart = painted(STANDING)
    heatmaps[RIGHT_KNEE : RIGHT_ANKLE + 1] = 0.9 * heatmaps[RIGHT_KNEE : RIGHT_ANKLE + 1]
    heatmaps = np.maximum(heatmaps, 0.6 * heatmaps_apart)
    pafs = np.where(np.abs(pafs) > np.abs(pafs_apart), pafs, pafs_apart)
    assert matches(best_body(heatmaps, pafs, None, NOBODY), STANDING)


def test_the_peaks_of_others_are_left_to_them():
    other = STANDING + (30, 2)
    heatmaps, pafs = painted(STANDING, other)
    everybody = people(heatmaps, pafs)
    for mine, theirs in ((STANDING, other), (other, STANDING)):
        others = np.array([one for one in everybody if matches(one, theirs)])
        assert matches(best_body(heatmaps, pafs, None, others), mine)


def test_an_empty_picture_has_no_joint():
    body = best_body(np.zeros((18, 46, 54), np.float32), np.zeros((38, 46, 54), np.float32), None, NOBODY)
    assert np.isnan(body[:, :2]).all()
    assert (body[:, 2] == 0).all()


def test_the_mirrored_maps_of_a_mirrored_body_are_those_of_the_body():
    flipped = STANDING[[0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16]]
    flipped = np.column_stack([53 - flipped[:, 0], flipped[:, 1]])
    body = best_body(*mirrored(*painted(flipped)), None, NOBODY)
    assert matches(body, STANDING)
