"""`posecoach learn` writes a file that the other commands find; mistakes in one are named with file and key."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.commands import run
from webapp.commands.learn import command as learn
from webapp.errors import SettingsError

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
SQUATS = str(RECORDINGS / "squat_side_1.npz")


@pytest.fixture
def own(tmp_path, monkeypatch):
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("POSECOACH_EXERCISES", str(folder))
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    return folder


def said(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run a command and return its exit code, its output, and its error message."""
    try:
        code = run(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_learned_exercise_is_found_by_analyze(own, capsys):
    code, out, _ = said(capsys, "learn", SQUATS, "--reps", "5", "--name", "Box squat")
    assert code == 0
    assert str(own / "box_squat.toml") in out
    others = str(RECORDINGS / "squat_side_5.npz")
    code, out, _ = said(capsys, "analyze", others, "--exercise", "box_squat")
    assert code == 0
    assert "box_squat: 5 repetitions" in out


def test_an_exercise_learned_without_a_folder_for_it_goes_into_a_new_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]")
    code, out, _ = said(capsys, "learn", SQUATS, "--reps", "5", "--name", "Box squat")
    assert code == 0
    assert "POSECOACH_EXERCISES=exercises posecoach analyze FILE --exercise box_squat" in out
    monkeypatch.setenv("POSECOACH_EXERCISES", "exercises")
    assert said(capsys, "analyze", SQUATS, "--exercise", "box_squat")[0] == 0


@pytest.mark.parametrize(
    ("was", "now", "key", "allowed"),
    [
        ('measure = "hip"', 'measure = "tail"', "count.signal[1].measure is 'tail'", "knee"),
        ('kind = "reps"', 'kind = "dance"', "kind is 'dance'", "reps, hold"),
        ("rest = 161", 'rest = "high"', "count.signal[1].rest is 'high'", "a number"),
        ("shortest_s", "shortest", "count.shortest is unknown", "shortest_s"),
        ('joints = ["shoulder"', 'joints = ["wing"', "joints", "'wing' is not a joint"),
        ("[count]", "[count", "cannot be read", "line 10"),
    ],
)
def test_a_mistake_in_a_custom_exercise_is_named(own, capsys, was, now, key, allowed):
    said(capsys, "learn", SQUATS, "--reps", "5", "--name", "Box squat")
    file = own / "box_squat.toml"
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, now, 1))
    code, _, error = said(capsys, "analyze", SQUATS, "--exercise", "box_squat")
    assert code == 2
    sentence = error.splitlines()[-1]
    assert sentence.startswith(f"posecoach: {file}")
    assert key in sentence
    assert allowed in sentence


def test_serve_names_the_mistake_as_well(own, capsys):
    (own / "broken.toml").write_text('title = "Broken"\nkind = "reps"\ngroup = "none"\n')
    code, _, error = said(capsys, "serve", "--port", "0", "--backend", "null")
    assert code == 2
    assert "broken.toml: group is 'none'; it must be one of strength, cardio, hold, yoga" in error


def refusal(*arguments: str) -> str:
    result = CliRunner().invoke(learn, [SQUATS, "--reps", "5", *arguments])
    assert isinstance(result.exception, SettingsError)
    return str(result.exception)


def test_nothing_is_written_over(own):
    (own / "mine.toml").write_text("kept")
    assert "exists already" in refusal("--name", "Mine")
    assert (own / "mine.toml").read_text() == "kept"


def test_a_name_of_the_library_is_refused(own):
    assert "squat is a built-in exercise" in refusal("--name", "Squat")


def test_a_name_without_letters_is_refused(own):
    assert "cannot be a file name" in refusal("--name", "!?")


def test_a_file_that_the_library_would_not_find_is_refused(own, tmp_path):
    assert "must end in .toml" in refusal("--name", "x", "--out", str(tmp_path / "x.txt"))


def test_a_file_name_that_is_no_exercises_name_is_refused_before_the_work(own):
    assert "letters, digits, _ and -" in refusal("--name", "x", "--out", str(own / "box squat.toml"))
    assert list(own.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(own, tmp_path):
    assert "cannot be written" in refusal("--name", "x", "--out", str(tmp_path / "none" / "x.toml"))


def test_nothing_is_written_when_the_count_is_wrong(own):
    result = CliRunner().invoke(learn, [SQUATS, "--reps", "3", "--name", "Mine"])
    assert "Use --reps 5" in str(result.exception)
    assert list(own.iterdir()) == []
