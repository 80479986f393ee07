"""A flow names each pose as it comes and times it, on recorded series of people."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from webapp.exercises import load_library
from webapp.recordings import likeliest, play
from webapp.records import Cue, Estimate, Hold
from webapp.series import Series
from webapp.workout import Workout

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
EXPECTED = json.loads((RECORDINGS / "expected.json").read_text())
LIBRARY = load_library()
FLOW = LIBRARY["yoga_flow"]
YOGA = [
    name for name, facts in EXPECTED.items() if facts["holds"] and LIBRARY[facts["holds"][0]["pose"]].group == "yoga"
]


def recording(name: str) -> list[Estimate]:
    return list(Series.load(RECORDINGS / f"{name}.npz").estimates())


def events(estimates: list[Estimate]) -> list[Hold | Cue]:
    workout = Workout(FLOW)
    workout.go()
    seen = [event for one in estimates for event in workout.observe(one)]
    return [event for event in seen if isinstance(event, Hold | Cue)]


@pytest.mark.parametrize("name", YOGA)
def test_each_pose_is_named_and_timed_as_it_comes(name):
    held = play(FLOW, recording(name)).holds
    truth = EXPECTED[name]["holds"]
    assert [hold.number for hold in held] == list(range(1, len(truth) + 1))
    for hold, true in zip(held, truth, strict=True):
        assert hold.pose == true["pose"]
        assert hold.start_s == pytest.approx(true["start_s"], abs=0.5)
        assert hold.end_s == pytest.approx(true["end_s"], abs=0.5)


def test_one_pose_ends_before_the_next_starts():
    told = [event for event in events(recording("yoga_flow_1")) if isinstance(event, Hold)]
    states = [(event.number, event.state) for event in told if event.state in ("started", "ended")]
    assert states[:6] == [(number, state) for number in (1, 2, 3) for state in ("started", "ended")]


def test_each_pose_is_coached_by_its_own_rules():
    rule = LIBRARY["warrior_two"].rules[0]
    strict = replace(rule, name="deeper", low=-1e6, high=1.0, view="any")
    pose = replace(LIBRARY["warrior_two"], rules=(strict,))
    workout = Workout(replace(FLOW, poses=tuple(pose if one.name == pose.name else one for one in FLOW.poses)))
    workout.go()
    cues = [event for one in recording("yoga_flow_1") for event in workout.observe(one) if isinstance(event, Cue)]
    assert [cue.rule for cue in cues if cue.t_s < 2.3] == ["deeper"]
    assert "deeper" not in [cue.rule for cue in cues if cue.t_s > 3.0]


def test_a_recording_of_several_poses_is_a_flow_and_one_of_a_single_pose_is_that():
    def auto(name: str) -> str:
        return likeliest(play(one, recording(name)) for one in LIBRARY.values()).exercise

    assert auto("yoga_flow_1") == "yoga_flow"
    assert auto("warrior_two_1") == "warrior_two"


def test_the_flow_is_no_pose_of_its_own():
    assert FLOW not in FLOW.poses
    assert {pose.group for pose in FLOW.poses} == {"yoga"}
