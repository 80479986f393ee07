"""The contract of stores."""

from dataclasses import replace
from hashlib import sha256
from uuid import uuid4

import pytest

from webapp.errors import NoWorkout, StoreError
from webapp.records import Cue, Hold, Rep, Set, Summary
from webapp.store import Share, Store, StoredWorkout, open_store
from webapp.store.history import sets_of

REP = Rep(1, 10.0, 12.5, 1.02, rom_deg=95.0, eccentric_s=1.0, concentric_s=1.25, faults=("knees in",))
PARTIAL = Rep(0, 13.0, 14.0, 0.7, side="left", reason="18 degrees short")
HOLD = Hold(1, "plank", 20.0, 20.5, 0.5, "started")
SET = Set(1, "squat", 10.0, 14.0, 1, 0.0, "started", target=8.0)
SUMMARY = Summary("squat", "reps", 10.0, 4.0, 3.5, reps=(REP, PARTIAL), holds=(HOLD,), cues={"depth": 2}, sets=(SET,))


@pytest.fixture
def workout(store: Store) -> str:
    name = uuid4().hex
    store.begin(name, "squat", 1000.0, hashed(name))
    return name


def hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def test_a_new_workout_has_no_events_and_no_summary(store: Store, workout: str) -> None:
    assert store.workout(workout) == StoredWorkout(workout, "squat", 1000.0, None)
    assert not store.workout(workout).finished
    assert store.events(workout) == []


def test_events_come_back_whole_and_in_the_order_they_were_kept(store: Store, workout: str) -> None:
    for event in (HOLD, PARTIAL, REP, SET):
        store.append(workout, event)
    assert store.events(workout) == [HOLD, PARTIAL, REP, SET]


def test_a_repetition_stored_twice_is_kept_once(store: Store, workout: str) -> None:
    for event in (REP, PARTIAL, REP, PARTIAL):
        store.append(workout, event)
    assert store.events(workout) == [REP, PARTIAL]


def test_partial_repetitions_with_different_starts_are_different(store: Store, workout: str) -> None:
    later = Rep(0, 15.0, 16.0, 0.6)
    store.append(workout, PARTIAL)
    store.append(workout, later)
    assert store.events(workout) == [PARTIAL, later]


def test_partial_repetitions_of_either_side_that_begin_together_are_different(store: Store, workout: str) -> None:
    other_side = replace(PARTIAL, side="right")
    store.append(workout, PARTIAL)
    store.append(workout, other_side)
    assert store.events(workout) == [PARTIAL, other_side]


def test_a_later_record_of_a_hold_takes_the_place_of_the_earlier_one(store: Store, workout: str) -> None:
    ended = Hold(1, "plank", 20.0, 50.0, 29.5, "ended", breaks=1)
    for event in (HOLD, REP, ended):
        store.append(workout, event)
    assert store.events(workout) == [ended, REP]


def test_a_finished_workout_gives_its_summary_back_unchanged(store: Store, workout: str) -> None:
    store.finish(workout, SUMMARY)
    kept = store.workout(workout)
    assert kept.finished
    assert kept.summary == SUMMARY


def test_a_workout_is_kept_under_the_exercise_that_was_done_first_in_it(store: Store, workout: str) -> None:
    store.finish(workout, replace(SUMMARY, exercise="plank"))
    assert store.workout(workout).exercise == "plank"


def test_a_workout_may_be_finished_again(store: Store, workout: str) -> None:
    later = Summary("squat", "reps", 10.0, 9.0, 8.0)
    store.finish(workout, SUMMARY)
    store.finish(workout, later)
    assert store.workout(workout).summary == later


def test_a_workout_from_before_there_were_sets_is_one_set() -> None:
    whole = Set(1, "squat", 10.0, 20.5, SUMMARY.count, SUMMARY.held_s, "ended")
    assert sets_of(replace(SUMMARY, sets=())) == (whole,)
    assert sets_of(replace(SUMMARY, reps=(), holds=(), sets=())) == ()


def test_a_cue_comes_back_as_it_was_and_makes_no_workout_of_a_look_at_the_page(store: Store) -> None:
    name, person = uuid4().hex, uuid4().hex
    cue = Cue(1003.25, "chest", "Chest up.", 2, (11, 12))
    store.begin(name, "squat", 1000.0, hashed(name), person)
    store.append(name, cue)
    store.append(name, cue)
    assert store.events(name) == [cue]
    assert store.recent(person, done=True) == []


def test_a_persons_weight_is_kept_with_the_workout(store: Store) -> None:
    name = uuid4().hex
    store.begin(name, "squat", 1000.0, hashed(name), "somebody", 71.5)
    assert store.workout(name).body_kg == 71.5


def test_the_parts_of_a_series_come_back_in_their_order_and_each_once(store: Store, workout: str) -> None:
    assert (store.series(workout), store.has_series(workout)) == ([], False)
    for part, data in ((2, b"c"), (0, b"\0a"), (1, b"b"), (0, b"\0a")):
        store.append_series(workout, part, data)
    assert store.series(workout) == [b"\0a", b"b", b"c"]
    assert store.has_series(workout)
    assert not store.has_series("unknown")


def test_some_parts_of_a_long_series_can_be_read_separately(store: Store, workout: str) -> None:
    every = [b"part %d" % number for number in range(7)]
    for part, data in enumerate(every):
        store.append_series(workout, part, data)
    assert store.series(workout, 2, 3) == every[2:5]
    assert store.series(workout, 5, 3) == every[5:]
    assert store.series(workout, 5) == every[5:]
    assert store.series(workout, count=2) == every[:2]
    assert store.series(workout, 99, 3) == store.series(workout, 1, 0) == []


