"""An exercise's file is either valid, or its mistake is named."""

import math
import tomllib

import pytest

from webapp.errors import ExerciseError
from webapp.exercises import load_library
from webapp.motion.parser import parse_exercise

SQUAT = {
    "title": "Squat",
    "kind": "reps",
    "group": "strength",
    "joints": ["hip", "knee"],
    "count": {"signal": [{"measure": "knee", "rest": 165, "target": 100}]},
}
PLANK = {
    "title": "Plank",
    "kind": "hold",
    "group": "hold",
    "joints": ["hip"],
    "condition": [{"measure": "body", "min": 150}],
}
LEFT = {"measure": "left_knee", "rest": 165, "target": 100}
HIPS = {"name": "hips", "measure": "body", "min": 165, "message": "Lift your hips."}
WAVE = """
title = "Wave"
kind = "reps"
group = "cardio"
joints = ["elbow"]
[[count.signal]]
measure = "elbow"
rest = 90
target = 160
"""
KNEE = "[[condition]]\nmeasure = 'knee'\nmin = 90"
NUMBER = 16**5000
"""Python refuses to write a number of so many digits."""


def signal(**change):
    return {"signal": [{"measure": "knee", "rest": 165, "target": 100} | change]}


def condition(**change):
    return {"condition": [{"measure": "knee", "min": 90} | change]}


def rule(**change):
    return {"form": [HIPS | change]}


def test_the_library_loads_and_names_each_exercise_after_its_file():
    library = load_library()
    assert {"squat", "push_up", "jumping_jack", "warrior_two", "tree", "plank"} <= library.keys()
    assert all(name == exercise.name for name, exercise in library.items())
    assert all((exercise.count is None) == (exercise.kind == "hold") for exercise in library.values())


def test_a_joint_without_a_side_means_both():
    assert parse_exercise("squat", SQUAT, "squat.toml").joints == (23, 24, 25, 26)


def test_an_exercise_has_the_message_of_each_of_its_rules():
    rules = [HIPS, HIPS | {"name": "back", "min": 100, "message": "Back."}]
    exercise = parse_exercise("squat", SQUAT | {"form": rules}, "squat.toml")
    assert exercise.messages == {"hips": "Lift your hips.", "back": "Back."}


def test_an_exercise_has_the_other_names_that_its_file_gives():
    assert parse_exercise("squat", SQUAT, "squat.toml").also == ()
    assert parse_exercise("squat", SQUAT | {"also": ["knee bend"]}, "squat.toml").also == ("knee bend",)


