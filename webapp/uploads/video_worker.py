"""The video worker process: one video's pictures in, an estimate of each out.

Each picture becomes the JPEG that a browser would have sent, so that the engine sees the same bytes as live and the
figures are the same. This module has heavy imports; the web process refers to it by name only. Videos come from
strangers and FFmpeg has had vulnerabilities, so its resources are limited.
"""

import contextlib
import logging
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from webapp import core_dumps, stop_signals
from webapp.errors import AppError, BadVideo, SettingsError, VideoTooLarge
from webapp.exercises import load_library
from webapp.jpeg import MAX_PIXELS
from webapp.motion.exercise import Exercise
from webapp.parts import PartWriter
from webapp.pose import PoseStream, RgbImage
from webapp.pose.backends import open_choice
from webapp.pose.picture import as_sent, decode
from webapp.pose.pipe import MessagePipe
from webapp.pose.video import Facts, facts, read_video
from webapp.recordings import likeliest, play, recognised
from webapp.records import Estimate, Summary
from webapp.uploads import messages
from webapp.uploads.analysis import ODD, Task
from webapp.uploads.creation_time import recorded_at_s
from webapp.uploads.messages import Chosen, Message, Part, Progress

_log = logging.getLogger(__name__)

LIVE_FPS = 30.0
"""Frame rate of a browser's camera; faster videos are thinned out to it."""

_REPORT_EVERY_S = 0.2
_MEMORY_BYTES = 2 << 30
"""Memory for decoding, beyond the engine's own: sixteen pictures of the largest size, and room to spare."""

NO_VIDEO = "This file cannot be read as a video; use MP4, MOV, WebM, MKV or AVI."


Send = Callable[[Message], None]


def run(end: Connection, task: Task) -> None:
    """Analyse the video and send messages, until its end or until the web process is gone."""
    stop_signals.ignore()  # the web process ends this one
    core_dumps.forbid()
    os.nice(19)  # live workouts have priority
    pipe = MessagePipe(end)

    def send(message: Message) -> None:
        pipe.send(messages.encode(message))

    try:
        try:
            _analyse(task, send)
            send(None)
        except AppError as error:
            send(error)
        except (ArithmeticError, MemoryError, RuntimeError, ValueError) as exc:
            _log.warning("a video could not be analysed: %r", exc)
            send(BadVideo(ODD))
    except OSError:
        pass  # the web process is gone


def _analyse(task: Task, send: Send) -> None:
    film = _checked(task)
    backend = open_choice(task.engine)
    _bound_memory()
    stream = backend.open()
    try:
        estimates = _estimates(task, film, stream, send)
        if task.exercise:
            _send_all(Chosen(task.exercise), estimates, send, keep_series=task.keep_series)
        else:
            seen = tuple(estimates)
            _send_all(Chosen(_shown(seen, task, send)), seen, send, keep_series=task.keep_series)
    finally:
        stream.close()
        backend.close()


def _checked(task: Task) -> Facts:
    """Return the file's own facts. Raises BadVideo or VideoTooLarge before any picture is decoded."""
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
    """Limit this process's memory, so that a malicious video fails and not the machine."""
    with contextlib.suppress(OSError, ValueError):  # not every system has these pages and this limit
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _MEMORY_BYTES, resource.RLIM_INFINITY))


def _estimates(task: Task, film: Facts, stream: PoseStream, send: Send) -> Iterator[Estimate]:
    """Yield the estimates, timed from when the video was recorded, and report progress."""
    started_at_s = _started_at_s(task)
    reported_s, somebody, seq, t_s = 0.0, False, -1, 0.0
    for seq, (t_s, picture) in enumerate(_pictures(task.video)):
        if t_s > task.max_s:
            raise _too_long(task)
        _check_size(picture.shape[1], picture.shape[0])
        estimate = _estimate(stream, picture, seq, started_at_s + t_s)
        somebody = somebody or estimate.pose is not None
        if time.monotonic() - reported_s > _REPORT_EVERY_S:
            send(Progress(t_s, film.length_s))
            reported_s = time.monotonic()
        yield estimate
    if seq < 0:
        raise BadVideo(NO_VIDEO)
    if not somebody:
        raise BadVideo("Nobody can be seen in this video; one person must be fully in view.")
    if film.misses_much(t_s):
        read = f"{t_s:.0f} of {film.length_s:.0f} s"
        raise BadVideo(f"This video is damaged: only {read} can be read. Save or copy it again, and try again.")


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


def _send_all(chosen: Chosen, estimates: Iterable[Estimate], send: Send, *, keep_series: bool) -> None:
    writer = PartWriter()
    send(chosen)
    for estimate in estimates:
        send(estimate)
        if keep_series:
            writer.take(estimate)
            _send_parts(writer, send)
    writer.rest()
    _send_parts(writer, send)


def _send_parts(writer: PartWriter, send: Send) -> None:
    for part in writer.packed():
        send(Part(part))


def _shown(seen: Sequence[Estimate], task: Task, send: Send) -> str:
    """Return the name of the exercise that the estimates show. Raises BadVideo if none is recognised."""
    length_s = seen[-1].t_s - seen[0].t_s

    def played(exercise: Exercise) -> Summary:
        send(Progress(length_s, length_s))  # a sign of life
        return play(exercise, seen)

    summary = likeliest(map(played, load_library(task.exercises).values()))
    if not recognised(summary):
        raise BadVideo("No exercise was recognised. Choose the exercise, and upload the video again.")
    return summary.exercise
