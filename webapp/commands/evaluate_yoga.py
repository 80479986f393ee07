"""`posecoach evaluate yoga`: naming the poses of labelled photos."""

import json
import os
from collections import Counter
from pathlib import Path

import click

from webapp.commands.landmarks import engine_of, engine_option, precision_option
from webapp.commands.progress import progress
from webapp.evaluation.yoga import figures, name_photos, photos
from webapp.exercises import load_library
from webapp.motion.recognise import Recogniser
from webapp.settings import from_sources


@click.command("yoga", short_help="Compare names of yoga poses with labelled photos.")
@click.argument("folder", type=click.Path(path_type=Path))
@engine_option
@precision_option
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(folder: Path, engine: str | None, precision: str | None, as_json: bool) -> None:
    """Name the pose of each photo in FOLDER/POSE/, and compare with POSE, the name of its folder.

    POSE is the name of a hold or yoga pose of the library, such as tree or warrior_two, or none.
    """
    settings = from_sources({"backend": engine, "precision": precision}, os.environ)
    library = load_library(settings.exercise_folders)
    recogniser = Recogniser(exercise for exercise in library.values() if exercise.kind == "hold")
    paths = photos(folder, recogniser.names)
    named = []
    with engine_of(settings) as backend, progress("Naming") as done:
        for one in name_photos(paths, backend, recogniser):
            named.append(one)
            done(len(named) / len(paths))
    measured = figures(named)
    if as_json:
        click.echo(json.dumps(measured, indent=1))
        return
    for (truth, found), count in sorted(Counter((photo.truth, photo.found) for photo in named).items()):
        if truth != found:
            click.echo(f"{truth} taken for {found}: {count}")
    click.echo(f"{measured['accuracy']:.1%} of {len(named)} photos named right")