@pytest.mark.parametrize(
    ("key", "misspelt", "named"),
    [
        ("title", "titel", "title"),
        ("count", "cuont", "count"),
        ("measure = ", "mesure = ", "signal.1..measure"),
        ("min = ", "minn = ", "condition.1..min"),
        ("min = ", "maxx = ", "condition.1..max"),
    ],
)
def test_a_misspelt_key_is_named_beside_the_right_one(key, misspelt, named):
    with pytest.raises(ExerciseError, match=f"{named} is missing, or misspelt as {misspelt.split()[0]};"):
        parse_exercise("wave", tomllib.loads((WAVE + KNEE).replace(key, misspelt)), "wave.toml")


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
        ({"title": ""}, "title", "a text"),
        ({"title": "x" * 10**5}, "title", "500 characters"),
        ({"title": "a\0b"}, "title", "without a NUL"),
        ({"title": NUMBER}, "title", "a text"),
        ({"title": [NUMBER]}, "title", "a text"),
        ({"also": [""]}, "also", "a list of texts"),
        ({"view": "back"}, "view", "any, front, side"),
        ({"one_sided": 1}, "one_sided", "true or false"),
        ({"met": [math.nan, 4]}, "met", "from 1 to 25"),
        ({"count": 5}, "count", "a table"),
        ({"hold": {}}, "hold", "known are"),
        ({"condition": {"measure": "knee", "min": 90}}, "condition", "[[condition]]"),
        ({"condition": [5]}, "condition[1]", "a table"),
        ({"count": signal() | {"colour": 1}}, "count.colour", "known are"),
        ({"count": signal(colour=1)}, "count.signal[1].colour", "known are"),
        (condition(colour=1), "condition[1].colour", "known are"),
        (rule(colour=1), "form[1].colour", "known are"),
        ({"count": signal() | {"sides": "each"}}, "count.sides", "left_"),
        ({"count": signal(measure="right_knee") | {"sides": "together"}}, "count.sides", "left_"),
        ({"count": {"sides": "each", "signal": [LEFT, LEFT | {"measure": "body"}]}}, "count.sides", "one side"),
        ({"count": signal() | {"enough": 0}}, "count.enough", "from 0.1 to 2"),
        ({"count": signal() | {"enough": math.nan}}, "count.enough", "from 0.1 to 2"),
        ({"count": signal() | {"enough": NUMBER}}, "count.enough", "from 0.1 to 2"),
        ({"count": signal() | {"begun": 0.8}}, "count.begun", "at most enough (0.75)"),
        ({"count": signal() | {"enough": 0.3}}, "count.begun is missing", "at most enough (0.3)"),
        ({"count": signal() | {"rest_within": -1}}, "count.rest_within", "from 0 to 2"),
        ({"count": signal() | {"shortest_s": 20}}, "count.shortest_s", "below longest_s (15)"),
        ({"count": signal() | {"shortest_s": 5, "longest_s": 5}}, "count.shortest_s", "below longest_s (5)"),
        ({"count": signal() | {"longest_s": math.inf}}, "count.longest_s", "from 1 to 60"),
        ({"count": signal(measure="tail")}, "count.signal[1].measure", "left_"),
        ({"count": {"signal": [{"rest": 165, "target": 100}]}}, "count.signal[1].measure", "knee"),
        ({"count": signal(target=-20)}, "count.signal[1].target", "from 0 to 180"),
        ({"count": signal(rest=math.nan)}, "count.signal[1].rest", "from 0 to 180"),
        ({"count": signal(target=165.1)}, "count.signal[1].target", "at least 1 "),
        ({"count": signal(measure="hip_height", rest=1, target=1.001)}, "count.signal[1].target", "at least 0.01 "),
        ({"count": signal(weight=0)}, "count.signal[1].weight", "from 0.01 to 100"),
        ({"count": signal(measure="hip_place", rest=0, target=1)}, "count.signal[1].measure", "relative"),
        (condition(min=math.inf), "condition[1].min", "from 0 to 180"),
        (condition(min=True), "condition[1].min", "from 0 to 180"),
        (condition(min=200), "condition[1].min", "from 0 to 180"),
        (condition(min=180), "condition[1].min", "below max"),
        ({"condition": [{"measure": "knee", "max": 0}]}, "condition[1].max", "above min"),
        ({"condition": [{"measure": "knee"}]}, "condition[1].min", "given, or max"),
        (condition(min=-200, when="change"), "condition[1].min", "from -180 to 180"),
        (condition(measure="facing", min=2), "condition[1].min", "from 0 to 1"),
        (condition(measure="foot_spread", min=-1), "condition[1].min", "from 0 to 10"),
        (condition(measure="uneven_hand_height", min=-1), "condition[1].min", "from 0 to 10"),
        (condition(measure="hand_height", min=-11), "condition[1].min", "from -10 to 10"),
        (condition(measure="left_facing", min=0.5), "condition[1].measure", "facing, foot_spread"),
        (condition(measure="uneven_foot_spread", min=0.5), "condition[1].measure", "only alone"),
        (condition(measure="uneven_left_knee"), "condition[1].measure", "one of"),
        (condition(measure="hip_place", min=0.5, when="far"), "condition[1].measure", "change or still"),
        (condition(min=5, when="still"), "condition[1].min", "at most 0"),
        ({"condition": [{"measure": "knee", "max": -5, "when": "still"}]}, "condition[1].max", "at least 0"),
        (condition(reason="the knees bent"), "condition[1].reason", "when"),
        (condition(must_see=True), "condition[1].must_see", "when"),
        (condition(must_see="yes", when="far"), "condition[1].must_see", "true or false"),
        (rule(severity=2.7), "form[1].severity", "a whole number from 1 to 3"),
        (rule(severity=4), "form[1].severity", "from 1 to 3"),
        (rule(severity=True), "form[1].severity", "a whole number"),
        (rule(phase="held"), "form[1].phase", "any, rest, going, far, coming"),
        (rule(name=""), "form[1].name", "a text"),
        (rule(message=" "), "form[1].message", "a text"),
        (rule(lasts_s=-1), "form[1].lasts_s", "from 0 to 10"),
        (rule(min=0), "form[1].min", "never"),
        (rule(measure="hip_place", min=0.5), "form[1].measure", "uneven_"),
        ({"form": [HIPS, HIPS]}, "form[2].name", "no other rule"),
        ({"joints": [[]]}, "joints", "a list of texts"),
    ],
)
def test_a_mistake_is_named_with_its_file_key_and_allowed_values(change, key, allowed):
    with pytest.raises(ExerciseError) as caught:
        parse_exercise("squat", SQUAT | change, "mine/squat.toml")
    message = str(caught.value)
    assert "mine/squat.toml" in message
    assert key in message
    assert allowed in message


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        ({"condition": []}, "condition", "at least one"),
        ({"condition": [{"measure": "body", "min": 150, "when": "far"}]}, "condition[1].when", "always"),
        ({"condition": [{"measure": "hip_place", "min": 0.5}]}, "condition[1].measure", "uneven_"),
        (rule(phase="going"), "form[1].phase", "any, rest, held"),
        ({"hold": {"target_s": 0}}, "hold.target_s", "from 1 to 3600"),
        ({"hold": {"grace_s": math.nan}}, "hold.grace_s", "from 0 to 10"),
        ({"hold": {"flow": "dance"}}, "hold.flow", "yoga"),
        ({"hold": {"flow": "yoga"}}, "condition", "of its poses"),
        ({"hold": {"flow": "yoga"}, "condition": []} | rule(), "form", "of its poses"),
        ({"count": {}}, "count", "known are"),
        ({"hold": {"colour": 1}}, "hold.colour", "known are"),
    ],
)
def test_a_mistake_in_a_hold_is_named_too(change, key, allowed):
    with pytest.raises(ExerciseError) as caught:
        parse_exercise("plank", PLANK | change, "mine/plank.toml")
    message = str(caught.value)
    assert "mine/plank.toml" in message
    assert key in message
    assert allowed in message


