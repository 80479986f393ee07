import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.errors import NoWorkout, StoreError, UnknownExercise
from webapp.exercises import load_library
from webapp.gateway import keeping
from webapp.gateway.under_way import UnderWay
from webapp.records import Estimate, Hold, Rep
from webapp.series import Series
from webapp.store import open_store

RECORDINGS = Path(__file__).parent.parent / "data" / "series"
LIBRARY = load_library()
PATIENCE_S = 30.0


class Flaky:
    """A store that cannot store events for a while."""

    def __init__(self, store):
        self.store = store
        self.asked = []
        self.broken = False

    def __getattr__(self, name):
        return getattr(self.store, name)

    def append(self, workout, event, holder=None):
        self.asked.append(event)
        if self.broken:
            raise StoreError("The disk is full.")
        self.store.append(workout, event, holder)


class Halting:
    """A store that blocks at its next event or summary until released, while others run."""

    def __init__(self, store):
        self.store = store
        self.halts, self.goes_on = threading.Event(), threading.Event()

    def __getattr__(self, name):
        return getattr(self.store, name)

    def append(self, workout, event, holder=None):
        self.halt()
        self.store.append(workout, event, holder)

    def finish(self, workout, summary, holder=None):
        self.halt()
        self.store.finish(workout, summary, holder)

    def halt(self):
        self.halts.set()
        assert self.goes_on.wait(PATIENCE_S)


def rep(number):
    return Rep(number, 10.0 * number, 10.0 * number + 2, 1.0)


@pytest.fixture
def store():
    return Flaky(open_store("memory:"))


