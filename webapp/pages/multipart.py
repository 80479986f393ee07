"""A multipart form read as it arrives: fields first, then a file that is never held in memory whole."""

import time
from collections.abc import Iterator
from typing import IO

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from webapp.errors import BadMessage

PIECE_BYTES = 1 << 16
MOST_FIELD_BYTES = 1000
MOST_PARTS = 10


class StreamedForm:
    """A `multipart/form-data` body (RFC 7578) whose one file comes after its fields.

    Raises BadMessage for a body in another format, and when the browser aborts it.
    """

    def __init__(self, body: IO[bytes], content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or "boundary" not in options:
            raise BadMessage("Send the video as a form with a file (multipart/form-data).")
        self._events = _events(body, options["boundary"].encode("latin-1"))
        self.fields = self._read_fields()

    def file(self) -> Iterator[bytes]:
        """Yield the file's bytes; our form has nothing after it."""
        for event in self._events:
            if isinstance(event, Data):
                yield event.data
                if not event.more_data:
                    return

    def _read_fields(self) -> dict[str, str]:
        """Return the fields before the file."""
        fields: dict[str, bytes] = {}
        name = ""
        for event in self._events:
            if isinstance(event, File):
                break
            if isinstance(event, Field):
                name = event.name
            elif isinstance(event, Data):
                fields[name] = fields.get(name, b"") + event.data
                if len(fields[name]) > MOST_FIELD_BYTES:
                    raise BadMessage(f"The field {name[:40]!r} is too long.")
        return {name: value.decode(errors="replace") for name, value in fields.items()}


def _events(body: IO[bytes], boundary: bytes) -> Iterator[Event]:
    decoder = MultipartDecoder(boundary, 4 * PIECE_BYTES, max_parts=MOST_PARTS)
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, NeedData):
                decoder.receive_data(body.read(PIECE_BYTES) or None)
                time.sleep(0)  # let other green threads run, even with a fast upload
            elif isinstance(event, Epilogue):
                return
            else:
                yield event
    except ClientDisconnected as exc:
        raise BadMessage("The upload was interrupted.") from exc
    except (RequestEntityTooLarge, ValueError) as exc:
        raise BadMessage("This form cannot be read; reload the page and try again.") from exc
