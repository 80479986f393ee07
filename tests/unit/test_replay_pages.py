"""The data of chart and replay: the exercise's own measure, and the series as it is stored."""

import struct
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from recorded import STARTED_S, estimates, keep
from visitors import ME, PEOPLE, pages_over, visitor

from webapp.motion.measures import Body
from webapp.pages.charts import MOST_KEPT, Charts
from webapp.pages.replay import PARTS
from webapp.pages.signal import MOST_SAMPLES, sampled
from webapp.parts import parts_of
from webapp.records import Estimate, Rep, Set, Summary
from webapp.series import read_series
from webapp.store import Share, StoredWorkout
from webapp.store.memory import MemoryStore

NAMES = ("replay.json", "replay.bin", "signal.json")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def flask(store: MemoryStore, tmp_path: Path) -> Flask:
    return pages_over(store, tmp_path)


@pytest.fixture
def me(flask: Flask) -> FlaskClient:
    return visitor(flask, ME)


def parts(body: bytes) -> list[bytes]:
    found = []
    while body:
        (length,) = struct.unpack_from("<I", body)
        found.append(body[4 : 4 + length])
        body = body[4 + length :]
    return found


def test_the_signal_is_the_exercises_own_measure_in_degrees(store: MemoryStore, me: FlaskClient) -> None:
    summary = keep(store, "w1", "squat", "squat_front_1", ME)
    (drawn,) = me.get("/workouts/w1/signal.json").json["exercises"]
    assert (drawn["title"], drawn["unit"], drawn["target"]) == ("Knee angle", "°", 100)
    seen = {round(e.t_s - summary.start_s, 3): e.pose for e in estimates("squat_front_1")}
    (line,) = drawn["lines"]
    assert len(drawn["t_s"]) == len(line["values"]) > 200
    for t_s, value in zip(drawn["t_s"], line["values"], strict=True):
        at = min(seen, key=lambda one: abs(one - t_s))
        if value is not None and seen[at] is not None:
            assert value == pytest.approx(Body(seen[at]).measure("knee"), abs=2.0)
    assert me.get("/workouts/w1/replay.json").json["start_s"] == pytest.approx(STARTED_S, abs=1)


def test_the_holds_of_a_flow_are_marked_with_their_poses(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "w1", "yoga_flow", "yoga_flow_1", ME)
    (done,) = me.get("/workouts/w1/replay.json").json["exercises"]
    assert [mark["words"].partition(" held")[0] for mark in done["marks"]] == [
        "Warrior II",
        "Reverse warrior",
        "Extended side angle",
        "Triangle",
    ]


def test_every_repetition_is_marked_where_it_is_deepest(store: MemoryStore, me: FlaskClient) -> None:
    summary = keep(store, "w1", "squat", "squat_front_1", ME)
    (drawn,) = me.get("/workouts/w1/signal.json").json["exercises"]
    (done,) = me.get("/workouts/w1/replay.json").json["exercises"]
    assert [mark["label"] for mark in done["marks"]] == [str(rep.number) for rep in summary.reps]
    times, (line,) = drawn["t_s"], drawn["lines"]
    for mark in done["marks"]:
        within = [i for i, t_s in enumerate(times) if mark["start_s"] <= t_s <= mark["end_s"]]
        deepest = min(line["values"][i] for i in within)
        at = min(within, key=lambda i: abs(times[i] - mark["far_s"]))
        assert line["values"][at] - deepest < 12


def test_arms_that_move_by_themselves_are_a_line_each(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "w1", "bicep_curl", "bicep_curl_front_1", ME)
    (drawn,) = me.get("/workouts/w1/signal.json").json["exercises"]
    assert [line["side"] for line in drawn["lines"]] == ["left", "right"]
    assert drawn["title"] == "Elbow angle"


