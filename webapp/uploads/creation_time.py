"""The creation time in a video file."""

import struct
from typing import BinaryIO

_HEAD = struct.Struct(">I4s")
_EPOCH_S = 2_082_844_800
"""Seconds from the format's epoch, 1904-01-01, to 1970-01-01."""
_EARLIEST_S = 946_684_800
"""2000-01-01; an earlier time comes from a clock that was never set."""
_MOST_BOXES = 1000


def recorded_at_s(file: BinaryIO, now_s: float) -> float | None:
    """Return when an MP4 or QuickTime file was recorded, in seconds since 1970; None if unknown.

    Reads the creation time of `mvhd` in `moov` (ISO/IEC 14496-12, section 8.2.2). A time before 2000 or after `now_s`
    counts as unknown.
    """
    size = file.seek(0, 2)
    movie = _box(file, b"moov", 0, size)
    header = _box(file, b"mvhd", *movie) if movie else None
    if header is None:
        return None
    file.seek(header[0])
    content = file.read(12)
    if len(content) < 12:
        return None
    (created,) = struct.unpack_from(">Q" if content[0] == 1 else ">I", content, 4)
    at_s = float(created - _EPOCH_S)
    return at_s if _EARLIEST_S <= at_s <= now_s else None


def _box(file: BinaryIO, wanted: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return start and end of the content of the first `wanted` box between two file offsets; None if there is none."""
    for _ in range(_MOST_BOXES):
        file.seek(start)
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or start >= end:
            return None
        size, name = _HEAD.unpack(head)
        content = start + _HEAD.size
        if size == 1:
            size, content = int.from_bytes(file.read(8), "big"), content + 8
        size = size or end - start
        if name == wanted:
            return content, start + size
        if size < _HEAD.size:
            return None
        start += size
    return None
