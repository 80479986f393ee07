import base64
import dataclasses
import json
import math
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from webapp.errors import BadMessage, FrameTooLarge, Restarting, StoreError
from webapp.gateway import wire
from webapp.gateway.wire import Limits, Picture, Start
from webapp.motion.exercise import Exercise, HoldPlan
from webapp.records import Check, Cue, Estimate, Hold, Pose, Rep, Set, Setup, Summary, Target

DATA = Path(__file__).resolve().parents[1] / "data"
UP = json.loads((DATA / "wire_up.json").read_text())
DOWN = json.loads((DATA / "wire_down.json").read_text())
LIMITS = Limits(frame_bytes=100_000, frame_pixels=1_000_000)

REP = Rep(3, 10.0, 12.5, 0.95, 88.5, 1.0, 0.25, 1.25, "left", -4.5, ("knees_in",), "", 2)
HOLD = Hold(1, "tree", 20.0, 35.5, 15.25, "reached", "right", 1, 2, 20.5)
SET = Set(2, "squat", 10.0, 12.5, 3, 0.0, "reached", 8.0)
CUE = Cue(12.5, "knees_in", "Push your knees out.", 2, (25, 26))
SETUP = Setup(9.0, (Check("body", done=True), Check("distance", done=False, message="Step back.")))
SUMMARY = Summary("squat", "reps", 10.0, 60.0, 2.5, (REP,), (HOLD,), MappingProxyType({"knees_in": 2}), (SET,))
EXERCISE = Exercise("tree", "Tree pose", "hold", "yoga", "front", (23, 24), "Stand.", hold=HoldPlan(target_s=20.0))


def received(message):
    """Return the arguments as the server gets them: base64 stands for bytes in a golden file."""
    return [
        base64.b64decode(part["base64"]) if isinstance(part, dict) and "base64" in part else part for part in message
    ]


def sent(arguments):
    return [{"base64": base64.b64encode(part).decode()} if isinstance(part, bytes) else part for part in arguments]


def pose():
    image = np.arange(132, dtype=np.float32).reshape(33, 4) / 128
    image[0] = (math.nan, math.nan, math.nan, 0)
    return Pose(image, np.zeros((33, 3), np.float32), 1.5)


FRAME = received(UP["frame"])
JPEG = FRAME[2]


def test_golden_start_is_read():
    assert wire.parse_start(UP["start"]) == Start("squat")
    assert wire.parse_start(UP["start_again"]) == Start("squat", "secret")
    assert wire.parse_start(UP["start_on_an_engine"]) == Start("squat", "secret", "efficientpose-rt")
    assert wire.parse_start(UP["start_with_a_target"]) == Start("squat", target=Target(8, 90, 3), body_kg=72.5)
    assert wire.parse_start(UP["start_another_exercise"]) == Start("plank", "secret", target=Target(30))
    assert wire.parse_start(UP["start_without_its_target"]) == Start("squat", "secret", clears_target=True)


@pytest.mark.parametrize("body_kg", [19, 401, "72", True, math.nan, [72]])
def test_an_impossible_weight_is_refused_with_the_allowed_range(body_kg):
    with pytest.raises(BadMessage, match="from 20 to 400"):
        wire.parse_start([{"v": 1, "exercise": "squat", "body_kg": body_kg}])


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        (8, "an object"),
        ({}, "from 1 to 1000"),
        ({"amount": None}, "from 1 to 1000"),
        ({"amount": 0}, "from 1 to 1000"),
        ({"amount": 1001}, "from 1 to 1000"),
        ({"amount": "8"}, "from 1 to 1000"),
        ({"amount": math.nan}, "from 1 to 1000"),
        ({"amount": 8, "rest_s": -1}, "from 0 to 3600"),
        ({"amount": 8, "rest_s": 3601}, "from 0 to 3600"),
        ({"amount": 8, "rest_s": None}, "from 0 to 3600"),
        ({"amount": 8, "sets": 0}, "from 1 to 100"),
        ({"amount": 8, "sets": 101}, "from 1 to 100"),
        ({"amount": 8, "sets": 2.0}, "from 1 to 100"),
        ({"amount": 8, "sets": True}, "from 1 to 100"),
    ],
)
def test_an_impossible_target_is_refused_with_the_allowed_range(target, allowed):
    with pytest.raises(BadMessage, match=allowed):
        wire.parse_start([{"v": 1, "exercise": "squat", "target": target}])


def test_the_ends_of_an_allowed_range_are_allowed():
    for amount, rest_s, sets, body_kg in ((1, 0, 1, 20), (1000, 3600, 100, 400)):
        target = {"amount": amount, "rest_s": rest_s, "sets": sets}
        start = wire.parse_start([{"v": 1, "exercise": "squat", "target": target, "body_kg": body_kg}])
        assert (start.target, start.body_kg) == (Target(amount, rest_s, sets), body_kg)


