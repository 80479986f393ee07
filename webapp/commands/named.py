"""The exercise that somebody names on the command line."""

from collections.abc import Mapping

from webapp.errors import SettingsError
from webapp.exercises import find
from webapp.motion.exercise import Exercise


def exercise_named(text: str, library: Mapping[str, Exercise], besides: str = "") -> Exercise:
    """Return the exercise that is found under this text.

    besides: another choice to offer in the SettingsError raised if there is none.
    """
    if (exercise := find(text, library)) is None:
        offers = f"{besides} or one of" if besides else "one of"
        raise SettingsError(f"There is no exercise {text!r}; choose {offers} {', '.join(sorted(library))}.")
    return exercise
