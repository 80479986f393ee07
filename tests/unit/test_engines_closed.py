"""Every command closes the engine that it opened, also after a mistake."""

import json

import numpy as np
import pytest

from webapp.commands import landmarks, run


class Watched:
    """An engine that sees nobody."""

    name = "watched"
    opened = closed = 0

    def __init__(self):
        Watched.opened += 1

    def open(self):
        return Blind()

    def close(self):
        Watched.closed += 1


class Blind:
    def estimate(self, _rgb, _t_s):
        return None

    def close(self):
        pass


@pytest.fixture
def engine(monkeypatch, tmp_path):
    monkeypatch.setattr(Watched, "opened", 0)
    monkeypatch.setattr(Watched, "closed", 0)
    monkeypatch.setattr(landmarks, "open_backend", lambda *_, **__: Watched())
    monkeypatch.setenv("POSECOACH_DATA", str(tmp_path / "data"))
    return Watched


@pytest.fixture
def clips(tmp_path):
    """Two clips of nobody, and a truth that says so."""
    cv2 = pytest.importorskip("cv2")
    for number in (1, 2):
        writer = cv2.VideoWriter(str(tmp_path / f"{number}.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 10, (64, 64))
        for shade in range(5):
            writer.write(np.full((64, 64, 3), 40 * number + shade, np.uint8))
        writer.release()
    truth = [{"file": f"{number}.mp4", "exercise": "squat", "reps": 0} for number in (1, 2)]
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    return tmp_path


def code_of(*arguments):
    try:
        return run(arguments)
    except SystemExit as end:
        return end.code


def test_analyze_closes_its_engine(engine, clips, capsys):
    assert code_of("analyze", str(clips / "1.mp4"), "--exercise", "squat") == 0
    assert "0 repetitions" in capsys.readouterr().out
    assert (engine.opened, engine.closed) == (1, 1)


def test_all_clips_are_evaluated_with_one_engine_that_is_closed(engine, clips, capsys):
    assert code_of("evaluate", "motion", str(clips)) == 0
    assert "2 of 2 clips right" in capsys.readouterr().out
    assert (engine.opened, engine.closed) == (1, 1)


def test_an_engine_is_closed_when_a_later_clip_is_missing(engine, clips, capsys):
    (clips / "2.mp4").unlink()
    assert code_of("evaluate", "motion", str(clips)) != 0
    assert "2.mp4" in capsys.readouterr().err
    assert (engine.opened, engine.closed) == (1, 1)
