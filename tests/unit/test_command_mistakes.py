"""Every mistake on the command line ends in one sentence that says what to do, and leaves what is there."""

import pytest

from webapp.commands import run
from webapp.settings import ROOT

RECORDINGS = ROOT / "tests" / "data" / "series"
SQUATS = str(RECORDINGS / "squat_side_1.npz")


@pytest.fixture
def refused(capsys, monkeypatch, tmp_path):
    """Run a command that must fail, and return its last line of errors."""
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))

    def refusal(*arguments):
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        assert code not in (0, None), printed.out
        assert "Traceback" not in printed.err
        return printed.err.splitlines()[-1]

    return refusal


@pytest.mark.parametrize(
    "command",
    [
        ("models",),
        ("bench", "engines", "--engine", "null"),
        ("evaluate", "yoga", "photos"),
    ],
)
def test_a_folder_of_weights_that_is_not_there_is_refused(refused, monkeypatch, tmp_path, command):
    (tmp_path / "photos" / "tree").mkdir(parents=True)
    (tmp_path / "photos" / "tree" / "one.jpg").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POSECOACH_MODELS", str(tmp_path / "nowhere"))
    assert refused(*command).startswith(f"posecoach: {tmp_path / 'nowhere'} is not a folder, but --models or")


def test_a_folder_of_weights_without_those_asked_for_is_named_with_the_command_that_helps(refused, tmp_path):
    error = refused("bench", "engines", "--engine", "openpose", "--models", tmp_path)
    assert f"are not in {tmp_path} or models/weights: run `posecoach models fetch openpose`." in error


@pytest.mark.parametrize(
    "command",
    [
        ("analyze", SQUATS, "--exercise", "squat"),
        ("learn", SQUATS, "--reps", "5", "--name", "Mine"),
        ("bench", "engines"),
    ],
)
def test_an_engine_that_does_not_exist_is_answered_with_those_usable_here(refused, monkeypatch, tmp_path, command):
    monkeypatch.setenv("POSECOACH_MODELS", str(tmp_path))
    error = refused(*command, "--engine", "blazepse")
    assert "Choose from blazepose-lite, blazepose-full" in error
    assert "efficientpose-iv" not in error
    assert "`posecoach models` lists all engines" in error


def test_nothing_is_fetched_if_one_name_is_wrong(refused, tmp_path):
    assert "There is no engine 'opnpose'" in refused("models", "--models", tmp_path, "fetch", "openpose", "opnpose")
    assert list(tmp_path.iterdir()) == []
