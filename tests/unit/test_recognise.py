"""Held poses are named on recorded series of people."""

import json
from collections import Counter
from pathlib import Path

import pytest
from figures import pose, squatting

from webapp.evaluation.yoga import Named, figures
from webapp.exercises import load_library
from webapp.motion.measures import Body
from webapp.motion.recognise import Recogniser
from webapp.series import Series

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
RECOGNISER = Recogniser(exercise for exercise in load_library().values() if exercise.kind == "hold")


@pytest.mark.parametrize(
    ("recording", "start_s", "end_s", "name"),
    [
        ("yoga_flow_1", 0.2, 2.1, "warrior_two"),
        ("yoga_flow_1", 6.8, 9.3, "extended_side_angle"),
        ("yoga_flow_1", 12.2, 15.0, "triangle"),
        ("chair_1", 6.5, 11.0, "chair"),
        ("downward_dog_1", 4.5, 8.5, "downward_dog"),
        ("plank_side_1", 0.0, 16.0, "plank"),
    ],
)
def test_a_pose_that_is_held_is_named(recording, start_s, end_s, name):
    series = Series.load(RECORDINGS / f"{recording}.npz")
    named = Counter(
        found[0] if (found := RECOGNISER.recognise(Body(one.pose))) else "none"
        for one in series.estimates()
        if one.pose is not None and start_s <= one.t_s <= end_s
    )
    assert named[name] >= 0.9 * named.total()


def test_half_a_squat_is_no_pose():
    assert RECOGNISER.recognise(Body(pose(squatting(100)))) is None


def test_the_figures_of_photos_have_the_confusion_matrix():
    named = [Named("tree", "tree"), Named("tree", "chair"), Named("cobra", "cobra"), Named("cobra", "none")]
    assert figures(named) == {
        "photos": 4,
        "accuracy": 0.5,
        "confusion": {"tree": {"tree": 1, "chair": 1}, "cobra": {"cobra": 1, "none": 1}},
    }


def test_few_moments_of_repetitions_are_taken_for_yoga():
    yoga = Recogniser(exercise for exercise in load_library().values() if exercise.group == "yoga")
    expected = json.loads((RECORDINGS / "expected.json").read_text())
    bodies = [
        Body(one.pose)
        for name, facts in expected.items()
        if facts["counts"]
        for one in Series.load(RECORDINGS / f"{name}.npz").estimates()
        if one.pose is not None
    ]
    assert sum(yoga.recognise(body) is not None for body in bodies) < 0.05 * len(bodies)