def test_a_hold_shows_the_measure_it_is_recognised_by_and_its_limits(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "w1", "plank", "plank_side_1", ME)
    (drawn,) = me.get("/workouts/w1/signal.json").json["exercises"]
    assert (drawn["title"], drawn["low"], drawn["high"], drawn["target"]) == ("Body angle", 140, None, None)
    (mark,) = me.get("/workouts/w1/replay.json").json["exercises"][0]["marks"]
    assert mark["look"] == "hold"


def test_the_replay_is_the_series_as_it_is_kept(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "w1", "squat", "squat_front_1", ME)
    answer = me.get("/workouts/w1/replay.bin")
    assert parts(answer.data) == store.series("w1")
    content = me.get("/workouts/w1/replay.json").json
    starts_s = content["parts_s"]
    assert content["ends_s"] == pytest.approx(estimates("squat_front_1")[-1].t_s - content["start_s"], abs=0.01)
    assert len(starts_s) == len(store.series("w1"))
    assert all(4.9 < later - earlier < 5.3 for earlier, later in pairwise(starts_s))


def test_a_long_replay_comes_a_minute_at_a_time(store: MemoryStore, me: FlaskClient) -> None:
    store.begin("w1", "squat", STARTED_S, "hash", ME)
    for number in range(30):
        store.append_series("w1", number, b"part %d" % number)
    assert parts(me.get("/workouts/w1/replay.bin").data) == [b"part %d" % i for i in range(PARTS)]
    assert parts(me.get("/workouts/w1/replay.bin?from=24").data) == [b"part %d" % i for i in range(24, 30)]
    assert me.get("/workouts/w1/replay.bin?from=99").data == b""
    for odd in ("-1", "x", "1e9", "99999999999", "\u00b2"):
        assert me.get("/workouts/w1/replay.bin", query_string={"from": odd}).status_code == 400


