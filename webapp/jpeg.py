"""What a JPEG demands of its decoder, read from its headers only (ITU-T T.81, annex B). Pure."""

import numpy as np

from webapp.errors import BadMessage, FrameTooLarge

MAX_PIXELS = 4096 * 4096

MOST_SCANS = 8
"""Most scans of a picture: one for each of at most four components, and some for a thumbnail in the metadata."""

_EXIF = b"Exif\0"
_START = b"\xff\xd8"
_START_OF_SCAN = 0xDAFF  # FF DA, little endian; coded data never has these bytes: there, a zero follows every 0xFF
_SEQUENTIAL = (0xC0, 0xC1)  # SOF0, baseline, and SOF1, extended sequential
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15 without DHT, JPG and DAC
_NOT_BASELINE = "The frame is a progressive JPEG or one of many scans; send a baseline JPEG."
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, RST0 to RST7, SOI: no length follows


def size_px(jpeg: bytes) -> tuple[int, int]:
    """Return (width, height) from the frame header. Raises BadMessage if there is none."""
    return _size_px(jpeg, _frame_header(jpeg))


def check_size(jpeg: bytes, max_pixels: int = MAX_PIXELS) -> None:
    """Raise FrameTooLarge for a picture without pixels or with more than `max_pixels`, before it is decoded."""
    _check_size(jpeg, _frame_header(jpeg), max_pixels)


def check_header(jpeg: bytes, max_pixels: int) -> None:
    """Raise as `check_size` does, and BadMessage for a progressive JPEG: a browser's canvas writes baseline ones."""
    at = _frame_header(jpeg)
    if jpeg[at + 1] not in _SEQUENTIAL:
        raise BadMessage(_NOT_BASELINE)
    _check_size(jpeg, at, max_pixels)


def check_scans(jpeg: bytes) -> None:
    """Raise BadMessage for a picture of many scans: with a few bytes each, it could occupy a decoder for minutes.

    Comparing 16-bit numbers takes a quarter of the time of `bytes.count`.
    """
    pairs = (np.frombuffer(jpeg, "<u2", (len(jpeg) - at) // 2, at) for at in (0, 1))
    if sum(int(np.count_nonzero(pair == _START_OF_SCAN)) for pair in pairs) > MOST_SCANS:
        raise BadMessage(_NOT_BASELINE)


def has_exif(jpeg: bytes) -> bool:
    """Return whether Exif data, which may ask to turn the picture, stand before the frame header."""
    return jpeg.find(_EXIF, 0, _frame_header(jpeg)) >= 0


def _frame_header(jpeg: bytes) -> int:
    """Return the offset of the frame header, at its marker."""
    if jpeg[:2] != _START:
        raise BadMessage("The frame is not a JPEG picture.")
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


def _size_px(jpeg: bytes, at: int) -> tuple[int, int]:
    return jpeg[at + 7] << 8 | jpeg[at + 8], jpeg[at + 5] << 8 | jpeg[at + 6]


def _check_size(jpeg: bytes, at: int, max_pixels: int) -> None:
    width, height = _size_px(jpeg, at)
    if not 0 < width * height <= max_pixels:
        raise FrameTooLarge(f"The frame has {width} x {height} pixels; at most {max_pixels} are accepted.")
