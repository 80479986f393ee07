"""`posecoach evaluate motion`: counts and holds on a folder of clips with their `truth.json`."""

import json
import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import click

from webapp.commands.finite import Finite
from webapp.commands.landmarks import cache_name, engine_of, engine_option, precision_option
from webapp.commands.outputs import FIGURES, new_file
from webapp.commands.progress import progress
from webapp.evaluation.motion import Outcome, evaluate, figures, read_truth
from webapp.evaluation.motion_plot import draw
from webapp.evaluation.video import cached_series
from webapp.exercises import load_library
from webapp.pose import PoseBackend
from webapp.pose.backends import engine as engine_row
from webapp.pose.offers import misses
from webapp.series import Series
from webapp.settings import from_sources


@click.command("motion", short_help="Compare counts and holds with labelled clips.")
@click.argument("folder", type=click.Path(path_type=Path))
@engine_option
@precision_option
@click.option("--fps", default=0.0, type=Finite(0), help="most frames a second to analyse; 0 for every frame")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="OUT.png",
    help="draw what was measured, counted and true in each clip",
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(
    folder: Path, engine: str | None, precision: str | None, fps: float, plot: Path | None, as_json: bool
) -> None:
    """Count the clips in FOLDER and compare with its truth.json.

    truth.json lists the clips: [{"file": "squats.mp4", "exercise": "squat", "reps": 5}]. A clip may also have
    "acceptable_reps", such as [5, 6] if one is cut off by its end, "rep_times_s", the start and end of each, and for
    held poses "holds": [{"pose": "plank", "start_s": 1.5, "end_s": 12}]. The joints seen in a clip are cached in the
    data folder, so that a second run takes seconds.
    """
    if plot is not None:
        new_file(plot, *FIGURES)
    truths = read_truth(folder)
    settings = from_sources({"backend": engine, "precision": precision}, os.environ)
    library = load_library(settings.exercise_folders)
    name = cache_name(settings)
    row = engine_row(settings.backend, settings.model_folders)
    unjudged = {one.name: lacks for one in library.values() if (lacks := misses(row, one))}

    outcomes = []
    with ExitStack() as opened:

        @cache
        def backend() -> PoseBackend:
            return opened.enter_context(engine_of(settings))

        def series(file: str) -> Series:
            return cached_series(folder / file, name, backend, settings.data / "series", fps)

        with progress("Counting") as done:
            for outcome in evaluate(truths, library, series):
                outcomes.append(outcome)
                done(len(outcomes) / len(truths))
        measured = figures(outcomes) | {"cannot_judge": unjudged}
        click.echo(json.dumps(measured, indent=1) if as_json else _table(outcomes, measured))
        if plot is not None:
            draw(zip(truths, outcomes, strict=True), library, series, plot)


def _table(outcomes: list[Outcome], measured: dict[str, Any]) -> str:
    width = max((len(outcome.file) for outcome in outcomes), default=4)
    rows = [f"{'clip':{width}}  {'exercise':16} truth count"]
    rows += [
        f"{one.file:{width}}  {one.exercise:16} {one.truth:5} {one.count:5}  "
        f"{'' if one.ok else 'wrong'} {one.note}".rstrip()
        for one in outcomes
    ]
    total = (
        f"{measured['exact']} of {measured['clips']} clips right, {measured['obo']} within one; "
        f"mean error {measured['mae']}; {measured['false_reps']} false repetitions"
    )
    for name, key in (("times of repetitions", "rep_time_error_s"), ("holds", "hold_error_s")):
        if measured[key] is not None:
            total += f"; {name} off by {measured[key]} s (median)"
    if measured["cannot_judge"]:
        needs = ", ".join(f"{name} (needs the {lacks})" for name, lacks in measured["cannot_judge"].items())
        total += f"\nThis engine cannot judge: {needs}."
    return "\n".join((*rows, "", total))
