import math
from dataclasses import replace

import pytest

from webapp.pose.following import Following
from webapp.pose.roi import Roi

ME = Roi(300.0, 240.0, 400.0)
STRANGER = Roi(560.0, 240.0, 400.0)
HEAD_DOWN = replace(ME, rotation_rad=math.pi - 0.1)


def followed_for(seconds, square=ME, start_s=0.0):
    following = Following()
    following.looked(start_s)
    for tenth in range(round(seconds * 10)):
        following.seen(square, start_s + tenth / 10)
    return following


def test_at_the_start_the_largest_of_several_is_followed():
    assert Following().choose([Roi(100, 100, 150), ME, Roi(500, 100, 200)], 0.0) == ME


def test_nobody_to_choose_from_is_nobody():
    assert Following().choose([], 0.0) is None
    assert followed_for(2).choose([], 2.0) is None


def test_after_a_loss_the_one_nearest_to_home_is_followed_though_another_is_larger():
    me_again = Roi(320.0, 250.0, 390.0)
    assert followed_for(2).choose([Roi(600.0, 240.0, 500.0), me_again], 2.1) == me_again


def test_right_after_a_loss_somebody_far_away_is_not_taken_for_the_same():
    assert followed_for(2).choose([Roi(900.0, 240.0, 400.0)], 2.1) is None


def test_long_after_a_loss_anybody_in_view_is_followed():
    far = Roi(900.0, 240.0, 400.0)
    assert followed_for(2).choose([far], 4.0) == far


def test_a_tracker_that_slid_over_to_a_stranger_is_called_back():
    following = followed_for(3)
    assert following.left_behind(STRANGER, [STRANGER, Roi(310.0, 250.0, 380.0)]) == Roi(310.0, 250.0, 380.0)


def test_somebody_who_walks_to_another_place_is_not_called_back():
    assert followed_for(3).left_behind(STRANGER, [STRANGER]) is None


def test_a_body_of_another_size_at_home_is_not_the_one_who_left():
    assert followed_for(3).left_behind(STRANGER, [STRANGER, Roi(300.0, 240.0, 150.0)]) is None


def test_a_stranger_beside_somebody_at_home_changes_nothing():
    assert followed_for(3).left_behind(ME, [STRANGER, ME]) is None


def test_the_home_follows_somebody_who_stays_elsewhere():
    following = followed_for(3)
    for tenth in range(30, 200):
        following.seen(STRANGER, tenth / 10)
    assert following.left_behind(STRANGER, [ME, STRANGER]) is None


def test_a_tracker_that_took_the_feet_for_the_head_is_turned_round():
    upright = replace(ME, x_px=310.0)
    assert followed_for(3).upside_down(HEAD_DOWN, [STRANGER, upright]) == upright


def test_a_real_handstand_stays_upside_down():
    assert followed_for(3).upside_down(HEAD_DOWN, [HEAD_DOWN]) is None


@pytest.mark.parametrize(
    ("square", "after_s", "due"),
    [(ME, 1.0, False), (ME, 2.0, True), (STRANGER, 0.6, True), (HEAD_DOWN, 0.6, True)],
)
def test_the_whole_picture_is_looked_at_now_and_then_and_sooner_in_doubt(square, after_s, due):
    following = followed_for(3)
    following.looked(3.0)
    assert following.should_look(square, 3.0 + after_s) is due
