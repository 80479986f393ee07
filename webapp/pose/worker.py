"""A worker process: JPEG bytes in, `Estimate` out, one stream per person, engines shared by all.

It imports heavy libraries (OpenCV, an engine), so no module of the web process imports it; `remote.py` does by name.
"""

import logging
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from webapp import core_dumps, stop_signals
from webapp import jpeg as jpeg_header
from webapp.errors import AppError, PoseError
from webapp.pose import codec
from webapp.pose.choice import EngineChoice
from webapp.pose.codec import Kind
from webapp.pose.open_engines import OpenEngines
from webapp.pose.picture import blank, decode
from webapp.pose.pipe import MessagePipe
from webapp.records import Estimate, Frame

_log = logging.getLogger(__name__)


def run(end: Connection, engine: EngineChoice) -> None:
    """Serve jobs until STOP, or until the web process is gone."""
    core_dumps.forbid()
    stop_signals.ignore()  # the web process ends its workers
    pipe, sending = MessagePipe(end), threading.Lock()

    def reply(answer: bytes) -> None:
        with sending:  # another thread opens engines and sends answers, too
            pipe.send(answer)

    try:
        engines = OpenEngines(engine, reply)
    except AppError as error:
        reply(codec.of_error(Kind.UNAVAILABLE, error))
        return
    try:
        reply(codec.bare(Kind.READY))
        _serve(pipe, reply, engines)
    except (EOFError, OSError):
        pass  # the web process is gone
    finally:
        engines.close()


def _serve(pipe: MessagePipe, reply: Callable[[bytes], None], engines: OpenEngines) -> None:
    while True:
        data = pipe.receive()
        kind, frame = codec.job(data)
        if kind is Kind.FRAME:
            reply(_answer(engines, frame))
        elif kind is Kind.OPEN:
            engines.open_stream(frame.stream, codec.engine_of(data))
        elif kind is Kind.CLOSE:
            engines.close_stream(frame.stream)
        else:
            return


def _answer(engines: OpenEngines, frame: Frame) -> bytes:
    try:
        return codec.of_estimate(frame.stream, _estimate(engines, frame))
    except AppError as error:
        return codec.of_error(Kind.FAILED, error, frame.stream, frame.seq)
    except Exception as exc:  # an engine's failure costs one frame, not the worker
        _log.exception("the engine failed on a frame")
        fault = PoseError(f"The engine failed on this frame ({type(exc).__name__}); the next one is tried.")
        return codec.of_error(Kind.FAILED, fault, frame.stream, frame.seq)


def _estimate(engines: OpenEngines, frame: Frame) -> Estimate:
    stream = engines.streams[frame.stream]
    start_s = time.perf_counter()
    jpeg_header.check_scans(frame.jpeg)
    rgb = decode(frame.jpeg) if engines.needs_pixels(frame.stream) else blank(frame.jpeg)
    pose = stream.estimate(rgb, frame.t_s)
    return Estimate(frame.seq, frame.t_s, pose, infer_ms=(time.perf_counter() - start_s) * 1000, others=stream.others)
