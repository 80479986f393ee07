import json

from click.testing import CliRunner

from webapp.commands import models
from webapp.errors import SettingsError
from webapp.pose import speeds
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


def test_the_table_says_what_is_missing_and_how_it_is_brought():
    row = models.facts(engine("openpose")) | {"missing": "The weights are not here: run `this`."}
    text = models.table({"openpose": row})
    assert "not here" in text.splitlines()[1]
    assert text.endswith("The weights are not here: run `this`.")


def test_the_table_shows_measured_milliseconds():
    row = models.facts(engine("replay")) | {"missing": "", "ms": 6.54}
    assert "6.5" in models.table({"replay": row}).splitlines()[1]


def test_what_is_measured_is_kept_for_the_page(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "engines", lambda: {"blazepose-lite": engine("blazepose-lite")})
    answer = CliRunner().invoke(models.command, ["--measure", "--json", "--data", str(tmp_path / "data")])
    assert answer.exit_code == 0, answer.output
    assert speeds.read(tmp_path / "data", "f32") == {
        "blazepose-lite": json.loads(answer.output)["blazepose-lite"]["ms"]
    }


def test_a_folder_that_takes_no_figures_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(models, "engines", dict)
    (tmp_path / "file").write_text("")
    answer = CliRunner().invoke(models.command, ["--measure", "--data", str(tmp_path / "file" / "data")])
    assert isinstance(answer.exception, SettingsError)
    assert "cannot be kept" in str(answer.exception)


def test_weights_that_are_here_are_not_fetched_again():
    answer = CliRunner().invoke(models.command, ["fetch", "blazepose-lite"])
    assert answer.exit_code == 0, answer.output
    assert "pose_landmark_lite.tflite" in answer.output
