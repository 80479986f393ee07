"""`posecoach bench engines`: all engines in turn on the same JPEG frames, from bytes to pose."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from webapp.commands.finite import Finite
from webapp.commands.progress import progress
from webapp.errors import BackendUnavailable, SettingsError
from webapp.evaluation.engine_speed import Speed, frames_of, measure
from webapp.pose.arithmetic import F32, offered
from webapp.pose.backends import engine, usable
from webapp.pose.choice import EngineChoice
from webapp.pose.weights import folders_of


@click.command("engines")
@click.option("--engine", "names", multiple=True, help="pose engine; may be repeated; default: all here")
@click.option("--clip", type=click.Path(path_type=Path), help="a video to take frames from; default: a drawn person")
@click.option(
    "--models",
    type=click.Path(path_type=Path),
    envvar="POSECOACH_MODELS",
    help="folder of your own weights, searched first",
)
@click.option(
    "--precision", default=F32, show_default=True, type=click.Choice(offered()), help="arithmetic of the networks"
)
@click.option(
    "--rounds",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="number of rounds, in which each engine has one turn",
)
@click.option("--seconds", default=1.0, show_default=True, type=Finite(0.05), help="length of a turn")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def command(
    names: tuple[str, ...],
    clip: Path | None,
    models: Path | None,
    precision: str,
    rounds: int,
    seconds: float,
    as_json: bool,
) -> None:
    """Measure milliseconds a frame and memory of every engine, each in a separate process."""
    if "replay" in names:
        raise SettingsError("The engine replay plays a recording and computes nothing; leave it out.")
    folders = folders_of(models)
    choices = [EngineChoice(engine(name, folders).name, folders, precision) for name in names or networks(folders)]
    left_out = None if names else _leave_out
    with progress("Measuring") as done:
        speeds = measure(choices, frames_of(clip), rounds=rounds, seconds=seconds, progress=done, left_out=left_out)
    if not speeds:
        raise BackendUnavailable("No engine can be opened here; `posecoach models` says how to get one.")
    click.echo(json.dumps({name: asdict(speed) for name, speed in speeds.items()}) if as_json else table(speeds))


def _leave_out(name: str, reason: BackendUnavailable) -> None:
    click.echo(f"{name} is left out: {reason}", err=True)


def networks(folders: tuple[Path, ...]) -> list[str]:
    """Return the engines that process pictures and have their weights installed."""
    return [name for name in usable(folders) if engine(name).weights]


def table(speeds: Mapping[str, Speed]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'engine':22}{'ms':>9}{'model':>9}{'decode':>9}{'crop':>9}{'rest':>9}{'memory':>10}  arithmetic"]
    for name, speed in speeds.items():
        parts = (speed.ms, speed.model_ms, speed.decode_ms, speed.crop_ms, speed.rest_ms)
        columns = "".join("-".rjust(9) if part is None else f"{part:9.2f}" for part in parts)
        lines.append(f"{name:22}{columns}{speed.rss_mb:7.0f} MB  {speed.precision}")
    return "\n".join(lines)
