"""The doctor says what is wrong in a sentence, continues with the next check, and never fails itself."""

import json
import re
import socket
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands import doctor
from webapp.commands.doctor import Finding
from webapp.errors import StoreError, WeightsAbsent
from webapp.settings import ROOT, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, backend="replay", port=0)


def test_a_check_that_raises_has_failed_and_the_next_one_still_runs(settings: Settings) -> None:
    def cannot(_settings: Settings) -> Finding:
        raise ImportError("no such package")

    def known(_settings: Settings) -> Finding:
        raise StoreError("the disk is full")

    findings = doctor.examine(settings, {"a": cannot, "b": known, "c": lambda _: Finding("ok", "well")})
    assert findings["a"] == Finding("fail", "ImportError: no such package; run `make setup`")
    assert findings["b"] == Finding("fail", "the disk is full")
    assert findings["c"].state == "ok"


def test_optional_parts_for_several_servers_are_not_reported_missing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {"flask"}
    monkeypatch.setattr(doctor, "_installed", here.__contains__)
    monkeypatch.setattr(metadata, "requires", lambda _: ["flask>=3.1", 'psycopg[binary]>=3.3; extra == "postgresql"'])
    assert doctor.check_packages(settings) == Finding("ok", "all 1 Python packages are installed")
    here.clear()
    assert doctor.check_packages(settings) == Finding("fail", "not installed: flask; run `make setup`")


def test_a_taken_port_is_a_warning_that_names_another(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        finding = doctor.check_port(Settings(data=settings.data, port=port))
    assert finding.state == "warn"
    assert f"--port {port + 1}" in finding.text


def test_a_free_port_passes(settings: Settings) -> None:
    assert doctor.check_port(settings).state == "ok"


def test_a_store_that_cannot_be_made_is_a_failure(settings: Settings) -> None:
    in_the_way = settings.data / "file"
    in_the_way.touch()
    checks = {"store": doctor.check_store}
    assert doctor.examine(settings, checks)["store"].state == "ok"
    assert doctor.examine(Settings(data=in_the_way), checks)["store"].state == "fail"


def test_a_folder_of_exercises_that_is_not_there_and_a_broken_one_are_failures(settings: Settings) -> None:
    checks = {"exercises": doctor.check_exercises}
    assert doctor.examine(settings, checks)["exercises"].state == "ok"
    gone = doctor.examine(replace(settings, exercises=settings.data / "gone"), checks)["exercises"]
    assert (gone.state, "create it" in gone.text) == ("fail", True)
    (settings.data / "mine.toml").write_text("kind = 3")
    broken = doctor.examine(replace(settings, exercises=settings.data), checks)["exercises"]
    assert (broken.state, "mine.toml" in broken.text) == ("fail", True)


def test_engines_that_were_never_fetched_are_no_warning(settings: Settings) -> None:
    finding = doctor.check_weights(settings)
    assert finding.state == "ok"
    assert "engines can be chosen" in finding.text


def test_damaged_weights_are_a_warning_and_a_failure_of_the_chosen_engine(settings: Settings) -> None:
    (settings.data / "EfficientPoseI.tflite").write_bytes(b"damaged")
    finding = doctor.check_weights(replace(settings, models=settings.data))
    assert finding.state == "warn"
    assert finding.text.startswith("efficientpose-i cannot be chosen.")
    chosen = replace(settings, models=settings.data, backend="efficientpose-i")
    assert doctor.check_weights(chosen).state == "fail"


def test_a_chosen_engine_without_weights_is_a_failure(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_row: object, _folders: object) -> None:
        raise WeightsAbsent("fetch them")

    monkeypatch.setattr("webapp.pose.backends.weights_of", absent)
    assert doctor.check_weights(replace(settings, backend="openpose")) == Finding("fail", "fetch them")


def test_every_file_that_the_page_takes_from_a_package_is_looked_for() -> None:
    copied = re.findall(r'"([\w.-]+\.(?:js|css|woff2))"[,:]', (ROOT / "vendor.js").read_text(encoding="utf-8"))
    assert sorted(doctor.VENDORED) == sorted(set(copied))


def test_a_second_opencv_is_a_failure(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_opencv(settings).state == "ok"
    installed = settings.data / "opencv_contrib_python-4.11.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: opencv-contrib-python\nVersion: 4.11\n")
    monkeypatch.syspath_prepend(settings.data)
    assert doctor.check_opencv(settings).text.startswith("opencv-contrib-python overwrote")


def test_every_package_of_the_distribution_is_looked_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_packages(settings).state == "ok"
    monkeypatch.setattr(metadata, "requires", lambda _name: ["numpy>=2.2", "nobody-has-this>=1.0"])
    assert doctor.check_packages(settings).text == "not installed: nobody-has-this; run `make setup`"


def test_missing_libraries_of_mediapipe_are_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OPENGL", ("libNobodyHasThis.so.1",))
    monkeypatch.setattr("sys.platform", "linux")
    finding = doctor.check_opengl(settings)
    assert finding.state == "warn"
    assert "apt install libegl1" in finding.text


def test_an_old_python_is_a_failure(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 10, 12))
    assert doctor.check_python(settings).state == "fail"


@pytest.mark.parametrize(("state", "code"), [("ok", 0), ("warn", 0), ("fail", 1)])
def test_only_a_failure_makes_the_exit_code_one(state: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", {"one": lambda _: Finding(state, "so it is")})  # type: ignore[arg-type]
    assert CliRunner().invoke(doctor.command).exit_code == code
    answer = json.loads(CliRunner().invoke(doctor.command, ["--json"]).output)
    assert answer == {"ok": code == 0, "checks": {"one": {"state": state, "text": "so it is"}}}
