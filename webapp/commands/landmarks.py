"""The chosen engine, and the landmark series that it makes of a file, with a progress bar."""

from pathlib import Path

from webapp.commands.progress import progress
from webapp.evaluation.video import cached_series
from webapp.pose import PoseBackend
from webapp.pose.backends import exact_name, open_backend
from webapp.series import Series
from webapp.settings import Settings


def landmarks_of(file: Path, settings: Settings, fps: float = 0.0) -> Series:
    """Return a video's series, cached in the data folder.

    fps: most frames a second to analyse; 0 for every frame. Raises SettingsError if the file is not a video.
    """
    name, cache = exact_name(settings.backend, settings.precision), settings.data / "series"
    with progress("Looking") as done:
        return cached_series(file, name, lambda: chosen_engine(settings), cache, fps, done)


def chosen_engine(settings: Settings) -> PoseBackend:
    """Load the engine of the settings. Raises BackendUnavailable as `open_backend` does."""
    return open_backend(settings.backend, models=settings.model_folders, precision=settings.precision)
