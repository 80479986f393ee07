"""Workouts that are abandoned, another person's, or deleted while in progress."""

import pytest

from webapp.errors import NoWorkout
from webapp.exercises import load_library
from webapp.gateway.under_way import UnderWay
from webapp.store import Store, open_store

LIBRARY = load_library()


@pytest.fixture
def store() -> Store:
    return open_store("memory:")


class Window:
    def taken_over(self):
        raise AssertionError("nobody else is there")


def test_a_workout_that_waits_longer_than_the_grace_time_is_ended_and_kept(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    under_way.leave(live)
    under_way.finish_abandoned(grace_s=3600)
    assert not store.workout(live.id).finished
    under_way.finish_abandoned(grace_s=-1)
    assert store.workout(live.id).finished
    assert len(under_way) == 0


def test_a_rebuilt_workout_waits_its_grace_time_too(store):
    live = UnderWay(LIBRARY, store).begin("squat")
    after_restart = UnderWay(LIBRARY, store)
    after_restart.resume(live.secret)
    after_restart.finish_abandoned(grace_s=60)
    assert not store.workout(live.id).finished


def test_a_workout_that_somebody_has_is_never_abandoned(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    live.holder = Window()
    under_way.finish_abandoned(grace_s=-1)
    assert not store.workout(live.id).finished


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def taken_over(self) -> None:
        self.heard.append("taken over")

    def forgotten(self) -> None:
        self.heard.append("forgotten")


def test_another_person_does_not_take_a_workout_up_even_with_its_secret(store: Store) -> None:
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat", "me")
    for still in (under_way, UnderWay(LIBRARY, store)):
        for person in ("other", None):
            with pytest.raises(NoWorkout):
                still.resume(live.secret, person)
        assert still.resume(live.secret, "me").id == live.id


def test_deleting_everything_ends_the_persons_workouts_and_blocks_new_ones_until_a_reload(store: Store) -> None:
    under_way = UnderWay(LIBRARY, store)
    mine, other = under_way.begin("squat", "me"), under_way.begin("squat", "other")
    mine.holder = Listener()
    under_way.forget("me")
    store.forget("me")
    assert mine.holder.heard == ["forgotten"]
    assert len(under_way) == 1
    with pytest.raises(NoWorkout):
        under_way.resume(mine.secret, "me")
    with pytest.raises(NoWorkout, match="reload the page"):
        under_way.begin("squat", "me")
    assert under_way.resume(other.secret, "other") is other


def test_an_abandoned_workout_that_was_deleted_keeps_no_other_from_its_end(store):
    under_way = UnderWay(LIBRARY, store)
    deleted, other = under_way.begin("squat", "me"), under_way.begin("squat")
    store.forget("me")
    under_way.finish_abandoned(grace_s=-1)
    assert store.workout(other.id).finished
    assert len(under_way) == 0
    with pytest.raises(NoWorkout):
        under_way.resume(deleted.secret, "me")


def test_deleting_everything_at_another_process_takes_effect_here_too(store: Store) -> None:
    under_way = UnderWay(LIBRARY, store)
    mine, other = under_way.begin("squat", "me"), under_way.begin("squat", "other")
    mine.holder, other.holder = Listener(), Listener()
    store.forget("me")
    under_way.let_go_of_lost()
    assert (mine.holder.heard, other.holder.heard) == (["forgotten"], [])
    assert len(under_way) == 1


def test_an_abandoned_workout_with_a_fault_of_ours_keeps_no_other_from_its_end(store, caplog):
    under_way = UnderWay(LIBRARY, store)
    odd, other = under_way.begin("squat"), under_way.begin("squat")
    odd.motion = None
    under_way.finish_abandoned(grace_s=-1)
    assert store.workout(other.id).finished
    assert len(under_way) == 0
    assert odd.id in caplog.text
