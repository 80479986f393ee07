"""An abandoned workout of a killed server is ended by the first server that notices."""

import time

import pytest

from webapp.errors import NoWorkout, StoreError
from webapp.exercises import load_library
from webapp.gateway.abandoned import AT_ONCE, SILENT_S, AbandonedWorkouts
from webapp.gateway.under_way import UnderWay
from webapp.records import Rep, Set
from webapp.store import Store, open_store

LIBRARY = load_library()
LONG_S = SILENT_S + 1


@pytest.fixture
def store() -> Store:
    return open_store("memory:")


def left(store: Store, *events: Rep | Set, exercise: str = "squat") -> str:
    """Return the secret of a workout of a server that was killed a while ago."""
    killed = UnderWay(LIBRARY, store)
    live = killed.begin(exercise, "me")
    for event in events:
        killed.keep(live, event)
    store.tend([live.id], time.time() - LONG_S)
    return live.secret


def rep(number: int, start_s: float) -> Rep:
    return Rep(number, start_s, start_s + 2.0, 1.0)


def test_an_abandoned_workout_is_ended_with_all_that_was_counted_and_not_taken_up_any_more(store: Store) -> None:
    secret = left(store, rep(1, 10.0), rep(2, 20.0), Set(1, "squat", 10.0, 22.0, 2, 0.0, "started"))
    AbandonedWorkouts(LIBRARY, store).end(SILENT_S)
    (kept,) = store.recent("me", done=True)
    assert kept.summary is not None
    assert [one.number for one in kept.summary.reps] == [1, 2]
    assert [(one.count, one.state) for one in kept.summary.sets] == [(2, "ended")]
    assert [record.value for record in store.records("me") if record.measure == "count"] == [2.0]
    with pytest.raises(NoWorkout, match="has ended"):
        UnderWay(LIBRARY, store).resume(secret, "me")


def test_an_abandoned_workout_in_which_nothing_was_done_is_ended_and_not_listed(store: Store) -> None:
    left(store)
    AbandonedWorkouts(LIBRARY, store).end(SILENT_S)
    assert [kept.finished for kept in store.recent("me")] == [True]
    assert store.recent("me", done=True) == []


def test_browsers_are_given_the_grace_time_to_come_back_after_a_start(store: Store) -> None:
    left(store, rep(1, 10.0))
    AbandonedWorkouts(LIBRARY, store).tend([], grace_s=-1.0)
    assert not store.recent("me")[0].finished
    AbandonedWorkouts(LIBRARY, store).tend([], grace_s=-SILENT_S)
    assert store.recent("me")[0].finished


def test_a_workout_that_a_server_tends_is_not_abandoned(store: Store) -> None:
    left(store, rep(1, 10.0))
    ours = [kept.id for kept in store.recent("me")]
    AbandonedWorkouts(LIBRARY, store).tend(ours, grace_s=3600.0)
    AbandonedWorkouts(LIBRARY, store).end(SILENT_S)
    assert not store.recent("me")[0].finished


def test_a_workout_that_was_taken_up_just_now_is_not_abandoned(store: Store) -> None:
    UnderWay(LIBRARY, store).resume(left(store, rep(1, 10.0)), "me")
    AbandonedWorkouts(LIBRARY, store).end(SILENT_S)
    assert not store.recent("me")[0].finished


def test_an_abandoned_workout_of_an_exercise_that_is_no_more_keeps_no_other_from_its_end(store: Store) -> None:
    left(store, rep(1, 10.0))
    left(store, rep(1, 10.0), exercise="lunge")
    AbandonedWorkouts({"lunge": LIBRARY["lunge"]}, store).end(SILENT_S)
    assert {kept.exercise: kept.finished for kept in store.recent("me")} == {"squat": False, "lunge": True}


def test_of_many_abandoned_workouts_some_are_ended_in_each_round(store: Store) -> None:
    for _ in range(AT_ONCE + 1):
        left(store)
    abandoned = AbandonedWorkouts(LIBRARY, store)
    abandoned.end(SILENT_S)
    assert sum(kept.finished for kept in store.recent("me")) == AT_ONCE
    abandoned.end(SILENT_S)
    assert all(kept.finished for kept in store.recent("me"))


class Cut:
    """A store that is unreachable while cut off."""

    def __init__(self, store: Store) -> None:
        self.store, self.cut = store, True

    def tend(self, workouts: list[str], at_s: float) -> None:
        if self.cut:
            raise StoreError("The line is cut.")
        self.store.tend(workouts, at_s)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def test_after_an_outage_other_servers_are_given_time_to_be_heard_of_again(store: Store) -> None:
    left(store)
    line = Cut(store)
    abandoned = AbandonedWorkouts(LIBRARY, line)
    abandoned.tend(["ours"], grace_s=3600.0)
    line.cut = False
    abandoned.tend(["ours"], grace_s=-SILENT_S + 0.5)
    assert not store.recent("me")[0].finished
