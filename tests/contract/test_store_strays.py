"""Every store knows the workouts of dead servers, and gives each to a single server."""

import threading
from hashlib import sha256

import pytest

from webapp.errors import StoreError, TakenOver
from webapp.records import Rep, Summary
from webapp.store import Store, StoredWorkout, open_store

SUMMARY = Summary("squat", "reps", 10.0, 4.0, 3.5)
REP = Rep(1, 10.0, 12.0, 1.0)
SILENT_S = 60.0
NEVER_S = 1e12
"""Longer than any live server is silent."""


@pytest.fixture
def store(store: Store) -> Store:
    """A store without a workout in progress, whatever other tests left in it."""
    while (stray := store.claim_stray("cleaner", -NEVER_S, 0.0)) is not None:
        store.finish(stray.id, SUMMARY)
    return store


def begin(store: Store, name: str, at_s: float) -> None:
    store.begin(name, "squat", at_s, sha256(name.encode()).hexdigest(), holder="gone")


def strays(store: Store, at_s: float, holder: str = "here") -> list[StoredWorkout]:
    return list(iter(lambda: store.claim_stray(holder, SILENT_S, at_s), None))


def test_a_workout_of_a_silent_server_is_given_away_once_the_oldest_first(store: Store) -> None:
    for name, at_s in (("later stray", 1010.0), ("stray", 1000.0), ("fresh stray", 1100.0)):
        begin(store, name, at_s)
    assert strays(store, 1059.0) == []
    assert [stray.id for stray in strays(store, 1101.0)] == ["stray", "later stray"]
    assert store.holders(["stray", "fresh stray"]) == {"stray": "here", "fresh stray": "gone"}


def test_a_dead_holder_cannot_write_after_its_workout_was_claimed(store: Store) -> None:
    begin(store, "given", 1000.0)
    assert len(strays(store, 2000.0)) == 1
    with pytest.raises(TakenOver):
        store.append("given", REP, "gone")
    store.finish("given", SUMMARY, "here")
    assert strays(store, 3000.0) == []


def test_a_workout_that_could_not_be_ended_is_given_again_after_as_long(store: Store) -> None:
    begin(store, "again", 1000.0)
    assert len(strays(store, 2000.0)) == 1
    assert strays(store, 2059.0) == []
    assert len(strays(store, 2061.0)) == 1


def test_a_tended_or_recently_resumed_workout_is_not_a_stray(store: Store) -> None:
    for name in ("tended", "taken up", "left"):
        begin(store, name, 1000.0)
    store.tend(["tended", "unknown"], 1950.0)
    store.claim("taken up", "back", 1950.0)
    assert [stray.id for stray in strays(store, 2000.0)] == ["left"]
    assert store.holders(["tended", "taken up"]) == {"tended": "gone", "taken up": "back"}


def test_to_tend_nothing_changes_nothing(store: Store) -> None:
    begin(store, "alone", 1000.0)
    store.tend([], 1950.0)
    assert [stray.id for stray in strays(store, 2000.0)] == ["alone"]


def test_two_servers_that_notice_at_once_never_claim_the_same_stray(store: Store, store_url: str) -> None:
    if not store_url.startswith(("sqlite:///", "postgresql")):
        pytest.skip("one process alone can have it")
    names = {f"both {number}" for number in range(20)}
    for name in names:
        begin(store, name, 1000.0)
    found: dict[str, list[str]] = {"one": [], "other": []}
    threads = [threading.Thread(target=claim_all, args=(store_url, holder, found[holder])) for holder in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found["one"] + found["other"]) == sorted(names)
    assert store.holders(names) == {name: holder for holder, claimed in found.items() for name in claimed}


def claim_all(url: str, holder: str, claimed: list[str]) -> None:
    own = open_store(url)
    while True:
        try:
            stray = own.claim_stray(holder, SILENT_S, 2000.0)
        except StoreError:  # SQLite was busy
            continue
        if stray is None:
            break
        claimed.append(stray.id)
    own.close()
