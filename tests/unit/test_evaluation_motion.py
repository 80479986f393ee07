"""Counts and holds are compared with what the clips show."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands.analyze import command as analyze
from webapp.commands.evaluate_motion import command as evaluate_motion
from webapp.errors import SettingsError
from webapp.evaluation import video
from webapp.evaluation.motion import TrueHold, Truth, evaluate, figures, read_truth
from webapp.evaluation.video import cache_name, cached_series
from webapp.exercises import load_library
from webapp.pose.video import read_video
from webapp.recordings import likeliest, play
from webapp.series import Series

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
LIBRARY = load_library()


def recorded(name: str) -> Series:
    return Series.load(RECORDINGS / f"{name}.npz")


def report(*truths: Truth) -> dict:
    return figures(tuple(evaluate(truths, LIBRARY, recorded)))


def test_right_counts_holds_and_nothing_are_all_exact():
    figures = report(
        Truth("squat_side_1", "squat", (5,), ((0.5, 3.0), (3.5, 6.0), (6.7, 9.4), (10.0, 12.3), (13.1, 15.5))),
        Truth("plank_side_1", "yoga", holds=(TrueHold(("plank",), (0.0, 16.2)),)),
        Truth("nothing_1", "none", (0,)),
    )
    assert (figures["clips"], figures["exact"], figures["obo"], figures["mae"]) == (3, 3, 3, 0)
    assert figures["false_reps"] == 0
    assert figures["rep_time_error_s"] < 0.4
    assert figures["hold_error_s"] < 0.5
    assert [clip["ok"] for clip in figures["per_clip"]] == [True, True, True]


def test_a_wrong_count_shows_in_every_figure():
    figures = report(Truth("squat_side_1", "squat", (3,)), Truth("squat_side_1", "squat", (4, 6)))
    assert (figures["exact"], figures["obo"], figures["mae"]) == (0, 1, 1.5)
    assert figures["false_reps"] == 2


def test_a_squat_where_nothing_should_be_is_false():
    figures = report(Truth("squat_side_1", "none", (0,)))
    assert figures["false_reps"] == 5
    assert figures["per_clip"][0]["note"] == "squat 5"


def test_a_hold_that_is_not_there_is_missed():
    figures = report(Truth("squat_side_1", "yoga", holds=(TrueHold(("cobra",), (0.0, 3.0)),)))
    assert figures["exact"] == 0
    assert figures["per_clip"][0]["note"] == "1 not found"


@pytest.mark.parametrize(("name", "exercise"), [("push_up_side_2", "push_up"), ("squat_front_1", "squat")])
def test_auto_finds_the_exercise(name, exercise):
    assert likeliest(play(one, recorded(name).estimates()) for one in LIBRARY.values()).exercise == exercise


def test_an_exercise_that_the_library_lacks_is_named():
    with pytest.raises(SettingsError, match="moonwalk"):
        report(Truth("squat_side_1", "moonwalk", (1,)))


@pytest.mark.parametrize("content", [None, "{", '[{"file": "a.mp4"}]', '{"file": 1}'])
def test_a_truth_that_is_none_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "truth.json").write_text(content)
    with pytest.raises(SettingsError, match=r"truth\.json"):
        read_truth(tmp_path)


def test_the_truth_of_the_shared_clips_is_read(shared):
    truths = read_truth(shared / "data" / "clips")
    assert len(truths) == len(json.loads((shared / "data" / "clips" / "truth.json").read_text()))
    assert {truth.counts for truth in truths if truth.file == "squat_front_home_kratika.mp4"} == {(9, 10)}


def test_a_video_is_read_at_the_rate_that_is_asked_for(shared):
    clip = shared / "data" / "clips" / "squat_single_prithvi.mp4"
    parts = []
    times = [t_s for t_s, _ in read_video(clip, max_fps=10, progress=parts.append)]
    assert len(times) == 30
    assert times[1] == pytest.approx(0.1, abs=0.02)
    assert parts == sorted(parts)


@pytest.mark.parametrize("content", [None, b"no video at all"])
def test_a_file_that_is_no_video_is_named(tmp_path, content):
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"film\.mp4"):
        list(read_video(path))


def test_a_clip_that_these_engines_have_seen_is_not_looked_at_again(tmp_path, monkeypatch):
    class NoEngine(AssertionError):
        pass

    def refuse():
        raise NoEngine

    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"bytes that no decoder sees")
    with pytest.raises(NoEngine):
        cached_series(clip, "blazepose-full", refuse, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
    recorded("squat_front_4").save(tmp_path / "cache" / cache_name(clip, "blazepose-full"))
    assert len(cached_series(clip, "blazepose-full", refuse, tmp_path / "cache")) == len(recorded("squat_front_4"))
    monkeypatch.setattr(video, "_engines_digest", lambda: "another version of the engines")
    with pytest.raises(NoEngine):
        cached_series(clip, "blazepose-full", refuse, tmp_path / "cache")


def test_the_arithmetic_asked_for_wins_over_that_of_the_environment(tmp_path, monkeypatch):
    clip, cache = tmp_path / "clip.mp4", tmp_path / "data" / "series"
    clip.write_bytes(b"bytes that no decoder sees")
    cache.mkdir(parents=True)
    recorded("squat_side_1").save(cache / cache_name(clip, "blazepose-full"))  # the name of f32
    (tmp_path / "truth.json").write_text('[{"file": "clip.mp4", "exercise": "squat", "reps": 5}]')
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSECOACH_PRECISION", "mixed")
    asked = CliRunner().invoke(evaluate_motion, [str(tmp_path), "--precision", "f32", "--json"], catch_exceptions=False)
    assert json.loads(asked.stdout)["exact"] == 1


@pytest.mark.parametrize(("engine", "unjudged"), [("blazepose-full", {}), ("openpose", {"calf_raise": "toes"})])
def test_the_exercises_that_an_engine_cannot_judge_are_named(tmp_path, engine, unjudged):
    (tmp_path / "squats.npz").write_bytes((RECORDINGS / "squat_side_1.npz").read_bytes())
    (tmp_path / "truth.json").write_text('[{"file": "squats.npz", "exercise": "squat", "reps": 5}]')
    asked = [str(tmp_path), "--engine", engine]
    assert json.loads(CliRunner().invoke(evaluate_motion, [*asked, "--json"]).stdout)["cannot_judge"] == unjudged
    table = CliRunner().invoke(evaluate_motion, asked).stdout
    assert ("cannot judge: calf_raise (needs the toes)" in table) == bool(unjudged)


def test_analyze_names_what_there_is_for_an_unknown_exercise(tmp_path):
    result = CliRunner().invoke(analyze, [str(tmp_path / "a.mp4"), "--exercise", "moonwalk"])
    assert isinstance(result.exception, SettingsError)
    assert "squat" in str(result.exception)


def test_analyze_prints_the_same_figures_as_csv_and_as_json():
    squats = [str(RECORDINGS / "squat_side_1.npz"), "--exercise", "squat"]
    table = CliRunner().invoke(analyze, [*squats, "--csv"]).output
    whole = json.loads(CliRunner().invoke(analyze, [*squats, "--json"]).output)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == whole["count"] == 5
    for name in ("start_s", "depth", "rom_deg", "difference_deg"):
        assert [row[name] for row in rows] == [str(rep[name]) for rep in whole["reps"]]
