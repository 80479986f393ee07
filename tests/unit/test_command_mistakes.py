"""Every mistake on the command line ends in one sentence that says what to do, and leaves what is there."""

import json
import os
import shutil

import pytest

from webapp.commands import run
from webapp.pose import libraries
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


@pytest.fixture
def clip(tmp_path):
    """A file that is no video."""
    path = tmp_path / "clip.mp4"
    path.write_text("no video")
    return path


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


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gone.mp4", "There is no file {path}; check its name."),
        ("clip.mp4", "{path} is not a readable video; try to play it, or convert it to MP4."),
        ("folder", "{path} is a folder; name one video in it."),
        ("clip.npz", "{path} is not a landmark series of this version; analyze the video instead."),
    ],
)
@pytest.mark.parametrize(
    "command", [("analyze", "--exercise", "squat"), ("learn", "--reps", "3", "--name", "x", "--out", "x.toml")]
)
def test_a_file_that_shows_nothing_is_named_with_advice(refused, clip, tmp_path, name, sentence, command):
    shutil.copy(clip, tmp_path / "clip.npz")
    (tmp_path / "folder").mkdir()
    assert refused(*command, tmp_path / name) == f"posecoach: {sentence.format(path=tmp_path / name)}"


def test_an_engine_that_cannot_see_the_exercise_is_refused_rather_than_counting_nothing(refused, clip):
    error = refused("analyze", clip, "--exercise", "calf_raise", "--engine", "efficientpose-rt")
    assert error == "posecoach: Calf raise needs the toes, which EfficientPose RT does not find."


@pytest.mark.parametrize("data", ["clip.mp4", "clip.mp4/data"])
def test_an_unwritable_data_folder_is_detected_before_the_engine_is_opened(refused, clip, tmp_path, monkeypatch, data):
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / data))
    monkeypatch.setattr("webapp.commands.landmarks.open_backend", lambda *_, **__: pytest.fail("opened"))
    error = refused("analyze", clip, "--exercise", "squat")
    assert f"cannot be stored in {tmp_path / data}" in error
    assert "set POSECOACH_DATA to a folder that you may write into" in error


@pytest.mark.parametrize(
    ("truth", "sentence"),
    [
        ("{", "truth.json is not JSON"),
        ("{}", "truth.json lists no clips"),
        ("[]", "truth.json lists no clips"),
        ("[3]", "truth.json, clip 1 is wrong"),
        ([{"file": "a.npz", "exercize": "squat", "reps": 5}], "truth.json, clip 1 lacks 'exercise'"),
        ([{"file": "a.npz", "exercise": "squat", "rep": 5}], "truth.json, clip 1 lacks 'reps'"),
        ([{"file": "a.npz", "exercise": "squat", "reps": "five"}], "'five' is no number of repetitions"),
        ([{"file": "a.npz", "exercise": "squat", "reps": -5}], "-5 is no number of repetitions"),
    ],
)
def test_a_wrong_truth_is_answered_with_the_clip_and_an_example(refused, tmp_path, truth, sentence):
    (tmp_path / "truth.json").write_text(truth if isinstance(truth, str) else json.dumps(truth))
    shutil.copy(SQUATS, tmp_path / "a.npz")
    error = refused("evaluate", "motion", tmp_path)
    assert sentence in error
    assert "JSON (" in error or '{"file": "squats.mp4", "exercise": "squat", "reps": 5}' in error


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("motion", "{}"), "There is no {}/truth.json; it lists the clips"),
        (("motion", "{}/clip.mp4"), "cannot be read (Not a directory); name a folder of clips"),
        (("yoga", "{}/gone"), "There is no folder {}/gone"),
        (("yoga", "{}"), "{} contains no photos"),
        (("pose", "{}", "--dataset", "coco"), "There is no JSON file with labels in the format of coco in {}"),
    ],
)
def test_a_folder_without_labels_is_named(refused, clip, tmp_path, command, sentence):
    assert sentence.format(tmp_path) in refused("evaluate", *(part.format(tmp_path) for part in command))


def test_a_folder_of_photos_that_is_not_named_after_a_pose_is_refused(refused, tmp_path):
    (tmp_path / "warrior_2").mkdir()
    (tmp_path / "warrior_2" / "one.jpg").touch()
    error = refused("evaluate", "yoga", tmp_path)
    assert f"{tmp_path}/warrior_2 is not named after a pose; choose none or one of boat, bridge" in error


@pytest.mark.parametrize(
    "command", [("bench", "engines"), ("evaluate", "pose", "{0}", "--dataset", "mpii", "--engine", "all")]
)
def test_where_no_engine_can_be_opened_no_empty_table_is_printed(refused, monkeypatch, tmp_path, command):
    (tmp_path / "one.jpg").touch()
    person = {"image": "one.jpg", "joints": [[1, 1]] * 16, "joints_vis": [1] * 16, "center": [1, 1], "scale": 1}
    (tmp_path / "mpii.json").write_text(json.dumps([person]))
    monkeypatch.setattr(libraries, "_found", lambda _package: False)
    assert refused(*(one.format(tmp_path) for one in command)).startswith("posecoach: No engine can be opened here; ")


