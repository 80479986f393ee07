"""A workout moves from one process to another, and back, over their shared store."""

import threading

import numpy as np
import pytest

from webapp.errors import NoWorkout, Restarting, StoreError
from webapp.exercises import load_library
from webapp.gateway.under_way import UnderWay
from webapp.parts import begins_s
from webapp.records import JOINT_COUNT, Estimate, Pose, Rep
from webapp.store import open_store

LIBRARY = load_library()
PATIENCE_S = 10.0


class Window:
    def __init__(self):
        self.told = []

    def taken_over(self):
        self.told.append("taken over")

    def not_kept(self, problem):
        self.told.append(problem.code)

    def kept(self):
        self.told.append("kept")


class Away:
    """The same store over a connection that can be cut."""

    def __init__(self, store):
        self.store = store
        self.cut = False

    def __getattr__(self, name):
        if self.cut:
            raise StoreError("The line is cut.")
        return getattr(self.store, name)

    def append(self, *arguments):
        return self.__getattr__("append")(*arguments)


def rep(number, start_s):
    return Rep(number, start_s, start_s + 1.0, 1.0)


@pytest.fixture
def store():
    return open_store("memory:")


def estimate(t_s):
    pose = Pose(np.full((JOINT_COUNT, 4), 0.5, np.float32), np.zeros((JOINT_COUNT, 3), np.float32), aspect=1.0)
    return Estimate(0, t_s, pose)


def starts(store, live):
    return [(event.number, event.start_s) for event in store.events(live.id)]


def test_the_former_process_notices_at_its_next_write_and_stores_nothing_that_both_count(store):
    here, there, window = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store), Window()
    live = here.begin("squat", holder="window here")
    live.holder = window
    here.keep(live, rep(1, 10.0))
    moved = there.resume(live.secret, holder="window there")
    assert moved.motion.count == 1
    here.keep(live, rep(2, 20.0))
    there.keep(moved, rep(2, 20.1))
    assert starts(store, live) == [(1, 10.0), (2, 20.1)]
    assert (window.told, len(here), len(there)) == (["taken over"], 0, 1)


def test_the_former_process_finds_out_when_it_asks(store):
    here, there, window = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store), Window()
    live, other = here.begin("squat"), here.begin("squat")
    live.holder = window
    there.resume(live.secret)
    here.let_go_of_lost()
    assert (window.told, len(here)) == (["taken over"], 1)
    assert here.resume(other.secret) is other


