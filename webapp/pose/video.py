"""OpenCV's home for videos: a file as pictures with their times.

What somebody uploads is read here too, so FFmpeg is held to containers that hold their video themselves. Without that,
a playlist or a list of files to be joined would have it open whatever they name, on this machine or in the network.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from webapp.errors import SettingsError
from webapp.pose import RgbImage
from webapp.pose.quiet_stderr import quiet_stderr

EARLY = 0.25
"""Part of a picture's time by which it may come early and still be taken, when pictures are left out."""

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,asf,flv"
"""FFmpeg's names of what is read."""

Progress = Callable[[float], object]
"""Called with the part done, 0 to 1."""

_SETTINGS = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET: what is wrong with a file is said once, by us
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": f"protocol_whitelist;file|format_whitelist;{CONTAINERS}",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about its video, which need not be true. fps: pictures a second in the mean, over `length_s`."""

    width_px: int
    height_px: int
    fps: float
    length_s: float


def facts(path: Path) -> Facts:
    """Return what the file says of itself; SettingsError when it is missing or no video."""
    with _opened(path) as capture:
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        frames = max(0.0, float(capture.get(cv2.CAP_PROP_FRAME_COUNT)))  # below zero where the file does not say
        size = (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        return Facts(int(size[0]), int(size[1]), fps, frames / fps)


def read_video(path: Path, max_fps: float = 0.0, progress: Progress | None = None) -> Iterator[tuple[float, RgbImage]]:
    """Yield (seconds since the first picture, picture), upright; SettingsError when it is missing or no video.

    The times are the file's own, for a telephone takes its pictures as they come. They rise: a picture that is not
    later than the one before is left out. max_fps: pictures are left out to stay at it; 0 takes every one.
    """
    length_s = facts(path).length_s
    with _opened(path) as capture:
        for t_s in _due(capture, 1.0 / max_fps if max_fps else 0.0):
            done, bgr = capture.retrieve()
            if not done:
                return
            yield t_s, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
            if progress is not None and length_s > 0:
                progress(min(1.0, t_s / length_s))


def _due(capture: cv2.VideoCapture, gap_s: float) -> Iterator[float]:
    """Yield the times of the pictures that are due; the others are not converted."""
    first_s: float | None = None
    last_s, due_s = -1.0, 0.0
    while capture.grab():
        now_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        first_s = now_s if first_s is None else first_s
        t_s = now_s - first_s
        if t_s > last_s and t_s >= due_s - EARLY * gap_s:
            last_s, due_s = t_s, max(due_s, t_s - gap_s) + gap_s
            yield t_s


@contextmanager
def _opened(path: Path) -> Iterator[cv2.VideoCapture]:
    if not path.is_file():
        raise SettingsError(f"There is no file {path}.")
    os.environ.update(_SETTINGS)
    with quiet_stderr():  # OpenCV warns of what is no video; the error raised says enough
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        if not capture.isOpened() or not capture.get(cv2.CAP_PROP_FPS) > 0:
            raise SettingsError(f"{path} is no video that can be read.")
        yield capture
    finally:
        capture.release()
