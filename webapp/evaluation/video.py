"""The landmark series that an engine makes of a video file."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from webapp import pose as engines
from webapp.errors import SettingsError
from webapp.pose import PoseBackend
from webapp.pose.video import Progress, checked, read_video
from webapp.records import JOINT_COUNT, Pose
from webapp.series import Series


def series_of(path: Path, backend: PoseBackend, max_fps: float = 0.0, progress: Progress | None = None) -> Series:
    """Estimate the pose in every frame of a video. Raises SettingsError if it cannot be read."""
    stream = backend.open()
    times: list[float] = []
    poses: list[Pose | None] = []
    aspect = 1.0
    try:
        for t_s, picture in read_video(path, max_fps, progress):
            aspect = picture.shape[1] / picture.shape[0]
            times.append(t_s)
            poses.append(stream.estimate(picture, t_s))
    finally:
        stream.close()
    if not times:
        raise SettingsError(f"{path} contains no readable picture.")
    return _series(times, poses, aspect, path.name)


def _series(times: list[float], poses: list[Pose | None], aspect: float, source: str) -> Series:
    image = np.full((len(times), JOINT_COUNT, 4), np.nan, np.float32)
    world = np.full((len(times), JOINT_COUNT, 3), np.nan, np.float32)
    for index, pose in enumerate(poses):
        if pose is not None:
            image[index], world[index] = pose.image, pose.world
    return Series(np.array(times), image, world, aspect, source=source)


def cached_series(
    path: Path,
    engine: str,
    open_backend: Callable[[], PoseBackend],
    cache_folder: Path,
    max_fps: float = 0.0,
    progress: Progress | None = None,
) -> Series:
    """Return a clip's series, from `cache_folder` if this engine has seen the same bytes at the same rate before.

    A file that is a series itself (`.npz`) is returned as it is. Raises SettingsError if the file cannot be read; and
    if its series cannot be cached, before anything is estimated.
    """
    checked(path)
    if path.suffix == ".npz":
        return Series.load(path)
    cached = cache_folder / cache_name(path, engine, max_fps)
    if cached.is_file():
        return Series.load(cached)
    half_done = cached.with_suffix(f".{os.getpid()}.part")
    with _storing(cache_folder):
        cache_folder.mkdir(parents=True, exist_ok=True)
        half_done.touch()
    try:
        series = series_of(path, open_backend(), max_fps, progress)
        with _storing(cache_folder):
            series.save(half_done)
            half_done.replace(cached)
    finally:
        half_done.unlink(missing_ok=True)
    return series


def cache_name(path: Path, engine: str, max_fps: float = 0.0) -> str:
    """Return the name of a clip's cached series: of its bytes, the engine and its version, and the rate."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{digest[:24]}-{engine}-{max_fps:g}-{_engines_digest()[:8]}.npz"


@cache
def _engines_digest() -> str:
    """Return a digest of the engines' source: another version may see other joints."""
    sources = sorted(Path(engines.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


@contextmanager
def _storing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise SettingsError(
            f"The joints seen cannot be stored in {folder} ({exc.strerror}); set POSECOACH_DATA to a folder that you "
            "may write into."
        ) from exc
