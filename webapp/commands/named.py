"""The exercise that somebody names on the command line."""

import re
from collections.abc import Mapping

from webapp.errors import SettingsError
from webapp.motion.exercise import Exercise


def exercise_named(text: str, library: Mapping[str, Exercise], besides: str = "") -> Exercise:
    """Return the exercise with this name or title, whatever its case, spaces, hyphens and underscores.

    besides: another choice to offer in the SettingsError raised if there is none.
    """
    if text in library:
        return library[text]
    names = {_bare(exercise.title): exercise for exercise in library.values()}
    names |= {_bare(name): exercise for name, exercise in library.items()}
    if (exercise := names.get(_bare(text))) is None:
        offers = f"{besides} or one of" if besides else "one of"
        raise SettingsError(f"There is no exercise {text!r}; choose {offers} {', '.join(sorted(library))}.")
    return exercise


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()
