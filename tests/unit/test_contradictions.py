"""A file whose parts exclude each other is refused; one by which anything could count is not."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_changed_exercises import Told
from webapp.errors import ExerciseError
from webapp.motion.exercise import Condition, Count, Exercise, Signal
from webapp.motion.parser import parse_exercise
from webapp.motion.reps import RepCounter

KNEE = {"measure": "knee", "rest": 165, "target": 100}
SQUAT = {"title": "Squat", "kind": "reps", "group": "strength", "joints": ["hip"], "count": {"signal": [KNEE]}}
POSE = {"title": "Pose", "kind": "hold", "group": "hold", "joints": ["hip"]}
EVERY = ("always", "rest", "far", "change", "still")


def condition(measure="torso_lean", **limits):
    return {"measure": measure, **limits}


def rule(name="chest", measure="torso_lean", **limits):
    return {"name": name, "measure": measure, "message": "Chest up."} | limits


def mistake(content):
    with pytest.raises(ExerciseError) as caught:
        parse_exercise("mine", content, "mine.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        ({"count": {"signal": [KNEE | {"target": 20}], "enough": 1.2}}, "count.enough", "at most 1.14"),
        ({"count": {"relative": True, "signal": [KNEE | {"target": 15}], "enough": 1.3}}, "count.enough", "most 1.2"),
        ({"count": {"signal": [KNEE, KNEE | {"target": 90}]}}, "count.signal[2].measure", "no other signal"),
        ({"condition": [condition("knee", min=130)]}, "condition[1].min", "below 125.8"),
        ({"condition": [condition("knee", max=120)]}, "condition[1].max", "above 135.8"),
        ({"condition": [condition("knee", max=120, when="rest")]}, "condition[1].max", "above 135.8"),
        ({"condition": [condition("knee", min=130, when="far")]}, "condition[1].min", "below 125.8"),
        ({"condition": [condition("knee", min=20, when="change")]}, "condition[1].min", "below -16"),
        ({"condition": [condition("knee", min=-10, when="still")]}, "condition[1].min", "below -16"),
        ({"condition": [condition(max=40), condition(min=50)]}, "condition[2].min", "below 40"),
        ({"condition": [condition(max=40, when="far"), condition(min=40)]}, "condition[2].min", "below 40"),
        (
            {"condition": [condition(min=0, when="still"), condition(max=0, when="still")]},
            "condition[2].max",
            "above 0",
        ),
        ({"view": "side", "condition": [condition("facing", min=0.9)]}, "condition[1].min", "below 0.8"),
        ({"view": "front", "condition": [condition("facing", max=0.5)]}, "condition[1].max", "above 0.6"),
        ({"condition": [condition(min=60)], "form": [rule(max=50)]}, "form[1].max", "above 60"),
        ({"form": [rule(measure="knee", min=140, phase="far")]}, "form[1].min", "below 125.8"),
        ({"form": [rule(measure="knee", max=120, phase="rest")]}, "form[1].max", "above 135.8"),
        (
            {"condition": [condition("facing", max=0.5)], "form": [rule(max=50, view="front")]},
            "form[1].view",
            "another",
        ),
        (
            {"form": [rule(max=50, phase="far", lasts_s=9)], "count": SQUAT["count"] | {"longest_s": 9}},
            "lasts_s",
            "below",
        ),
        ({"form": [rule(max=50, phase="far"), rule("lean", min=60)]}, "form[2].min", "form[1]"),
    ],
)
def test_a_rule_that_excludes_every_repetition_is_named(change, key, allowed):
    said = mistake(SQUAT | change)
    assert f"mine.toml: {key}" in said or f".{key}" in said
    assert allowed in said


@pytest.mark.parametrize(
    ("change", "key", "allowed"),
    [
        ({"condition": [condition(min=60), condition(max=50)]}, "condition[2].max", "above 60"),
        ({"condition": [condition(min=60)], "form": [rule(max=50)]}, "form[1].max", "above 60"),
        ({"condition": [condition(max=60)], "form": [rule(max=70, phase="held")]}, "form[1].max", "never passed"),
    ],
)
def test_a_rule_that_excludes_every_hold_or_corrects_none_is_named(change, key, allowed):
    said = mistake(POSE | change)
    assert key in said
    assert allowed in said


@pytest.mark.parametrize(
    "change",
    [
        {"condition": [condition("knee", min=130, when="rest"), condition("knee", max=118, when="far")]},
        {"form": [rule(measure="knee", min=140, lasts_s=2, message="Do not stay down.")]},
        {"form": [rule(max=50, view="front"), rule("lean", min=60, view="side")]},
        {"form": [rule(max=50, phase="far"), rule("lean", min=60, phase="rest")]},
    ],
)
def test_rules_for_different_moments_or_views_are_no_contradiction(change):
    assert parse_exercise("mine", SQUAT | change, "mine.toml")


@st.composite
def movements(draw):
    """Return signals, conditions that a movement meets, and the movement: each measure's value at rest and far."""
    way = {measure: tuple(draw(st.integers(10, 170)) for _ in range(2)) for measure in ("knee", "hip", "elbow")}
    moved = [measure for measure, (rest, far) in way.items() if abs(far - rest) >= 20]
    signals = tuple(
        Signal(measure, way[measure][0], way[measure][1], draw(st.sampled_from((0.5, 1.0, 2.0))))
        for measure in draw(st.lists(st.sampled_from(moved or ["knee"]), max_size=2 if moved else 0, unique=True))
    )
    conditions = tuple(draw(st.lists(met(way), max_size=5)))
    return signals, conditions, way


