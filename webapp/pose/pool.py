"""The pool of worker processes: every stream belongs to one worker for as long as it is open."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypedDict

from webapp.errors import AppError, BackendUnavailable, PoolFull
from webapp.pose.choice import EngineChoice
from webapp.pose.codec import Answer, Kind
from webapp.pose.remote import RemoteWorker, State
from webapp.records import Estimate, Frame

OnEstimate = Callable[[Estimate], None]
OnError = Callable[[int | None, AppError], None]
"""Told of a frame's error with its number; without one, that the stream's engine cannot be opened."""

MOST_ENGINES = 3
"""Engines that the streams of one worker may have: each needs some 100 MB."""

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Stream:
    worker: RemoteWorker
    on_estimate: OnEstimate
    on_error: OnError


class WorkerStatus(TypedDict):
    """One worker, for the health pages and for `posecoach bench`."""

    pid: int | None
    state: State
    streams: int


def _log_unavailable(error: AppError) -> None:
    _log.error("%s", error)


class PosePool:
    """Workers that open one engine at their start, and others for the streams that ask for them.

    on_unavailable is told why when a worker cannot open the first one; it is asked again later, less and less often.
    """

    def __init__(
        self,
        engine: EngineChoice,
        workers: int,
        streams_per_worker: int,
        on_unavailable: Callable[[AppError], None] = _log_unavailable,
    ) -> None:
        self._engine = engine.backend
        self._streams_per_worker = streams_per_worker
        self._numbers = count(1)
        self._streams: dict[str, _Stream] = {}
        self._workers = [RemoteWorker(engine, self._deliver, on_unavailable) for _ in range(workers)]

    def start(self) -> None:
        """Start the workers and return before they are warm; frames wait for them."""
        for name, value in _ONE_THREAD.items():
            os.environ.setdefault(name, value)  # a worker is one core: read by the libraries it imports
        for worker in self._workers:
            worker.start()

    def open(self, on_estimate: OnEstimate, on_error: OnError, engine: str = "") -> str:
        """Open a stream with that engine, or the first one, in the worker that has fewest, and return its name.

        PoolFull when there is no room for it, BackendUnavailable when there is none for yet another engine. Its frames
        wait until a worker has opened the engine, which may take seconds.
        """
        engine = engine or self._engine
        worker = self._roomiest(engine)
        name = str(next(self._numbers))
        self._streams[name] = _Stream(worker, on_estimate, on_error)
        worker.open(name, engine)
        return name

    def _roomiest(self, engine: str) -> RemoteWorker:
        free = [worker for worker in self._workers if len(worker) < self._streams_per_worker]
        if not free:
            places = len(self._workers) * self._streams_per_worker
            raise PoolFull(f"All {places} places are taken at the moment; try again in a minute.")
        fit = [worker for worker in free if len(worker.engines | {self._engine, engine}) <= MOST_ENGINES]
        if not fit:
            raise BackendUnavailable(
                f"{MOST_ENGINES} engines run at the moment and there is no room for {engine}; choose {self._engine}."
            )
        return min(fit, key=lambda worker: (len(worker), engine not in worker.engines))

    def submit(self, frame: Frame) -> None:
        """Leave a frame to be estimated; never blocks. A frame of the same stream that still waits is replaced."""
        stream = self._streams.get(frame.stream)
        if stream is not None:
            stream.worker.submit(frame)

    def close(self, stream: str) -> None:
        """Close a stream; nothing is called for it any more. A second call does nothing."""
        closed = self._streams.pop(stream, None)
        if closed is not None:
            closed.worker.close(stream)

    def stop(self) -> None:
        """End every worker; frames that wait are dropped."""
        self._streams.clear()
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()

    def status(self) -> list[WorkerStatus]:
        """Return how each worker does."""
        return [
            {"pid": worker.process.pid if worker.process else None, "state": worker.state, "streams": len(worker)}
            for worker in self._workers
        ]

    @property
    def ready(self) -> bool:
        """Whether every worker is ready."""
        return all(worker.state == "ready" for worker in self._workers)

    @property
    def full(self) -> bool:
        """Whether every place for a stream is taken."""
        return all(len(worker) >= self._streams_per_worker for worker in self._workers)

    def _deliver(self, answer: Answer) -> None:
        stream = self._streams.get(answer.stream)
        if stream is None:
            return
        try:
            if answer.estimate is not None:
                stream.on_estimate(answer.estimate)
            elif answer.error is not None:
                stream.on_error(answer.seq if answer.kind is Kind.FAILED else None, answer.error)
        except Exception:
            _log.exception("the answer to frame %s of stream %s was not delivered", answer.seq, answer.stream)
