"""One video looked at by a process of its own, as the web process sees it."""

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from webapp.errors import AppError, BadVideo, NoUpload
from webapp.pose.choice import EngineChoice
from webapp.pose.line import Line
from webapp.uploads import told
from webapp.uploads.folder import GONE
from webapp.uploads.told import Told

SILENT_S = 300.0
"""A process that tells nothing for longer hangs: on a busy machine one of low priority takes its time."""

ODD = "This video could not be looked at to its end; save it anew, or as MP4, and try again."

_ASK_EVERY_S = 0.2

_log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Task:
    """What to look at, and how.

    exercise: empty to find out which one of the library it is. exercises: folders of the library beside our own. max_s:
    how long the video may be. arrived_at_s: when it began, in seconds since 1970, where the file does not say.
    """

    video: Path
    engine: EngineChoice
    exercise: str
    exercises: tuple[Path, ...]
    max_s: float
    arrived_at_s: float
    keep_series: bool


def _work(end: Connection, task: Task) -> None:
    """Look at a video; by name, so that what it imports stays out of the web process."""
    import_module("webapp.uploads.video_worker").run(end, task)


def looked_at(task: Task, wanted: Callable[[], bool]) -> Iterator[Told]:
    """Yield all that is told of the video; NoUpload as soon as it is not `wanted` any more.

    What the process refuses is raised: `BadVideo`, `VideoTooLarge`, `BackendUnavailable`. BadVideo also when it dies.
    """
    ours, theirs = _spawn.Pipe()
    process = _spawn.Process(target=_work, args=(theirs, task), daemon=True)
    process.start()
    theirs.close()
    guard = _Guard(process, wanted)
    line = Line(ours)
    try:
        while (one := told.read(line.receive())) is not None:
            guard.heard()
            if isinstance(one, AppError):
                raise one
            yield one
    except (EOFError, OSError) as exc:
        if not wanted():
            raise NoUpload(GONE) from exc
        _log.warning("the process that looked at a video ended with code %s", process.exitcode)
        raise BadVideo(ODD) from exc
    finally:
        process.kill()
        guard.end()
        line.close()
        process.join(1)


class _Guard:
    """Ends the process when nobody wants its video any more, or when it hangs."""

    def __init__(self, process: multiprocessing.process.BaseProcess, wanted: Callable[[], bool]) -> None:
        self._process = process
        self._wanted = wanted
        self._heard_s = time.monotonic()
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def heard(self) -> None:
        """Something was told."""
        self._heard_s = time.monotonic()

    def end(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(_ASK_EVERY_S):
            if not self._wanted() or time.monotonic() - self._heard_s > SILENT_S:
                self._process.kill()
                return
