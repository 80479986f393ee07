"""An exercise's file is either valid, or its mistake is named."""

import pytest

from webapp.errors import ExerciseError
from webapp.exercises import load_library
from webapp.motion.exercise import parse_exercise

SQUAT = {
    "title": "Squat",
    "kind": "reps",
    "group": "strength",
    "joints": ["hip", "knee"],
    "count": {"signal": [{"measure": "knee", "rest": 165, "target": 100}]},
}


def test_the_library_loads_and_names_each_exercise_after_its_file():
    library = load_library()
    assert {"squat", "push_up", "jumping_jack", "warrior_two", "tree", "plank"} <= library.keys()
    assert all(name == exercise.name for name, exercise in library.items())
    assert all((exercise.count is None) == (exercise.kind == "hold") for exercise in library.values())


def test_a_joint_without_a_side_means_both():
    assert parse_exercise("squat", SQUAT, "squat.toml").joints == (23, 24, 25, 26)


def test_an_exercise_has_the_other_names_that_its_file_gives():
    assert parse_exercise("squat", SQUAT, "squat.toml").also == ()
    assert parse_exercise("squat", SQUAT | {"also": ["knee bend"]}, "squat.toml").also == ("knee bend",)


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        ({"kind": "set"}, "kind", "reps, hold"),
        ({"kind": None}, "kind", "reps, hold"),
        ({"group": "dance"}, "group", "strength, cardio"),
        ({"title": 7}, "title", "a text"),
        ({"also": "press-up"}, "also", "a list of texts"),
        ({"joints": ["tail"]}, "joints", "left_wrist"),
        ({"joints": []}, "joints", "in view"),
        ({"met": 4}, "met", "the lower first"),
        ({"met": [4]}, "met", "from 1 to 25"),
        ({"met": [8, 4]}, "met", "the lower first"),
        ({"met": [4, True]}, "met", "two numbers"),
        ({"met": [4, 26]}, "met", "from 1 to 25"),
        ({"colour": "red"}, "colour", "known are"),
        ({"count": {}}, "count.signal", "at least one"),
        ({"count": {"signal": [{"measure": "tail", "rest": 1, "target": 2}]}}, "count.signal[1].measure", "knee"),
        ({"count": {"signal": [{"measure": "knee", "rest": "high", "target": 2}]}}, "rest", "a number"),
        ({"count": {"signal": [{"measure": "knee", "rest": 90, "target": 90}]}}, "target", "another number"),
        ({"condition": [{"measure": "knee", "min": 90, "max": 80}]}, "condition[1].min", "below max"),
        (
            {"condition": [{"measure": "knee", "min": 90, "when": "often"}]},
            "condition[1].when",
            "always, rest, far, change",
        ),
        ({"kind": "hold", "count": None}, "count", "known are"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_is_allowed(change, key, allowed):
    with pytest.raises(ExerciseError) as caught:
        parse_exercise("squat", SQUAT | change, "mine/squat.toml")
    message = str(caught.value)
    assert "mine/squat.toml" in message
    assert key in message
    assert allowed in message


def test_a_folder_of_ones_own_adds_to_the_library(tmp_path):
    (tmp_path / "wave.toml").write_text(
        'title = "Wave"\nkind = "reps"\ngroup = "cardio"\njoints = ["elbow"]\n'
        '[[count.signal]]\nmeasure = "elbow"\nrest = 90\ntarget = 160\n'
    )
    assert load_library([tmp_path])["wave"].title == "Wave"


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    (tmp_path / "broken.toml").write_bytes(content)
    with pytest.raises(ExerciseError, match=r"broken\.toml"):
        load_library([tmp_path])


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ExerciseError, match="nowhere"):
        load_library([tmp_path / "nowhere"])