def test_a_workout_that_went_elsewhere_is_not_ended_here(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.leave(live)
    there.resume(live.secret)
    here.finish_abandoned(-1.0)
    assert not store.workout(live.id).finished
    assert len(here) == 0


def test_a_workout_that_comes_back_is_not_taken_from_stale_memory(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.keep(live, rep(1, 10.0))
    here.leave(live)
    moved = there.resume(live.secret)
    moved.holder = Window()
    there.keep(moved, rep(2, 20.0))
    back = here.resume(live.secret)
    assert back is not live
    assert back.motion.count == 2
    there.keep(moved, rep(3, 30.0))
    assert starts(store, live) == [(1, 10.0), (2, 20.0)]


def test_a_browser_that_comes_back_to_the_same_process_finds_its_workout_as_it_was(store):
    here = UnderWay(LIBRARY, store)
    live = here.begin("squat", holder="first connection")
    here.leave(live)
    assert here.resume(live.secret, holder="second connection") is live
    assert store.holders([live.id]) == {live.id: "second connection"}
    assert here.keep(live, rep(1, 10.0))


def test_repetitions_from_before_the_claim_are_stored_late_and_once(store):
    line = Away(store)
    here, there = UnderWay(LIBRARY, line), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.keep(live, rep(1, 10.0))
    line.cut = True
    here.keep(live, rep(2, 20.0))
    here.leave(live)
    moved = there.resume(live.secret)
    there.keep(moved, rep(2, 30.0))
    line.cut = False
    here.keep_rest()
    assert starts(store, live) == [(1, 10.0), (2, 20.0), (3, 30.0)]
    assert there.resume(live.secret).motion.count == 1  # it has not heard of it, but what is kept has it all
    there.finish(moved)
    assert [one.number for one in store.workout(live.id).summary.reps] == [1, 2, 3]


class Waits(Away):
    """A store whose next event waits at the start of its write until it is let in."""

    def __init__(self, store):
        super().__init__(store)
        self.asked, self.let_in = threading.Event(), threading.Event()

    def append(self, *arguments):
        self.asked.set()
        assert self.let_in.wait(PATIENCE_S)
        self.store.append(*arguments)


def test_a_write_that_waits_while_its_browser_returns_is_stored_and_does_not_evict_it(store):
    waits = Waits(store)
    here, window = UnderWay(LIBRARY, waits), Window()
    live = here.begin("squat", holder="before")
    for number in (1, 2):
        here.keep(live, rep(number, 10.0 * number))
    assert waits.asked.wait(PATIENCE_S)
    here.leave(live)
    assert here.resume(live.secret, holder="after") is live
    live.holder = window
    waits.let_in.set()
    here.keep_rest()
    assert starts(store, live) == [(1, 10.0), (2, 20.0)]
    assert (window.told, len(here)) == ([], 1)


def test_slow_writes_for_a_lost_browser_are_stored_although_another_process_has_the_workout(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.leave(live)
    there.resume(live.secret)
    for number in (1, 2):
        here.keep(live, rep(number, 10.0 * number))
    assert starts(store, live) == [(1, 10.0), (2, 20.0)]


def test_the_landmarks_of_a_lost_browser_are_stored_before_it_resumes_elsewhere(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    live.recorder.take(estimate(1.0))
    here.leave(live)
    moved = there.resume(live.secret)
    moved.recorder.take(estimate(2.0))
    there.end_series()
    assert [begins_s(part) for part in store.series(live.id)] == [1.0, 2.0]


def test_a_late_repetition_of_an_ended_workout_is_in_its_summary(store):
    line = Away(store)
    here, there = UnderWay(LIBRARY, line), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    line.cut = True
    here.keep(live, rep(1, 20.0))
    here.leave(live)
    there.finish(there.resume(live.secret))
    line.cut = False
    here.keep_rest()
    assert store.workout(live.id).summary.count == 1


def test_while_the_store_is_away_a_workout_goes_on_from_memory(store):
    line = Away(store)
    here = UnderWay(LIBRARY, line)
    live = here.begin("squat")
    here.leave(live)
    line.cut = True
    assert here.resume(live.secret) is live
    here.keep(live, rep(1, 20.0))
    line.cut = False
    here.keep_rest()
    assert starts(store, live) == [(1, 20.0)]


def test_the_holder_at_another_process_is_notified_by_name_and_the_local_one_is_not(store):
    told = []
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store, on_claimed=told.append)
    live = here.begin("squat", holder="there")
    there.leave(there.resume(live.secret, holder="second"))
    there.resume(live.secret, holder="third")
    assert told == ["there"]


def test_a_window_that_takes_its_workout_back_is_not_notified(store):
    here, there, window = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store), Window()
    live = here.begin("squat", holder="window here")
    live.holder = window
    there.resume(live.secret, holder="window there")
    assert here.resume(live.secret, holder="window here") is not live
    assert window.told == []


def test_a_returning_window_is_not_notified_of_itself(store):
    told = []
    here, there = UnderWay(LIBRARY, store, on_claimed=told.append), UnderWay(LIBRARY, store)
    live = here.begin("squat", holder="first")
    there.resume(live.secret, holder="second")
    here.resume(live.secret, holder="third")
    assert told == ["second"]


def test_a_stopping_server_resumes_no_workout_and_hands_over_its_own(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.hand_over()
    with pytest.raises(Restarting):
        here.begin("squat")
    with pytest.raises(Restarting):
        here.resume(live.secret)
    assert there.resume(live.secret).id == live.id


def test_a_workout_that_ended_elsewhere_is_not_taken_up_here(store):
    here, there = UnderWay(LIBRARY, store), UnderWay(LIBRARY, store)
    live = here.begin("squat")
    here.leave(live)
    there.finish(there.resume(live.secret))
    with pytest.raises(NoWorkout):
        here.resume(live.secret)


class Slow:
    """The same store, whose first query for events is answered after another browser has claimed the workout."""

    def __init__(self, store):
        self.store = store
        self.claimed, self.inserted = threading.Event(), threading.Event()
        self.other = None

    def __getattr__(self, name):
        return getattr(self.store, name)

    def events(self, workout):
        if self.other is not None and not self.other.is_alive() and not self.claimed.is_set():
            self.other.start()
            assert self.claimed.wait(PATIENCE_S)
        elif self.other is threading.current_thread():
            self.claimed.set()
            assert self.inserted.wait(PATIENCE_S)
        return self.store.events(workout)


def test_of_two_connections_that_take_one_workout_up_at_once_the_last_has_it(store):
    secret = UnderWay(LIBRARY, store).begin("squat").secret
    slow, got = Slow(store), []
    restarted = UnderWay(LIBRARY, slow)
    slow.other = threading.Thread(target=lambda: got.append(restarted.resume(secret, holder="second")))
    restarted.resume(secret, holder="first").holder = first = Window()
    slow.inserted.set()
    slow.other.join(PATIENCE_S)
    (live,) = got
    assert store.holders([live.id]) == {live.id: "second"}
    restarted.keep(live, rep(1, 10.0))
    assert store.events(live.id) == [rep(1, 10.0)]
    assert first.told == ["taken over"]
