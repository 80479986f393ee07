"""A person can download a workout as files; a visitor of its link cannot."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import fitdecode
import pytest
from flask import Flask
from flask.testing import FlaskClient
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.exercises import load_library
from webapp.parts import parts_of
from webapp.records import Hold, Rep, Set, Summary
from webapp.series import Series, read_series
from webapp.store import Share
from webapp.store.memory import MemoryStore

SERIES = Path(__file__).parents[1] / "data" / "series" / "squat_side_1.npz"
WORKOUT = "0123456789abcdef"
REPS = (
    Rep(1, 1000.0, 1002.5, 1.05, 92.0, 1.2, 0.1, 1.0, "left", -3.5, ("knees_in", "hips_up")),
    Rep(0, 1003.0, 1004.0, 0.6, reason='18° short, "nearly"'),
)
SETS = (Set(1, "squat", 1000.0, 1004.0, 1, 0.0, "ended", 5.0),)
FROM_SERIES = ("frames.csv", "frames.json", "markers.trc")


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    store.begin(WORKOUT, "squat", 1_790_000_000.0, "hash", ME)
    for rep in REPS:
        store.append(WORKOUT, rep)
    store.finish(WORKOUT, Summary("squat", "reps", 1000.0, 4.0, 3.5, REPS, cues={"invented_rule": 2}, sets=SETS))
    for number, part in enumerate(parts_of(Series.load(SERIES).estimates())):
        store.append_series(WORKOUT, number, part)
    return store


@pytest.fixture
def flask(store: MemoryStore, tmp_path: Path) -> Flask:
    return pages_over(store, tmp_path)


@pytest.fixture
def me(flask: Flask) -> FlaskClient:
    return visitor(flask, ME)


def rows(client: FlaskClient, name: str, workout: str = WORKOUT) -> list[dict[str, str]]:
    answer = client.get(f"/workouts/{workout}/{name}")
    assert answer.content_type.startswith("text/csv")
    assert answer.headers["Content-Disposition"].endswith(f'-{name}"')
    found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert all(re.fullmatch(r".+ \[.+\]", head) for head in found[0])
    return found


def test_repetitions_as_csv_equal_the_workouts(me: FlaskClient) -> None:
    first, partial = rows(me, "reps.csv")
    assert float(first["start [s since 1970]"]) == 1000.0
    assert float(first["depth [1 = target]"]) == 1.05
    assert float(first["left less right [deg]"]) == -3.5
    assert first["faults [names]"] == "knees_in hips_up"
    assert (partial["number [0 = not counted]"], partial["set [1 on]"]) == ("0", "1")
    assert partial["range [deg]"] == ""
    assert partial["why not counted [text]"] == '18° short, "nearly"'


@pytest.mark.parametrize(
    ("exercise", "zone", "called"),
    [
        ("squat", "UTC", "squat-2026-09-21"),
        ("side_plank", "Pacific/Auckland", "side_plank-2026-09-22"),
        ('Kniebeuge "für mich"', "UTC", "Kniebeuge-f-r-mich-2026-09-21"),
        ("深蹲", "UTC", "workout-2026-09-21"),
    ],
)
def test_a_file_is_called_by_its_exercise_and_the_day_of_its_start(
    me: FlaskClient, store: MemoryStore, exercise: str, zone: str, called: str
) -> None:
    store.begin("mine", exercise, 1_790_000_000.0, "hash of mine", ME)
    me.set_cookie("zone", zone)
    answer = me.get("/workouts/mine/sets.csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{called}-sets.csv"'


def test_holds_of_a_workout_that_has_not_ended_are_those_so_far(me: FlaskClient, store: MemoryStore) -> None:
    store.begin("hold1", "tree", 2000.0, "hold's hash", ME)
    store.append("hold1", Hold(1, "tree", 2000.0, 2020.0, 18.5, "running", "right", 2))
    (row,) = rows(me, "holds.csv", "hold1")
    assert (float(row["held [s]"]), int(row["breaks [times]"]), row["pose [name]"]) == (18.5, 2, "tree")


def test_exported_tables_have_times_and_rounded_figures(me: FlaskClient, store: MemoryStore) -> None:
    began_s = 1_790_000_000.0
    sets = (*SETS, Set(2, "lunge", began_s + 60, began_s + 70, 1, 0.0, "ended"))
    rep = Rep(2, began_s + 61.23456, began_s + 63.5, 0.98765, 91.2345, set=2)
    store.begin("two", "squat", began_s, "two's hash", ME)
    store.finish("two", Summary("squat", "reps", began_s, 70.0, 2.5, (rep,), sets=sets))
    (row,) = rows(me, "reps.csv", "two")
    assert (row["exercise [name]"], row["start [s into the workout]"]) == ("lunge", "61.235")
    assert row["start [ISO 8601, UTC]"] == "2026-09-21T14:14:21.235Z"
    assert (row["depth [1 = target]"], row["range [deg]"]) == ("0.988", "91.2")
    assert me.get("/workouts/two/workout.json").json["reps"][0]["rom_deg"] == 91.2
    assert rows(me, "sets.csv", "two")[1]["start [s into the workout]"] == "60.0"


def test_the_current_set_has_its_figures_so_far(me: FlaskClient, store: MemoryStore) -> None:
    store.begin("squat1", "squat", 2000.0, "squat's hash", ME)
    for event in (Set(1, "squat", 2000.0, 2000.0, 0, 0.0, "started"), Rep(1, 2000.0, 2002.0, 1.0)):
        store.append("squat1", event)
    (row,) = rows(me, "sets.csv", "squat1")
    assert row["counted repetitions [times]"] == "1"


def test_sets_as_csv_and_json_are_derived_where_the_workout_is_older_than_sets(
    me: FlaskClient, store: MemoryStore
) -> None:
    (row,) = rows(me, "sets.csv")
    assert (row["exercise [name]"], row["target [repetitions or s held]"]) == ("squat", "5.0")
    store.finish(WORKOUT, Summary("squat", "reps", 1000.0, 4.0, 3.5, REPS))
    (row,) = rows(me, "sets.csv")
    assert (row["counted repetitions [times]"], row["target [repetitions or s held]"]) == ("1", "")
    assert len(me.get(f"/workouts/{WORKOUT}/workout.json").json["sets"]) == 1


def test_a_workout_as_json_gives_its_records_back(me: FlaskClient) -> None:
    content = me.get(f"/workouts/{WORKOUT}/workout.json").json
    assert tuple(Rep(**rep | {"faults": tuple(rep["faults"])}) for rep in content["reps"]) == REPS
    assert tuple(Set(**one) for one in content["sets"]) == SETS
    assert content["units"]["_s"] == "seconds"
    assert (content["exercise"], content["count"], content["cues"]) == ("squat", 1, {"invented_rule": 2})


def test_landmarks_are_those_that_were_kept(me: FlaskClient, store: MemoryStore) -> None:
    series = read_series(store.series(WORKOUT))
    samples = rows(me, "frames.csv")
    assert [float(row["time [s since 1970]"]) for row in samples] == pytest.approx(series.t_s.tolist(), abs=0.0006)
    assert len(me.get(f"/workouts/{WORKOUT}/frames.json").json["frames"]) == len(series)
    assert me.get(f"/workouts/{WORKOUT}/markers.trc").text.startswith("PathFileType\t4\t(X/Y/Z)\t")


def session_of(client: FlaskClient, workout: str) -> dict[str, Any]:
    with fitdecode.FitReader(client.get(f"/workouts/{workout}/activity.fit").data) as reader:
        frames = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
    assert frames[0].name == "file_id"
    assert {"set", "lap", "session", "activity"} <= {frame.name for frame in frames}
    (session,) = (frame for frame in frames if frame.name == "session")
    return {field.name: field.value for field in session.fields}


def test_a_watchs_app_reads_the_workout_and_its_energy_where_the_weight_is_known(
    me: FlaskClient, store: MemoryStore
) -> None:
    assert "total_calories" not in session_of(me, WORKOUT)
    summary = store.workout(WORKOUT).summary
    store.begin("heavy", "squat", 1_790_000_000.0, "other hash", ME, 80.0)
    store.finish("heavy", replace(summary, reps=(Rep(1, 1000.0, 1120.0, 1.0),)))
    low, high = load_library([])["squat"].met
    assert session_of(me, "heavy")["total_calories"] == round((low + high) / 2 * 3.5 * 80 / 200 * 2)


@pytest.mark.parametrize("name", FROM_SERIES)
def test_without_landmarks_there_is_a_sentence_and_no_empty_file(
    name: str, me: FlaskClient, store: MemoryStore
) -> None:
    store.begin("bare", "squat", 1_790_000_000.0, "other hash", ME)
    answer = me.get(f"/workouts/bare/{name}")
    assert answer.status_code == 404
    assert "This workout has no stored landmarks" in answer.text
    assert "Content-Disposition" not in answer.headers
    assert name not in me.get("/workouts/bare").text
    assert name in me.get(f"/workouts/{WORKOUT}").text


def test_a_workout_of_repetitions_and_holds_offers_both_tables(me: FlaskClient, store: MemoryStore) -> None:
    assert "holds.csv" not in me.get(f"/workouts/{WORKOUT}").text
    store.begin("mixed", "squat", 1_790_000_000.0, "other hash", ME)
    sets = (*SETS, Set(2, "plank", 1030.0, 1050.0, 0, 20.0, "ended"))
    holds = (Hold(1, "plank", 1030.0, 1050.0, 20.0, "ended", set=2),)
    store.finish("mixed", Summary("squat", "reps", 1000.0, 50.0, 23.5, REPS, holds, sets=sets))
    page = me.get("/workouts/mixed").text
    assert "mixed/reps.csv" in page
    assert "mixed/holds.csv" in page


def test_a_share_link_hands_out_no_file(flask: Flask, store: MemoryStore) -> None:
    store.share(Share("one", WORKOUT))
    link = f"/share/{PEOPLE.link('one')}"
    stranger = visitor(flask)
    page = stranger.get(link)
    assert page.status_code == 200
    for name in ("reps.csv", "sets.csv", "workout.json", "activity.fit", *FROM_SERIES):
        assert name not in page.text
        assert stranger.get(f"{link}/{name}").status_code == 404


def test_everything_of_a_person_is_one_document_with_the_landmarks(me: FlaskClient, store: MemoryStore) -> None:
    store.begin("bare", "squat", 1_790_000_000.0, "other hash", ME, 71.5)
    content = json.loads(me.get("/data/export.json").text)
    kept = {workout["workout"]: workout for workout in content["workouts"]}
    assert len(kept[WORKOUT]["frames"]) == len(read_series(store.series(WORKOUT)))
    assert {len(row) for row in kept[WORKOUT]["frames"]} == {len(content["columns"])}
    assert (kept["bare"]["frames"], kept["bare"]["body_kg"]) == ([], 71.5)
    assert tuple(Set(**one) for one in kept[WORKOUT]["sets"]) == SETS
