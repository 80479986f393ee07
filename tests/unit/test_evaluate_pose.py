import csv
import json
import math

import pytest
from click.testing import CliRunner

from webapp.commands.evaluate_pose import as_row, command
from webapp.evaluation.accuracy import Rate
from webapp.evaluation.pose import Report


@pytest.fixture
def evaluate(shared, monkeypatch):
    monkeypatch.setenv("POSECOACH_MODELS", str(shared / "weights"))

    def run(folder, *flags):
        result = CliRunner().invoke(command, [str(shared / "data/keypoints" / folder), *flags], catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    return run


def test_efficientpose_is_right_on_the_pictures_of_its_own_kind(evaluate):
    row = json.loads(evaluate("mpii", "--dataset", "mpii", "--engine", "efficientpose-i", "--json"))
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


def test_unknown_figures_are_null():
    report = Report("x", "mpii", 1, 1, 0, 12, 1.0, {0.2: Rate(math.nan, {"knee": math.nan})}, {}, None)
    row = as_row(report)
    assert row["pck"] == {"0.2": {"mean": None, "per_joint": {"knee": None}}}
    assert row["oks_map"] is None
