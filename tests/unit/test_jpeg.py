import pytest

from webapp import jpeg
from webapp.errors import BadMessage, FrameTooLarge


def _header(width: int, height: int, before: bytes = b"", marker: int = 0xC0) -> bytes:
    segment = bytes([0xFF, marker]) + (11).to_bytes(2)
    frame = segment + b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + before + frame


def test_size_is_read_from_the_frame_header():
    assert jpeg.size_px(_header(640, 480)) == (640, 480)


def test_segments_and_fill_bytes_before_the_frame_header_are_passed_over():
    comment = b"\xff\xfe" + (6).to_bytes(2) + b"\xff\xc0\xff\xc0"[:4]
    huffman = b"\xff\xc4" + (4).to_bytes(2) + b"\x00\x00"
    assert jpeg.size_px(_header(20_000, 3, before=comment + b"\xff" + huffman)) == (20_000, 3)


@pytest.mark.parametrize("junk", [b"", b"\xff\xd8", b"GIF89a", b"\xff\xd8\xff\xd9", b"\xff\xd8" + bytes(64)])
def test_bytes_that_are_no_jpeg_are_a_bad_message(junk):
    with pytest.raises(BadMessage):
        jpeg.size_px(junk)


def test_a_bomb_is_refused_from_its_header():
    with pytest.raises(FrameTooLarge, match="20000 x 20000"):
        jpeg.check_size(_header(20_000, 20_000))
    with pytest.raises(FrameTooLarge, match="640 x 480"):
        jpeg.check_header(_header(640, 480), 640 * 480 - 1)


def test_a_picture_without_pixels_is_refused():
    with pytest.raises(FrameTooLarge):
        jpeg.check_size(_header(0, 480))


def test_a_4000_by_3000_photo_is_taken():
    jpeg.check_size(_header(4000, 3000))


@pytest.mark.parametrize("marker", [0xC0, 0xC1])
@pytest.mark.parametrize("scans", [1, 3, 8])
def test_a_baseline_picture_of_a_few_scans_is_taken(marker, scans):
    picture = _header(640, 480, marker=marker) + b"\xff\xda" * scans
    jpeg.check_header(picture, 640 * 480)
    jpeg.check_scans(picture)


@pytest.mark.parametrize("marker", [0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCF])
def test_a_picture_that_is_not_coded_sequentially_is_refused(marker):
    with pytest.raises(BadMessage, match="baseline"):
        jpeg.check_header(_header(640, 480, marker=marker) + b"\xff\xda", 640 * 480)


def test_a_baseline_picture_of_many_scans_is_refused():
    with pytest.raises(BadMessage, match="baseline"):
        jpeg.check_scans(_header(640, 480) + b"\xff\xda" * 9)
