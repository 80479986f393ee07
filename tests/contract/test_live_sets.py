"""Sets, targets and a change of exercise over a real server and socket, with a recording that contains rests."""

import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from server import PATIENCE_S, Browser, serving, until

from webapp.series import Series
from webapp.store import StoredWorkout, open_store

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
SQUATS = 5
AGAIN_S, PLANK_S = 50.0, 100.0
"""When the squats start again, and when the plank starts, in the recording."""
TOLD = ("rep", "hold", "set")


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """Five squats, a rest, the same five squats, a rest, a plank."""
    squats, plank = (Series.load(RECORDINGS / f"{name}.npz") for name in ("squat_side_1", "plank_side_1"))
    parts = (squats, shifted(squats, AGAIN_S), shifted(plank, PLANK_S))
    path = tmp_path_factory.mktemp("series") / "sets.npz"
    Series(
        np.concatenate([part.t_s for part in parts]),
        np.concatenate([part.image for part in parts]),
        np.concatenate([part.world for part in parts]),
        squats.aspect,
    ).save(path)
    return path


@pytest.fixture
def server(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as running:
        yield running


def shifted(series: Series, by_s: float) -> Series:
    return replace(series, t_s=series.t_s + by_s)


class Athlete(Browser):
    """A browser that plays the recording; `at_s` is the position in it."""

    at_s = 0.0

    def begin(self, exercise: str = "squat", **more: object) -> dict:
        """Start or resume, and count; the recording starts again."""
        ready = self.start(exercise, **more)
        self.count()
        return ready

    def count(self) -> None:
        """Count from the first frame of the recording, which is the stream's first."""
        self.say("go", {})
        self.step(0.066)
        self.at_s = 0.0

    def play(self, until_s: float, step_s: float = 1 / 15) -> list[tuple[str, dict]]:
        """Send the recording's frames up to that time; return the events received meanwhile."""
        told = []
        while self.at_s < until_s:
            told += self.step(step_s)
        return told

    def step(self, step_s: float) -> list[tuple[str, dict]]:
        """Send one frame; return the events received before its pose, caused by the frame before."""
        self.at_s += step_s
        seq = self.frame(step_ms=1000 * step_s)
        told = []
        while (heard := self.heard.get(timeout=PATIENCE_S))[0] != "pose":
            assert heard[0] != "error", heard
            told.append((heard[0], heard[1][0]))
        assert heard[1][0] == seq
        return [(name, record) for name, record in told if name in TOLD]

    def stop(self) -> dict:
        self.say("stop", {})
        return self.expect("summary")[0]


def kept_of(folder: Path, workout: str) -> StoredWorkout:
    """Return the workout from the server's database, once it is stored completely."""
    store = open_store(f"sqlite:///{folder}/posecoach.db")
    try:
        until(lambda: store.workout(workout).finished)
        return store.workout(workout)
    finally:
        store.close()


def outline(told):
    return [(name, record.get("state") or record["number"]) for name, record in told if name != "hold"]


def test_a_rest_parts_two_sets(server):
    browser = Athlete(server.url)
    ready = browser.begin()
    assert (ready["sets"], ready["target"]) == ([], None)
    first = browser.play(20.0)
    assert outline(first) == [("set", "started"), *(("rep", number + 1) for number in range(SQUATS))]
    assert outline(browser.play(49.0, step_s=0.5)) == [("set", "resting")]
    second = browser.play(70.0)
    assert outline(second)[:3] == [("set", "ended"), ("set", "started"), ("rep", SQUATS + 1)]
    assert {record["set"] for name, record in second if name == "rep"} == {2}
    summary = browser.stop()
    assert summary["count"] == 2 * SQUATS
    assert [(one["number"], one["exercise"], one["count"], one["state"]) for one in summary["sets"]] == [
        (1, "squat", SQUATS, "ended"),
        (2, "squat", SQUATS, "ended"),
    ]
    browser.close()


def test_a_target_is_reached_after_its_last_repetition(server):
    browser = Athlete(server.url)
    ready = browser.begin(target={"amount": 4, "rest_s": 30, "sets": 2})
    assert ready["target"] == {"amount": 4.0, "rest_s": 30.0, "sets": 2}
    told = browser.play(20.0)
    assert outline(told)[:6] == [("set", "started"), *(("rep", number) for number in (1, 2, 3, 4)), ("set", "reached")]
    assert [record["count"] for name, record in told if name == "set"][1] == 4
    assert outline(told)[6:9] == [("set", "ended"), ("set", "started"), ("rep", 5)]
    browser.close()


@pytest.mark.parametrize(("wish", "reaches"), [({}, True), ({"target": None}, False)])
def test_removing_a_target_ends_no_set_and_an_omitted_one_stays(server, wish, reaches):
    browser = Athlete(server.url)
    ready = browser.begin(target={"amount": 4})
    browser.say("start", {"v": 1, "exercise": "squat", "resume": ready["resume"], **wish})
    assert (browser.expect("ready")[0]["target"] is not None) == reaches
    browser.count()
    assert (("set", "reached") in outline(browser.play(20.0))) == reaches
    browser.close()


def test_another_exercise_goes_on_within_the_workout(server, tmp_path):
    browser = Athlete(server.url)
    ready = browser.begin(body_kg=72.5)
    browser.play(17.0)
    browser.say("start", {"v": 1, "exercise": "plank", "resume": ready["resume"], "target": {"amount": 5}})
    assert browser.expect("set")[0]["state"] == "ended"
    again = browser.expect("ready")[0]
    assert (again["workout"], again["exercise"]["name"], again["exercise"]["kind"]) == (
        ready["workout"],
        "plank",
        "hold",
    )
    assert (again["count"], again["counting"], len(again["sets"]), again["target"]["amount"]) == (SQUATS, False, 1, 5)
    browser.count()
    browser.step(PLANK_S)
    told = browser.play(PLANK_S + 14.0)
    assert ("set", "reached") in outline(told)
    summary = browser.stop()
    assert (summary["exercise"], summary["kind"], summary["count"]) == ("squat", "reps", SQUATS)
    assert summary["held_s"] > 5
    assert [(one["exercise"], one["count"], one["target"]) for one in summary["sets"]] == [
        ("squat", SQUATS, None),
        ("plank", 0, 5.0),
    ]
    kept = kept_of(tmp_path, ready["workout"])
    assert (kept.body_kg, kept.exercise) == (72.5, "squat")
    assert [one.exercise for one in kept.summary.sets] == ["squat", "plank"]
    browser.close()


def test_an_exercise_that_there_is_not_changes_nothing(server):
    browser = Athlete(server.url)
    ready = browser.begin()
    browser.say("start", {"v": 1, "exercise": "juggling", "resume": ready["resume"]})
    assert browser.error()["code"] == "unknown_exercise"
    assert outline(browser.play(5.0))[:2] == [("set", "started"), ("rep", 1)]
    browser.close()


def test_kill_9_in_the_second_set_loses_neither_set_nor_target_nor_exercise(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Athlete(server.url)
        ready = browser.begin(target={"amount": 4, "rest_s": 45})
        browser.play(17.0)
        browser.play(49.0, step_s=0.5)
        browser.play(58.0)
        server.end(signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1") as server:
        again = Athlete(server.url, t_ms=browser.t_ms)
        resumed = again.begin(resume=ready["resume"])
        sets = resumed["sets"]
        assert [one["number"] for one in sets] == list(range(1, len(sets) + 1))
        done = sets[-1]["count"]
        assert 0 < done < 4
        assert resumed["target"]["amount"] == 4.0
        told = again.play(17.0)
        assert outline(told)[: 5 - done] == [
            *(("rep", resumed["count"] + number + 1) for number in range(4 - done)),
            ("set", "reached"),
        ]
        summary = again.stop()
        assert sum(one["count"] for one in summary["sets"]) == summary["count"] == resumed["count"] + SQUATS
        assert {one["exercise"] for one in summary["sets"]} == {"squat"}
        again.close()


def test_kill_9_after_a_change_of_exercise_goes_on_with_the_one_changed_to(tmp_path, series):
    with serving(tmp_path, series, "--workers", "1") as server:
        browser = Athlete(server.url)
        ready = browser.begin()
        browser.play(10.0)
        browser.say("start", {"v": 1, "exercise": "plank", "resume": ready["resume"]})
        browser.expect("ready")
        browser.count()
        browser.step(PLANK_S)
        browser.play(PLANK_S + 12.0)
        server.end(signal.SIGKILL)
    with serving(tmp_path, series, "--workers", "1") as server:
        again = Athlete(server.url, t_ms=browser.t_ms)
        resumed = again.start("", resume=ready["resume"])
        assert resumed["exercise"]["name"] == "plank"
        assert [one["exercise"] for one in resumed["sets"]] == ["squat", "plank"]
        assert resumed["held_s"] > 8
        again.close()
