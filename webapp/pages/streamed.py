"""A form with a file in it, read as it comes: the fields first, then the file, which is never in memory as a whole."""

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

    BadMessage for a body of another form, and when the browser breaks it off.
    """

    def __init__(self, body: IO[bytes], content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        if kind != "multipart/form-data" or "boundary" not in options:
            raise BadMessage("A video is sent as a form with a file in it (multipart/form-data).")
        self._events = _events(body, options["boundary"].encode("latin-1"))
        self.fields = self._read_fields()

    def file(self) -> Iterator[bytes]:
        """Yield the file's bytes; a form of ours has nothing after it."""
        for event in self._events:
            if isinstance(event, Data):
                yield event.data
                if not event.more_data:
                    return

    def _read_fields(self) -> dict[str, str]:
        """Return the fields up to the file."""
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
                time.sleep(0)  # on the server: a quick line must not keep the others from their turn
            elif isinstance(event, Epilogue):
                return
            else:
                yield event
    except ClientDisconnected as exc:
        raise BadMessage("The upload was broken off.") from exc
    except (RequestEntityTooLarge, ValueError) as exc:
        raise BadMessage("This is no form that can be read; open the page anew and try again.") from exc
