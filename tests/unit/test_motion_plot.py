"""`posecoach evaluate motion --plot` draws one strip a clip; its traces are what the counter saw."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from webapp.commands.evaluate_motion import command as evaluate
from webapp.errors import SettingsError
from webapp.evaluation.motion_plot import trace
from webapp.exercises import load_library
from webapp.series import Series

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
LIBRARY = load_library()
TRUTH = [
    {"file": "squat_side_2.npz", "exercise": "squat", "reps": 3, "rep_times_s": [[0.0, 3.1]]},
    {"file": "plank_side_1.npz", "exercise": "yoga", "holds": [{"pose": "plank", "start_s": 0.0, "end_s": 16.2}]},
    {"file": "nothing_1.npz", "exercise": "none", "reps": 0},
]


@pytest.fixture
def clips(tmp_path, monkeypatch):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    for row in TRUTH:
        shutil.copy(RECORDINGS / row["file"], tmp_path)
    (tmp_path / "truth.json").write_text(json.dumps(TRUTH))
    return tmp_path


def traced(name: str, exercise: str):
    return trace(LIBRARY[exercise], Series.load(RECORDINGS / f"{name}.npz"))


def test_a_trace_goes_from_rest_to_the_target_in_its_phases():
    one = traced("squat_side_2", "squat")
    assert {"rest", "going", "far", "coming"} == set(one.phase)
    parts = np.array(one.part)
    at = np.array(one.phase)
    assert np.nanmedian(parts[at == "far"]) > 0.9
    assert np.nanmedian(parts[at == "rest"]) < 0.1
    assert one.summary.count == 3


def test_a_hold_is_one_while_it_is_held():
    one = traced("plank_side_1", "plank")
    assert set(one.part) == {0.0, 1.0}
    assert np.mean(one.part) > 0.9


def test_every_kind_of_clip_gets_a_strip_with_something_in_it(clips):
    path = clips / "figure.png"
    result = CliRunner().invoke(evaluate, [str(clips), "--plot", str(path), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["exact"] == 3
    picture = cv2.imread(str(path))
    height, width = picture.shape[:2]
    strips = [
        picture[top : top + height // 2, left : left + width // 2]
        for top in (0, height // 2)
        for left in (0, width // 2)
    ]
    dark = [int((strip.max(axis=2) < 120).sum()) for strip in strips]
    assert min(dark[:3]) > 500
    coloured = [int((strip.max(axis=2).astype(int) - strip.min(axis=2) > 25).sum()) for strip in strips]
    assert min(coloured[:2]) > 10 * coloured[3]


def test_a_figure_that_fails_costs_no_result(clips, monkeypatch):
    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    result = CliRunner().invoke(evaluate, [str(clips), "--plot", str(clips / "failed.png"), "--json"])
    assert "disk full" in str(result.exception)
    assert json.loads(result.stdout)["exact"] == 3


def test_a_plot_that_cannot_be_written_is_reported(clips):
    result = CliRunner().invoke(evaluate, [str(clips), "--plot", str(clips / "none" / "figure.png")])
    assert isinstance(result.exception, SettingsError)
    assert "cannot be written" in str(result.exception)
