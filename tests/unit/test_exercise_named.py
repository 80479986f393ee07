"""Exercises on the command line: written as people write them."""

from dataclasses import replace

import pytest

from webapp.commands.named import exercise_named
from webapp.errors import SettingsError
from webapp.exercises import load_library

LIBRARY = load_library()


@pytest.mark.parametrize("text", ["push_up", "Push-up", "push up", "PUSH_UP", "pushup", " Push Up "])
def test_case_spaces_hyphens_and_underscores_do_not_matter(text):
    assert exercise_named(text, LIBRARY) is LIBRARY["push_up"]


def test_a_title_that_differs_from_the_name_is_found_too():
    assert exercise_named("Warrior II", LIBRARY) is exercise_named("warrior-two", LIBRARY) is LIBRARY["warrior_two"]


def test_two_names_that_differ_in_a_hyphen_are_distinguished():
    own = replace(LIBRARY["push_up"], name="push-up")
    library = {**LIBRARY, "push-up": own}
    assert exercise_named("push-up", library) is own
    assert exercise_named("push_up", library) is LIBRARY["push_up"]


def test_a_name_counts_more_than_anothers_title():
    library = {**LIBRARY, "my_squat": replace(LIBRARY["lunge"], name="my_squat", title="Squat")}
    assert exercise_named("SQUAT", library) is LIBRARY["squat"]


def test_an_unknown_name_is_answered_with_those_there_are():
    with pytest.raises(SettingsError, match=r"There is no exercise 'sqat'; choose auto or one of bicep_curl, boat"):
        exercise_named("sqat", LIBRARY, besides="auto")
