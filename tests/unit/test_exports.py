"""A workout's files, read back by independent readers."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fitdecode
import numpy as np
import pytest
from garmin_fit_sdk import Profile
from trc import TRCData

from webapp.errors import NoSeries
from webapp.exercises import load_library
from webapp.exports.fit import Activity, fit
from webapp.exports.fit_names import FIT_NAMES
from webapp.exports.frames import COLUMNS, frames_csv, frames_json
from webapp.exports.trc import trc
from webapp.records import Rep, Set, Summary
from webapp.series import Series
from webapp.skeleton import JOINT

SERIES = Path(__file__).parents[1] / "data" / "series"
BEGAN_S = 1_790_000_000.0

Read = Callable[[list[Series]], TRCData]


def recorded(name: str = "squat_front_1") -> Series:
    series = Series.load(SERIES / f"{name}.npz")
    return Series(series.t_s + BEGAN_S, series.image, series.world, series.aspect)


def pieces(series: Series, of: int = 70) -> list[Series]:
    cuts = [slice(at, at + of) for at in range(0, len(series), of)]
    return [Series(series.t_s[cut], series.image[cut], series.world[cut], series.aspect) for cut in cuts]


@pytest.fixture
def read_trc(tmp_path: Path) -> Read:
    def read(parts: list[Series]) -> TRCData:
        (tmp_path / "a.trc").write_text("".join(trc("a.trc", parts)))
        data = TRCData()
        data.load(tmp_path / "a.trc")
        return data

    return read


def read_fit(activity: Activity) -> dict[str, list[dict[str, Any]]]:
    messages: dict[str, list[dict[str, Any]]] = {}
    with fitdecode.FitReader(fit(activity), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage):
                values = {field.name: field.value for field in frame.fields if field.value is not None}
                messages.setdefault(frame.name, []).append(values)
    return messages


def test_frames_as_csv_are_every_landmark_with_a_unit_in_every_header() -> None:
    series = recorded()
    head, *rows = csv.reader(io.StringIO("".join(frames_csv(pieces(series))), newline=""))
    assert len(head) == 2 + 33 * 7
    assert all(re.fullmatch(r".+ \[.+\]", name) for name in head)
    assert len(rows) == len(series)
    at = head.index("left_knee x [1 = frame width]")
    for row, t_s, image, world in zip(rows, series.t_s, series.image, series.world, strict=True):
        assert float(row[0]) == pytest.approx(t_s, abs=0.0006)
        given = [float(value) if value else np.nan for value in row[at : at + 7]]
        np.testing.assert_allclose(given[:3], image[JOINT["left_knee"], :3], atol=0.0001)
        assert given[3] == pytest.approx(image[JOINT["left_knee"], 3], abs=0.006, nan_ok=True)
        np.testing.assert_allclose(given[4:], world[JOINT["left_knee"]], atol=0.0001)


def test_frames_as_json_are_the_same_rows_and_an_unknown_joint_is_null() -> None:
    series = recorded()
    series.image[3] = np.nan
    series.world[5] = np.nan
    content = json.loads("".join(frames_json({"workout": "one"}, pieces(series))))
    assert content["workout"] == "one"
    assert content["columns"] == list(COLUMNS)
    assert {len(frame) for frame in content["frames"]} == {len(COLUMNS)}
    assert content["frames"][3][2:6] == [None] * 4
    assert content["frames"][5][2] is not None
    assert content["frames"][5][6:9] == [None] * 3


def test_files_without_a_single_sample_are_whole() -> None:
    assert len(list(csv.reader(io.StringIO("".join(frames_csv([])))))) == 1
    assert json.loads("".join(frames_json({}, [])))["frames"] == []


def test_trc_has_metres_at_a_constant_rate_with_y_up_and_the_right_hand_at_plus_z(read_trc: Read) -> None:
    series = recorded()
    data = read_trc(pieces(series))
    assert (data["Units"], data["NumMarkers"], data["Markers"][0]) == ("m", 33, "nose")
    assert data["NumFrames"] == len(data["Frame#"]) == len(data["Time"])
    np.testing.assert_allclose(np.diff(data["Time"]), 1 / data["DataRate"], atol=2e-5)
    assert data["Time"][-1] == pytest.approx(series.t_s[-1] - series.t_s[0], abs=1 / data["DataRate"])
    nose, ankle, left, right = (
        np.nanmean(data[name], axis=0) for name in ("nose", "left_ankle", "left_shoulder", "right_shoulder")
    )
    assert nose[1] > 0.3 > -0.3 > ankle[1]
    assert right[2] - left[2] > 0.2  # they face the camera
    assert nose[0] > (left[0] + right[0]) / 2


def test_trc_is_the_samples_themselves_where_they_are_and_between_them_elsewhere(read_trc: Read) -> None:
    series = recorded()
    times = BEGAN_S + np.array([0.0, 0.1, 0.2, 0.35, 0.4, 0.5])
    given = Series(times, series.image[:6], series.world[:6], series.aspect)
    data = read_trc(pieces(given, 4))
    assert (data["DataRate"], data["OrigDataRate"], data["OrigNumFrames"]) == (10, 10, 6)
    turned = -series.world[:6, JOINT["left_hip"], ::-1]
    expected = [*turned[:3], turned[2] / 3 + turned[3] * 2 / 3, *turned[4:]]
    np.testing.assert_allclose(data["left_hip"], expected, atol=1e-4)


@pytest.mark.parametrize("of", [1, 2, 5, 1000])
def test_trc_is_the_same_in_however_many_pieces_it_was_kept(of: int) -> None:
    series = recorded()
    assert "".join(trc("a", pieces(series, of))) == "".join(trc("a", pieces(series)))


def test_trc_draws_no_line_through_an_absence_or_a_pause(read_trc: Read) -> None:
    series = recorded()
    t_s = BEGAN_S + np.arange(20) / 10
    t_s[10:] += 60
    given = Series(t_s, series.image[:20], series.world[:20].copy(), series.aspect)
    given.world[4] = np.nan
    nose = np.array(read_trc(pieces(given, 6))["nose"])
    assert len(nose) == 620
    assert np.isnan(nose[4]).all()
    assert np.isnan(nose[10:610]).all()
    assert np.isfinite(np.delete(nose, [4, *range(10, 610)], axis=0)).all()


def test_trc_leaves_out_joints_that_are_never_known_and_is_refused_without_any(read_trc: Read) -> None:
    series = recorded()
    series.world[:, JOINT["nose"]] = np.nan
    assert "nose" not in read_trc(pieces(series))["Markers"]
    series.world[:] = np.nan
    for nothing in (pieces(series), []):
        with pytest.raises(NoSeries, match="does not estimate depth"):
            trc("a.trc", nothing)


REPS = tuple(Rep(number, BEGAN_S + at, BEGAN_S + at + 2.5, 1.0) for number, at in enumerate((1, 4, 7, 40, 43), 1))
SETS = (
    Set(1, "squat", BEGAN_S + 1, BEGAN_S + 9.5, 3, 0.0, "ended"),
    Set(2, "box_squat", BEGAN_S + 40, BEGAN_S + 45.5, 2, 0.0, "ended", 5.0),
)
SUMMARY = Summary("squat", "reps", BEGAN_S, 50.25, 12.5, (*REPS, Rep(0, BEGAN_S + 47, BEGAN_S + 48, 0.5)), sets=SETS)
ACTIVITY = Activity("0123456789abcdef", BEGAN_S - 3, SUMMARY, {"squat": "Squat", "box_squat": "My box squat"}, kcal=7.6)


def test_fit_has_a_set_a_rest_and_a_lap_for_each_set() -> None:
    messages = read_fit(ACTIVITY)
    first, rest, second = messages["set"]
    assert (first["set_type"], first["repetitions"], first["duration"]) == ("active", 3, 8.5)
    assert first["category"] == "squat"
    assert Profile["types"]["squat_exercise_name"][first["category_subtype"]] == "air_squat"
    assert (rest["set_type"], rest["duration"]) == ("rest", 30.5)
    assert (second["repetitions"], second["category"]) == (2, "unknown")
    assert [title["wkt_step_name"] for title in messages["exercise_title"]] == ["Squat", "My box squat"]
    assert [(lap["total_elapsed_time"], lap["total_cycles"]) for lap in messages["lap"]] == [(40.0, 3), (10.25, 2)]


def test_fit_is_an_activity_with_its_times_and_counts_and_the_energy_that_is_known() -> None:
    messages = read_fit(ACTIVITY)
    (session,), (activity,), (file_id,) = messages["session"], messages["activity"], messages["file_id"]
    assert (file_id["type"], session["sport"], session["sub_sport"]) == ("activity", "training", "strength_training")
    assert session["start_time"].timestamp() == BEGAN_S
    assert (session["total_elapsed_time"], session["num_laps"], session["total_calories"]) == (50.25, 2, 8)
    assert activity["total_timer_time"] == 50.25
    assert [record["total_cycles"] for record in messages["record"]] == [0, 1, 2, 3, 4, 5, 5]
    assert [event["event_type"] for event in messages["event"]] == ["start", "stop_all"]
    assert fit(ACTIVITY) == fit(ACTIVITY)


def test_fit_of_a_workout_with_a_pause_ends_after_its_last_set_and_the_timer_leaves_the_pause_out() -> None:
    paused = replace(SUMMARY, duration_s=20.25)
    messages = read_fit(replace(ACTIVITY, summary=paused))
    (session,), (activity,) = messages["session"], messages["activity"]
    assert (session["total_elapsed_time"], session["total_timer_time"]) == (48.0, 20.25)
    assert activity["total_timer_time"] == 20.25
    assert [lap["total_elapsed_time"] for lap in messages["lap"]] == [40.0, 8.0]
    assert max(one["timestamp"] for one in messages["set"]) <= session["timestamp"]


def test_fit_without_a_weight_has_no_energy_and_without_a_set_has_one_lap() -> None:
    yoga = Summary("tree", "hold", 0.0, 12.0, 0.0)  # a video's clock begins at 0
    messages = read_fit(Activity("one", BEGAN_S, yoga, {}, "yoga"))
    (session,), (lap,) = messages["session"], messages["lap"]
    assert "total_calories" not in session
    assert (session["sub_sport"], lap["total_elapsed_time"]) == ("yoga", 12.0)
    assert session["start_time"].timestamp() == BEGAN_S
    assert "set" not in messages


def test_every_exercise_of_the_library_has_a_name_in_fits_own_profile() -> None:
    assert set(FIT_NAMES) == set(load_library([]))
    for category, name in FIT_NAMES.values():
        assert category in Profile["types"]["exercise_category"].values()
        assert name is None or name in Profile["types"][f"{category}_exercise_name"].values()
