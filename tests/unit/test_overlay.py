"""`posecoach analyze --overlay` writes the annotated video; what cannot be drawn is explained in a sentence."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from webapp.commands import run
from webapp.commands.analyze import _text
from webapp.commands.analyze import command as analyze
from webapp.errors import BadVideo, SettingsError
from webapp.evaluation.overlay import draw_skeleton, write_overlay
from webapp.evaluation.video import cache_name, series_of
from webapp.exercises import load_library
from webapp.pose.backends import exact_name
from webapp.pose.video import read_video
from webapp.recordings import play
from webapp.records import Summary
from webapp.series import Series
from webapp.settings import Settings

RECORDED = Series.load(Path(__file__).parent.parent / "data" / "series" / "squat_front_4.npz")
SQUAT = load_library()["squat"]
GREY = 120


@pytest.fixture
def clip(tmp_path, monkeypatch):
    """A grey video in which the engine sees one squat."""
    path = tmp_path / "squat.mp4"
    fps = round(1 / float(np.median(np.diff(RECORDED.t_s))))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (320, 180))
    for _ in range(len(RECORDED)):
        writer.write(np.full((180, 320, 3), GREY, np.uint8))
    writer.release()
    kept = tmp_path / "data" / "series"
    kept.mkdir(parents=True)
    engine = exact_name(Settings().backend, Settings().precision)
    RECORDED.save(kept / cache_name(path, engine))
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    return path


def first(count):
    return replace(RECORDED, t_s=RECORDED.t_s[:count], image=RECORDED.image[:count], world=RECORDED.world[:count])


def analyzed(*arguments: object):
    return CliRunner().invoke(analyze, [str(argument) for argument in arguments])


def test_the_video_is_rewritten_with_everything_drawn_in(clip, tmp_path):
    out = tmp_path / "drawn.mp4"
    result = analyzed(clip, "--exercise", "squat", "--overlay", out)
    assert result.exit_code == 0, result.output
    assert "squat: 1 repetition in" in result.stdout
    pictures = [picture for _, picture in read_video(out)]
    assert len(pictures) == len(RECORDED)
    assert pictures[0].shape == (180, 320, 3)
    changed = np.abs(pictures[0].astype(int) - GREY).max(axis=2) > 40
    assert changed[:30, :40].mean() > 0.8, "the panel of the count"
    assert changed[60:120, 300:315].any(), "the bar"
    middle = RECORDED.image[0, [11, 12, 23, 24], :2].mean(axis=0) * (320, 180)
    x, y = middle.round().astype(int)
    assert changed[y - 25 : y + 25, x - 15 : x + 15].any(), "the trunk"


def test_a_repetition_that_the_end_of_the_video_completes_is_counted_in_one_more_picture(clip, tmp_path):
    cut = next(one for one in map(first, range(1, len(RECORDED))) if play(SQUAT, one.estimates()).count == 1)
    drawn = tmp_path / "drawn.mp4"
    write_overlay(clip, drawn, cut, SQUAT, 0, lambda _part: None)
    pictures = [picture for _, picture in read_video(drawn)]
    assert len(pictures) == len(cut) + 1
    changed = np.abs(pictures[-1].astype(int) - pictures[-2]).max(axis=2) > 40
    assert changed[:40, :40].any(), "the count"
    assert not changed[60:, :290].any(), "the skeleton"


def test_figures_are_printed_beside_the_overlay(clip, tmp_path):
    out = tmp_path / "drawn.mp4"
    found = json.loads(analyzed(clip, "--exercise", "squat", "--overlay", out, "--json").stdout)
    assert (found["count"], found["exercise"]) == (1, "squat")
    rows = list(csv.DictReader(analyzed(clip, "--exercise", "squat", "--csv").stdout.splitlines()))
    assert [row["number"] for row in rows] == ["1"]


def test_cues_are_printed_as_they_were_spoken():
    summary = Summary("squat", "reps", 0.0, 3.0, 2.0, cues={"knees_in": 1, "chest_up": 2})
    text = _text(summary, {"knees_in": "Push the knees out.", "chest_up": "Chest up."})
    assert text.splitlines() == [
        "Push the knees out. Said once.",
        "Chest up. Said 2 times.",
        "squat: 0 repetitions in 3.0 s",
    ]


def test_no_progress_is_written_where_there_is_no_terminal(clip, tmp_path):
    result = analyzed(clip, "--exercise", "squat", "--overlay", tmp_path / "drawn.mp4")
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [(("--json", "--csv"), "give one of them"), (("--engine", "replay"), "as FILE")],
)
def test_impossible_flags_are_reported(clip, flags, sentence):
    result = analyzed(clip, "--exercise", "squat", *flags)
    assert isinstance(result.exception, SettingsError)
    assert sentence in str(result.exception)


@pytest.mark.parametrize(
    ("name", "sentence"), [("drawn.avi", "must end in .mp4"), ("none/drawn.mp4", "no folder"), ("squat.mp4", "itself")]
)
def test_an_overlay_that_cannot_be_written_is_reported(clip, tmp_path, name, sentence):
    before = clip.read_bytes()
    result = analyzed(clip, "--exercise", "squat", "--overlay", tmp_path / name)
    assert isinstance(result.exception, SettingsError)
    assert sentence in str(result.exception)
    assert clip.read_bytes() == before


def test_a_series_has_no_pictures_to_draw_on(tmp_path):
    series = tmp_path / "seen.npz"
    RECORDED.save(series)
    result = analyzed(series, "--exercise", "squat", "--overlay", tmp_path / "drawn.mp4")
    assert isinstance(result.exception, SettingsError)
    assert "has no pictures to draw on" in str(result.exception)


def test_a_video_of_nothing_is_no_exercise(tmp_path):
    series = tmp_path / "empty.npz"
    Series(RECORDED.t_s, np.full_like(RECORDED.image, np.nan), RECORDED.world, RECORDED.aspect).save(series)
    result = analyzed(series, "--exercise", "auto")
    assert "shows no known exercise" in str(result.exception)


def test_the_help_explains_the_cache_of_a_clip_and_how_to_clear_it():
    said = " ".join(analyzed("--help").output.split())
    assert 'cached in the folder "series" of the data folder (var)' in said
    assert "delete that folder to clear the cache" in said


def test_half_a_movement_is_no_exercise_in_the_json_either(tmp_path):
    image, world = ((all_of[0] + 0.4 * (all_of - all_of[0])) for all_of in (RECORDED.image, RECORDED.world))
    Series(RECORDED.t_s, image, world, RECORDED.aspect).save(tmp_path / "half.npz")
    result = analyzed(tmp_path / "half.npz", "--exercise", "auto", "--json")
    assert isinstance(result.exception, BadVideo)
    assert json.loads(result.stdout) == {"file": "half.npz", "exercise": None}
    assert run(["analyze", str(tmp_path / "half.npz"), "--exercise", "auto"]) == 1


def test_a_video_without_pictures_is_named(tmp_path, monkeypatch):
    class Blind:
        name = "blind"

        def open(self):
            return self

        def close(self):
            pass

    path = tmp_path / "none.mp4"
    path.write_bytes(b"")
    monkeypatch.setattr("webapp.evaluation.video.read_video", lambda *_: iter(()))
    with pytest.raises(SettingsError, match=r"none\.mp4 contains no readable picture"):
        series_of(path, Blind())


def test_joints_that_are_not_seen_are_not_drawn():
    pose = RECORDED.pose_at(0.0)
    hidden = pose.image.copy()
    hidden[:, 3] = 0.0
    picture = np.full((180, 320, 3), GREY, np.uint8)
    draw_skeleton(picture, type(pose)(hidden, pose.world, pose.aspect))
    assert (picture == GREY).all()
    draw_skeleton(picture, pose)
    assert (picture != GREY).any()
