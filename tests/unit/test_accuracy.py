import numpy as np
import pytest

from webapp.evaluation import accuracy
from webapp.evaluation.accuracy import SIGMA, Scene
from webapp.skeleton import COCO17, JOINT

ALL = range(33)


def joints(**places):
    table = np.full((33, 2), np.nan)
    for name, place in places.items():
        table[JOINT[name]] = place
    return table


def test_an_error_is_a_distance_in_pixels():
    errors = accuracy.errors_px(joints(left_knee=(13, 24)), joints(left_knee=(10, 20)), ALL)
    assert errors[JOINT["left_knee"]] == pytest.approx(5)
    assert np.isnan(np.delete(errors, JOINT["left_knee"])).all()


def test_a_labelled_joint_that_was_not_found_is_infinitely_wrong():
    assert np.isinf(accuracy.errors_px(joints(), joints(left_knee=(10, 20)), ALL)[JOINT["left_knee"]])


def test_a_joint_that_the_engine_has_not_is_not_judged():
    assert np.isnan(accuracy.errors_px(joints(), joints(nose=(10, 20)), [JOINT["left_knee"]])).all()


def test_the_rates_are_those_computed_by_hand():
    # three people; errors in torsos: knees 0.1 0.3 | 0.2 0.25 | inf -, hips 0.0 - | 0.19 0.21 | 0.5 -
    errors = np.full((3, 33), np.nan)
    errors[0, [JOINT["left_knee"], JOINT["right_knee"], JOINT["left_hip"]]] = 0.1, 0.3, 0.0
    errors[1, [JOINT["left_knee"], JOINT["right_knee"]]] = 0.2, 0.25
    errors[1, [JOINT["left_hip"], JOINT["right_hip"]]] = 0.19, 0.21
    errors[2, [JOINT["left_knee"], JOINT["left_hip"]]] = np.inf, 0.5
    rate = accuracy.rate(errors, 0.2)
    assert rate.per_joint == pytest.approx({"knee": 100 * 2 / 5, "hip": 100 * 2 / 4})
    assert rate.mean == pytest.approx(100 * 4 / 9)


def test_the_oks_of_a_perfect_estimate_is_one():
    place = joints(left_knee=(10, 20), nose=(5, 5))
    assert accuracy.oks(place, place, 5000, ALL) == pytest.approx(1)


def test_the_oks_is_that_computed_by_hand():
    # the knee is off by exactly s * k, which gives exp(-1/2); the nose is not found, which gives 0
    area = 6400.0
    off = np.sqrt(area) * 2 * 0.087
    found, labelled = joints(left_knee=(10 + off, 20)), joints(left_knee=(10, 20), nose=(5, 5))
    assert accuracy.oks(found, labelled, area, ALL) == pytest.approx(np.exp(-0.5) / 2)
    assert accuracy.oks(found, labelled, area, [JOINT["left_knee"]]) == pytest.approx(np.exp(-0.5))


def test_every_joint_of_coco_has_a_sigma_and_no_other():
    assert set(np.flatnonzero(np.isfinite(SIGMA))) == set(COCO17)
    assert SIGMA[JOINT["left_hip"]] == SIGMA[JOINT["right_hip"]] == 0.107


def test_the_average_precision_is_that_computed_by_hand():
    # two people in one picture, one in another; found with scores 0.9 right, 0.8 wrong, 0.7 right:
    # precision 1 up to a recall of 1/3 (34 of the 101 points), 2/3 up to 2/3 (33 points), 0 beyond (34 points)
    first = Scene(np.array([[0.8, 0.1], [0.2, 0.3]]), np.array([0.9, 0.8]))
    second = Scene(np.array([[0.7]]), np.array([0.7]))
    assert accuracy.average_precision([first, second], 0.5) == pytest.approx((34 * 1 + 33 * 2 / 3) / 101)


def test_the_highest_score_matches_first_and_a_duplicate_is_wrong():
    scene = Scene(np.array([[0.6], [0.9]]), np.array([0.9, 0.5]))
    assert accuracy.average_precision([scene], 0.5) == pytest.approx(1)
    assert accuracy.average_precision([scene], 0.7) == pytest.approx(0.5)


def test_the_mean_is_over_ten_thresholds():
    scene = Scene(np.array([[0.72]]), np.array([0.9]))  # right at 0.50, 0.55, 0.60, 0.65 and 0.70
    assert accuracy.mean_average_precision([scene]) == pytest.approx(50)


def test_nobody_found_has_no_precision():
    assert accuracy.mean_average_precision([Scene(np.zeros((0, 2)), np.zeros(0))]) == 0
