"""The chosen engine, and the landmark series that it makes of a file, with a progress bar."""

from contextlib import ExitStack, closing
from pathlib import Path

import click

from webapp.commands.progress import progress
from webapp.evaluation.video import cached_series
from webapp.pose import PoseBackend
from webapp.pose.arithmetic import offered
from webapp.pose.backends import engine, exact_name, open_backend
from webapp.pose.video import facts
from webapp.series import Series
from webapp.settings import Settings

engine_option = click.option(
    "--engine",
    help="pose engine; `posecoach models` lists them; default: POSECOACH_BACKEND, or else blazepose-full",
)

precision_option = click.option(
    "--precision",
    type=click.Choice(offered()),
    help="arithmetic of the networks; default: POSECOACH_PRECISION, or else auto",
)


def landmarks_of(file: Path, settings: Settings, fps: float = 0.0) -> Series:
    """Return a video's series, cached in the data folder.

    fps: most frames a second to analyse; 0 for every frame. Raises SettingsError if the file is not a video.
    """
    name, cache = cache_name(settings), settings.data / "series"
    with ExitStack() as opened, progress("Looking") as done:
        series = cached_series(file, name, lambda: opened.enter_context(engine_of(settings)), cache, fps, done)
    _warn_of_damage(file, series)
    return series


def _warn_of_damage(file: Path, series: Series) -> None:
    if file.suffix == ".npz":
        return
    film, seen_s = facts(file), float(series.t_s[-1])
    if film.misses_much(seen_s):
        click.echo(f"{file} is damaged: only {seen_s:.0f} of {film.length_s:.0f} s can be read.", err=True)


def cache_name(settings: Settings) -> str:
    """Return the engine's name in the cache of series. Raises BackendUnavailable if there is no engine of its name."""
    return exact_name(engine(settings.backend, settings.model_folders).name, settings.precision)


def engine_of(settings: Settings) -> closing[PoseBackend]:
    """Load the engine of the settings, to be closed at the end. Raises BackendUnavailable as `open_backend` does."""
    return closing(open_backend(settings.backend, models=settings.model_folders, precision=settings.precision))
