"""The open engines of one worker, and their streams.

The first engine is opened before anything else. Others are opened in a thread when their first stream comes, so that
other people's frames go on; an unused one stays open for the next stream until yet another engine is needed.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from webapp.errors import AppError, BackendUnavailable
from webapp.pose import PoseBackend, PoseStream, codec
from webapp.pose.backends import engine as row_of
from webapp.pose.backends import open_choice
from webapp.pose.choice import EngineChoice
from webapp.pose.codec import Kind

_log = logging.getLogger(__name__)


class OpenEngines:
    """The engines by name; `streams` has the open streams by name.

    reply(answer) sends to the web process; it is called from a thread. Raises BackendUnavailable if the first engine
    cannot be opened.
    """

    def __init__(self, first: EngineChoice, reply: Callable[[bytes], None]) -> None:
        self._first = first
        self._reply = reply
        self._engines = {first.backend: open_choice(first)}
        self._wanted: dict[str, str] = {}  # the engine of every stream that is not closed
        self._changing = threading.Lock()  # guards `_wanted` and `streams`; only the opening thread uses `_engines`
        self._opener = ThreadPoolExecutor(1)
        self.streams: dict[str, PoseStream] = {}

    def open_stream(self, stream: str, engine: str) -> None:
        """Start opening a stream and return at once; the answer is OPENED or NOT_OPENED."""
        with self._changing:
            self._wanted[stream] = engine
        self._opener.submit(self._open, stream, engine)

    def needs_pixels(self, stream: str) -> bool:
        """Return whether the stream's engine needs the pictures."""
        return row_of(self._wanted[stream]).needs_pixels

    def close_stream(self, stream: str) -> None:
        """End a stream; a second call does nothing."""
        with self._changing:
            self._wanted.pop(stream, None)
            closed = self.streams.pop(stream, None)
        if closed is not None:
            closed.close()

    def close(self) -> None:
        """Free everything, once the current opening is done."""
        self._opener.shutdown(cancel_futures=True)
        for stream in tuple(self.streams):
            self.close_stream(stream)
        for backend in self._engines.values():
            backend.close()

    def _open(self, stream: str, engine: str) -> None:
        try:
            self._begin(stream, self._backend(engine))
        except AppError as error:
            self._reply(codec.of_error(Kind.NOT_OPENED, error, stream))
        except OSError:
            pass  # the web process is gone, as the reading thread notices too
        except Exception as exc:
            _log.exception("the engine %s could not be opened", engine)
            fault = BackendUnavailable(f"The engine {engine} cannot be opened ({type(exc).__name__}); choose another.")
            self._reply(codec.of_error(Kind.NOT_OPENED, fault, stream))

    def _begin(self, stream: str, backend: PoseBackend) -> None:
        begun = backend.open()
        with self._changing:
            wanted = stream in self._wanted
            if wanted:
                self.streams[stream] = begun
        if wanted:
            self._reply(codec.bare(Kind.OPENED, stream))
        else:
            begun.close()

    def _backend(self, engine: str) -> PoseBackend:
        if engine not in self._engines:
            self._close_idle()
            self._engines[engine] = open_choice(replace(self._first, backend=engine))
        return self._engines[engine]

    def _close_idle(self) -> None:
        """Free the engines without streams, except the first."""
        with self._changing:
            idle = set(self._engines) - {self._first.backend, *self._wanted.values()}
        for engine in idle:
            self._engines.pop(engine).close()