def test_the_engine_that_computes_nothing_is_not_timed(refused):
    error = refused("bench", "engines", "--engine", "null", "--engine", "replay")
    assert error == "posecoach: The engine replay plays a recording and computes nothing; leave it out."


def test_the_engine_that_looks_at_no_picture_is_not_compared_with_labels(refused, tmp_path):
    error = refused("evaluate", "pose", tmp_path, "--engine", "replay")
    assert error == "posecoach: The engine replay plays a recording and looks at no picture; leave it out."


OUTPUTS = (
    (("analyze", "{0}/clip.mp4", "--exercise", "squat", "--overlay"), ".mp4"),
    (("evaluate", "motion", "{0}", "--plot"), ".png"),
    (("evaluate", "pose", "{0}", "--dataset", "lsp", "--plot"), ".png"),
    (("learn", SQUATS, "--reps", "5", "--name", "x", "--out"), ".toml"),
)


@pytest.mark.parametrize("asked", OUTPUTS)
@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("mine{1}", "{0}/mine{1} exists already; choose another name, or delete it."),
        ("none/new{1}", "there is no folder {0}/none; create it."),
        ("new.doc", "{0}/new.doc cannot be written: its name must end in {1}"),
        ("locked/new{1}", "you may not write into {0}/locked; choose another folder."),
    ],
)
def test_an_unwritable_output_is_detected_first_and_nothing_is_lost(
    refused, clip, tmp_path, monkeypatch, asked, output, sentence
):
    command, ending = asked
    mine, locked = tmp_path / f"mine{ending}", tmp_path / "locked"
    mine.write_text("kept")
    locked.mkdir()
    access = os.access
    monkeypatch.setattr("os.access", lambda path, mode: path != locked and access(path, mode))
    before = sorted(tmp_path.rglob("*"))
    error = refused(*(part.format(tmp_path) for part in command), tmp_path / output.format("", ending))
    assert sentence.format(tmp_path, ending) in error
    assert mine.read_text() == "kept"
    assert sorted(tmp_path.rglob("*")) == before


CLIP_OF_NOBODY = ("--clip", "{0}/clip.mp4")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("analyze", SQUATS, "--exercise", "squat", "--fps", "nan"), "nan is not a number"),
        (("analyze", SQUATS, "--exercise", "squat", "--fps", "-1"), "Invalid value for '--fps'"),
        (("evaluate", "motion", "{0}", "--fps", "inf"), "inf is not a number"),
        (("evaluate", "pose", "{0}", "--dataset", "lsp", "--csv", "--json"), "--csv and --json exclude each other"),
        (("learn", SQUATS, "--reps", "-5", "--name", "x"), "Invalid value for '--reps'"),
        (("bench", "engines", "--seconds", "nan"), "nan is not a number"),
        (("bench", "engines", "--clip", "{0}/gone.mp4"), "There is no file {0}/gone.mp4"),
        (("bench", "motion", "--clip", "{0}/gone.mp4"), "There is no file {0}/gone.mp4"),
        (("bench", "motion", "--clip", "{0}/clip.mp4"), "{0}/clip.mp4 is not a readable video"),
        (("bench", "load", "--clients", "-1"), "Invalid value for '--clients'"),
        (("bench", "load", "--exercise", "sqat"), "There is no exercise 'sqat'; choose one of bicep_curl"),
        (("bench", "live", "--seconds", "-1"), "Invalid value for '--seconds'"),
        (("bench", "live", "--size", "0x0"), "--size is '0x0'; give WIDTHxHEIGHT in even numbers from 64 on"),
        (("bench", "live", "--size", "641x480"), "--size is '641x480'"),
        (("bench", "live", "--clip", "{0}/gone.mp4"), "There is no file {0}/gone.mp4"),
        (("bench", "live", *CLIP_OF_NOBODY), "name its exercise with --exercise"),
        (("bench", "live", *CLIP_OF_NOBODY, "--exercise", "sqat"), "There is no exercise 'sqat'; choose one of"),
        (("bench", "live", *CLIP_OF_NOBODY, "--exercise", "squat"), "{0}/clip.mp4 is not a readable video"),
        (("bench", "endurance", "--minutes", "0"), "Invalid value for '--minutes'"),
        (("bench", "endurance", "--series", "{0}/clip.mp4"), "{0}/clip.mp4 is not a landmark series"),
        (("bench", "store", "--workouts", "-1"), "Invalid value for '--workouts'"),
        (("bench", "store", "--store", "sqlite:///{0}/clip.mp4/x.db"), "for the store cannot be created"),
        (("models", "--measure", "--pictures", "{0}"), "{0} contains no JPEGs; name a folder of them, or a clip"),
        (
            ("models", "--measure", "--data", "{0}/clip.mp4/data"),
            "cannot be stored in {0}/clip.mp4/data (Not a directory); choose another with --data.",
        ),
    ],
)
def test_an_unmeasurable_engine_is_reported_before_anything_is_measured(
    refused, clip, tmp_path, monkeypatch, command, sentence
):
    monkeypatch.setattr("webapp.commands.models.measure", lambda *_, **__: pytest.fail("measured"))
    assert sentence.format(tmp_path) in refused(*(part.format(tmp_path) for part in command))
    assert clip.read_text() == "no video"
