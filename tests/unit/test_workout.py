"""A workout from its first frame to its summary."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from figures import pose, squats, squatting
from recorded import estimates

from webapp.exercises import load_library
from webapp.motion.parser import parse_exercise
from webapp.records import Cue, Estimate, Hold, Rep, Setup
from webapp.workout import Workout

LIBRARY = load_library()


def test_before_go_nothing_is_counted_and_only_setup_is_sent():
    workout = Workout(LIBRARY["squat"])
    events = [event for one in squats(2) for event in workout.observe(one)]
    assert events
    assert all(isinstance(event, Setup) for event in events)
    assert workout.count == 0


def test_a_resuming_browser_gets_the_setup_though_nothing_changed():
    workout = Workout(LIBRARY["squat"])
    standing = [Estimate(seq, seq / 15, pose(squatting(170))) for seq in range(3)]
    assert [isinstance(event, Setup) for event in workout.observe(standing[0])] == [True]
    assert not workout.observe(standing[1])
    workout.report_setup_again()
    assert [isinstance(event, Setup) for event in workout.observe(standing[2])] == [True]


def test_a_pause_stops_the_count_and_the_clock():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    for one in squats(2):
        workout.observe(one)
    workout.pause()
    for one in squats(2, start_s=5.1):
        workout.observe(one)
    workout.go()
    for one in squats(1, start_s=20.0):
        workout.observe(one)
    summary = workout.finish()
    assert summary.count == 3
    assert 7.5 < summary.duration_s < 8.1


def test_progress_is_nothing_at_rest_and_all_of_it_at_the_target():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    seen = []
    for one in squats(1, tempo_s=4.0, depth_deg=95):
        workout.observe(one)
        seen.append(workout.progress)
    assert seen[0] is not None
    assert seen[0] < 0.1
    assert max(part for part in seen if part is not None) > 0.95


def test_progress_of_an_unseen_body_is_unknown():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    list(workout.observe(Estimate(0, 0.0, pose(squatting(170), hidden=("knee", "hip", "ankle")))))
    assert workout.progress is None


def test_progress_of_nobody_and_of_a_pause_is_unknown():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    estimates = squats(1)
    deep = estimates[: len(estimates) // 2]
    for one in deep:
        workout.observe(one)
    assert workout.progress is not None
    list(workout.observe(Estimate(len(deep), deep[-1].t_s + 0.1, None)))
    assert workout.progress is None
    workout.observe(replace(deep[-1], t_s=deep[-1].t_s + 0.2))
    assert workout.progress is not None
    workout.pause()
    assert workout.progress is None


def test_a_rebuilt_workout_lasted_as_long_as_its_stretches_with_the_rests_in_them():
    times = [(10.0, 12.0), (12.5, 14.0), (74.0, 76.0), (3600.0, 3602.0), (3601.0, 3603.0)]
    past = [Rep(number + 1, start_s, end_s, 1.0) for number, (start_s, end_s) in enumerate(times)]
    assert Workout(LIBRARY["squat"], past=past).finish().duration_s == 66.0 + 3.0


def test_a_workout_lasts_at_least_as_long_as_its_repetitions():
    summary = Workout(LIBRARY["plank"], past=[Hold(1, "plank", 10.0, 24.0, 15.0, "ended")]).finish()
    assert (summary.duration_s, summary.active_s) == (15.0, 15.0)
    both = [Rep(1, 10.0, 14.0, 1.0, side="left"), Rep(2, 11.0, 15.0, 1.0, side="right")]
    summary = Workout(LIBRARY["bicep_curl"], past=both).finish()
    assert (summary.duration_s, summary.active_s) == (5.0, 5.0)
    assert Workout(LIBRARY["squat"]).finish().duration_s == 0.0


def test_a_fault_before_a_pause_or_an_absence_is_forgotten():
    for away in ("paused", "absent", "there"):
        workout = Workout(CURIOUS_FOR_LONG)
        workout.go()
        bent = pose(squatting(100))
        for seq in range(8):
            workout.observe(Estimate(seq, seq / 15, bent))
        if away == "paused":
            workout.pause()
        for seq in range(8, 40):
            workout.observe(Estimate(seq, seq / 15, None if away == "absent" else bent))
        workout.go()
        cues = [cue for cue in workout.observe(Estimate(40, 40 / 15, bent)) if isinstance(cue, Cue)]
        assert bool(cues or workout.finish().cues) == (away == "there")


def setups(estimates) -> list[Setup]:
    workout = Workout(LIBRARY["squat"])
    return [event for one in estimates for event in workout.observe(one) if isinstance(event, Setup)]


def messages(setup: Setup) -> list[str]:
    return [check.message for check in setup.checks if not check.done]


def test_a_correct_start_position_is_ready():
    (setup,) = setups(squats(0))
    assert setup.ready


def test_hidden_feet_are_named_with_advice():
    hidden = pose(squatting(172), hidden=("ankle", "heel", "foot_index"))
    (setup,) = setups([Estimate(index, index / 15, hidden) for index in range(15)])
    assert messages(setup) == ["Feet not in view: step back."]


def test_an_empty_picture_and_a_second_person_are_reported():
    assert messages(setups([Estimate(0, 0.0, None)])[0]) == ["Nobody in view: step in front of the camera."]
    assert messages(setups([replace(squats(0)[0], others=1)])[0]) == ["Someone else is in view."]


def test_setup_does_not_flicker():
    flicker = [replace(one, pose=None) if index % 3 == 0 and index else one for index, one in enumerate(squats(3))]
    assert len(setups(flicker)) == 1


def test_a_side_exercise_asks_a_person_facing_the_camera_to_turn():
    front = pose(squatting(172))
    world = front.world.copy()
    world[:, [0, 2]] = world[:, [2, 0]]
    workout = Workout(LIBRARY["push_up"])
    (setup,) = (event for event in workout.observe(Estimate(0, 0.0, replace(front, world=world))))
    assert isinstance(setup, Setup)
    assert messages(setup) == ["Turn sideways to the camera."]


def test_the_set_up_names_the_rules_that_cannot_be_judged_from_this_view():
    (setup,) = setups(squats(0))
    assert [check.message for check in setup.checks if check.message] == ["Form not judged from the side: knees in."]
    assert setup.ready


CURIOUS = parse_exercise(
    "curious",
    {
        "title": "Curious",
        "kind": "reps",
        "group": "strength",
        "joints": ["knee"],
        "count": {"signal": [{"measure": "knee", "rest": 165, "target": 100}]},
        "form": [
            {"name": "mild", "measure": "knee", "min": 120, "message": "Mild.", "severity": 1},
            {"name": "grave", "measure": "knee", "min": 120, "message": "Grave.", "severity": 2, "phase": "far"},
            {"name": "mute", "measure": "hip", "min": 179, "message": "Mute.", "severity": 3, "view": "front"},
        ],
    },
    "curious.toml",
)


CURIOUS_FOR_LONG = replace(CURIOUS, rules=tuple(replace(rule, lasts_s=1.0, phase="any") for rule in CURIOUS.rules))


def test_cues_are_rare_and_the_gravest_first_and_muted_where_the_view_cannot_judge():
    workout = Workout(CURIOUS)
    workout.go()
    cues = [event for one in squats(6, tempo_s=3.0) for event in workout.observe(one) if isinstance(event, Cue)]
    assert len(cues) >= 3
    assert np.diff([cue.t_s for cue in cues]).min() >= 4.0
    assert "mute" not in {cue.rule for cue in cues}
    assert workout.finish().cues == {rule: sum(cue.rule == rule for cue in cues) for rule in {c.rule for c in cues}}


def test_a_repetition_names_the_rules_it_broke():
    workout = Workout(CURIOUS)
    workout.go()
    (rep,) = (event for one in squats(1, tempo_s=3.0) for event in workout.observe(one) if isinstance(event, Rep))
    assert set(rep.faults) == {"mild", "grave"}


def joined(first: str, second: str) -> list[Estimate]:
    """Two recordings, the second a second after the end of the first."""
    before = list(estimates(first, 0.0))
    after_s = before[-1].t_s + 1.0
    return before + [replace(one, t_s=one.t_s + after_s) for one in estimates(second, 0.0)]


def reps_of(exercise: str, seen: Sequence[Estimate]) -> list[Rep]:
    workout = Workout(LIBRARY[exercise])
    workout.go()
    return [event for one in seen for event in workout.observe(one) if isinstance(event, Rep)]


@pytest.mark.parametrize(
    ("exercise", "before", "recording"),
    [
        ("lunge", "squat_side_1", "lunge_front_1"),
        ("push_up", "chair_1", "push_up_side_1"),
        ("bicep_curl", "squat_front_1", "bicep_curl_front_2"),
    ],
)
def test_a_fault_before_a_repetition_is_not_counted_against_it(exercise, before, recording):
    alone = reps_of(exercise, estimates(recording, 0.0))
    after = reps_of(exercise, joined(before, recording))
    assert [rep.faults for rep in after] == [rep.faults for rep in alone]


def curls_closing() -> tuple[list[Estimate], int]:
    """Curls, and the first frame at which a curl of both arms is done: one of them waits for the other until then."""
    seen = list(estimates("bicep_curl_front_2", 0.0))
    workout = Workout(LIBRARY["bicep_curl"])
    workout.go()
    for end, one in enumerate(seen):
        workout.observe(one)
        if workout.count:
            return seen, end
    raise AssertionError("no curl of this recording is counted")


def test_a_curl_that_waits_for_the_other_arm_is_counted_when_the_workout_stops_or_its_person_leaves():
    seen, end = curls_closing()
    stopped, left = Workout(LIBRARY["bicep_curl"]), Workout(LIBRARY["bicep_curl"])
    for workout in (stopped, left):
        workout.go()
        for one in seen[:end]:
            workout.observe(one)
    assert stopped.finish().count == stopped.count == 1
    for number in range(30):
        list(left.observe(Estimate(end + number, seen[end].t_s + number / 15, None)))
    assert left.count == 1


def test_cues_outlive_the_process_that_gave_them():
    first = Workout(LIBRARY["push_up"])
    first.go()
    kept = [event for one in estimates("push_up_side_2", 0.0) for event in first.observe(one)]
    past = [event for event in kept if not isinstance(event, Setup)]
    assert any(isinstance(event, Cue) for event in past)
    assert Workout(LIBRARY["push_up"], past=past).finish().cues == first.finish().cues
