"""The engines that one worker has open, and the streams in them.

The first one is opened before anything else. Another one is opened in a thread when its first stream comes, so that the
frames of other people go on meanwhile; it stays for the next stream until yet another one is wanted.
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
    """Weights by engine, streams by name; `streams` has those that are open.

    tell sends an answer to the web process; it is called from a thread. BackendUnavailable when the first engine cannot
    be opened.
    """

    def __init__(self, first: EngineChoice, tell: Callable[[bytes], None]) -> None:
        self._first = first
        self._tell = tell
        self._engines = {first.backend: open_choice(first)}
        self._wanted: dict[str, str] = {}  # the engine of every stream that was not closed
        self._changing = threading.Lock()  # guards `_wanted` and `streams`; `_engines` is the opening thread's
        self._opener = ThreadPoolExecutor(1)
        self.streams: dict[str, PoseStream] = {}

    def open_stream(self, stream: str, engine: str) -> None:
        """Begin a stream, and return at once; OPENED or NOT_OPENED is told of it."""
        with self._changing:
            self._wanted[stream] = engine
        self._opener.submit(self._bring, stream, engine)

    def looks(self, stream: str) -> bool:
        """Return whether the stream's engine looks at the pictures."""
        return row_of(self._wanted[stream]).looks

    def close_stream(self, stream: str) -> None:
        """End a stream; a second call does nothing."""
        with self._changing:
            self._wanted.pop(stream, None)
            closed = self.streams.pop(stream, None)
        if closed is not None:
            closed.close()

    def close(self) -> None:
        """Free everything, after the opening that is under way."""
        self._opener.shutdown(cancel_futures=True)
        for stream in tuple(self.streams):
            self.close_stream(stream)
        for backend in self._engines.values():
            backend.close()

    def _bring(self, stream: str, engine: str) -> None:
        try:
            self._begin(stream, self._backend(engine))
        except AppError as error:
            self._tell(codec.of_error(Kind.NOT_OPENED, error, stream))
        except OSError:
            pass  # the web process is gone; the thread that reads from it sees it too
        except Exception as exc:
            _log.exception("the engine %s could not be opened", engine)
            fault = BackendUnavailable(f"The engine {engine} cannot be opened ({type(exc).__name__}); choose another.")
            self._tell(codec.of_error(Kind.NOT_OPENED, fault, stream))

    def _begin(self, stream: str, backend: PoseBackend) -> None:
        begun = backend.open()
        with self._changing:
            wanted = stream in self._wanted
            if wanted:
                self.streams[stream] = begun
        if wanted:
            self._tell(codec.bare(Kind.OPENED, stream))
        else:
            begun.close()

    def _backend(self, engine: str) -> PoseBackend:
        if engine not in self._engines:
            self._close_idle()
            self._engines[engine] = open_choice(replace(self._first, backend=engine))
        return self._engines[engine]

    def _close_idle(self) -> None:
        """Free the engines that no stream wants, but for the first."""
        with self._changing:
            idle = set(self._engines) - {self._first.backend, *self._wanted.values()}
        for engine in idle:
            self._engines.pop(engine).close()
