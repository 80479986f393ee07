"""The library of exercises, one `.toml` each. Files in a user's folders replace ours of the same name."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from webapp.errors import ExerciseError
from webapp.motion.exercise import Exercise
from webapp.motion.parser import parse_exercise

OWN_FOLDER = Path(__file__).parent
MAX_BYTES = 32_000
"""The largest file of an exercise; ours have at most 2 kB."""


def load_library(folders: Iterable[Path] = ()) -> Mapping[str, Exercise]:
    """Return every exercise by name, ours and those of `folders`; ExerciseError names a wrong file."""
    library: dict[str, Exercise] = {}
    paths: dict[str, Path] = {}
    for folder in (OWN_FOLDER, *folders):
        if not folder.is_dir():
            raise ExerciseError(
                f"{folder} is not a folder of exercises; create it, or correct --exercises or POSECOACH_EXERCISES."
            )
        for path in sorted(folder.glob("*.[tT][oO][mM][lL]")):
            name = name_of(path)
            library[name], paths[name] = load_exercise(path), path
    return MappingProxyType({name: _with_poses(one, library, paths[name]) for name, one in library.items()})


def find(text: str, library: Mapping[str, Exercise]) -> Exercise | None:
    """Return the exercise with this name or title, whatever its case, spaces, hyphens and underscores; None if none."""
    if text in library:
        return library[text]
    names = {_bare(exercise.title): exercise for exercise in library.values()}
    names |= {_bare(name): exercise for name, exercise in library.items()}
    return names.get(_bare(text))


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _with_poses(exercise: Exercise, library: Mapping[str, Exercise], path: Path) -> Exercise:
    """Give a flow the poses of its group, and their rules; ExerciseError if there are none."""
    if exercise.hold is None or not exercise.hold.flow:
        return exercise
    held = [one for one in library.values() if one.kind == "hold" and one.conditions]
    poses = tuple(one for one in held if one.group == exercise.hold.flow)
    if not poses:
        groups = ", ".join(sorted({one.group for one in held}))
        raise ExerciseError(f"{path}: hold.flow is {exercise.hold.flow!r}; it must be a group with poses: {groups}")
    return replace(exercise, poses=poses, rules=tuple(rule for pose in poses for rule in pose.rules))


def load_exercise(path: Path) -> Exercise:
    """Read one exercise; ExerciseError names the mistake."""
    name = name_of(path)
    try:
        content = tomllib.loads(_text(path))
    except (OSError, ValueError, RecursionError) as exc:
        raise ExerciseError(
            f"{path} cannot be read: {exc}; it must be TOML, in UTF-8, of at most {MAX_BYTES / 1000:g} kB"
        ) from exc
    return parse_exercise(name, content, str(path))


def name_of(path: Path) -> str:
    """Return the name of a file's exercise, which is part of addresses; ExerciseError if it cannot be."""
    if not re.fullmatch(r"[\w-]+", path.stem):
        raise ExerciseError(f"{path}: the file's name must be letters, digits, _ and -, and .toml after them")
    return path.stem


def _text(path: Path) -> str:
    """Return a file's text. Raises OSError or ValueError."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError("it is larger")
    return content.decode("utf-8-sig").replace("\r\n", "\n")
