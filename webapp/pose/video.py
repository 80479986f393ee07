"""OpenCV's home for videos: reads a file as pictures with their times.

This also reads uploads, so FFmpeg is restricted to containers that contain their video. Otherwise a playlist or a list
of files to join could make it open anything on this machine or in the network.
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
"""When pictures are left out: part of the interval by which one may be early and still be used."""

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,asf,flv"
"""FFmpeg's names of the accepted containers."""

_MISSES, _MISSES_S = 0.1, 1.0
"""A file of which more is missing, both as a part and in seconds, is damaged. (Sound files miss 0.3 s at most.)"""

Progress = Callable[[float], object]
"""Called with the part done, 0 to 1."""

_SETTINGS = {
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET: we report ourselves what is wrong with a file
    "OPENCV_FFMPEG_CAPTURE_OPTIONS": f"protocol_whitelist;file|format_whitelist;{CONTAINERS}",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file claims about its video, possibly wrong. fps: mean pictures a second over `length_s`."""

    width_px: int
    height_px: int
    fps: float
    length_s: float

    def misses_much(self, seen_s: float) -> bool:
        """Whether the file is damaged, if its last readable picture is at `seen_s`."""
        return self.length_s - seen_s > max(_MISSES_S, _MISSES * self.length_s)


def facts(path: Path) -> Facts:
    """Return what the file claims. Raises SettingsError if it is missing or not a video."""
    with _opened(path) as capture:
        fps = float(capture.get(cv2.CAP_PROP_FPS))
        frames = max(0.0, float(capture.get(cv2.CAP_PROP_FRAME_COUNT)))  # negative if the file does not say
        size = (capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        return Facts(int(size[0]), int(size[1]), fps, frames / fps)


def read_video(path: Path, max_fps: float = 0.0, progress: Progress | None = None) -> Iterator[tuple[float, RgbImage]]:
    """Yield (seconds since the first picture, picture), upright. Raises SettingsError if it is missing or not a video.

    The times are the file's own, because a phone's frame rate varies. They increase: a picture that is not later than
    the one before is left out. max_fps: pictures are left out to keep to it; 0 yields all.
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
    """Yield the times of the pictures to use; the others are not converted."""
    first_s: float | None = None
    last_s, due_s = -1.0, 0.0
    while capture.grab():
        now_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        first_s = now_s if first_s is None else first_s
        t_s = now_s - first_s
        if t_s > last_s and t_s >= due_s - EARLY * gap_s:
            last_s, due_s = t_s, max(due_s, t_s - gap_s) + gap_s
            yield t_s


def checked(path: Path) -> Path:
    """Return the path of a file. Raises SettingsError if it is none, or may not be read."""
    if path.is_dir():
        raise SettingsError(f"{path} is a folder; name one video in it.")
    if not path.is_file():
        raise SettingsError(f"There is no file {path}; check its name.")
    if not os.access(path, os.R_OK):
        raise SettingsError(f"{path} may not be read; change its permissions.")
    return path


@contextmanager
def _opened(path: Path) -> Iterator[cv2.VideoCapture]:
    checked(path)
    os.environ.update(_SETTINGS)
    with quiet_stderr():  # OpenCV warns about files that are not videos; the error raised says enough
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        if not capture.isOpened() or not capture.get(cv2.CAP_PROP_FPS) > 0:
            raise SettingsError(f"{path} is not a readable video; try to play it, or convert it to MP4.")
        yield capture
    finally:
        capture.release()
