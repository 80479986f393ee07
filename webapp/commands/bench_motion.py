"""`posecoach bench motion`: the time that counting and coaching take for an estimate, one thread."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from webapp.commands.landmarks import engine_of, engine_option, landmarks_of
from webapp.evaluation import mannequin
from webapp.evaluation.motion_speed import ObserveTime, measure
from webapp.exercises import load_library
from webapp.records import Estimate
from webapp.settings import Settings, from_sources

FPS, SQUATS = 15, 10
"""Of the drawn person."""


@click.command("motion")
@click.option("--clip", type=click.Path(path_type=Path), help="a video of somebody who moves; default: a drawn person")
@engine_option
@click.option(
    "--rounds",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="number of rounds, in which each exercise has one turn",
)
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(clip: Path | None, engine: str | None, rounds: int, as_json: bool) -> None:
    """Measure milliseconds an estimate for every exercise: set-up, counting or timing, and form.

    All exercises get the same estimates, made by the engine before the measurement.
    """
    settings = from_sources({"backend": engine}, os.environ)
    times = measure(load_library(settings.exercise_folders), _estimates(clip, settings), rounds)
    click.echo(json.dumps({name: asdict(one) for name, one in times.items()}) if as_json else table(times))


def _estimates(clip: Path | None, settings: Settings) -> list[Estimate]:
    if clip is not None:
        return list(landmarks_of(clip, settings).estimates())
    with engine_of(settings) as backend:
        stream = backend.open()
        timed = [(number / FPS, rgb) for number, rgb in enumerate(mannequin.squatting() * SQUATS)]
        return [Estimate(seq, t_s, stream.estimate(rgb, t_s)) for seq, (t_s, rgb) in enumerate(timed)]


def table(times: Mapping[str, ObserveTime]) -> str:
    """Return the figures as lines of text, the slowest exercise first."""
    slowest_first = sorted(times.items(), key=lambda item: -item[1].ms)
    lines = [f"{name:24}{one.ms:9.3f}{one.p99_ms:9.3f}" for name, one in slowest_first]
    return "\n".join((f"{'exercise':24}{'ms':>9}{'p99':>9}", *lines))
