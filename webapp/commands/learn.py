"""`posecoach learn`: an exercise of your own, from one recording of it."""

import os
import re
from pathlib import Path
from typing import get_args

import click

from webapp.commands.landmarks import engine_option, landmarks_of
from webapp.commands.outputs import new_file
from webapp.errors import SettingsError
from webapp.exercises import OWN_FOLDER, load_exercise, name_of
from webapp.learning.draft import Draft
from webapp.learning.learn import learn
from webapp.learning.toml import toml_of
from webapp.motion.measures import View
from webapp.settings import Settings, from_sources

NEW_FOLDER = Path("exercises")
"""For exercises, if no folder of the user's own is set: each `.toml` in such a folder is read as one."""


@click.command("learn", short_help="Write an exercise of your own from a video of it.")
@click.argument("clip", type=click.Path(path_type=Path))
@click.option("--reps", required=True, type=click.IntRange(1, 100), help="how many repetitions CLIP shows")
@click.option("--name", required=True, help='title of the exercise, such as "Box squat"')
@click.option(
    "--out", type=click.Path(path_type=Path), help="file to write; default: NAME.toml in your exercises folder, or here"
)
@click.option(
    "--view", type=click.Choice(get_args(View)), help="from where the camera must see you; default: as in CLIP"
)
@engine_option
def command(clip: Path, reps: int, name: str, out: Path | None, view: View | None, engine: str | None) -> None:
    """Find what moves in CLIP, a video of one person, and write an exercise that counts it.

    The exercise is a TOML file for you to read and edit. It is written only if it counts CLIP itself correctly. The
    other commands find it in your exercises folder: `serve --exercises FOLDER`, or POSECOACH_EXERCISES=FOLDER.
    """
    settings = from_sources({"backend": engine}, os.environ)
    path = _free(out or _place(name, settings))
    draft = learn(tuple(landmarks_of(clip, settings).estimates()), reps, name, clip.name, view)
    _write(path, toml_of(draft))
    load_exercise(path)
    click.echo(_report(draft, path))


def _place(name: str, settings: Settings) -> Path:
    """Return the path of an exercise with this title: in the user's folder of exercises, or a new one."""
    stem = re.sub(r"\W+", "_", name.lower()).strip("_")
    if not stem:
        raise SettingsError(f"{name!r} cannot be a file name: use at least one letter or digit.")
    folder = settings.exercises or NEW_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{stem}.toml"


def _free(path: Path) -> Path:
    """Return the path if it does not exist yet and the library will find it. Raises SettingsError."""
    if (OWN_FOLDER / path.name).exists():
        raise SettingsError(f"{path.stem} is a built-in exercise; choose another --name or --out.")
    name_of(path)
    return new_file(path, ".toml")


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as exc:
        raise SettingsError(f"{path} cannot be written ({exc.strerror}); choose another --out.") from exc


def _report(draft: Draft, path: Path) -> str:
    times = "repetition" if draft.reps == 1 else "repetitions"
    signals = ", ".join(one.measure for one in draft.movements)
    return (
        f"{path}: counts {draft.reps} {times} in {draft.source} by {signals}.\n"
        f"Read it, edit it, and try it on another recording:\n"
        f"  POSECOACH_EXERCISES={path.parent} posecoach analyze FILE --exercise {path.stem}"
    )
