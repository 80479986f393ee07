"""A video file as pictures, and as the landmark series that an engine makes of them."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from webapp.errors import SettingsError
from webapp.pose import PoseBackend, RgbImage
from webapp.records import JOINT_COUNT, Pose
from webapp.series import Series

EARLY = 0.25
"""Part of a picture's time by which it may come early and still be taken, when pictures are left out."""

QUIET = "-8"
"""FFmpeg's AV_LOG_QUIET: what is wrong with a file is said once, by us."""

Progress = Callable[[float], object]
"""Called with the part done, 0 to 1."""


def frame_rate(path: Path) -> float:
    """Return a video's pictures a second; SettingsError when it is missing or no video."""
    with _opened(path) as capture:
        return float(capture.get(cv2.CAP_PROP_FPS))


def length_s(path: Path) -> float:
    """Return how long a video lasts, in seconds; SettingsError when it is missing or no video."""
    with _opened(path) as capture:
        return float(capture.get(cv2.CAP_PROP_FRAME_COUNT) / capture.get(cv2.CAP_PROP_FPS))


def read_video(path: Path, max_fps: float = 0.0, progress: Progress | None = None) -> Iterator[tuple[float, RgbImage]]:
    """Yield (seconds from the start, picture), upright; SettingsError when it is missing or no video.

    max_fps: pictures are left out to stay at it; 0 takes every one.
    """
    with _opened(path) as capture:
        fps, frames = capture.get(cv2.CAP_PROP_FPS), capture.get(cv2.CAP_PROP_FRAME_COUNT)
        for index, picture in _kept(capture, fps, max_fps):
            yield index / fps, picture
            if progress is not None and frames > 0:
                progress(min(1.0, (index + 1) / frames))


@contextmanager
def _opened(path: Path) -> Iterator[cv2.VideoCapture]:
    if not path.is_file():
        raise SettingsError(f"There is no file {path}.")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", QUIET)
    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened() or not capture.get(cv2.CAP_PROP_FPS) > 0:
            raise SettingsError(f"{path} is no video that can be read.")
        yield capture
    finally:
        capture.release()


def _kept(capture: cv2.VideoCapture, fps: float, max_fps: float) -> Iterator[tuple[int, RgbImage]]:
    """Yield the pictures that are due, undecoded ones skipped over."""
    every = fps / max_fps if 0 < max_fps < fps else 1.0
    due, index = 0.0, 0
    while capture.grab():
        if index >= due - EARLY:
            done, bgr = capture.retrieve()
            if not done:
                return
            yield index, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
            due += every
        index += 1


def series_of(path: Path, backend: PoseBackend, max_fps: float = 0.0, progress: Progress | None = None) -> Series:
    """Estimate the pose in every picture of a video; SettingsError when it cannot be read."""
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
        raise SettingsError(f"{path} holds no picture that can be read.")
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
    cache: Path,
    max_fps: float = 0.0,
    progress: Progress | None = None,
) -> Series:
    """Return a clip's series, from `cache` when this engine has seen the same bytes at the same rate before.

    A file that is a series itself (`.npz`) is taken as it is.
    """
    if not path.is_file():
        raise SettingsError(f"There is no file {path}.")
    if path.suffix == ".npz":
        return Series.load(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = cache / f"{digest[:24]}-{engine}-{max_fps:g}.npz"
    if kept.is_file():
        return Series.load(kept)
    series = series_of(path, open_backend(), max_fps, progress)
    cache.mkdir(parents=True, exist_ok=True)
    half_done = kept.with_suffix(f".{os.getpid()}.part")
    series.save(half_done)
    half_done.replace(kept)
    return series