@st.composite
def met(draw, way):
    """Return a condition that is met on this way."""
    measure, when = draw(st.sampled_from(sorted(way))), draw(st.sampled_from(EVERY))
    rest, far = way[measure]
    values = {"always": (rest, far), "rest": (rest,), "far": (far,), "change": (far - rest,), "still": (0, far - rest)}
    slack = 0.2 * abs(far - rest) + 1  # the median of the far end is short of it
    low, high = min(values[when]) - slack, max(values[when]) + slack
    open_end = draw(st.sampled_from(("low", "high", "none")))
    return Condition(measure, -1e6 if open_end == "low" else low, 1e6 if open_end == "high" else high, when)


def as_file(one: Exercise) -> dict[str, object]:
    conditions = []
    for each in one.conditions:
        most = 180
        least = -180 if each.when in ("change", "still") else 0
        ends = {"min": max(each.low, least)} | {"max": min(each.high, most)}
        conditions.append({"measure": each.measure, "when": each.when} | ends)
    plan = {key: getattr(one.count, key) for key in ("relative", "enough", "begun", "rest_within")}
    signals = [asdict(signal) for signal in one.count.signals]
    return SQUAT | {"count": plan | {"signal": signals}, "condition": conditions}


@settings(deadline=None, max_examples=100)
@given(movements().filter(lambda drawn: drawn[0]), st.floats(0.8, 4), st.booleans(), st.floats(0.1, 1), st.floats(0, 1))
def test_a_file_by_which_a_movement_counts_is_accepted(movement, lasts_s, relative, enough, rest_within):
    signals, conditions, way = movement
    plan = Count(signals, relative=relative, enough=enough, begun=0.1, rest_within=rest_within)
    one = Exercise("mine", "Mine", "reps", "strength", "any", (23,), count=plan, conditions=conditions)
    counter, reps = RepCounter(one), []
    for step in range(round((lasts_s + 2) * 15)):
        t_s = step / 15
        part = (1 - math.cos(2 * math.pi * min(max(t_s - 1, 0), lasts_s) / lasts_s)) / 2
        body = Told({measure: rest + part * (far - rest) for measure, (rest, far) in way.items()})
        reps += counter.observe(body, t_s)
    if any(rep.counted for rep in reps):
        assert parse_exercise("mine", as_file(one), "mine.toml")
