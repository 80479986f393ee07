"""A worker process: JPEG bytes in, `Estimate` out, one stream a person, one engine for all of them.

It imports what is heavy (OpenCV, an engine) and is imported by nothing but itself: the web process names it.
"""

import logging
import signal
import time
from multiprocessing.connection import Connection

from webapp.errors import AppError, PoseError
from webapp.pose import PoseBackend, PoseStream, parcel
from webapp.pose.backends import open_backend
from webapp.pose.choice import EngineChoice
from webapp.pose.line import Line
from webapp.pose.parcel import Kind
from webapp.pose.picture import decode
from webapp.records import Estimate, Frame

_log = logging.getLogger(__name__)


def run(end: Connection, engine: EngineChoice) -> None:
    """Serve jobs until told to stop, or until the web process is gone."""
    for order in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group; the web process ends its workers
        signal.signal(order, signal.SIG_IGN)
    line = Line(end)
    try:
        backend = open_backend(engine.backend, models=engine.models, precision=engine.precision, series=engine.series)
    except AppError as error:
        line.send(parcel.of_error(Kind.UNAVAILABLE, error))
        return
    try:
        _serve(line, backend)
    except (EOFError, OSError):
        pass  # the web process is gone
    finally:
        backend.close()


def _serve(line: Line, backend: PoseBackend) -> None:
    streams: dict[str, PoseStream] = {}
    line.send(parcel.bare(Kind.READY))
    while True:
        kind, frame = parcel.job(line.receive())
        if kind is Kind.FRAME:
            line.send(_answer(streams, frame))
        elif kind is Kind.OPEN:
            streams[frame.stream] = backend.open()
        elif kind is Kind.CLOSE:
            _close(streams, frame.stream)
        else:
            return


def _close(streams: dict[str, PoseStream], name: str) -> None:
    stream = streams.pop(name, None)
    if stream is not None:
        stream.close()


def _answer(streams: dict[str, PoseStream], frame: Frame) -> bytes:
    try:
        return parcel.of_estimate(frame.stream, _estimate(streams[frame.stream], frame))
    except AppError as error:
        return parcel.of_error(Kind.FAILED, error, frame.stream, frame.seq)
    except Exception as exc:  # an engine's fault costs a frame, not everybody's worker
        _log.exception("the engine failed on a frame")
        fault = PoseError(f"The engine failed on this frame ({type(exc).__name__}); the next one is tried.")
        return parcel.of_error(Kind.FAILED, fault, frame.stream, frame.seq)


def _estimate(stream: PoseStream, frame: Frame) -> Estimate:
    start_s = time.perf_counter()
    pose = stream.estimate(decode(frame.jpeg), frame.t_s)
    return Estimate(frame.seq, frame.t_s, pose, infer_ms=(time.perf_counter() - start_s) * 1000, others=stream.others)
