"""The measure drawn over time, for every exercise of the library."""

from dataclasses import replace

import pytest

from webapp.exercises import load_library
from webapp.motion.exercise import Count, Signal
from webapp.motion.measures import MEASURES, split
from webapp.motion.shown import DEGREES, NONE, TORSOS, shown

LIBRARY = load_library()


@pytest.mark.parametrize("name", sorted(name for name, exercise in LIBRARY.items() if not exercise.poses))
def test_every_exercise_has_something_to_draw_with_a_name_and_a_unit(name):
    what = shown(LIBRARY[name])
    assert what is not None
    assert what.title[0].isupper()
    assert what.unit in (DEGREES, TORSOS)
    assert all(split(line.measure)[1] in MEASURES for line in what.lines)
    assert what.values(None) == (None,) * len(what.lines)


def test_an_exercise_of_one_signal_has_one_line_with_its_target():
    what = shown(LIBRARY["squat"])
    assert [(line.side, line.measure) for line in what.lines] == [("both", "knee")]
    assert (what.title, what.target) == ("Knee angle", 100)


def test_an_exercise_of_two_sides_has_a_line_for_each():
    what = shown(LIBRARY["side_lunge"])
    assert [(line.side, line.measure) for line in what.lines] == [("left", "left_knee"), ("right", "right_knee")]


def test_a_relative_signal_has_no_fixed_target():
    what = shown(LIBRARY["calf_raise"])
    assert (what.title, what.unit, what.target) == ("Shoulder height", TORSOS, None)


@pytest.mark.parametrize(
    ("measure", "title", "unit"),
    [
        ("elbow_to_knee", "Elbow to knee", TORSOS),
        ("torso_lean", "Torso lean", DEGREES),
        ("knees_over_feet", "Knees over feet", NONE),
        ("facing", "Facing", NONE),
    ],
)
def test_an_axis_is_called_by_its_measure_and_a_ratio_has_no_unit(measure, title, unit):
    counted = replace(LIBRARY["squat"], count=Count((Signal(measure, 0.0, 1.0),)))
    assert (shown(counted).title, shown(counted).unit) == (title, unit)


def test_a_hold_is_drawn_between_the_limits_of_its_pose():
    what = shown(LIBRARY["plank"])
    assert (what.title, what.low, what.high) == ("Body angle", 140, None)


def test_a_hold_on_the_right_is_drawn_by_its_mirror_image():
    assert [line.measure for line in shown(LIBRARY["warrior_two"], ["right"]).lines] == ["right_knee"]
    assert [line.measure for line in shown(LIBRARY["warrior_two"], ["left", "right"]).lines] == [
        "left_knee",
        "right_knee",
    ]


def test_of_a_flow_nothing_is_drawn_for_each_pose_is_known_by_another_measure():
    assert shown(LIBRARY["yoga_flow"]) is None
