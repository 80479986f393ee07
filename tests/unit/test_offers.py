import json

import pytest

from webapp.errors import BackendUnavailable, JointsMissing, SettingsError, UnknownEngine
from webapp.exercises import load_library
from webapp.motion.needs import needed
from webapp.pose import arithmetic, speeds
from webapp.pose.backends import engine
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers, spoken
from webapp.records import Estimate
from webapp.skeleton import JOINT, JOINTS

LIBRARY = load_library()


@pytest.fixture
def offers(tmp_path):
    return Offers(EngineChoice("blazepose-full"), tmp_path)


def offer(offers, name, exercise="squat"):
    return next(one for one in offers.offered(LIBRARY[exercise]) if one.name == name)


def test_a_workout_that_names_no_engine_gets_the_usual_one(offers):
    assert offers.chosen("", LIBRARY["squat"]) == "blazepose-full"
    assert offers.chosen("blazepose-lite", LIBRARY["squat"]) == "blazepose-lite"


def test_a_name_that_no_engine_has_is_refused(offers):
    with pytest.raises(UnknownEngine, match="choose from blazepose-lite"):
        offers.chosen("blazepose-huge", LIBRARY["squat"])


def test_a_server_may_offer_a_few_engines_alone(tmp_path):
    offers = Offers(EngineChoice("blazepose-full"), tmp_path, ["blazepose-lite"])
    assert [one.name for one in offers.offered(LIBRARY["squat"])] == ["blazepose-lite", "blazepose-full"]
    with pytest.raises(UnknownEngine, match="choose from blazepose-lite, blazepose-full"):
        offers.chosen("blazepose-heavy", LIBRARY["squat"])
    with pytest.raises(SettingsError, match="no engine 'blazepose-huge'"):
        Offers(EngineChoice("blazepose-full"), tmp_path, ["blazepose-huge"])


def test_an_engine_without_weights_names_the_command_that_brings_them(offers):
    with pytest.raises(BackendUnavailable, match="posecoach models fetch efficientpose-iv"):
        offers.chosen("efficientpose-iv", LIBRARY["squat"])
    assert "efficientpose-iv" not in [one.name for one in offers.offered(LIBRARY["squat"])]


def test_an_exercise_names_the_joints_that_the_engine_lacks(shared, tmp_path):
    offers = Offers(EngineChoice("blazepose-full", (shared / "weights",)), tmp_path)
    with pytest.raises(JointsMissing, match="Calf raise needs the toes, which EfficientPose RT does not find"):
        offers.chosen("efficientpose-rt", LIBRARY["calf_raise"])
    assert offers.chosen("efficientpose-rt", LIBRARY["squat"]) == "efficientpose-rt"
    assert offer(offers, "efficientpose-rt", "calf_raise").misses == "toes"
    assert offer(offers, "efficientpose-rt").misses == ""


def test_an_offer_names_the_joints_that_the_engine_never_finds(shared, tmp_path):
    offers = Offers(EngineChoice("blazepose-full", (shared / "weights",)), tmp_path)
    assert offer(offers, "openpose").lacks == "corners of the eyes, mouth, fingers, heels and toes"
    assert not offer(offers, "openpose").depth
    assert (offer(offers, "blazepose-full").lacks, offer(offers, "blazepose-full").depth) == ("", True)


def test_engines_that_look_at_no_picture_are_offered_only_where_the_server_runs_one(offers, tmp_path):
    assert not {"replay", "null"} & {one.name for one in offers.offered(LIBRARY["squat"])}
    assert offer(Offers(EngineChoice("replay"), tmp_path), "replay").title == "A recorded landmark series"


def test_the_speed_is_the_measured_one_or_else_that_of_workouts(offers, tmp_path):
    assert offer(offers, "blazepose-lite").ms is None
    for infer_ms in (90.0, 4.0, 5.0):
        offers.saw("blazepose-lite", Estimate(0, 0.0, None, infer_ms))
    assert offer(offers, "blazepose-lite").ms == 5.0
    speeds.keep(tmp_path, {"bf16": {"blazepose-lite": 2.0}})
    assert offer(offers, "blazepose-lite").ms == 5.0
    speeds.keep(tmp_path, {"f32": {"blazepose-lite": 4.5}})
    assert offer(offers, "blazepose-lite").ms == 4.5


def test_the_speed_of_each_engine_is_that_of_the_arithmetic_it_runs_in(offers, tmp_path, monkeypatch):
    speeds.keep(tmp_path, {"f32": {"blazepose-full": 7.0, "blazepose-lite": 5.0}, "mixed": {"blazepose-full": 4.0}})
    monkeypatch.setattr(arithmetic, "has_bf16", lambda: True)
    assert (offer(offers, "blazepose-full").ms, offer(offers, "blazepose-lite").ms) == (4.0, 5.0)
    monkeypatch.setattr(arithmetic, "has_bf16", lambda: False)
    assert (offer(offers, "blazepose-full").ms, offer(offers, "blazepose-lite").ms) == (7.0, 5.0)


def test_new_figures_stand_beside_the_old_ones(tmp_path):
    speeds.keep(tmp_path / "data", {"f32": {"openpose": 30.0, "blazepose-full": 7.0}})
    speeds.keep(tmp_path / "data", {"f32": {"blazepose-full": 6.0}, "bf16": {"blazepose-full": 4.0}})
    assert speeds.read(tmp_path / "data") == {
        "f32": {"openpose": 30.0, "blazepose-full": 6.0},
        "bf16": {"blazepose-full": 4.0},
    }


@pytest.mark.parametrize("content", ["", "[]", '{"f32": 3}', json.dumps({"f32": {"openpose": "quick"}})])
def test_a_file_of_figures_that_is_not_ours_is_no_figure(tmp_path, content):
    (tmp_path / speeds.FILE).write_text(content)
    assert not any(speeds.read(tmp_path).values())


def test_every_joint_has_a_word():
    assert spoken(range(1, len(JOINTS))).startswith("corners of the eyes, eyes, ears, mouth, shoulders, elbows")
    assert spoken(range(len(JOINTS))).startswith("face, shoulders, elbows")
    assert spoken([JOINT["left_heel"]]) == "heels"
    assert spoken([]) == ""


def test_joints_of_signals_and_conditions_are_needed_even_if_unlisted():
    assert JOINT["left_foot_index"] not in LIBRARY["calf_raise"].joints
    assert JOINT["left_foot_index"] in needed(LIBRARY["calf_raise"])
    assert needed(LIBRARY["squat"]) == set(LIBRARY["squat"].joints)


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=lambda one: one.name)
def test_blazepose_has_all_that_any_exercise_needs(exercise):
    assert needed(exercise) <= set(engine("blazepose-full").joints)
