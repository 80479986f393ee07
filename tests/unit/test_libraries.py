"""An engine whose library is missing is listed as such and never imported."""

import sys

import pytest

from webapp.commands import models
from webapp.errors import BackendUnavailable
from webapp.exercises import load_library
from webapp.pose import libraries
from webapp.pose.backends import engine, open_backend, usable
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers


@pytest.fixture
def without_mediapipe(monkeypatch):
    monkeypatch.setattr(libraries, "_found", lambda package: package != "mediapipe")
    monkeypatch.delitem(sys.modules, "webapp.pose.backends.mediapipe", raising=False)


@pytest.mark.usefixtures("without_mediapipe")
def test_an_engine_without_its_package_is_listed_as_not_here():
    row = models.facts(engine("mediapipe-full"))
    assert row["missing"] == "The Python package mediapipe is not installed: run `make setup`."
    assert not row["absent"], "fetching weights does not help"
    assert "mediapipe-full" not in usable()
    assert "blazepose-full" in usable()


@pytest.mark.usefixtures("without_mediapipe")
def test_an_engine_without_its_package_is_not_offered_and_not_imported(tmp_path):
    offered = Offers(EngineChoice("null"), tmp_path).offered(load_library()["squat"])
    assert not any(one.name.startswith("mediapipe") for one in offered)
    with pytest.raises(BackendUnavailable, match="mediapipe is not installed"):
        open_backend("mediapipe-full")
    assert "webapp.pose.backends.mediapipe" not in sys.modules


def test_an_engine_without_a_library_of_the_system_names_the_command_that_brings_it(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(libraries, "_loads", lambda library: library != "libEGL.so.1")
    assert "lacks libEGL.so.1, which" in models.facts(engine("mediapipe-lite"))["missing"]
    assert "apt install libegl1 libgles2" in models.facts(engine("mediapipe-lite"))["missing"]
    assert models.facts(engine("blazepose-lite"))["missing"] == ""


def test_a_package_and_a_library_that_are_here_are_found_and_others_are_not():
    libraries.check(["json"], [])
    with pytest.raises(BackendUnavailable, match="no_such_package is not installed"):
        libraries.check(["json", "no_such_package"])
    unknown = ["libNobodyHasThis.so.1"]
    assert libraries.missing_here(unknown) == (unknown if sys.platform == "linux" else [])
