"""The pool of worker processes: an open stream belongs to one worker."""

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
"""Called with a frame's number and error, or with None if the stream's engine cannot be opened."""

MOST_ENGINES = 3
"""Most engines open in one worker; each needs some 100 MB."""

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Stream:
    worker: RemoteWorker
    on_estimate: OnEstimate
    on_error: OnError


class WorkerStatus(TypedDict):
    """A worker's status, for the health pages and `posecoach bench`."""

    pid: int | None
    state: State
    streams: int


def _log_unavailable(error: AppError) -> None:
    _log.error("%s", error)


class PosePool:
    """Workers that open one engine at their start, and others for streams that need them.

    on_unavailable(error) is called if a worker cannot open the first engine; it retries at increasing intervals.
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
        """Start the workers and return before they are ready; frames wait for them."""
        for name, value in _ONE_THREAD.items():
            os.environ.setdefault(name, value)  # a worker uses one core; its libraries read this
        for worker in self._workers:
            worker.start()

    def open(self, on_estimate: OnEstimate, on_error: OnError, engine: str = "") -> str:
        """Open a stream with that engine, or the first one, in the worker with the fewest, and return its name.

        Raises PoolFull if there is no place for it, BackendUnavailable if there is no room for another engine. Its
        frames wait until a worker has opened the engine, which may take seconds.
        """
        engine = engine or self._engine
        worker = self._least_loaded(engine)
        name = str(next(self._numbers))
        self._streams[name] = _Stream(worker, on_estimate, on_error)
        worker.open(name, engine)
        return name

    def _least_loaded(self, engine: str) -> RemoteWorker:
        free = [worker for worker in self._workers if len(worker) < self._streams_per_worker]
        if not free:
            places = len(self._workers) * self._streams_per_worker
            raise PoolFull(f"All {places} places are taken at the moment; try again in a minute.")
        fit = [worker for worker in free if len(worker.engines | {self._engine, engine}) <= MOST_ENGINES]
        if not fit:
            raise BackendUnavailable(
                f"{MOST_ENGINES} engines are running, which leaves no room for {engine}; choose {self._engine}."
            )
        return min(fit, key=lambda worker: (len(worker), engine not in worker.engines))

    def submit(self, frame: Frame) -> None:
        """Queue a frame, replacing a waiting one of the same stream; never blocks."""
        stream = self._streams.get(frame.stream)
        if stream is not None:
            stream.worker.submit(frame)

    def close(self, stream: str) -> None:
        """Close a stream and call nothing for it any more; a second call does nothing."""
        closed = self._streams.pop(stream, None)
        if closed is not None:
            closed.worker.close(stream)

    def stop(self) -> None:
        """End all workers; waiting frames are dropped."""
        self._streams.clear()
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()

    def status(self) -> list[WorkerStatus]:
        """Return the status of each worker."""
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
        """Whether all places for streams are taken."""
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
