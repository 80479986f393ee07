"""A workout's landmarks reach the store in parts, whatever the store's state meanwhile."""

import logging
from pathlib import Path

import numpy as np
import pytest

from webapp.errors import StoreError
from webapp.exercises import load_library
from webapp.gateway.recorder import MOST_UNKEPT, Recorder
from webapp.gateway.under_way import UnderWay
from webapp.parts import PART_S
from webapp.records import Estimate
from webapp.series import Series, read_series
from webapp.store import open_store

RECORDING = Path(__file__).parent.parent / "data" / "series" / "squat_front_1.npz"
LIBRARY = load_library()
T0_S = 1_790_000_000.0


class Flaky:
    """A store that cannot store a series for a while."""

    def __init__(self):
        self.store = open_store("memory:")
        self.broken = False

    def __getattr__(self, name):
        return getattr(self.store, name)

    def append_series(self, workout, part, data):
        if self.broken:
            raise StoreError("The disk is full.")
        self.store.append_series(workout, part, data)


@pytest.fixture
def store():
    store = Flaky()
    store.begin("w1", "squat", T0_S, "hash", "me")
    return store


@pytest.fixture
def estimates():
    return [Estimate(e.seq, T0_S + e.t_s, e.pose) for e in Series.load(RECORDING).estimates()]


def times(store, workout="w1"):
    return read_series(store.series(workout)).t_s


def test_parts_are_stored_as_they_are_completed(store, estimates):
    recorder = Recorder(store, "w1")
    kept = []
    for estimate in estimates:
        recorder.take(estimate)
        kept.append(recorder.keep())
    lasted_s = estimates[-1].t_s - T0_S
    assert kept.count(True) == lasted_s // PART_S
    assert estimates[-1].t_s - times(store)[-1] <= PART_S + 0.1
    recorder.end()
    np.testing.assert_allclose(times(store), [e.t_s for e in estimates], atol=0.0011)


def test_a_pause_ends_a_part(store, estimates):
    recorder = Recorder(store, "w1")
    for estimate in estimates[:20]:
        recorder.take(estimate)
    assert not recorder.keep()
    recorder.rest()
    assert recorder.keep()
    assert len(times(store)) == 20


def test_refused_parts_are_stored_later_in_order_and_reported_once(store, estimates, caplog):
    recorder = Recorder(store, "w1")
    store.broken = True
    with caplog.at_level(logging.WARNING):
        for estimate in estimates[:200]:
            recorder.take(estimate)
            recorder.keep()
        recorder.end()
    assert len(caplog.records) == 1
    assert store.series("w1") == []
    store.broken = False
    recorder.keep()
    assert len(times(store)) == 200


def test_a_store_that_never_comes_back_fills_no_memory(store):
    recorder = Recorder(store, "w1")
    store.broken = True
    for number in range(MOST_UNKEPT + 5):
        recorder.take(Estimate(number, T0_S + number * PART_S, None))
        recorder.keep()
    recorder.end()
    store.broken = False
    recorder.end()
    assert len(store.series("w1")) == MOST_UNKEPT
    assert times(store)[-1] == T0_S + (MOST_UNKEPT + 4) * PART_S


def test_a_workout_that_was_deleted_is_recorded_no_more(store, estimates):
    recorder = Recorder(store, "w1")
    store.forget("me")
    for estimate in estimates:
        recorder.take(estimate)
        recorder.keep()
    recorder.end()
    assert store.series("w1") == []


def test_after_a_restart_parts_follow_those_that_are_kept(store, estimates):
    before = Recorder(store, "w1")
    for estimate in estimates[:150]:
        before.take(estimate)
    before.keep()
    after = Recorder(store, "w1", again=True)
    for estimate in estimates[150:]:
        after.take(estimate)
    after.end()
    assert times(store)[0] == estimates[0].t_s
    assert times(store)[-1] == pytest.approx(estimates[-1].t_s, abs=0.0011)


def recorded(under_way, estimates):
    live = under_way.begin("squat")
    for estimate in estimates if live.recorder is not None else ():
        live.recorder.take(estimate)
    return live


def test_a_workout_that_ends_has_all_that_was_seen(store, estimates):
    under_way = UnderWay(LIBRARY, store)
    live = recorded(under_way, estimates[:100])
    under_way.finish(live)
    assert len(times(store, live.id)) == 100


def test_a_series_that_cannot_be_kept_keeps_no_workout_from_its_end(store, estimates):
    under_way = UnderWay(LIBRARY, store)
    live = recorded(under_way, estimates)
    store.broken = True
    under_way.finish(live)
    assert store.workout(live.id).finished


def test_a_terminated_server_stores_the_series_and_the_workout_continues_after_it(store, estimates):
    before, after = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = recorded(before, estimates[:100])
    before.end_series()
    again = after.resume(live.secret)
    for estimate in estimates[100:]:
        again.recorder.take(estimate)
    after.finish(again)
    assert len(times(store, live.id)) == len(estimates)


def test_a_lost_browser_leaves_nothing_in_memory(store, estimates):
    under_way = UnderWay(LIBRARY, store)
    live = recorded(under_way, estimates[:30])
    assert list(under_way.keep_series()) == []
    under_way.leave(live)
    assert len(times(store, live.id)) == 30


def test_nothing_is_kept_where_nothing_shall_be(store, estimates):
    under_way = UnderWay(LIBRARY, store, keeps_series=False)
    live = recorded(under_way, estimates)
    assert list(under_way.keep_series()) == []
    under_way.finish(live)
    assert store.series(live.id) == []
