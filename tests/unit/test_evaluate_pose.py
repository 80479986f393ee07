import csv
import json
import math

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from webapp.commands.evaluate_pose import _raise_overlapping, as_row, command
from webapp.commands.evaluate_yoga import command as evaluate_yoga
from webapp.errors import BackendUnavailable, SettingsError
from webapp.evaluation.accuracy import Rate
from webapp.evaluation.keypoints import Labelled
from webapp.evaluation.pose import Report, judge
from webapp.pose.arithmetic import has_bf16
from webapp.records import Pose


@pytest.fixture
def evaluate(shared, monkeypatch):
    monkeypatch.setenv("POSECOACH_MODELS", str(shared / "weights"))

    def run(folder, *flags):
        result = CliRunner().invoke(command, [str(shared / "data/keypoints" / folder), *flags], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    return run


def test_efficientpose_is_right_on_the_pictures_of_its_own_kind(evaluate):
    row = json.loads(evaluate("mpii", "--engine", "efficientpose-i", "--json"))
    assert row["engine"] == "efficientpose-i"
    assert (row["dataset"], row["images"], row["people"], row["found"]) == ("mpii", 5, 5, 5)
    assert row["pckh"]["0.5"]["mean"] > 85
    assert row["pckh"]["0.5"]["mean"] > row["pckh"]["0.1"]["mean"] > 10
    assert set(row["pck"]["0.2"]["per_joint"]) == {"shoulder", "elbow", "wrist", "hip", "knee", "ankle"}
    assert row["oks_map"] is None


def test_coco_has_an_oks_map_and_no_pckh(evaluate):
    row = json.loads(evaluate("coco", "--dataset", "coco", "--engine", "efficientpose-rt-lite", "--json"))
    assert row["pckh"] == {}
    assert 20 < row["oks_map"] < 100


def test_several_engines_are_a_list_a_table_lines_of_csv_and_a_figure(evaluate, tmp_path):
    engines = ("--engine", "efficientpose-rt", "--engine", "efficientpose-rt-lite")
    rows = json.loads(evaluate("mpii", "--dataset", "mpii", *engines, "--json"))
    assert [row["engine"] for row in rows] == ["efficientpose-rt", "efficientpose-rt-lite"]
    figure = tmp_path / "figure.png"
    lines = list(
        csv.DictReader(evaluate("mpii", "--dataset", "mpii", *engines, "--csv", "--plot", str(figure)).splitlines())
    )
    told = {(line["engine"], line["metric"], line["joint"]): float(line["percent"]) for line in lines}
    assert told["efficientpose-rt", "PCKh@0.5", "wrist"] == rows[0]["pckh"]["0.5"]["per_joint"]["wrist"]
    assert figure.read_bytes().startswith(b"\x89PNG")
    table = evaluate("mpii", "--dataset", "mpii", *engines)
    assert f"{rows[1]['pckh']['0.1']['mean']:.1f}" in table


@pytest.mark.skipif(not has_bf16(), reason="this processor offers no arithmetic but f32")
@pytest.mark.parametrize(("judge", "folder"), [(command, "keypoints/mpii"), (evaluate_yoga, "yoga")])
def test_an_arithmetic_that_the_engine_does_not_have_is_refused(shared, judge, folder):
    asked = [str(shared / "data" / folder), "--engine", "mediapipe-lite", "--precision", "bf16"]
    with pytest.raises(BackendUnavailable, match="only f32"):
        CliRunner().invoke(judge, asked, catch_exceptions=False)


def test_unknown_figures_are_null():
    report = Report("x", "mpii", 1, 1, 0, 12, 1.0, {0.2: Rate(math.nan, {"knee": math.nan})}, {}, None)
    row = as_row(report)
    assert row["pck"] == {"0.2": {"mean": None, "per_joint": {"knee": None}}}
    assert row["oks_map"] is None


class Seeing:
    """An engine that finds the same pose in every picture."""

    name = "seeing"

    def open(self):
        return self

    def estimate(self, rgb, _t_s):
        assert rgb.size, "a picture without pixels was sent to the engine"
        return Pose(np.full((33, 4), 0.5, np.float32), np.zeros((33, 3), np.float32), rgb.shape[1] / rgb.shape[0])

    def close(self):
        pass


def person_in(path, *box):
    return Labelled(path, np.full((33, 2), 4.0), box=box, area_px2=100.0)


@pytest.mark.parametrize("box", [(70, 10, 90, 30), (-40, 2, -2, 6), (4, 4, 4, 4)])
def test_a_person_labelled_outside_the_picture_is_not_found(tmp_path, plain_jpeg, box):
    path = tmp_path / "grey.jpg"
    path.write_bytes(plain_jpeg("L", 120))
    people = [person_in(path, 0, 0, 8, 8), person_in(path, *box)]
    report = judge(Seeing(), range(33), people, "coco", lambda _part: None)
    assert (report.people, report.found) == (2, 1)
    assert judge(Seeing(), range(33), people[1:], "coco", lambda _part: None).found == 0


@pytest.mark.parametrize("content", [b"GIF89a", b"\xff\xd8\xff\xe0"])
def test_a_picture_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"broken\.jpg is not a readable JPEG"):
        judge(Seeing(), range(33), [person_in(path, 0, 0, 8, 8)], "coco", lambda _part: None)


def test_names_of_points_in_one_place_are_drawn_above_each_other():
    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    names = [axes.annotate("blazepose-full", (1, 1), xytext=(0, 4), textcoords="offset points") for _ in range(3)]
    _raise_overlapping(names, figure)
    first, second, third = (name.get_window_extent() for name in names)
    assert first.y1 < second.y0
    assert second.y1 < third.y0
