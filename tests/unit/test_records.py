"""What the records say about themselves."""

from webapp.records import Set, Summary

SETS = (Set(1, "squat", 0.0, 9.0, 5, 0.0, "ended"), Set(2, "plank", 20.0, 50.0, 0, 30.0, "ended"))


def test_a_summary_has_the_exercise_of_each_set_and_its_own_for_a_set_that_it_does_not_have():
    summary = Summary("squat", "reps", 0.0, 50.0, 39.0, sets=SETS)
    assert [summary.exercise_of(number) for number in (1, 2, 3)] == ["squat", "plank", "squat"]
