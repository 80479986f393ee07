"""A request's body as it comes, so that whoever takes it sees how quickly it does."""

import io
from typing import Any


class AsItComes:
    """A file whose `read` returns what is there, once there is something, and does not wait for all that is asked for.

    eventlet's waits: of a body that trickles, nobody would hear anything for hours.
    """

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def read(self, length: int = -1) -> bytes:
        """Return at most `length` bytes, and none at the end alone."""
        return self._file.read1(length)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else a file does, as that file does it
        return getattr(self._file, name)
