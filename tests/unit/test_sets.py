"""Where one set ends and the next begins, by the times of what was done."""

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.records import Hold, Rep, Set, Target
from webapp.sets import REST_NOTICED_S, Sets, exercise_of


def rep(number: int, start_s: float, end_s: float | None = None) -> Rep:
    return Rep(number, start_s, start_s + 2 if end_s is None else end_s, 1.0)


def hold(number: int, start_s: float, held_s: float, state: str = "running") -> Hold:
    return Hold(number, "plank", start_s, start_s + held_s, held_s, state)


def taken(sets: Sets, *events: Rep | Hold) -> list[Rep | Hold | Set]:
    return [told for event in events for told in sets.add(event)]


def states(told) -> list[tuple[int, str]]:
    return [(one.number, one.state) for one in told if isinstance(one, Set)]


def test_a_workout_in_which_nothing_was_done_has_no_set():
    sets = Sets("squat", Target(8))
    assert not sets.advance(1000.0, at_rest=True)
    assert not sets.end()
    assert sets.all == ()


def test_a_set_begins_with_its_first_repetition_though_it_did_not_count():
    sets = Sets("squat")
    told = taken(sets, rep(0, 10.0), rep(1, 13.0))
    assert told == [
        Set(1, "squat", 10.0, 10.0, 0, 0.0, "started"),
        replace(rep(0, 10.0), set=1),
        replace(rep(1, 13.0), set=1),
    ]
    assert sets.all == (Set(1, "squat", 10.0, 15.0, 1, 0.0, "started"),)


def test_a_pause_is_a_rest_and_the_next_repetition_starts_a_set():
    sets = Sets("squat")
    taken(sets, rep(1, 10.0, 12.0))
    assert not sets.advance(12.0 + REST_NOTICED_S - 0.1, at_rest=True)
    assert states(sets.advance(12.0 + REST_NOTICED_S, at_rest=True)) == [(1, "resting")]
    assert not sets.advance(12.0 + REST_NOTICED_S + 1, at_rest=True)
    assert states(taken(sets, rep(2, 40.0))) == [(1, "ended"), (2, "started")]
    assert [one.count for one in sets.all] == [1, 1]


def test_a_movement_under_way_is_no_rest_however_long_ago_the_last_one_was():
    sets = Sets("squat")
    taken(sets, rep(1, 10.0, 12.0))
    assert not sets.advance(33.0, at_rest=False)
    assert states(taken(sets, rep(2, 31.0, 34.0))) == []


def test_a_rest_that_nobody_saw_begins_the_next_set_too():
    sets = Sets("squat")
    taken(sets, rep(1, 10.0, 12.0))
    assert states(taken(sets, rep(2, 12.0 + REST_NOTICED_S))) == [(1, "ended"), (2, "started")]


def test_an_unfinished_set_continues_after_an_unseen_time():
    sets = Sets("squat", Target(8))
    taken(sets, rep(1, 10.0, 12.0))
    for t_s in (12.5, 13.0, 60.0, 61.0):
        assert not sets.advance(t_s, at_rest=True)
    assert states(taken(sets, rep(2, 61.5))) == []
    seen = [t_s for second in range(64, 100) for t_s in sets.advance(float(second), at_rest=True)]
    assert states(seen) == [(1, "resting")], "what is seen of a rest is one all the same"


def test_the_repetition_that_reaches_the_target_comes_before_its_set():
    sets = Sets("squat", Target(2))
    assert states(taken(sets, rep(1, 10.0), rep(0, 13.0))) == [(1, "started")]
    last = taken(sets, rep(2, 16.0))
    assert last == [replace(rep(2, 16.0), set=1), Set(1, "squat", 10.0, 18.0, 2, 0.0, "reached", 2)]
    assert not sets.advance(100.0, at_rest=True), "its rest is known already"


def test_a_repetition_beyond_the_target_starts_the_next_set():
    sets = Sets("squat", Target(1))
    told = taken(sets, rep(1, 10.0), rep(2, 13.0))
    assert states(told) == [(1, "started"), (1, "reached"), (1, "ended"), (2, "started"), (2, "reached")]
    assert [one.set for one in told if isinstance(one, Rep)] == [1, 2]


def test_a_partial_repetition_during_a_rest_starts_no_set():
    sets = Sets("squat", Target(1))
    taken(sets, rep(1, 10.0))
    assert taken(sets, rep(0, 20.0), rep(0, 48.0)) == [replace(rep(0, at_s), set=2) for at_s in (20.0, 48.0)]
    assert states(sets.all) == [(1, "reached")]
    told = taken(sets, rep(2, 51.0))
    assert states(told) == [(1, "ended"), (2, "started"), (2, "reached")]
    assert sets.all[1].start_s == 48.0, "the first attempt at it belongs to it, the drink before does not"