def test_golden_frame_is_read_with_its_time_in_seconds():
    assert wire.parse_frame(FRAME, LIMITS) == Picture(7, 1767225600.1235, JPEG)


@pytest.mark.parametrize(
    ("name", "record"),
    [("rep", REP), ("hold", HOLD), ("set", SET), ("cue", CUE), ("setup", SETUP), ("summary", SUMMARY)],
)
def test_records_are_the_golden_messages(name, record):
    event, message = wire.record(record)
    assert (event, [message]) == (name, DOWN[name])


def test_answers_are_the_golden_messages():
    assert sent(wire.pose(Estimate(7, 1.0, pose()), 0.5)) == DOWN["pose"]
    assert sent(wire.pose(Estimate(8, 1.1, None), None)) == DOWN["pose_nobody"]
    assert [wire.error(BadMessage("Wrong."))] == DOWN["error"]
    assert [wire.error(FrameTooLarge("Too large."), 9)] == DOWN["error_of_a_frame"]
    assert [wire.error(Restarting())] == DOWN["error_restarting"]


def test_ready_carries_the_golden_skeleton_and_exercise():
    (ready,) = DOWN["ready"]
    assert wire.skeleton() == ready["skeleton"]
    assert wire.exercise(EXERCISE) == ready["exercise"]


def test_ready_carries_the_golden_sets_and_target():
    (ready,) = DOWN["ready"]
    before = Set(1, "squat", 1.0, 5.0, 3, 0.0, "resting", 8.0)
    assert wire.plain((before, SET)) == ready["sets"]
    assert wire.plain(Target(8.0, sets=3)) == ready["target"]
    assert wire.plain(None) is None


@pytest.mark.parametrize("record", [REP, HOLD, SET, CUE, SETUP, SUMMARY], ids=lambda record: type(record).__name__)
def test_a_record_travels_with_all_its_fields(record):
    _, message = wire.record(record)
    assert {field.name for field in dataclasses.fields(record)} <= set(message)


def test_a_number_that_json_cannot_hold_travels_as_null():
    _, message = wire.record(dataclasses.replace(REP, depth=math.nan, rom_deg=math.inf))
    assert (message["depth"], message["rom_deg"]) == (None, None)
    assert wire.pose(Estimate(1, 1.0, None), math.nan)[2] is None


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["squat"],
        [None],
        [{"exercise": "squat"}],
        [{"v": 2, "exercise": "squat"}],
        [{"v": 1}],
        [{"v": 1, "exercise": 3}],
        [{"v": 1, "exercise": "squat", "resume": 3}],
        [{"v": 1, "exercise": "squat", "engine": ["null"]}],
        [{"v": 1, "exercise": "squat"}, {}],
    ],
)
def test_a_start_of_another_form_is_refused(arguments):
    with pytest.raises(BadMessage):
        wire.parse_start(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [1, 2.0],
        [1, 2.0, JPEG, 0],
        ["1", 2.0, JPEG],
        [1.0, 2.0, JPEG],
        [True, 2.0, JPEG],
        [-1, 2.0, JPEG],
        [2**60, 2.0, JPEG],
        [1, "2", JPEG],
        [1, None, JPEG],
        [1, True, JPEG],
        [1, math.nan, JPEG],
        [1, math.inf, JPEG],
        [1, -1.0, JPEG],
        [1, 1e300, JPEG],
        [1, 2.0, "text where bytes belong"],
        [1, 2.0, {"_placeholder": True, "num": 0}],
        [1, 2.0, b""],
        [1, 2.0, b"no picture"],
        [1, 2.0, JPEG[:-20]],
        [1, 2.0, JPEG[:30]],
        [1, 2.0, JPEG.replace(b"\xff\xc0", b"\xff\xc2")],
    ],
)
def test_a_frame_of_another_form_is_refused(arguments):
    with pytest.raises(BadMessage):
        wire.parse_frame(arguments, LIMITS)


def test_a_frame_of_too_many_bytes_is_refused():
    with pytest.raises(FrameTooLarge, match="100000 bytes"):
        wire.parse_frame([1, 2.0, JPEG + bytes(100_000)], LIMITS)


def test_a_frame_of_too_many_pixels_is_refused_from_its_header():
    at = JPEG.index(b"\xff\xc0")
    bomb = JPEG[: at + 5] + (20_000).to_bytes(2) * 2 + JPEG[at + 9 :]
    with pytest.raises(FrameTooLarge, match="20000 x 20000"):
        wire.parse_frame([1, 2.0, bomb], LIMITS)


def test_a_failing_store_is_reported_without_its_address():
    message = wire.error(StoreError("the store at postgresql://coach@10.0.0.9/workouts: no answer"))["message"]
    assert "coach" not in message
    assert "Try again" in message


def test_a_refused_frame_is_answered_by_its_number_if_it_has_one():
    assert wire.frame_number([5, "wrong", None]) == 5
    assert wire.frame_number(["5"]) is None
    assert wire.frame_number([]) is None
