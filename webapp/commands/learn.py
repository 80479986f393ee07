"""`posecoach learn`: an exercise of one's own, from one recording of it."""

import os
import re
from pathlib import Path
from typing import get_args

import click

from webapp.commands.landmarks import landmarks_of
from webapp.errors import SettingsError
from webapp.exercises import OWN_FOLDER, load_exercise
from webapp.learning.draft import Draft
from webapp.learning.learn import learn
from webapp.learning.toml import toml_of
from webapp.motion.measures import View
from webapp.settings import Settings, from_sources


@click.command("learn", short_help="Write an exercise of your own from a recording of it.")
@click.argument("clip", type=click.Path(path_type=Path))
@click.option("--reps", required=True, type=click.IntRange(1, 100), help="how many repetitions CLIP shows")
@click.option("--name", required=True, help='what the exercise is called, such as "Box squat"')
@click.option(
    "--out", type=click.Path(path_type=Path), help="file to write; else NAME.toml in your own folder, or here"
)
@click.option("--view", type=click.Choice(get_args(View)), help="how to stand before the camera; else as in CLIP")
@click.option("--engine", help="pose engine; `posecoach models` lists them")
def command(clip: Path, reps: int, name: str, out: Path | None, view: View | None, engine: str | None) -> None:
    """Find what moves in CLIP, a video of one person, and write an exercise that counts it.

    The file is a proposal to be edited; `serve` and `analyze` find it in the folder that --exercises or
    POSECOACH_EXERCISES names. It is written only if it counts CLIP itself right.
    """
    settings = from_sources({"backend": engine}, os.environ)
    path = _free(out or _place(name, settings))
    draft = learn(tuple(landmarks_of(clip, settings).estimates()), reps, name, clip.name, view)
    _write(path, toml_of(draft))
    load_exercise(path)
    click.echo(_told(draft, path))


def _place(name: str, settings: Settings) -> Path:
    """Return where an exercise of this name belongs."""
    stem = re.sub(r"\W+", "_", name.lower()).strip("_")
    if not stem:
        raise SettingsError(f"{name!r} names no file: a name has at least one letter or digit.")
    return (settings.exercises or Path()) / f"{stem}.toml"


def _free(path: Path) -> Path:
    """Return a path that nothing is written over at, and that the library will find."""
    if path.suffix != ".toml":
        raise SettingsError(f"{path} is no name for an exercise: it must end in .toml.")
    if path.exists():
        raise SettingsError(f"{path} is there already; choose another --name or --out.")
    if (OWN_FOLDER / path.name).exists():
        raise SettingsError(f"{path.stem} is an exercise that PoseCoach has; choose another --name or --out.")
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise SettingsError(f"{path} cannot be written: {exc.strerror}.") from exc


def _told(draft: Draft, path: Path) -> str:
    times = "repetition" if draft.reps == 1 else "repetitions"
    signals = ", ".join(one.measure for one in draft.movements)
    return (
        f"{path}: counts {draft.reps} {times} in {draft.source} by {signals}.\n"
        f"Read it, change what you like, and try it on another recording:\n"
        f"  POSECOACH_EXERCISES={path.parent} posecoach analyze FILE --exercise {path.stem}"
    )
