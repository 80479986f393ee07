"""A workout of several sets, and of several exercises."""

from pathlib import Path

from figures import pose, squats, squatting

from webapp.exercises import load_library
from webapp.records import Cue, Estimate, Hold, Rep, Set, Setup, Target
from webapp.series import Series
from webapp.workout import Workout

LIBRARY = load_library()
RECORDINGS = Path(__file__).parent.parent / "data" / "series"


def told(workout, estimates):
    return [event for one in estimates for event in workout.observe(one) if not isinstance(event, Setup | Cue)]


def planking(seconds, start_s):
    plank = Series.load(RECORDINGS / "plank_side_1.npz").pose_at(8.0)
    return [Estimate(index, start_s + index / 15, plank) for index in range(round(seconds * 15) + 1)]


def going(exercise, target=None):
    workout = Workout(LIBRARY[exercise], target=target)
    workout.go()
    return workout


def standing(seconds, start_s):
    return [Estimate(index, start_s + index / 15, pose(squatting(172))) for index in range(round(seconds * 15) + 1)]


def outline(events):
    return [(type(event).__name__, event.state if isinstance(event, Set) else event.number) for event in events]


def test_two_sets_are_parted_by_a_rest_before_the_camera():
    workout = going("squat")
    events = told(workout, squats(2) + standing(25.0, start_s=6.0) + squats(1, start_s=32.0))
    assert outline(events) == [
        ("Set", "started"),
        ("Rep", 1),
        ("Rep", 2),
        ("Set", "resting"),
        ("Set", "ended"),
        ("Set", "started"),
        ("Rep", 3),
    ]
    assert [event.set for event in events if isinstance(event, Rep)] == [1, 1, 2]
    summary = workout.finish()
    assert [(one.number, one.exercise, one.count, one.state) for one in summary.sets] == [
        (1, "squat", 2, "ended"),
        (2, "squat", 1, "ended"),
    ]
    assert summary.count == 3


def test_a_long_absence_is_a_rest_though_nobody_was_there_to_see_it():
    workout = going("squat")
    events = told(workout, squats(2) + squats(1, start_s=100.0))
    assert [(event.number, event.set) for event in events if isinstance(event, Rep)] == [(1, 1), (2, 1), (3, 2)]
    assert ("Set", "resting") in outline(events)


def test_a_target_is_reached_and_the_next_repetition_begins_the_next_set():
    events = told(going("squat", Target(2)), squats(3))
    assert outline(events) == [
        ("Set", "started"),
        ("Rep", 1),
        ("Rep", 2),
        ("Set", "reached"),
        ("Set", "ended"),
        ("Set", "started"),
        ("Rep", 3),
    ]


def test_the_target_of_a_hold_is_reached_within_a_frame_of_its_time():
    events = told(going("plank", Target(5)), planking(8.0, start_s=1000.0))
    reached = next(event for event in events if isinstance(event, Set) and event.state == "reached")
    assert 5.0 <= reached.held_s <= 5.0 + 1 / 15 + 1e-6
    assert isinstance(events[events.index(reached) - 1], Hold)


def test_a_hold_follows_repetitions_in_one_workout():
    workout = going("squat", Target(8))
    told(workout, squats(2))
    ended = workout.change(LIBRARY["plank"], Target(5))
    assert outline(ended) == [("Set", "ended")]
    assert not workout.counting
    workout.go()
    told(workout, planking(6.0, start_s=20.0))
    assert (workout.exercise.name, workout.count, round(workout.held_s)) == ("plank", 2, 6)
    assert workout.holding is not None
    assert workout.holding.set == 2
    back = workout.change(LIBRARY["squat"])
    assert [(type(event).__name__, event.state) for event in back] == [("Hold", "ended"), ("Set", "ended")]
    workout.go()
    events = told(workout, squats(1, start_s=40.0))
    assert [(event.number, event.set) for event in events if isinstance(event, Rep)] == [(3, 3)]
    summary = workout.finish()
    assert (summary.exercise, summary.kind, summary.count, round(summary.held_s)) == ("squat", "reps", 3, 6)
    assert [(one.exercise, one.count, round(one.held_s), one.target) for one in summary.sets] == [
        ("squat", 2, 0, 8),
        ("plank", 0, 6, 5),
        ("squat", 1, 0, None),
    ]


def test_a_workout_is_named_after_the_first_exercise_that_something_was_done_of():
    workout = going("squat")
    workout.change(LIBRARY["plank"])
    workout.go()
    told(workout, planking(3.0, start_s=10.0))
    workout.change(LIBRARY["squat"])
    summary = workout.finish()
    assert (summary.exercise, summary.kind) == ("plank", "hold")


def test_a_rebuilt_workout_goes_on_in_the_set_that_it_was_in():
    workout = going("squat", Target(3))
    events = told(workout, squats(2) + standing(25.0, start_s=6.0) + squats(1, start_s=32.0))
    again = Workout(LIBRARY["squat"], past=events)
    assert again.sets == workout.sets
    assert again.target == Target(3)
    again.go()
    last = told(again, squats(2, start_s=36.0))
    assert outline(last) == [("Rep", 4), ("Rep", 5), ("Set", "reached")]
    assert {event.set for event in last if isinstance(event, Rep)} == {2}
