"""Every store knows the holder of a workout, and lets nobody else write to it."""

import subprocess
import sys
import threading
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from tests.postgresql import throw_away_server
from webapp.errors import NoWorkout, StoreError, TakenOver
from webapp.records import Hold, Rep, Summary
from webapp.store import Store, open_store

SUMMARY = Summary("squat", "reps", 10.0, 4.0, 3.5)


def rep(number: int, start_s: float) -> Rep:
    return Rep(number, start_s, start_s + 2.0, 1.0)


@pytest.fixture
def workout(store: Store) -> str:
    name = uuid4().hex
    store.begin(name, "squat", 1000.0, sha256(name.encode()).hexdigest(), holder="first")
    return name


def test_a_claim_returns_the_previous_holder(store: Store, workout: str) -> None:
    assert store.claim(workout, "second", 1001.0) == "first"
    assert store.claim(workout, "third", 1002.0) == "second"
    assert store.holders([workout, "unknown"]) == {workout: "third"}


def test_a_workout_without_a_holder_can_be_claimed(store: Store) -> None:
    store.begin("old", "squat", 1000.0, "hash")
    assert store.claim("old", "me", 1001.0) is None


def test_a_former_holders_write_is_refused_and_changes_nothing(store: Store, workout: str) -> None:
    store.append(workout, rep(1, 10.0), "first")
    store.claim(workout, "second", 1001.0)
    with pytest.raises(TakenOver):
        store.append(workout, rep(2, 20.0), "first")
    with pytest.raises(TakenOver):
        store.finish(workout, SUMMARY, "first")
    store.append(workout, rep(2, 30.0), "second")
    assert store.events(workout) == [rep(1, 10.0), rep(2, 30.0)]
    assert not store.workout(workout).finished
    store.finish(workout, SUMMARY, "second")


def test_a_workout_that_has_ended_or_never_was_cannot_be_claimed(store: Store, workout: str) -> None:
    store.finish(workout, SUMMARY)
    for name in (workout, "unknown"):
        with pytest.raises(NoWorkout):
            store.claim(name, "second", 1001.0)


def test_repetitions_with_equal_numbers_from_two_holders_are_numbered_by_time(store: Store, workout: str) -> None:
    for event in (
        rep(1, 10.0),
        rep(2, 30.0),
        Rep(0, 33.0, 34.0, 0.5),
        rep(2, 20.0),
        Hold(1, "plank", 50, 60, 10, "ended"),
    ):
        store.append(workout, event)
    store.append(workout, rep(2, 20.0))
    assert [(event.number, event.start_s) for event in store.events(workout)] == [
        (1, 10.0),
        (2, 20.0),
        (3, 30.0),
        (0, 33.0),
        (1, 50.0),
    ]


def test_concurrent_claims_and_writes_never_mix_two_holders(store_url: str) -> None:
    """After a claim returns, everything that the former holder will ever have written can be read."""
    if not store_url.startswith(("sqlite:///", "postgresql")):
        pytest.skip("one process alone can have it")
    former, next_one = open_store(store_url), open_store(store_url)
    for turn in range(20):
        name = uuid4().hex
        former.begin(name, "squat", 1000.0, sha256(name.encode()).hexdigest(), holder="first")
        written = []
        writer = threading.Thread(target=write_until_refused, args=(former, name, written))
        writer.start()
        until_written(written, turn % 5)
        claim(next_one, name)
        seen = next_one.events(name)
        writer.join()
        assert next_one.events(name) == seen
        assert len(seen) == len(written)
    former.close()
    next_one.close()


def write_until_refused(store: Store, workout: str, written: list[int]) -> None:
    number = 0
    while True:
        number += 1
        try:
            store.append(workout, rep(number, float(number)), "first")
            written.append(number)
        except TakenOver:
            return
        except StoreError:  # SQLite was busy
            number -= 1


def until_written(written: list[int], count: int) -> None:
    while len(written) < count:
        pass


def claim(store: Store, workout: str) -> None:
    while True:
        try:
            store.claim(workout, "second", 1001.0)
            return
        except StoreError:  # SQLite was busy
            pass


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_several_open_an_empty_database_at_once(database: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(throw_away_server()) if database == "postgresql" else None
        url = server.url if server else f"sqlite:///{tmp_path}/workouts.db"
        code = "import sys; from webapp.store import open_store; sys.stdin.readline(); open_store(sys.argv[1]).close()"
        command = [sys.executable, "-c", code, url]
        opening = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
        ]
        for process in opening:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate()[1] for process in opening]
    assert ([process.returncode for process in opening], said) == ([0] * 4, [""] * 4)