def test_a_message_about_a_long_value_is_short():
    for wrong in ("x" * 10**5, ["x"] * 10**5, NUMBER):
        with pytest.raises(ExerciseError) as caught:
            parse_exercise("squat", SQUAT | {"kind": wrong}, "squat.toml")
        assert len(str(caught.value)) < 200


def test_the_keys_of_a_hold_and_of_a_repetition_are_accepted():
    bends = {"when": "change", "measure": "hip", "min": -90, "max": -10}
    every = [bends, {"when": "still", "min": -95}, {"when": "far", "must_see": True, "reason": "low"}]
    marching = {"sides": "each", "signal": [LEFT, LEFT | {"measure": "right_arm"}]}
    assert parse_exercise("march", SQUAT | {"count": marching}, "x").count.sides == "each"
    squat = parse_exercise("squat", SQUAT | {"condition": [condition(**one)["condition"][0] for one in every]}, "x")
    assert [one.when for one in squat.conditions] == ["change", "still", "far"]
    assert parse_exercise("squat", SQUAT | rule(severity=2), "x").rules[0].severity == 2
    assert parse_exercise("squat", SQUAT | {"count": signal() | {"begun": 0.75}}, "x").count.begun == 0.75
    assert parse_exercise("plank", PLANK | rule(phase="held"), "x").rules[0].phase == "held"
    assert parse_exercise("plank", PLANK | rule(measure="uneven_hand_place", min=1), "x").rules


def test_a_custom_folder_extends_the_library(tmp_path):
    (tmp_path / "wave.toml").write_text(WAVE)
    assert load_library([tmp_path])["wave"].title == "Wave"


@pytest.mark.parametrize(
    "content",
    [
        b"title = ",
        b"\xff\xfe",
        b"title = 'caf\xe9'",
        b"a = " + b"9" * 5000,
        b"a = " + b"[" * 20_000,
        b"title" + b".a" * 5000 + b" = 1",
        b'title = "' + b"x" * 1_000_000 + b'"',
        b"\0",
    ],
    ids=["cut off", "UTF-16", "Latin-1", "long number", "deep list", "deep table", "1 MB", "NUL"],
)
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    (tmp_path / "broken.toml").write_bytes(content)
    with pytest.raises(ExerciseError, match=r"broken\.toml.* must be "):
        load_library([tmp_path])


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    (tmp_path / "wave.toml").write_text(WAVE, encoding="utf-8-sig")
    assert "wave" in load_library([tmp_path])


@pytest.mark.parametrize("name", [".toml", "...toml", "a b.toml", "a?b.toml", "._wave.toml"])
def test_a_name_that_is_no_part_of_an_address_is_refused(tmp_path, name):
    (tmp_path / name).write_text(WAVE)
    with pytest.raises(ExerciseError, match="letters, digits, _ and -"):
        load_library([tmp_path])


@pytest.mark.parametrize("name", ["Wave", "big-wave", "Große_Welle"])
def test_a_name_of_other_letters_is_another_exercise(tmp_path, name):
    (tmp_path / f"{name}.toml").write_text(WAVE)
    assert load_library([tmp_path])[name].name == name


def test_an_ending_in_capitals_is_found_too(tmp_path):
    (tmp_path / "wave.TOML").write_text(WAVE)
    assert "wave" in load_library([tmp_path])


def test_a_flow_of_a_group_without_poses_is_named(tmp_path):
    flow = 'title = "Flow"\nkind = "hold"\ngroup = "yoga"\njoints = ["hip"]\nhold.flow = "cardio"\n'
    (tmp_path / "dance.toml").write_text(flow)
    with pytest.raises(ExerciseError, match=r"dance\.toml: hold\.flow is 'cardio'; it must be .*yoga"):
        load_library([tmp_path])


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ExerciseError, match="nowhere"):
        load_library([tmp_path / "nowhere"])