def test_part_of_a_repetition_after_a_rest_that_nobody_saw_tells_the_rest():
    sets = Sets("squat")
    taken(sets, rep(1, 10.0, 12.0))
    assert states(taken(sets, rep(0, 40.0))) == [(1, "resting")]
    assert states(taken(sets, rep(2, 43.0))) == [(1, "ended"), (2, "started")]


def test_nobody_rests_before_anything_counted():
    sets = Sets("squat")
    assert states(taken(sets, rep(0, 10.0, 12.0))) == [(1, "started")]
    assert not sets.advance(60.0, at_rest=True)
    assert states(taken(sets, rep(1, 60.0))) == []
    assert [(one.number, one.start_s, one.count) for one in sets.all] == [(1, 60.0, 1)]


def test_attempts_that_nothing_came_of_are_a_set_when_the_exercise_ends():
    sets = Sets("squat", Target(1))
    taken(sets, rep(1, 10.0), rep(0, 40.0), rep(0, 43.0))
    assert states(sets.change("plank", None)) == [(1, "ended"), (2, "ended")]
    assert (sets.all[1].exercise, sets.all[1].start_s, sets.all[1].end_s, sets.all[1].count) == ("squat", 40.0, 45.0, 0)
    assert states(taken(sets, hold(1, 60.0, 0.5, "started"))) == [(3, "started")]


def test_a_hold_stays_in_its_set_after_it_reached_the_target():
    sets = Sets("plank", Target(10))
    told = taken(sets, hold(1, 100.0, 0.5, "started"), hold(1, 100.0, 9.0))
    assert states(told) == [(1, "started")]
    assert not sets.completes(hold(1, 100.0, 9.9))
    assert sets.completes(hold(1, 100.0, 10.0))
    told = taken(sets, hold(1, 100.0, 10.0), hold(1, 100.0, 60.0, "ended"))
    assert states(told) == [(1, "reached")]
    assert sets.all[0].held_s == 60.0
    assert states(taken(sets, hold(2, 161.0, 0.5, "started"))) == [(1, "ended"), (2, "started")]


def test_a_hold_that_has_reached_its_target_is_not_recorded_as_shorter():
    sets = Sets("plank", Target(10))
    taken(sets, hold(1, 90.0, 4.0, "ended"), hold(2, 100.0, 6.0), hold(2, 100.0, 5.5, "ended"))
    assert sets.all[0].held_s == 10.0


def test_the_holds_of_a_set_count_together():
    sets = Sets("plank", Target(10))
    taken(sets, hold(1, 100.0, 6.0, "ended"))
    assert states(taken(sets, hold(2, 110.0, 0.5, "started"))) == []
    assert sets.completes(hold(2, 110.0, 4.0))
    assert states(taken(sets, hold(2, 110.0, 4.0))) == [(1, "reached")]


def test_another_exercise_begins_a_set_with_a_target_of_its_own():
    sets = Sets("squat", Target(8))
    taken(sets, rep(1, 10.0))
    assert states(sets.change("plank", Target(30))) == [(1, "ended")]
    assert not sets.change("plank", Target(30))
    taken(sets, hold(1, 15.0, 0.5, "started"))
    assert [(one.exercise, one.target) for one in sets.all] == [("squat", 8), ("plank", 30)]


def test_another_target_is_for_the_set_under_way_too():
    sets = Sets("squat", Target(8))
    taken(sets, rep(1, 10.0), rep(2, 13.0))
    assert not sets.set_target(Target(8, rest_s=30.0))
    assert [(one.target, one.state) for one in sets.set_target(Target(5))] == [(5, "started")]
    assert [(one.target, one.state) for one in sets.set_target(Target(2))] == [(2, "started"), (2, "reached")]
    assert not sets.set_target(Target(9))
    assert sets.target == Target(9)


def test_without_its_target_a_set_goes_on_until_its_person_rests():
    sets = Sets("squat", Target(3))
    taken(sets, rep(1, 10.0), rep(2, 13.0))
    assert [(one.target, one.state) for one in sets.set_target(None)] == [(None, "started")]
    assert sets.target is None
    assert states(taken(sets, rep(3, 16.0), rep(4, 19.0))) == []


def test_a_workout_stored_before_sets_existed_is_one_set():
    past = [rep(1, 10.0), rep(2, 13.0), rep(0, 300.0)]
    assert Sets("squat", past=past).all == (Set(1, "squat", 10.0, 302.0, 2, 0.0, "started"),)
    assert exercise_of(past) is None


def test_a_rebuilt_set_has_the_target_that_was_kept_with_it():
    sets = Sets("squat", past=[Set(1, "squat", 10.0, 10.0, 0, 0.0, "started", 8), replace(rep(1, 10.0), set=1)])
    assert sets.target == Target(8)
    assert [(one.count, one.state) for one in sets.all] == [(1, "started")]


