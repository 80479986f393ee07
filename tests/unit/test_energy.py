"""Energy is a range, computed by hand here, and absent where it would be a guess."""

from dataclasses import replace

import pytest

from webapp.energy import energy_kcal, workout_kcal
from webapp.exercises import load_library
from webapp.records import Hold, Rep, Set, Summary

LIBRARY = load_library()
SQUATS = tuple(Rep(number + 1, 100.0 * number, 100.0 * number + 3.0, 1.0) for number in range(20))
WORKOUT = Summary("squat", "reps", 0.0, 2000.0, 60.0, SQUATS)


def test_the_energy_of_ten_minutes_is_that_computed_by_hand():
    # 4 x 3.5 x 70 / 200 = 4.9 kcal a minute, and twice that.
    assert energy_kcal((4.0, 8.0), 600.0, 70.0) == pytest.approx((49.0, 98.0))


def test_only_the_seconds_within_repetitions_take_energy():
    # A minute of squats in half an hour: 3.8 x 3.5 x 80 / 200 = 5.32, 5.0 x 3.5 x 80 / 200 = 7.
    assert workout_kcal(WORKOUT, LIBRARY, 80.0) == pytest.approx((5.32, 7.0))


def test_simultaneous_repetitions_of_two_sides_count_energy_once():
    left, right = WORKOUT.reps[0], replace(WORKOUT.reps[0], number=2, side="right")
    one = replace(WORKOUT, reps=(left,))
    assert workout_kcal(replace(WORKOUT, reps=(left, right)), LIBRARY, 80.0) == workout_kcal(one, LIBRARY, 80.0)


def test_each_set_takes_what_its_own_exercise_takes():
    plank = Hold(1, "plank", 3000.0, 3060.0, 60.0, "ended", set=2)
    sets = (Set(1, "squat", 0.0, 1903.0, 20, 0.0, "ended"), Set(2, "plank", 3000.0, 3060.0, 0, 60.0, "ended"))
    mixed = replace(WORKOUT, holds=(plank,), sets=sets)
    # The plank adds 2.8 x 3.5 x 80 / 200 = 3.92 and 3.8 x 3.5 x 80 / 200 = 5.32.
    assert workout_kcal(mixed, LIBRARY, 80.0) == pytest.approx((5.32 + 3.92, 7.0 + 5.32))


def test_without_a_weight_a_movement_or_a_met_there_is_no_energy():
    own = {"squat": replace(LIBRARY["squat"], met=None)}
    assert workout_kcal(WORKOUT, LIBRARY, None) is None
    assert workout_kcal(replace(WORKOUT, reps=()), LIBRARY, 80.0) is None
    assert workout_kcal(WORKOUT, own, 80.0) is None
    assert workout_kcal(WORKOUT, {}, 80.0) is None


@pytest.mark.parametrize("exercise", LIBRARY.values(), ids=lambda exercise: exercise.name)
def test_every_exercise_of_ours_says_how_hard_it_is(exercise):
    low, high = exercise.met
    assert 2.0 <= low < high <= 8.0