def test_a_workout_is_found_again_by_its_secret_alone(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    assert under_way.resume(live.secret) is live
    for guess in (live.id, "", live.secret[:-1]):
        with pytest.raises(NoWorkout):
            under_way.resume(guess)


def test_the_store_does_not_hold_the_secret_itself(store):
    live = UnderWay(LIBRARY, store).begin("squat")
    assert store.by_resume(live.secret) is None


def test_two_workouts_have_nothing_in_common(store):
    under_way = UnderWay(LIBRARY, store)
    one, two = under_way.begin("squat"), under_way.begin("squat")
    assert one.id != two.id
    assert one.secret != two.secret
    assert len(one.secret) * 6 >= 128


def test_after_a_restart_a_workout_is_rebuilt_with_its_events(store):
    before = UnderWay(LIBRARY, store)
    live = before.begin("squat")
    before.keep(live, rep(1))
    before.keep(live, rep(2))
    again = UnderWay(LIBRARY, store).resume(live.secret)
    assert (again.id, again.motion.count, again.last_t_s) == (live.id, 2, 22.0)


def test_a_repetition_that_the_end_of_the_workout_completes_is_stored_like_every_other(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    live.motion.go()
    for estimate in Series.load(RECORDINGS / "squat_front_4.npz").estimates():
        if estimate.t_s < 2.5:
            live.motion.observe(estimate)
    assert live.motion.count == 0
    summary = under_way.finish(live)
    assert [event.number for event in store.events(live.id) if isinstance(event, Rep)] == [1]
    assert summary.count == 1


def test_a_rebuilt_hold_goes_on_with_its_seconds(store):
    before = UnderWay(LIBRARY, store)
    live = before.begin("tree")
    before.keep(live, Hold(1, "tree", 5.0, 15.0, 10.0, "ended"))
    assert UnderWay(LIBRARY, store).resume(live.secret).motion.held_s == 10.0


def test_a_rebuilt_workout_tells_its_last_hold_alone(store):
    before = UnderWay(LIBRARY, store)
    live = before.begin("tree")
    before.keep(live, Hold(1, "tree", 5.0, 15.0, 10.0, "ended"))
    before.keep(live, Hold(2, "tree", 20.0, 24.0, 4.0, "running"))
    again = UnderWay(LIBRARY, store).resume(live.secret)
    assert again.motion.held_s == 4.0
    assert [hold.state for hold in again.motion.finish().holds] == ["ended", "ended"]


def held(under_way, seconds):
    """A person in the plank of a recording, stored as it happens."""
    live = under_way.begin("plank")
    live.motion.go()
    pose = Series.load(RECORDINGS / "plank_side_1.npz").pose_at(8.0)
    for index in range(round(seconds * 15) + 1):
        for event in live.motion.observe(Estimate(index, 1000 + index / 15, pose)):
            if isinstance(event, Hold):
                under_way.keep(live, event)
    return live


def test_a_kill_loses_two_seconds_of_a_hold_at_most(store):
    live = held(UnderWay(LIBRARY, store), 39.0)
    assert live.motion.held_s == pytest.approx(39.0)
    assert UnderWay(LIBRARY, store).resume(live.secret).motion.held_s >= 36.9


def test_a_terminated_server_loses_nothing_of_a_hold(store):
    before = UnderWay(LIBRARY, store)
    live = held(before, 39.0)
    before.keep_rest()
    assert UnderWay(LIBRARY, store).resume(live.secret).motion.held_s == pytest.approx(39.0)


def test_a_hold_that_cannot_be_kept_keeps_no_other_from_it(store):
    before = UnderWay(LIBRARY, store)
    first, second = held(before, 5.0), held(before, 5.0)
    store.broken = True
    before.keep_rest()
    store.broken = False
    before.keep_rest()
    for live in (first, second):
        assert UnderWay(LIBRARY, store).resume(live.secret).motion.held_s == pytest.approx(5.0)


@pytest.fixture
def eager(monkeypatch):
    monkeypatch.setattr(keeping, "RETRY_S", 0.01)


class Page:
    """The holder of the workout, notified about the store."""

    def __init__(self):
        self.heard = queue.Queue()

    def not_kept(self, problem):
        self.heard.put(problem.code)

    def kept(self):
        self.heard.put("saved")


@pytest.mark.usefixtures("eager")
def test_refused_writes_are_stored_later_and_the_page_is_notified_once(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    live.holder = Page()
    store.broken = True
    assert not any(under_way.keep(live, rep(number)) for number in (1, 2, 3))
    assert live.holder.heard.get(timeout=PATIENCE_S) == "not_saved"
    assert under_way.trouble(live) is not None
    store.broken = False
    assert live.holder.heard.get(timeout=PATIENCE_S) == "saved"
    assert under_way.trouble(live) is None
    assert [event.number for event in store.events(live.id)] == [1, 2, 3]


@pytest.mark.usefixtures("eager")
def test_of_a_hold_that_runs_while_the_store_is_away_the_last_record_alone_waits(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("tree")
    live.holder = Page()
    store.broken = True
    for seconds in range(2, 60, 2):
        under_way.keep(live, Hold(1, "tree", 0.0, float(seconds), float(seconds), "running"))
    store.asked.clear()
    store.broken = False
    while live.holder.heard.get(timeout=PATIENCE_S) != "saved":
        pass
    assert [event.held_s for event in store.asked] == [58.0]


@pytest.mark.usefixtures("eager")
def test_a_workout_that_ended_during_an_outage_is_stored_afterwards_and_not_resumed(store):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    live.holder = Page()
    store.broken = True
    under_way.keep(live, rep(1))
    under_way.finish(live)
    assert live.holder.heard.get(timeout=PATIENCE_S) == "not_saved"
    with pytest.raises(NoWorkout):
        under_way.resume(live.secret)
    store.broken = False
    assert live.holder.heard.get(timeout=PATIENCE_S) == "saved"
    assert store.workout(live.id).finished
    with pytest.raises(NoWorkout):
        under_way.resume(live.secret)
    assert len(under_way) == 0


def test_unstored_writes_are_logged_when_the_server_stops(store, caplog):
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    store.broken = True
    under_way.keep(live, rep(1))
    under_way.keep_rest()
    assert f"the last events of workout {live.id} were not stored" in caplog.text


def test_the_last_people_who_deleted_everything_are_remembered_and_start_nothing(store):
    under_way = UnderWay(LIBRARY, store)
    for number in range(3000):
        under_way.forget(f"person {number}")
    with pytest.raises(NoWorkout, match="was deleted"):
        under_way.begin("squat", "person 2999")
    assert under_way.begin("squat", "person 0"), "so that what is known of the deleted does not grow for ever"


def test_an_exercise_that_is_not_there_is_named(store):
    with pytest.raises(UnknownExercise, match="juggling"):
        UnderWay(LIBRARY, store).begin("juggling")
    assert list(store.recent("", 9)) == []


def test_events_and_the_end_that_meet_while_the_store_is_slow_are_all_kept_once_and_in_order():
    store = Halting(open_store("memory:"))
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(under_way.keep, live, rep(1))
        assert store.halts.wait(PATIENCE_S)
        others = [threads.submit(under_way.keep, live, rep(2)), threads.submit(under_way.finish, live)]
        store.goes_on.set()
        for thread in (first, *others):
            thread.result(PATIENCE_S)
    assert [event.number for event in store.events(live.id)] == [1, 2]
    assert store.workout(live.id).finished


def test_a_workout_that_is_being_ended_is_not_taken_up_again():
    store = Halting(open_store("memory:"))
    under_way = UnderWay(LIBRARY, store)
    live = under_way.begin("squat")
    with ThreadPoolExecutor(1) as threads:
        ending = threads.submit(under_way.finish, live)
        assert store.halts.wait(PATIENCE_S)
        with pytest.raises(NoWorkout):
            under_way.resume(live.secret)
        store.goes_on.set()
        ending.result(PATIENCE_S)
    assert len(under_way) == 0
