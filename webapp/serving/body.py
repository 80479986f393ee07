"""A request's body, readable as it arrives, so that the reader notices a slow one."""

import io
from typing import Any


class AsItComes:
    """A file whose `read` returns as soon as there is something, without waiting for the full length.

    eventlet's own waits, so that a trickling body would go unnoticed for hours.
    """

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file

    def read(self, length: int = -1) -> bytes:
        """Return at most `length` bytes; none only at the end."""
        return self._file.read1(length)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - delegates everything else to the file
        return getattr(self._file, name)
