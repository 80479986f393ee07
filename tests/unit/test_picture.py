import io
import os

import numpy as np
import pytest
from PIL import ExifTags, Image

from webapp.errors import BadMessage, FrameTooLarge
from webapp.pose import picture


@pytest.fixture(scope="module")
def gradient():
    across = np.linspace(0, 255, 64, dtype=np.uint8)
    return np.stack([np.tile(across, (48, 1)), np.full((48, 64), 40, np.uint8), np.zeros((48, 64), np.uint8)], axis=2)


def test_a_jpeg_gives_its_pixels_red_first(gradient):
    decoded = picture.decode(picture.encode(gradient, quality=98))
    assert decoded.shape == gradient.shape
    assert np.abs(decoded.astype(int) - gradient).mean() < 3


def test_a_truncated_jpeg_is_a_bad_message(gradient):
    jpeg = picture.encode(gradient)
    with pytest.raises(BadMessage):
        picture.decode(jpeg[: len(jpeg) * 2 // 3])


def test_a_broken_jpeg_writes_nothing_to_stderr(gradient, capfd):
    jpeg = bytearray(picture.encode(gradient))
    jpeg[-40:-30] = b"\xff\xd0" * 5
    picture.decode(bytes(jpeg))
    assert capfd.readouterr().err == ""


def test_stderr_is_whole_again_after_a_picture(gradient, capfd):
    picture.decode(picture.encode(gradient))
    os.write(2, b"still here")
    assert capfd.readouterr().err == "still here"


def test_a_picture_of_too_many_pixels_is_refused(gradient):
    with pytest.raises(FrameTooLarge):
        picture.decode(picture.encode(gradient), max_pixels=1000)


def test_a_grey_jpeg_gives_three_equal_channels(plain_jpeg):
    decoded = picture.decode(plain_jpeg("L", 120))
    assert decoded.shape == (8, 8, 3)
    assert (decoded == decoded[:, :, :1]).all()


def test_a_cmyk_jpeg_gives_rgb(plain_jpeg):
    decoded = picture.decode(plain_jpeg("CMYK", (0, 255, 255, 0)))
    assert decoded.shape == (8, 8, 3)
    assert decoded[4, 4, 0] > 200, "the picture is red"
    assert decoded[4, 4, 1] < 60


def test_a_picture_is_turned_as_its_exif_data_say(gradient):
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    jpeg = io.BytesIO()
    Image.fromarray(gradient).save(jpeg, "JPEG", exif=turned)
    assert picture.decode(jpeg.getvalue()).shape == (64, 48, 3)


def test_both_decoders_give_the_same_pixels(gradient):
    plain = picture.encode(gradient)
    marked = plain[:2] + b"\xff\xfe" + (7).to_bytes(2) + b"Exif\0" + plain[2:]  # a comment, no orientation
    assert (picture.decode(marked) == picture.decode(plain)).all()


@pytest.mark.parametrize(
    "looked_at", [np.asarray, np.fliplr, np.ascontiguousarray], ids=["decoded", "mirrored", "copied"]
)
def test_a_crop_of_a_decoded_picture_equals_that_of_its_copy(looked_at):
    noise = np.random.default_rng(2).integers(0, 256, (90, 120, 3), np.uint8)
    decoded = looked_at(picture.decode(picture.encode(noise)))
    turned = np.array([[0.7, -0.3, 30.0], [0.3, 0.7, -10.0]])
    squares = np.zeros((2, 64, 64, 3), np.uint8)
    for each, square in zip((decoded, np.array(decoded)), squares, strict=True):
        picture.warp(each, turned, square)
    assert squares.any()
    assert (squares[0] == squares[1]).all()


def test_a_crop_is_black_beyond_the_picture(gradient):
    square = np.full((64, 64, 3), 9, np.uint8)
    picture.warp(gradient, np.array([[1.0, 0, 32], [0, 1.0, 0]]), square)
    assert (square[:48, :32] == gradient[:, 32:]).all()
    assert not square[48:].any()
    assert not square[:, 32:].any()


def test_a_crop_can_be_grey_beyond_the_picture(gradient):
    square = np.empty((64, 64, 3), np.uint8)
    picture.warp(gradient, np.array([[1.0, 0, 32], [0, 1.0, 0]]), square, "grey")
    assert (square[:48, :32] == gradient[:, 32:]).all()
    assert (square[48:] == 128).all()


def test_a_crop_can_repeat_the_pictures_edge(gradient):
    square = np.empty((64, 64, 3), np.uint8)
    picture.warp(gradient, np.array([[1.0, 0, 32], [0, 1.0, 0]]), square, "edge")
    assert (square[:48, 32:] == gradient[:, -1:]).all()


@pytest.mark.parametrize("beyond", ["black", "edge"])
def test_a_crop_of_a_small_picture_equals_that_of_it_within_a_large_one(beyond):
    small = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    large = np.pad(small, ((0, 600), (0, 0), (0, 0)), "edge" if beyond == "edge" else "constant")
    turned = np.array([[1.7, -0.3, 90.0], [0.3, 1.7, -40.0]])
    squares = np.zeros((2, 256, 256, 3), np.uint8)
    for each, square in zip((small, large), squares, strict=True):
        picture.warp(each, turned, square, beyond)
    assert squares.any()
    assert (squares[0] == squares[1]).all()


@pytest.mark.parametrize("width_px", [64, 61])
def test_a_picture_is_decoded_to_where_libjpeg_does_not_write_around_the_cache(width_px):
    decoded = picture.decode(picture.encode(np.full((48, width_px, 3), 90, np.uint8)))
    assert decoded.ctypes.data % 16, "at multiples of 16 bytes it does"
    assert np.abs(decoded.astype(int) - 90).max() < 3
