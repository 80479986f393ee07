import json

from click.testing import CliRunner

from webapp.commands import models
from webapp.errors import SettingsError
from webapp.pose import speeds
from webapp.pose.arithmetic import has_bf16
from webapp.pose.backends import engine, engines


def test_every_engine_is_a_row_whether_it_is_here_or_not(tmp_path):
    answer = CliRunner().invoke(models.command, ["--json", "--models", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert list(json.loads(answer.output)) == list(engines())


def test_a_row_names_the_joints_that_an_engine_lacks():
    row = models.facts(engine("openpose"))
    assert "left_heel" in row["lacks"]
    assert row["joints"] + len(row["lacks"]) == 33
    assert models.facts(engine("blazepose-full"))["lacks"] == []


def test_the_table_names_missing_weights_and_once_how_to_fetch_them():
    absent = {"missing": "The weights are not here.", "absent": True}
    rows = {name: models.facts(engine(name)) | absent for name in ("openpose", "efficientpose-i")}
    text = models.table(rows)
    assert all("not here" in line for line in text.splitlines()[1:3])
    assert text.endswith("\nFetch missing weights with `posecoach models fetch NAME`.")
    assert text.count("not here") == 2


def test_the_table_says_which_weights_are_damaged():
    row = models.facts(engine("openpose")) | {"missing": "The file is damaged: run `this`.", "absent": False}
    assert models.table({"openpose": row}).endswith("\nThe file is damaged: run `this`.")


def test_the_table_names_the_source_of_each_published_accuracy():
    rows = {name: models.facts(engine(name)) for name in ("blazepose-full", "mediapipe-full", "openpose")}
    text = models.table(rows)
    assert "Accuracy of blazepose, mediapipe: model card" in text
    assert "Accuracy of openpose: arXiv" in text


def test_the_table_shows_measured_milliseconds():
    row = models.facts(engine("replay")) | {"missing": "", "ms": 6.54}
    assert "6.5" in models.table({"replay": row}).splitlines()[1]


def test_measured_times_are_stored_for_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "engines", lambda: {"blazepose-lite": engine("blazepose-lite")})
    answer = CliRunner().invoke(models.command, ["--measure", "--json", "--data", str(tmp_path / "data")])
    assert answer.exit_code == 0, answer.output
    row = json.loads(answer.output)["blazepose-lite"]
    assert speeds.read(tmp_path / "data") == {"f32": {"blazepose-lite": row["ms"]}}
    assert set(row["cost"]) == ({"mixed", "bf16"} if has_bf16() else set())


def test_the_table_shows_the_measured_accuracy_cost_of_faster_arithmetic():
    row = models.facts(engine("openpose")) | {"cost": {"bf16": {"region_percent": 0.461, "world_mm": None}}}
    text = models.table({"openpose": row})
    assert "Displacement from f32" in text
    assert "0.46 %        -" in text
    assert "Displacement from f32" not in models.table({"openpose": row | {"cost": {}}})


def test_a_folder_that_takes_no_figures_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "engines", dict)
    (tmp_path / "file").write_text("")
    answer = CliRunner().invoke(models.command, ["--measure", "--data", str(tmp_path / "file" / "data")])
    assert isinstance(answer.exception, SettingsError)
    assert "cannot be stored" in str(answer.exception)


def test_weights_that_are_here_are_not_fetched_again():
    answer = CliRunner().invoke(models.command, ["fetch", "blazepose-lite"])
    assert answer.exit_code == 0, answer.output
    assert "pose_landmark_lite.tflite" in answer.output


def test_the_table_says_how_to_get_the_weights_that_come_with_a_package():
    rows = {"blazepose-full": models.facts(engine("blazepose-full")) | {"missing": "absent", "absent": True}}
    assert models.table(rows).endswith("\nInstall BlazePose's weights with `make setup`.")
