"""Analysis of one video by a separate process, seen from the web process."""

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from webapp import stop_signals
from webapp.errors import AppError, BadVideo, NoUpload
from webapp.pose.choice import EngineChoice
from webapp.pose.pipe import MessagePipe
from webapp.uploads import messages
from webapp.uploads.folder import GONE
from webapp.uploads.messages import Message

SILENT_S = 300.0
"""A process silent for longer hangs; generous, because one of low priority is slow on a busy machine."""

ODD = "This video could not be read to its end; save it again, or as MP4, and try again."

_CHECK_EVERY_S = 0.2

_log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Task:
    """What to analyse, and how.

    exercise: its name; empty to detect it. exercises: additional folders of the library. max_s: longest video allowed.
    arrived_at_s: start time, in seconds since 1970, used if the file has none.
    """

    video: Path
    engine: EngineChoice
    exercise: str
    exercises: tuple[Path, ...]
    max_s: float
    arrived_at_s: float
    keep_series: bool


def _work(end: Connection, task: Task) -> None:
    """Analyse a video; the worker is imported by name, to keep its imports out of the web process."""
    import_module("webapp.uploads.video_worker").run(end, task)


def analyse(task: Task, wanted: Callable[[], bool]) -> Iterator[Message]:
    """Yield the messages of a process that analyses the video.

    Raises NoUpload as soon as the video is no longer `wanted`; BadVideo, VideoTooLarge or BackendUnavailable as the
    process reports them; BadVideo if the process dies.
    """
    ours, theirs = _spawn.Pipe()
    process = _spawn.Process(target=_work, args=(theirs, task), daemon=True)
    stop_signals.start(process)
    theirs.close()
    guard = _Guard(process, wanted)
    pipe = MessagePipe(ours)
    try:
        while (message := messages.decode(pipe.receive())) is not None:
            guard.heard()
            if isinstance(message, AppError):
                raise message
            yield message
    except (EOFError, OSError) as exc:
        if not wanted():
            raise NoUpload(GONE) from exc
        _log.warning("a video worker ended with code %s", process.exitcode)
        raise BadVideo(ODD) from exc
    finally:
        process.kill()
        guard.end()
        pipe.close()
        process.join(1)


class _Guard:
    """Kills the process when its video is no longer wanted, or when it hangs."""

    def __init__(self, process: multiprocessing.process.BaseProcess, wanted: Callable[[], bool]) -> None:
        self._process = process
        self._wanted = wanted
        self._heard_s = time.monotonic()
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def heard(self) -> None:
        """Note that a message came."""
        self._heard_s = time.monotonic()

    def end(self) -> None:
        """Stop watching."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(_CHECK_EVERY_S):
            if not self._wanted() or time.monotonic() - self._heard_s > SILENT_S:
                self._process.kill()
                return
