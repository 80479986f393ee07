"""The library of exercises, one `.toml` each. Files in a user's folders replace ours of the same name."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from webapp.errors import ExerciseError
from webapp.motion.exercise import Exercise, parse_exercise

OWN_FOLDER = Path(__file__).parent


def load_library(folders: Iterable[Path] = ()) -> Mapping[str, Exercise]:
    """Return every exercise by name, ours and those of `folders`; ExerciseError names a wrong file."""
    library: dict[str, Exercise] = {}
    for folder in (OWN_FOLDER, *folders):
        if not folder.is_dir():
            raise ExerciseError(
                f"{folder} is not a folder of exercises; create it, or correct --exercises or POSECOACH_EXERCISES."
            )
        for path in sorted(folder.glob("*.toml")):
            library[path.stem] = load_exercise(path)
    return MappingProxyType({name: _with_poses(one, library) for name, one in library.items()})


def _with_poses(exercise: Exercise, library: Mapping[str, Exercise]) -> Exercise:
    """Give a flow the poses of its group, and their rules."""
    if exercise.hold is None or not exercise.hold.flow:
        return exercise
    group = [one for one in library.values() if one.group == exercise.hold.flow]
    poses = tuple(one for one in group if one.kind == "hold" and one.conditions)
    return replace(exercise, poses=poses, rules=tuple(rule for pose in poses for rule in pose.rules))


def load_exercise(path: Path) -> Exercise:
    """Read one exercise; ExerciseError names the mistake."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ExerciseError(f"{path} cannot be read: {exc}") from exc
    return parse_exercise(path.stem, content, str(path))
