"""The process that looks at one video: its pictures in, what the engine saw of each out.

Each picture becomes the JPEG that a browser would have sent of it, so that the engine sees the same bytes as live and
the figures are the same. This module imports what is heavy and is imported by nothing: the web process names it. A
video comes from anybody, and FFmpeg has had faults: what may be used for it is bounded.
"""

import contextlib
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from webapp import core_dumps
from webapp.errors import AppError, BadVideo, SettingsError, VideoTooLarge
from webapp.exercises import load_library
from webapp.jpeg import MAX_PIXELS
from webapp.motion.exercise import Exercise
from webapp.parts import Recording
from webapp.pose import PoseStream, RgbImage
from webapp.pose.backends import open_choice
from webapp.pose.line import Line
from webapp.pose.picture import as_sent, decode
from webapp.pose.video import Facts, facts, read_video
from webapp.recordings import likeliest, play, recognised
from webapp.records import Estimate, Summary
from webapp.uploads import told
from webapp.uploads.dated import recorded_at_s
from webapp.uploads.looking import ODD, Task
from webapp.uploads.told import Found, Part, Progress, Told

_log = logging.getLogger(__name__)

LIVE_FPS = 30.0
"""A camera gives a browser so many pictures a second; of a quicker video, some are left out."""

_TELL_EVERY_S = 0.2
_MEMORY_BYTES = 2 << 30
"""What decoding may take beyond what the engine needs: sixteen pictures of the largest size, and room to spare."""

NO_VIDEO = "This file is no video that can be read; MP4, MOV, WebM, MKV and AVI files can be."


Tell = Callable[[Told], None]


def run(end: Connection, task: Task) -> None:
    """Look at the video and tell of it, until the end or until the web process is gone."""
    for order in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group; the web process ends this one
        signal.signal(order, signal.SIG_IGN)
    core_dumps.forbid()
    os.nice(19)  # live workouts go first
    line = Line(end)

    def tell(one: Told) -> None:
        line.send(told.of(one))

    try:
        try:
            _look(task, tell)
            tell(None)
        except AppError as error:
            tell(error)
        except (ArithmeticError, MemoryError, RuntimeError, ValueError) as exc:
            _log.warning("a video could not be looked at: %r", exc)
            tell(BadVideo(ODD))
    except OSError:
        pass  # the web process is gone


def _look(task: Task, tell: Tell) -> None:
    film = _checked(task)
    backend = open_choice(task.engine)
    _bound_memory()
    stream = backend.open()
    try:
        estimates = _estimates(task, film, stream, tell)
        if task.exercise:
            _tell_all(Found(task.exercise), estimates, tell, keep_series=task.keep_series)
        else:
            seen = tuple(estimates)
            _tell_all(Found(_shown(seen, task, tell)), seen, tell, keep_series=task.keep_series)
    finally:
        stream.close()
        backend.close()


def _checked(task: Task) -> Facts:
    """Return what the file says of itself, or refuse it before a picture is decoded."""
    try:
        film = facts(task.video)
    except SettingsError as exc:
        raise BadVideo(NO_VIDEO) from exc
    if film.length_s > task.max_s:
        raise _too_long(task)
    _check_size(film.width_px, film.height_px)
    return film


def _check_size(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise VideoTooLarge(f"Pictures of {width_px} x {height_px} are too large; record or save it in 4K or less.")


def _too_long(task: Task) -> VideoTooLarge:
    return VideoTooLarge(f"The video is longer than {task.max_s / 60:g} minutes; cut it to the workout and try again.")


def _bound_memory() -> None:
    """Let a video that asks for more memory than any picture of the largest size needs fail, and not the machine."""
    with contextlib.suppress(OSError, ValueError):  # not every system has these pages and this limit
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _MEMORY_BYTES, resource.RLIM_INFINITY))


def _estimates(task: Task, film: Facts, stream: PoseStream, tell: Tell) -> Iterator[Estimate]:
    """Yield what the engine sees, on the clock of when the video was recorded, and tell how far it is."""
    started_at_s = _started_at_s(task)
    told_s, somebody, seq = 0.0, False, -1
    for seq, (t_s, picture) in enumerate(_pictures(task.video)):
        if t_s > task.max_s:
            raise _too_long(task)
        _check_size(picture.shape[1], picture.shape[0])
        estimate = _estimate(stream, picture, seq, started_at_s + t_s)
        somebody = somebody or estimate.pose is not None
        if time.monotonic() - told_s > _TELL_EVERY_S:
            tell(Progress(t_s, film.length_s))
            told_s = time.monotonic()
        yield estimate
    if seq < 0:
        raise BadVideo(NO_VIDEO)
    if not somebody:
        raise BadVideo("Nobody is seen in this video; the camera must see all of one person.")


def _pictures(video: Path) -> Iterator[tuple[float, RgbImage]]:
    try:
        yield from read_video(video, LIVE_FPS)
    except SettingsError as exc:
        raise BadVideo(NO_VIDEO) from exc


def _started_at_s(task: Task) -> float:
    with task.video.open("rb") as file:
        return recorded_at_s(file, task.arrived_at_s) or task.arrived_at_s


def _estimate(stream: PoseStream, picture: RgbImage, seq: int, t_s: float) -> Estimate:
    start_s = time.perf_counter()
    pose = stream.estimate(decode(as_sent(picture)), t_s)
    return Estimate(seq, t_s, pose, infer_ms=(time.perf_counter() - start_s) * 1000, others=stream.others)


def _tell_all(found: Found, estimates: Iterable[Estimate], tell: Tell, *, keep_series: bool) -> None:
    recording = Recording()
    tell(found)
    for estimate in estimates:
        tell(estimate)
        if keep_series:
            recording.take(estimate)
            _tell_parts(recording, tell)
    recording.rest()
    _tell_parts(recording, tell)


def _tell_parts(recording: Recording, tell: Tell) -> None:
    for part in recording.packed():
        tell(Part(part))


def _shown(seen: Sequence[Estimate], task: Task, tell: Tell) -> str:
    """Return the exercise that the estimates are of."""
    length_s = seen[-1].t_s - seen[0].t_s

    def played(exercise: Exercise) -> Summary:
        tell(Progress(length_s, length_s))  # that it goes on
        return play(exercise, seen)

    summary = likeliest(map(played, load_library(task.exercises).values()))
    if not recognised(summary):
        raise BadVideo("No exercise of the library was recognised; choose one.")
    return summary.exercise
