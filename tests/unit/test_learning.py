"""An exercise learned from one recording counts it correctly, and others of the same exercise."""

import json
import math
import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from webapp.errors import SettingsError
from webapp.learning.curves import peaks, valleys
from webapp.learning.learn import count, learn
from webapp.learning.toml import exercise_of, toml_of
from webapp.motion.parser import parse_exercise
from webapp.records import Estimate
from webapp.series import Series

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
OTHERS = (
    "squat_side",
    "push_up_side",
    "jumping_jack_front",
    "bicep_curl_side",
    "sit_up_side",
    "pull_up_front",
    "nothing",
)
COUNTS = {name: row["counts"] for name, row in json.loads((RECORDINGS / "expected.json").read_text()).items()}


@cache
def estimates(name: str) -> tuple[Estimate, ...]:
    return tuple(Series.load(RECORDINGS / f"{name}.npz").estimates())


@cache
def draft(name: str, reps: int = 0, **options):
    return learn(estimates(name), reps or COUNTS[name][0], name, f"{name}.npz", **options)


@pytest.mark.parametrize(
    ("learned_from", "counts"),
    [
        ("squat_side_5", ("squat_side_1", "squat_side_2", "squat_side_3", "squat_side_4", "squat_front_2")),
        ("squat_front_2", ("squat_side_1", "squat_side_3", "squat_front_1", "squat_front_3", "squat_front_4")),
        ("push_up_side_1", ("push_up_side_2", "push_up_front_1")),
        ("push_up_side_2", ("push_up_side_1", "push_up_front_1")),
        ("push_up_front_1", ("push_up_side_2",)),
        ("jumping_jack_front_1", ("jumping_jack_front_2", "jumping_jack_front_3")),
        ("bicep_curl_front_1", ("bicep_curl_front_2", "bicep_curl_side_1")),
        ("bicep_curl_front_2", ("bicep_curl_front_1", "bicep_curl_side_1")),
        ("bicep_curl_side_1", ("bicep_curl_front_1", "bicep_curl_front_2")),
    ],
)
def test_an_exercise_learned_from_one_person_counts_others(learned_from, counts):
    learned = exercise_of(draft(learned_from))
    assert {name: count(learned, estimates(name)) in COUNTS[name] for name in counts} == dict.fromkeys(counts, True)


@pytest.mark.parametrize("name", ["lunge_front_1", "sit_up_side_1", "shoulder_press_side_1", "pull_up_front_1"])
def test_a_learned_exercise_counts_its_own_recording(name):
    assert count(exercise_of(draft(name)), estimates(name)) in COUNTS[name]


@pytest.mark.parametrize("name", ["squat_side_1", "push_up_side_1", "shoulder_press_side_1", "sit_up_side_1"])
def test_a_learned_exercise_counts_nothing_in_other_movements(name):
    learned = exercise_of(draft(name))
    kind = name.removesuffix("_1")
    others = [f"{other}_1" for other in OTHERS if other != kind]
    assert {other: n for other in others if (n := count(learned, estimates(other)))} == {}


@pytest.mark.parametrize(
    ("name", "lifts"), [("bicep_curl_side_1", True), ("pull_up_front_1", True), ("squat_side_1", False)]
)
def test_the_draft_knows_which_way_lifts(name, lifts):
    assert draft(name).lifts_first is lifts


def test_the_file_states_the_measured_values():
    lines = toml_of(draft("push_up_side_2")).splitlines()
    assert "push_up_side_2.npz: 5 repetitions" in lines[0]
    above = [before for before, line in pairwise(lines) if line.startswith("[[")]
    assert above
    assert all(before.startswith("# ") for before in above)
    assert any("169 at rest and 84 at the far end" in before for before in above)


@pytest.mark.parametrize("name", ["squat_front_1", "squat_front_2", "squat_side_2"])
def test_a_squat_is_counted_by_the_legs_although_the_arms_move_as_well(name):
    assert {one.row for one in draft(name).movements} <= {"hip", "knee"}
    assert count(exercise_of(draft(name)), estimates(name)) == COUNTS[name][0]


def test_a_push_up_is_counted_by_an_angle_although_a_height_shows_it_better():
    assert draft("push_up_front_1").movements[0].row == "elbow"


def test_a_last_repetition_that_the_recording_cuts_off_is_none():
    assert estimates("squat_front_1")[-1].pose is not None
    whole = learn([one for one in estimates("squat_front_1") if one.t_s < 16], 9, "x", "x.mp4")
    assert [one.measure for one in draft("squat_front_1").movements] == [one.measure for one in whole.movements]


def test_the_file_offers_the_other_moving_measures_as_well():
    table = tomllib.loads(re.sub(r"(?m)^# (\[\[|measure =|rest =|target =)", r"\1", toml_of(draft("squat_front_1"))))
    signals = table["count"]["signal"]
    assert "elbow" in {one["measure"] for one in signals}
    assert [one["measure"] for one in signals] == [
        one.measure for one in (*draft("squat_front_1").movements, *draft("squat_front_1").also)
    ]
    for signal in signals:
        table["count"]["signal"] = [signal]
        assert count(parse_exercise("draft", table, "the test"), estimates("squat_front_1")) == 9


def test_a_title_of_any_signs_is_written_as_it_is():
    title = 'Über "box" \\ squat\x7f\n'
    learned = learn(estimates("squat_side_1"), 5, title, "a\nb.mp4")
    assert tomllib.loads(toml_of(learned))["title"] == title


def test_the_view_can_be_chosen():
    assert exercise_of(draft("squat_side_1")).view == "side"
    assert exercise_of(draft("squat_side_1", view="any")).view == "any"


def test_a_wrong_number_is_answered_with_the_likely_one():
    with pytest.raises(SettingsError, match=r"the hip moves 5 times. Use --reps 5"):
        draft("squat_side_1", reps=3)


def test_a_still_recording_teaches_nothing():
    with pytest.raises(SettingsError, match=r"No joint in plank_side_1\.npz moves enough"):
        draft("plank_side_1", reps=3)


@pytest.mark.parametrize("pictures", [0, 50])
def test_a_recording_of_nobody_teaches_nothing(pictures):
    empty = [Estimate(seq, seq / 10, None) for seq in range(pictures)]
    with pytest.raises(SettingsError, match=r"Nobody can be seen in empty\.mp4"):
        learn(empty, 3, "x", "empty.mp4")


def test_a_single_picture_teaches_nothing():
    with pytest.raises(SettingsError, match="No joint"):
        learn(estimates("squat_side_1")[:1], 1, "x", "one.mp4")


def test_prominence_is_the_way_down_to_where_a_higher_peak_is_reached():
    curve = np.array([0.0, 5.0, 3.0, 4.0, 1.0, 9.0, 2.0])
    assert [(peak.at, peak.prominence) for peak in peaks(curve)] == [(5, 7.0), (1, 4.0), (3, 1.0)]


def test_a_slope_has_no_peak():
    assert peaks(np.arange(10.0)) == []


def test_valleys_lie_before_between_and_after_the_peaks():
    t = np.linspace(0, 3 * 2 * math.pi, 301)
    tops = sorted(peak.at for peak in peaks(-np.cos(t)))
    assert valleys(-np.cos(t), tops) == pytest.approx([-1.0] * 4)
