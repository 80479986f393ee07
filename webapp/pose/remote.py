"""The web process's side of one worker process: starts it, exchanges messages, and replaces it when it dies.

Each worker has two threads: one reads the pipe and restarts the process, the other kills a process that hangs. Under
eventlet both are green, and the hub goes on while the worker computes. The thread that submits a frame also posts it.
"""

import contextlib
import logging
import multiprocessing
import threading
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Literal

from webapp import stop_signals
from webapp.errors import AppError, BackendUnavailable, WorkerLost
from webapp.pose import codec
from webapp.pose.choice import EngineChoice
from webapp.pose.codec import Answer, Kind
from webapp.pose.mailboxes import Mailboxes
from webapp.pose.pipe import MessagePipe
from webapp.records import Frame

State = Literal["starting", "ready", "late", "unavailable"]

HANGS_S = 20.0
"""A worker hangs if it has a frame for longer. Frames are slow while it opens another engine, which takes seconds."""

OPENS_S = 120.0
"""A worker hangs if opening an engine takes longer, at its start or for a stream."""

LATE_S = 5.0
"""A worker that has a frame for longer counts as late, not ready."""

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 10.0
_STOP_S = 2.0

_log = logging.getLogger(__name__)
_spawn = multiprocessing.get_context("spawn")


def _work(end: Connection, engine: EngineChoice) -> None:
    """Run a worker, imported by name to keep its imports out of the web process."""
    import_module("webapp.pose.worker").run(end, engine)