def test_a_process_that_ended_between_the_last_repetition_and_its_set_has_reached_the_target():
    begun = Set(1, "squat", 10.0, 10.0, 0, 0.0, "started", 1)
    assert states(Sets("squat", past=[begun, rep(1, 10.0)]).all) == [(1, "reached")]


@dataclass
class Person:
    """A person who follows a script, and the part of it that a store has."""

    room: int = 10**9
    t_s: float = 1000.0
    exercise: str = "squat"
    target: Target | None = None
    sets: Sets = field(default_factory=lambda: Sets("squat"))
    kept: dict[tuple, Rep | Hold | Set] = field(default_factory=dict)
    writes: int = 0
    numbers: dict[type, int] = field(default_factory=lambda: {Rep: 0, Hold: 0})

    def keep(self, told) -> bool:
        """Store all of it; False if the process ended before."""
        for one in told:
            if self.writes == self.room:
                return False
            self.writes += 1
            self.kept[type(one), one.number if not isinstance(one, Rep) else (one.number, one.start_s)] = one
        return True

    def go_on(self) -> None:
        """Start again from what was stored, as a server does when the browser tells its exercise and target."""
        past = list(self.kept.values())
        done = exercise_of(past) or "squat"
        self.room, self.sets = 10**9, Sets(done, past=past)
        if self.exercise != done:
            self.keep(self.sets.change(self.exercise, self.target))
        else:
            self.keep(self.sets.set_target(self.target))

    def act(self, deed) -> None:
        """Do one step of the script; if the process ends meanwhile, continue with what was not stored."""
        name, seconds, *rest = deed
        before_s, self.t_s = self.t_s, self.t_s + seconds
        if name == "wait":
            for part in range(1, 1 + math.ceil(seconds)):
                seen_s = min(before_s + part, self.t_s)
                self.until_kept(lambda seen_s=seen_s: self.sets.advance(seen_s, at_rest=True))
        elif name == "change":
            self.until_kept(self.change(*rest))
        elif self.exercise == "plank":
            self.numbers[Hold] += 1
            for part in (0.2, 0.6, 1.0):
                one = hold(self.numbers[Hold], before_s, part * seconds)
                self.until_kept(lambda one=one: () if one in self.undone() else self.sets.add(one))
        else:
            self.numbers[Rep] += rest[0]
            one = Rep(self.numbers[Rep] if rest[0] else 0, before_s, self.t_s, 1.0)
            self.until_kept(lambda: () if one in self.undone() else self.sets.add(one))

    def change(self, exercise: str, target: Target | None):
        """Return how to continue with that exercise and target."""
        if exercise == self.exercise:
            self.target = target or self.target
            return lambda: self.sets.set_target(self.target) if self.target else ()
        self.exercise, self.target = exercise, target
        return lambda: self.sets.change(exercise, target)

    def undone(self) -> list[Rep | Hold]:
        """Return what is stored, as it was before it had a set."""
        return [replace(one, set=1) for one in self.kept.values() if not isinstance(one, Set)]

    def until_kept(self, deed) -> None:
        if not self.keep(deed()):
            self.go_on()
            assert self.keep(deed())


TARGETS = st.none() | st.integers(1, 4).map(Target)
DEEDS = st.one_of(
    st.tuples(st.just("do"), st.floats(0.5, 8.0), st.booleans()),
    st.tuples(st.just("wait"), st.floats(0.1, 45.0)),
    st.tuples(st.just("change"), st.just(1.0), st.sampled_from(["squat", "lunge", "plank"]), TARGETS),
)


def done_by(script, room: int) -> Person:
    person = Person(room)
    for deed in script:
        person.act(deed)
    person.until_kept(lambda: list(person.sets.end()))
    return person


@settings(deadline=None)
@given(st.lists(DEEDS, max_size=12), st.data())
def test_wherever_a_process_is_killed_the_sets_are_those_of_a_workout_that_nothing_disturbed(script, data):
    undisturbed = done_by(script, 10**9)
    room = data.draw(st.integers(0, undisturbed.writes))
    assert done_by(script, room).sets.all == undisturbed.sets.all


@given(st.lists(DEEDS, max_size=12))
def test_sets_are_numbered_from_one_follow_each_other_and_hold_all_that_was_done(script):
    person = done_by(script, 10**9)
    sets = person.sets.all
    assert [one.number for one in sets] == list(range(1, len(sets) + 1))
    assert all(one.end_s <= following.start_s for one, following in pairwise(sets))
    assert sum(one.count for one in sets) == person.numbers[Rep]
    assert all(one.state == "ended" for one in sets[:-1])