def test_beginning_a_workout_again_changes_nothing(store: Store, workout: str) -> None:
    store.append(workout, REP)
    store.begin(workout, "plank", 2000.0, hashed("another"))
    assert store.workout(workout) == StoredWorkout(workout, "squat", 1000.0)
    assert store.events(workout) == [REP]


def test_a_workout_is_found_by_the_hash_of_its_secret(store: Store, workout: str) -> None:
    assert store.by_resume(hashed(workout)) == store.workout(workout)
    assert store.by_resume(hashed("a guess")) is None


def test_events_of_two_workouts_stay_apart(store: Store, workout: str) -> None:
    other = uuid4().hex
    store.begin(other, "plank", 1001.0, hashed(other))
    store.append(workout, REP)
    store.append(other, HOLD)
    assert store.events(workout) == [REP]
    assert store.events(other) == [HOLD]


def test_the_workout_begun_last_comes_first(store: Store) -> None:
    first, second, third = (uuid4().hex for _ in range(3))
    person = uuid4().hex
    for name, started_at_s in ((second, 2e9), (third, 3e9), (first, 1e9)):
        store.begin(name, "squat", started_at_s, hashed(name), person)
    assert [kept.id for kept in store.recent(person)] == [third, second, first]
    assert [kept.id for kept in store.recent(person, 2)] == [third, second]


def test_all_workouts_of_a_person_are_counted(store: Store) -> None:
    person = uuid4().hex
    assert store.count(person) == 0
    for number in range(3):
        name = uuid4().hex
        store.begin(name, "squat", number, hashed(name), person)
    assert store.count(person) == 3


def test_workouts_in_which_nothing_was_kept_can_be_left_out(store: Store) -> None:
    counted, held, looked = (uuid4().hex for _ in range(3))
    person = uuid4().hex
    for started_at_s, name in enumerate((counted, held, looked)):
        store.begin(name, "squat", started_at_s, hashed(name), person)
    store.append(counted, REP)
    store.append(held, HOLD)
    assert [kept.id for kept in store.recent(person, 2, done=True)] == [held, counted]


def test_a_person_has_the_own_workouts_only(store: Store) -> None:
    mine, other, nobodys, me, somebody = (uuid4().hex for _ in range(5))
    store.begin(mine, "squat", 1.0, hashed(mine), me)
    store.begin(other, "squat", 2.0, hashed(other), somebody)
    store.begin(nobodys, "squat", 3.0, hashed(nobodys))
    assert store.recent(me) == [StoredWorkout(mine, "squat", 1.0, person=me)]
    assert store.workout(nobodys).person is None


def test_a_share_is_found_by_its_name_until_it_is_taken_back(store: Store, workout: str) -> None:
    share = Share(uuid4().hex, workout, 2000.0)
    store.share(share)
    assert store.shared(share.id) == store.share_of(workout) == share
    store.unshare(workout)
    assert store.shared(share.id) is None
    assert store.share_of(workout) is None


def test_a_new_share_takes_the_place_of_the_former(store: Store, workout: str) -> None:
    former, later = Share(uuid4().hex, workout), Share(uuid4().hex, workout)
    store.share(former)
    store.share(later)
    assert store.shared(former.id) is None
    assert store.shared(later.id) == later


def test_a_share_has_an_end() -> None:
    assert Share("s", "w", 10.0).expired(10.0)
    assert not Share("s", "w", 10.0).expired(9.9)
    assert not Share("s", "w").expired(1e12)


@pytest.mark.parametrize("delete", ["the person", "the workout"])
def test_deleting_a_workout_leaves_no_trace_and_affects_no_other(store: Store, delete: str) -> None:
    mine, other, me, somebody = (uuid4().hex for _ in range(4))
    for name, person in ((mine, me), (other, somebody)):
        store.begin(name, "squat", 1.0, hashed(name), person)
        store.append(name, REP)
        store.append_series(name, 0, b"series")
        store.finish(name, SUMMARY)
        store.share(Share(f"share of {name}", name))
    if delete == "the person":
        store.forget(me)
    else:
        store.discard(mine)
        store.discard("never begun")
    assert store.recent(me) == store.days(me) == store.records(me) == []
    assert store.series(mine) == []
    assert store.events(mine) == []
    assert store.by_resume(hashed(mine)) is None
    assert store.shared(f"share of {mine}") is None
    with pytest.raises(NoWorkout):
        store.workout(mine)
    assert [kept.id for kept in store.recent(somebody)] == [other]
    assert store.events(other) == [REP]
    assert store.series(other) == [b"series"]
    assert len(store.days(somebody)) == 1
    assert store.shared(f"share of {other}") is not None


def test_nothing_is_kept_for_an_unknown_workout(store: Store) -> None:
    with pytest.raises(NoWorkout):
        store.append("nobody's", REP)
    with pytest.raises(NoWorkout):
        store.finish("nobody's", SUMMARY)
    with pytest.raises(NoWorkout):
        store.append_series("nobody's", 0, b"series")
    with pytest.raises(NoWorkout):
        store.share(Share("s", "nobody's"))
    with pytest.raises(NoWorkout):
        store.workout("nobody's")
    assert store.events("nobody's") == []


def test_a_store_can_be_closed_twice(store_url: str) -> None:
    opened = open_store(store_url)
    opened.close()
    opened.close()


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(StoreError, match=r"'mongodb'.*sqlite:"):
        open_store("mongodb://localhost/workouts")