class RemoteWorker:
    """A worker process and its streams.

    on_answer(answer) is called with every estimate and every frame's error, on_unavailable(error) if the engine cannot
    be opened, both from the worker's reading thread; they must not block for long.
    """

    def __init__(
        self, engine: EngineChoice, on_answer: Callable[[Answer], None], on_unavailable: Callable[[AppError], None]
    ) -> None:
        self._engine = engine
        self._on_answer = on_answer
        self._on_unavailable = on_unavailable
        self._lock = threading.Lock()  # guards the mailboxes, the pipe and the process
        self._boxes = Mailboxes()
        self._pipe: MessagePipe | None = None
        self._busy_since_s: float | None = None  # when it received the current frame
        self._opening_since_s: dict[str, float] = {}  # when opening each stream began; "" for its own start
        self._stopping = threading.Event()
        self._failures = 0
        self._watcher = threading.Thread(target=self._keep_running, daemon=True)
        self._watchdog = threading.Thread(target=self._kill_when_hanging, daemon=True)
        self.process: multiprocessing.process.BaseProcess | None = None
        self._state: State = "starting"

    def __len__(self) -> int:
        return len(self._boxes)

    def start(self) -> None:
        """Start the process and return at once."""
        self._watcher.start()
        self._watchdog.start()

    @property
    def state(self) -> State:
        """The worker's state; `late` if an answer is overdue."""
        since_s = self._busy_since_s
        is_late = since_s is not None and time.monotonic() - since_s > LATE_S
        return "late" if self._state == "ready" and is_late else self._state

    @property
    def engines(self) -> frozenset[str]:
        """The engines of its streams."""
        return frozenset(self._boxes.engines.values())

    def open(self, stream: str, engine: str) -> None:
        """Open a stream in the worker, with the engine of that name."""
        with self._lock:
            self._boxes.open(stream, engine)
            self._open(stream, engine)

    def close(self, stream: str) -> None:
        """Close a stream in the worker."""
        with self._lock:
            self._boxes.close(stream)
            self._opening_since_s.pop(stream, None)
            self._post(codec.bare(Kind.CLOSE, stream))

    def submit(self, frame: Frame) -> None:
        """Queue a frame; never blocks."""
        with self._lock:
            self._boxes.put(frame)
            self._post_frames()

    def stop(self) -> None:
        """Let the process end after its current frame; kill one that is not ready yet, because it would not listen."""
        with self._lock:
            self._stopping.set()
            self._post(codec.bare(Kind.STOP))
            if self._state != "ready" and self.process is not None:
                self.process.kill()

    def join(self) -> None:
        """Wait for the end of the process; kill it if that takes too long."""
        self._watcher.join(_STOP_S)
        if self._watcher.is_alive() and self.process is not None:
            self.process.kill()
            self._watcher.join(_STOP_S)

    def _open(self, stream: str, engine: str) -> None:
        self._post(codec.of_stream(stream, engine))
        self._opening_since_s[stream] = time.monotonic()

    def _post_frames(self) -> None:
        """Post the frames whose turn it is; others wait until something has changed."""
        while self._pipe is not None and (frame := self._boxes.take()) is not None:
            self._busy_since_s = self._busy_since_s or time.monotonic()
            self._post(*codec.of_frame(frame))

    def _post(self, *parts: bytes) -> None:
        """Post a job if the worker is ready; otherwise `_ready` will send the next one everything that it needs."""
        if self._pipe is not None:
            with contextlib.suppress(OSError):  # it died; the watching thread notices and recovers
                self._pipe.post(*parts)

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            try:
                pipe = self._start_process()
            except OSError as exc:  # no memory or file descriptors for another process
                self._failures += 1
                _log.error("a worker could not be started: %s", exc)
            else:
                self._listen(pipe)
            self._recover()
            if self._failures:
                self._stopping.wait(min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**self._failures))

    def _start_process(self) -> MessagePipe:
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=_work, args=(theirs, self._engine), daemon=True)
        try:
            stop_signals.start(process)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        with self._lock:
            self.process = process
            self._failures += 1  # until it reports that it is ready
            self._opening_since_s = {"": time.monotonic()}
            if self._stopping.is_set():
                process.kill()
        return MessagePipe(ours)

    def _listen(self, pipe: MessagePipe) -> None:
        try:
            while True:
                self._take(codec.answer(pipe.receive()), pipe)
        except (EOFError, OSError):
            pipe.close()

    def _take(self, answer: Answer, pipe: MessagePipe) -> None:
        if answer.kind is Kind.READY:
            self._ready(pipe)
        elif answer.kind is Kind.UNAVAILABLE and answer.error is not None:
            self._state = "unavailable"
            self._on_unavailable(answer.error)
        elif answer.kind in (Kind.OPENED, Kind.NOT_OPENED):
            self._opened(answer)
        else:
            self._answered(answer)

    def _ready(self, pipe: MessagePipe) -> None:
        with self._lock:
            self._pipe = pipe
            self._failures = 0
            self._state = "ready"
            self._opening_since_s.clear()
            for stream, engine in self._boxes.engines.items():
                self._open(stream, engine)
            if self._stopping.is_set():
                self._post(codec.bare(Kind.STOP))

    def _opened(self, answer: Answer) -> None:
        with self._lock:
            self._opening_since_s.pop(answer.stream, None)
            if answer.kind is Kind.OPENED:
                self._boxes.opened(answer.stream)
            else:
                self._boxes.close(answer.stream)
            self._post_frames()
        if answer.error is not None:
            self._on_answer(answer)

    def _answered(self, answer: Answer) -> None:
        with self._lock:
            wanted = self._boxes.answered(answer.stream)
            self._busy_since_s = time.monotonic() if self._boxes.at_work else None
            self._post_frames()
        if wanted:
            self._on_answer(answer)

    def _kill_when_hanging(self) -> None:
        """Kill the process when it hangs; the watching thread then starts another one."""
        while not self._stopping.wait(HANGS_S / 10):
            with self._lock:
                reason = self._hang_reason(time.monotonic())
                if reason and self.process is not None:
                    _log.error("a worker %s; it is killed", reason)
                    self._busy_since_s = None
                    self._opening_since_s.clear()
                    self.process.kill()

    def _hang_reason(self, now_s: float) -> str:
        if self._busy_since_s is not None and now_s - self._busy_since_s > HANGS_S:
            return f"has not answered a frame for {HANGS_S:g} s"
        if now_s - min(self._opening_since_s.values(), default=now_s) > OPENS_S:
            return f"has not opened an engine for {OPENS_S:g} s"
        return ""

    def _recover(self) -> None:
        """Forget the dead process; its streams continue in the next one."""
        with self._lock:
            given_up = self._boxes.worker_lost()
            engines = self._boxes.engines
            not_opened = self._boxes.not_opened() if self._pipe is not None else ()
            self._pipe = self._busy_since_s = None
            self._opening_since_s.clear()
        if self.process is not None:
            self.process.join(_STOP_S)
        if self._state != "unavailable" and not self._stopping.is_set():
            self._state = "starting"
            _log.warning("a worker ended with code %s; another one starts", getattr(self.process, "exitcode", None))
        if given_up is not None:
            error = WorkerLost("The pose engine crashed or hung twice on this frame; the next one is tried.")
            self._on_answer(Answer(Kind.FAILED, given_up.stream, given_up.seq, error=error))
        for stream in not_opened:
            crash = BackendUnavailable(f"The engine {engines[stream]} crashed when it was opened; choose another one.")
            self._on_answer(Answer(Kind.NOT_OPENED, stream, 0, error=crash))
