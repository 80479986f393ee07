"""Repetitions, counted on recorded landmark series of people and on a stick figure."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from figures import pose, squats, squatting
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.exercises import load_library
from webapp.records import Estimate, Rep, Summary
from webapp.series import Series
from webapp.skeleton import JOINT, MIRRORED
from webapp.workout import Workout

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
EXPECTED = json.loads((RECORDINGS / "expected.json").read_text())
COUNTED = [name for name, facts in EXPECTED.items() if facts["counts"] and facts["exercise"] != "none"]
LIBRARY = load_library()
REPS = [name for name, exercise in LIBRARY.items() if exercise.kind == "reps"]


def recording(name: str) -> Series:
    return Series.load(RECORDINGS / f"{name}.npz")


def counted(exercise: str, estimates) -> Summary:
    workout = Workout(LIBRARY[exercise])
    workout.go()
    for estimate in estimates:
        workout.observe(estimate)
    return workout.finish()


def as_it_is(series: Series) -> Series:
    return series


def mirrored(series: Series) -> Series:
    image, world = series.image[:, list(MIRRORED)].copy(), series.world[:, list(MIRRORED)].copy()
    image[..., 0] = 1 - image[..., 0]
    world[..., 0] *= -1
    return replace(series, image=image, world=world)


def at_ten_a_second(series: Series) -> Series:
    due = np.unique(np.floor(series.t_s * 10 + 1e-6), return_index=True)[1]
    return replace(series, t_s=series.t_s[due], image=series.image[due], world=series.world[due])


def at_half_speed(series: Series) -> Series:
    return replace(series, t_s=series.t_s * 2)


def at_double_speed(series: Series) -> Series:
    return replace(series, t_s=series.t_s / 2)


def padded_to_a_portrait(series: Series) -> Series:
    """The picture between black bars, 9 to 16."""
    aspect = 9 / 16
    wide, high = max(1.0, aspect / series.aspect), max(1.0, series.aspect / aspect)
    image = series.image.copy()
    image[..., 0] = (image[..., 0] - 0.5) / wide + 0.5
    image[..., 1] = (image[..., 1] - 0.5) / high + 0.5
    return replace(series, image=image, aspect=aspect)


@pytest.mark.parametrize(
    "change", [as_it_is, mirrored, at_ten_a_second, at_half_speed, at_double_speed, padded_to_a_portrait]
)
@pytest.mark.parametrize("name", COUNTED)
def test_a_recording_counts_its_repetitions(name, change):
    summary = counted(EXPECTED[name]["exercise"], change(recording(name)).estimates())
    assert summary.count in EXPECTED[name]["counts"]


def with_a_rest_before_each_end(series: Series, found: Summary, rest_s: float) -> Series:
    """The same, but the person rests where three quarters of each way back are done."""
    late = [one.eccentric_s if LIBRARY[found.exercise].count.lifts_first else one.concentric_s for one in found.reps]
    stops = np.searchsorted(series.t_s, [rep.end_s - back_s / 4 for rep, back_s in zip(found.reps, late, strict=True)])
    frames = round(rest_s * 15)
    times = np.ones(len(series), int)
    times[stops] += frames
    order = np.repeat(np.arange(len(series)), times)
    again = np.concatenate(([0], np.diff(order))) == 0
    t_s = np.cumsum(np.where(again, 1 / 15, np.diff(series.t_s, prepend=0)[order]))
    return replace(series, t_s=t_s, image=series.image[order], world=series.world[order])


@pytest.mark.parametrize("rest_s", [1.0, 6.0])
@pytest.mark.parametrize("name", COUNTED)
def test_a_rest_before_a_repetition_is_quite_back_changes_no_count(name, rest_s):
    exercise, series = EXPECTED[name]["exercise"], recording(name)
    rested = with_a_rest_before_each_end(series, counted(exercise, series.estimates()), rest_s)
    assert counted(exercise, rested.estimates()).count in EXPECTED[name]["counts"]


def test_frames_lost_as_a_curl_ends_do_not_halve_it():
    seen = [one for one in recording("bicep_curl_front_1").estimates() if not 2.5 < one.t_s < 3.5]
    assert counted("bicep_curl", seen).count == 10


def test_repetitions_start_and_end_when_they_do():
    errors = []
    for name in COUNTED:
        found = [rep for rep in counted(EXPECTED[name]["exercise"], recording(name).estimates()).reps if rep.counted]
        for start_s, end_s in EXPECTED[name]["rep_times_s"]:
            near = min(found, key=lambda rep: abs(rep.start_s + rep.end_s - start_s - end_s))
            errors += [abs(near.start_s - start_s), abs(near.end_s - end_s)]
    assert np.median(errors) < 0.2


@pytest.mark.parametrize("name", list(EXPECTED))
def test_no_other_exercise_counts_anything_in_a_recording(name):
    estimates = list(recording(name).estimates())
    others = [one for one in REPS if one != EXPECTED[name]["exercise"]]
    assert {one: count for one in others if (count := counted(one, estimates).count)} == {}


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 4),
    tempo_s=st.floats(0.9, 10.0),
    depth_deg=st.floats(60.0, 100.0),
    fps=st.sampled_from([10.0, 15.0, 30.0]),
    seed=st.integers(0, 999),
)
def test_a_figure_of_sticks_is_counted_at_any_tempo_and_depth(count, tempo_s, depth_deg, fps, seed):
    assert counted("squat", squats(count, tempo_s, depth_deg, fps, seed=seed)).count == count


@settings(max_examples=25, deadline=None)
@given(
    count=st.integers(1, 4),
    tempo_s=st.floats(1.2, 10.0),
    fps=st.sampled_from([12.0, 15.0, 30.0]),
    lost=st.floats(0.0, 0.15),
    late=st.floats(0.0, 0.4),
    seed=st.integers(0, 999),
)
def test_lost_and_late_frames_change_no_count(count, tempo_s, fps, lost, late, seed):
    chance = random.Random(seed)
    estimates = [
        replace(one, t_s=one.t_s + chance.uniform(0, late / fps))
        for one in squats(count, tempo_s, 85.0, fps, seed=seed)
        if chance.random() >= lost
    ]
    assert counted("squat", estimates).count == count


@pytest.mark.parametrize(("until_s", "count"), [(5.8, 2), (6.1, 3)])
def test_the_last_repetition_counts_if_the_recording_ends_more_than_half_way_back(until_s, count):
    assert counted("squat", [one for one in squats(3) if one.t_s < until_s]).count == count


def test_a_repetition_counts_while_the_person_rests_with_soft_knees():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    knees_deg = [170.0] * 10 + list(np.linspace(170, 85, 15)) + list(np.linspace(85, 145, 12)) + [145.0] * 40
    for seq, knee_deg in enumerate(knees_deg):
        workout.observe(Estimate(seq, seq / 15, pose(squatting(knee_deg))))
    assert workout.count == 1


def test_a_half_squat_is_listed_with_its_reason_and_not_counted():
    summary = counted("squat", squats(2, depth_deg=130))
    assert summary.count == 0
    assert [rep.number for rep in summary.reps] == [0, 0]
    assert all(rep.reason.endswith("degrees short") for rep in summary.reps)
    assert 20 <= int(summary.reps[0].reason.split()[0]) <= 40


def test_a_dip_of_the_knees_is_not_even_an_attempt():
    assert counted("squat", squats(2, depth_deg=155)).reps == ()


def test_a_squat_while_lying_is_none():
    assert counted("squat", squats(3, lying=True)).reps == ()


def test_a_repetition_carries_its_times_range_and_depth():
    (rep,) = counted("squat", squats(1, tempo_s=4.0, depth_deg=80)).reps
    assert rep.number == 1
    assert 1.0 < rep.depth < 1.5
    assert rep.rom_deg == pytest.approx(92, abs=10)
    assert rep.eccentric_s == pytest.approx(rep.concentric_s, abs=0.4)
    assert 0 < rep.pause_s < 2
    assert rep.difference_deg == pytest.approx(0, abs=3)


def test_out_of_view_freezes_the_count_and_does_not_reset_it():
    estimates = squats(3)
    gone = [replace(one, pose=None) if 3.6 < one.t_s < 4.0 else one for one in estimates]
    assert counted("squat", gone).count == 3


def test_a_person_entering_an_empty_picture_takes_their_place_first():
    came = [replace(one, pose=None) if one.t_s < 0.2 else one for one in squats(2)]
    assert [rep.start_s > 2 for rep in counted("squat", came).reps] == [True]


@pytest.mark.parametrize(("down", "count"), [(0.0, 2), (0.15, 1)])
def test_after_a_title_only_somebody_who_is_whole_in_the_picture_is_counted_at_once(down, count):
    def entering(one: Estimate) -> Estimate:
        image = one.pose.image.copy()
        image[:, 1] += down
        return replace(one, pose=replace(one.pose, image=image))

    title = [Estimate(seq, seq / 15 - 1.5, None) for seq in range(22)]
    scene = [entering(one) if one.t_s < 0.5 else one for one in squats(2)]
    assert counted("squat", [*title, *scene]).count == count


def test_a_person_found_late_is_counted_from_the_start():
    came = [replace(one, pose=None) if one.seq == 0 else one for one in squats(2)]
    assert counted("squat", came).count == 2


def test_a_trunk_that_is_not_known_for_a_moment_is_no_leap():
    estimates = squats(3)
    unknown = estimates[0].pose.image.copy()
    unknown[[JOINT["left_hip"], JOINT["right_hip"]]] = np.nan, np.nan, np.nan, 0
    lost = [replace(one, pose=replace(one.pose, image=unknown)) if one.seq % 7 == 0 else one for one in estimates]
    assert counted("squat", lost).count == 3


def test_joints_that_are_hidden_are_no_movement():
    estimates = [
        Estimate(index, index / 15, pose(squatting(172 if index % 20 else 80), hidden=("knee", "ankle", "hip")))
        for index in range(200)
    ]
    assert counted("squat", estimates).reps == ()


def test_late_frames_make_no_repetition():
    late = [one for one in squats(3) if not 1.2 < one.t_s < 1.9]
    assert counted("squat", late).count == 3


def test_a_skeleton_that_leaps_to_somebody_else_takes_no_movement_with_it():
    standing = squats(0)
    other = pose(squatting(90))
    far_away = other.image.copy()
    far_away[:, 0] -= 0.45
    leapt = [replace(one, pose=replace(other, image=far_away)) if 0.4 < one.t_s < 0.8 else one for one in standing]
    assert counted("squat", leapt).reps == ()


def test_counting_continues_from_the_previous_count():
    workout = Workout(LIBRARY["squat"], past=[Rep(1, 0.0, 1.0, 1.0), Rep(2, 1.0, 2.0, 1.0)])
    workout.go()
    numbers = [
        event.number for one in squats(1, start_s=10) for event in workout.observe(one) if isinstance(event, Rep)
    ]
    assert numbers == [3]
    assert workout.finish().count == 3


def test_a_long_stay_at_the_bottom_is_dropped_and_counting_resumes_once_up():
    down = [Estimate(index, 1 + index / 15, pose(squatting(85))) for index in range(15 * 60)]
    again = squats(2, start_s=62.0)
    workout = Workout(LIBRARY["squat"])
    workout.go()
    for estimate in [*squats(0), *down]:
        workout.observe(estimate)
    (side,) = workout._tracker.counter._sides
    longest = 16 * 15
    assert max(len(side._machine._path), len(side._gate._rows)) < longest
    for estimate in again:
        workout.observe(estimate)
    assert workout.count == 2


@pytest.mark.parametrize("back_s", [0.03, 0.15])
def test_a_slow_descent_that_is_undone_at_once_is_a_skeleton_that_leaps(back_s):
    workout = Workout(LIBRARY["squat"])
    workout.go()
    back = np.linspace(90, 170, 1 + round(back_s * 30))[1:]
    knees_deg = [170.0] * 10 + list(np.linspace(170, 90, 60)) + list(back) + [170.0] * 20
    estimates = [Estimate(seq, seq / 30, pose(squatting(knee_deg))) for seq, knee_deg in enumerate(knees_deg)]
    assert not [event for one in estimates for event in workout.observe(one) if isinstance(event, Rep)]


def test_a_slow_descent_with_a_quick_rise_is_a_repetition():
    workout = Workout(LIBRARY["squat"])
    workout.go()
    knees_deg = [170.0] * 10 + list(np.linspace(170, 90, 75)) + list(np.linspace(90, 170, 16)) + [170.0] * 20
    for seq, knee_deg in enumerate(knees_deg):
        list(workout.observe(Estimate(seq, seq / 30, pose(squatting(knee_deg)))))
    assert workout.count == 1