class WatchedStore(MemoryStore):
    """A store that records how many parts are read at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[int] = []

    def series(self, workout: str, first: int = 0, count: int | None = None) -> list[bytes]:
        some = super().series(workout, first, count)
        self.read.append(len(some))
        return some


def test_however_long_the_workout_few_of_its_parts_are_read_at_a_time(tmp_path: Path) -> None:
    store = WatchedStore()
    keep(store, "w1", "squat", "squat_front_1", ME)
    last = estimates("squat_front_1")[-1]
    for lap in range(1, 40):
        (part,) = parts_of([Estimate(0, last.t_s + 5.0 * lap, last.pose)])
        store.append_series("w1", 100 + lap, part)
    me = visitor(pages_over(store, tmp_path), ME)
    for name in (*NAMES, "card.png"):
        store.read.clear()
        assert me.get(f"/workouts/w1/{name}").status_code == 200
        assert 0 < max(store.read) <= PARTS


def test_the_curves_of_an_ended_workout_are_made_once_and_again_if_its_end_changes(tmp_path: Path) -> None:
    store = WatchedStore()
    summary = keep(store, "w1", "squat", "squat_front_1", ME)
    me = visitor(pages_over(store, tmp_path), ME)
    first = me.get("/workouts/w1/signal.json").data
    store.read.clear()
    assert me.get("/workouts/w1/signal.json").data == first
    assert store.read == []
    store.finish("w1", replace(summary, sets=(), reps=summary.reps[:2]))
    assert me.get("/workouts/w1/signal.json").data != first
    assert visitor(pages_over(store, tmp_path)).get("/workouts/w1/signal.json").status_code == 404


def test_of_few_workouts_alone_the_curves_are_kept() -> None:
    charts, made = Charts(), []
    summary = Summary("squat", "reps", 0.0, 1.0, 1.0)
    kept = [StoredWorkout(f"w{number}", "squat", 0.0, summary) for number in range(MOST_KEPT + 1)]
    for one in (*kept, kept[-1], kept[0]):
        charts.of(one, lambda one=one: made.append(one.id) or b"")
    assert made == [*(one.id for one in kept), "w0"]
    under_way = replace(kept[0], summary=None)
    assert [charts.of(under_way, lambda: b"1"), charts.of(under_way, lambda: b"2")] == [b"1", b"2"]


def test_the_curves_of_one_workout_are_made_after_those_of_the_other() -> None:
    charts, order = Charts(), []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        go_on.wait(10)
        order.append("first")
        return b""

    def quick() -> bytes:
        order.append("second")
        return b""

    asking = [
        threading.Thread(target=charts.of, args=(StoredWorkout(name, "squat", 0.0), make))
        for name, make in (("w1", slow), ("w2", quick))
    ]
    asking[0].start()
    assert begun.wait(10)
    asking[1].start()
    go_on.set()
    for one in asking:
        one.join()
    assert order == ["first", "second"]


def test_without_a_series_the_marks_are_there_and_no_curve(store: MemoryStore, me: FlaskClient) -> None:
    keep(store, "w1", "squat", "squat_front_1", ME, series=False)
    content = me.get("/workouts/w1/replay.json").json
    assert content["parts_s"] == []
    assert content["exercises"][0]["marks"]
    assert me.get("/workouts/w1/signal.json").json["exercises"] == []
    assert me.get("/workouts/w1/replay.bin").data == b""


def test_an_exercise_that_is_gone_has_no_curve(store: MemoryStore, me: FlaskClient) -> None:
    store.begin("w1", "juggling", STARTED_S, "hash", ME)
    store.append("w1", Rep(1, 1.0, 2.0, 1.0))
    for number, part in enumerate(parts_of(estimates("squat_front_1"))):
        store.append_series("w1", number, part)
    assert me.get("/workouts/w1/signal.json").json["exercises"] == []
    assert len(me.get("/workouts/w1/replay.json").json["exercises"][0]["marks"]) == 1


@pytest.mark.parametrize("damaged", [b"PC no part of ours", b"PC"], ids=["another format", "too short"])
@pytest.mark.parametrize("name", ["signal.json", "replay.json", "card.png"])
def test_an_unreadable_series_gives_503(store: MemoryStore, me: FlaskClient, name: str, damaged: bytes) -> None:
    keep(store, "w1", "squat", "squat_front_1", ME, series=False)
    store.append_series("w1", 0, damaged)
    assert me.get(f"/workouts/w1/{name}").status_code == 503


def test_the_link_shows_chart_and_replay_until_it_is_revoked(store: MemoryStore, me: FlaskClient, flask: Flask) -> None:
    keep(store, "w1", "squat", "squat_front_1", ME)
    store.share(Share("s1", "w1"))
    link = f"/share/{PEOPLE.link('s1')}"
    stranger = visitor(flask)
    for name in NAMES:
        answer = stranger.get(f"{link}/{name}")
        assert answer.data == me.get(f"/workouts/w1/{name}").data
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"w1" not in answer.data
    never = stranger.get("/share/" + "x" * 50)
    store.share(Share("s1", "w1", 1.0))
    expired = [stranger.get(f"{link}/{name}") for name in NAMES]
    store.unshare("w1")
    revoked = [stranger.get(f"{link}/{name}") for name in NAMES]
    for answer in (*expired, *revoked):
        assert (answer.status_code, answer.text) == (404, never.text)


def test_a_long_workout_is_drawn_from_few_samples_and_its_repetitions_from_most() -> None:
    squats = estimates("squat_front_1", 0.0)
    lasts_s = squats[-1].t_s + 1 / 15
    told = [type(e)(e.seq, e.t_s + lap * lasts_s, e.pose) for lap in range(100) for e in squats]
    series = read_series(parts_of(told))
    reps = [Rep(n, 100.0 * n, 100.0 * n + 3, 1.0) for n in range(1, 17)]
    sets = [Set(1, "squat", reps[0].start_s, reps[-1].end_s, 16, 0.0, "ended")]
    chosen = sampled(series.t_s, sets, reps)
    within = [i for i in chosen if any(rep.start_s <= series.t_s[i] <= rep.end_s for rep in reps)]
    assert len(chosen) <= 2 * MOST_SAMPLES + 2
    assert len(within) >= 16 * 3 * 14
    assert all(a < b for a, b in pairwise(chosen))
