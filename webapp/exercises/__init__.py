"""The library: one `.toml` an exercise. A user's own folders are read after ours and may replace what ours hold."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from webapp.errors import ExerciseError
from webapp.motion.exercise import Exercise, parse_exercise

OWN_FOLDER = Path(__file__).parent


def load_library(folders: Iterable[Path] = ()) -> Mapping[str, Exercise]:
    """Return every exercise by name, ours and those of `folders`; ExerciseError names a file that is wrong."""
    library: dict[str, Exercise] = {}
    for folder in (OWN_FOLDER, *folders):
        if not folder.is_dir():
            raise ExerciseError(f"{folder} is no folder of exercises.")
        for path in sorted(folder.glob("*.toml")):
            library[path.stem] = load_exercise(path)
    return MappingProxyType(library)


def load_exercise(path: Path) -> Exercise:
    """Read one exercise; ExerciseError names what is wrong with it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ExerciseError(f"{path} cannot be read: {exc}") from exc
    return parse_exercise(path.stem, content, str(path))
