import queue
import threading

import pytest

from webapp.errors import NoWorkout, StoreError
from webapp.gateway import keeping
from webapp.gateway.keeping import Keeper

PATIENCE_S = 30.0


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_S", 0.01)


class Place:
    """A store that can be unavailable."""

    def __init__(self):
        self.away = False
        self.kept = []
        self.told = queue.Queue()
        self.keeper = Keeper(
            lambda owner, _problem, first: first and self.told.put((owner, "failed")),
            lambda owner, late: self.told.put((owner, "kept late" if late else "kept")),
        )

    def put(self, owner, key, value, **how):
        return self.keeper.put(owner, key, lambda: self.write(value), **how)

    def write(self, value):
        if self.away:
            raise StoreError("away")
        self.kept.append(value)

    def hears(self):
        return self.told.get(timeout=PATIENCE_S)


@pytest.fixture
def place():
    return Place()


def test_a_write_is_stored_before_its_caller_continues(place):
    assert place.put("me", "rep 1", 1)
    assert place.kept == [1]
    assert place.hears() == ("me", "kept")


def test_failed_writes_are_retried_in_order_and_stored_once(place):
    place.away = True
    assert not any(place.put("me", f"rep {number}", number) for number in range(5))
    assert place.hears() == ("me", "failed")
    place.away = False
    assert place.hears() == ("me", "kept late")
    assert place.kept == [0, 1, 2, 3, 4]
    assert place.told.empty()


def test_a_later_record_of_the_same_replaces_the_one_that_waits(place):
    place.away = True
    for held_s in (2, 4, 6):
        place.put("me", "hold 1", held_s)
    place.away = False
    assert [place.hears(), place.hears()] == [("me", "failed"), ("me", "kept late")]
    assert place.kept == [6]


def test_a_record_that_comes_while_its_forerunner_is_written_is_kept_after_it(place):
    begun, goes_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert goes_on.wait(PATIENCE_S)
        place.kept.append("earlier")

    first = threading.Thread(target=place.keeper.put, args=("me", "hold 1", slow))
    first.start()
    assert begun.wait(PATIENCE_S)
    second = threading.Thread(target=place.put, args=("me", "hold 1", "later"))
    second.start()
    second.join(PATIENCE_S)  # its patience ends before the slow one does
    goes_on.set()
    first.join(PATIENCE_S)
    assert [place.hears(), place.hears()] == [("me", "failed"), ("me", "kept late")]
    assert place.kept == ["earlier", "later"]


def test_a_waiting_write_blocks_no_other(place):
    def never():
        raise StoreError("a row too large")

    place.keeper.put("one", "rep 1", never)
    assert place.hears() == ("one", "failed")
    assert place.put("other", "rep 1", 1)
    assert place.hears() == ("other", "kept")
    place.keeper.forget("one")


def test_only_the_first_caller_waits_for_a_hanging_store(place, monkeypatch):
    goes_on = threading.Event()

    def hang():
        assert goes_on.wait(PATIENCE_S)

    monkeypatch.setattr(keeping, "PATIENCE_S", 0.01)
    assert not place.keeper.put(0, "rep 1", hang)
    monkeypatch.setattr(keeping, "PATIENCE_S", 10 * PATIENCE_S)
    others = threading.Thread(target=lambda: [place.put(owner, "rep 1", owner) for owner in range(1, 8)], daemon=True)
    others.start()
    others.join(PATIENCE_S)
    assert not others.is_alive()
    goes_on.set()
    assert sorted(place.hears() for _ in range(16)) == sorted(
        (owner, what) for owner in range(8) for what in ("failed", "kept late")
    )
    assert place.kept == list(range(1, 8))
    assert place.put("me", "rep 1", "kept before the giver goes on")


def test_only_the_first_caller_waits_for_a_slow_store(place, monkeypatch):
    monkeypatch.setattr(keeping, "PROMPT_S", -1.0)  # any write is slow
    goes_on = threading.Event()
    assert place.put("me", "rep 1", 1)
    assert place.keeper.put("me", "rep 2", lambda: goes_on.wait(PATIENCE_S))  # it returns, though nothing is written
    goes_on.set()
    assert [place.hears(), place.hears()] == [("me", "kept"), ("me", "kept")]


@pytest.fixture
def slow(place, monkeypatch):
    """A place whose store was slow, and can hang."""
    monkeypatch.setattr(keeping, "PROMPT_S", -1.0)  # any write is slow
    monkeypatch.setattr(keeping, "PATIENCE_S", PATIENCE_S)
    assert place.put("me", "rep 1", 1)
    assert place.hears() == ("me", "kept")
    return place


def test_a_slow_store_that_hangs_is_reported_though_nobody_waits_for_it(slow, monkeypatch):
    monkeypatch.setattr(keeping, "PATIENCE_S", 0.01)
    goes_on = threading.Event()
    assert slow.keeper.put("me", "rep 2", lambda: goes_on.wait(PATIENCE_S))
    assert slow.hears() == ("me", "failed")
    goes_on.set()
    assert slow.hears() == ("me", "kept late")


def test_the_caller_of_a_last_write_waits_for_a_slow_store(slow):
    assert slow.put("me", "rep 2", 2)
    assert slow.put("me", "summary", 3, last=True)
    assert slow.kept == [1, 2, 3]


def test_a_last_write_to_a_slow_store_that_is_gone_is_reported_before_its_caller_goes_on(slow):
    slow.away = True
    assert slow.put("me", "rep 2", 2)
    assert not slow.put("me", "summary", 3, last=True)
    assert slow.told.get_nowait() == ("me", "failed")
    slow.away = False
    assert slow.hears() == ("me", "kept late")
    assert slow.kept == [1, 2, 3]


def test_a_write_for_a_deleted_workout_or_with_a_bug_is_dropped_and_the_next_is_stored(place, caplog):
    def gone():
        raise NoWorkout("There is no workout")

    place.keeper.put("me", "rep 1", gone)
    place.keeper.put("me", "rep 2", lambda: 1 / 0)
    assert place.put("me", "rep 3", 3)
    assert place.kept == [3]
    assert "rep 2 could not be stored" in caplog.text


def test_a_forgotten_write_is_not_retried(place):
    place.away = True
    place.put("me", "rep 1", 1)
    assert place.hears() == ("me", "failed")
    place.keeper.forget("me")
    place.away = False
    assert place.keeper.end(PATIENCE_S) == ()
    assert place.kept == []


def test_at_the_end_everything_is_tried_once_more_and_the_rest_is_reported(place):
    place.away = True
    place.put("me", "rep 1", 1)
    place.put("other", "rep 1", 2)
    assert set(place.keeper.end(PATIENCE_S)) == {"me", "other"}
    place.away = False
    assert place.keeper.end(PATIENCE_S) == ()
    assert sorted(place.kept) == [1, 2]
