"""What a JPEG asks of its decoder, read from its headers alone (ITU-T T.81, annex B); pure: anyone may ask first."""

import numpy as np

from webapp.errors import BadMessage, FrameTooLarge

MAX_PIXELS = 4096 * 4096

MOST_SCANS = 8
"""Passes over a picture: one for each of at most four components, and room for a thumbnail among the metadata."""

_START = b"\xff\xd8"
_START_OF_SCAN = 0xDAFF  # FF DA, little endian; coded data never has these bytes: there, a zero follows every 0xFF
_SEQUENTIAL = (0xC0, 0xC1)  # SOF0, baseline, and SOF1, extended sequential
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0 to RST7, SOI: no length follows


def size_px(jpeg: bytes) -> tuple[int, int]:
    """Return (width, height) as the frame header states them; BadMessage when there is no such header."""
    at = _frame_header(jpeg)
    return int.from_bytes(jpeg[at + 7 : at + 9]), int.from_bytes(jpeg[at + 5 : at + 7])


def check_sequential(jpeg: bytes) -> None:
    """Refuse (BadMessage) a picture of many passes: with a few bytes for each, it would keep a decoder for minutes.

    A browser's canvas writes baseline pictures of one pass.
    """
    if jpeg[_frame_header(jpeg) + 1] not in _SEQUENTIAL or _scans(jpeg) > MOST_SCANS:
        raise BadMessage("The frame is a progressive JPEG or one of many scans; send a baseline JPEG.")


def _scans(jpeg: bytes) -> int:
    """Return how often a scan begins; compared as numbers of 16 bits, in a quarter of the time of `bytes.count`."""
    pairs = (np.frombuffer(jpeg, "<u2", (len(jpeg) - at) // 2, at) for at in (0, 1))
    return sum(int(np.count_nonzero(pair == _START_OF_SCAN)) for pair in pairs)


def _frame_header(jpeg: bytes) -> int:
    """Return where the frame header begins, with its marker."""
    if jpeg[:2] != _START:
        raise BadMessage("The frame is no JPEG picture.")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker in _FRAME_MARKERS:
            return at
        at += _length(jpeg, at, marker)
    raise BadMessage("The frame's JPEG header is broken.")


def _length(jpeg: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:  # a fill byte before the marker
        return 1
    if marker in _BARE_MARKERS:
        return 2
    return 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4]))


def check_size(jpeg: bytes, max_pixels: int = MAX_PIXELS) -> None:
    """Refuse a picture without pixels or with more than `max_pixels` (FrameTooLarge), before anybody decodes it."""
    width, height = size_px(jpeg)
    if not 0 < width * height <= max_pixels:
        raise FrameTooLarge(f"The frame has {width} x {height} pixels; at most {max_pixels} are taken.")
