"""The home of OpenCV and simplejpeg for pictures: decodes JPEG, and cuts out rotated squares."""

from contextlib import suppress
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg

from webapp import jpeg as jpeg_header
from webapp.errors import BadMessage
from webapp.pose import RgbImage
from webapp.pose.quiet_stderr import quiet_stderr

Matrix = npt.NDArray[np.float64]
"""(2, 3): crop pixels to picture pixels."""

SENT_PX, SENT_QUALITY = 640, 80
"""Longest side in pixels and JPEG quality of a picture that a browser sends."""

_GREY = 128

_ALIGNMENT = 32  # bytes in an AVX2 register

_MOST_REPACKED_PX = 640 * 640
"""OpenCV warps four bytes per pixel in 0.2 ms and three in 0.45; in larger pictures adding the fourth takes as long."""

cv2.setNumThreads(1)  # a worker uses one core; more would compete with the others


def decode(jpeg: bytes, max_pixels: int = jpeg_header.MAX_PIXELS) -> RgbImage:
    """Return the picture as (height, width, 3) uint8; grey and CMYK pictures become RGB.

    It is usually a view of four bytes per pixel, which `warp` cuts faster. Raises BadMessage if it cannot be decoded,
    FrameTooLarge (from the header, before decoding) for too many pixels.
    """
    jpeg_header.check_size(jpeg, max_pixels)
    if not jpeg_header.has_exif(jpeg):
        with suppress(ValueError):
            return _through_the_cache(jpeg)
    return _turned_or_mended(jpeg)


def _through_the_cache(jpeg: bytes) -> RgbImage:
    """Decode to an address that is no multiple of 16: then the picture is in the cache when it is cropped.

    At multiples, libjpeg-turbo writes around the cache (jdcolext-avx2.asm, jdcolext-sse2.asm; Intel's `movntdq`), and
    BlazePose's crop takes 0.6 instead of 0.2 ms. Raises ValueError for a broken picture.
    """
    width, height = jpeg_header.size_px(jpeg)
    memory = np.empty(height * width * 4 + _ALIGNMENT, np.uint8)
    start = (_ALIGNMENT // 4 - memory.ctypes.data) % _ALIGNMENT
    return simplejpeg.decode_jpeg(jpeg, "RGBA", buffer=memory[start:])[:, :, :3]  # type: ignore[no-any-return]  # it is untyped


def blank(jpeg: bytes) -> RgbImage:
    """Return a black picture of the JPEG's size, without decoding or allocating it."""
    width, height = jpeg_header.size_px(jpeg)
    return np.broadcast_to(np.uint8(0), (height, width, 3))


def _turned_or_mended(jpeg: bytes) -> RgbImage:
    """Decode with OpenCV: slower, but it turns a picture as its Exif data say, and accepts slightly broken ones."""
    broken = BadMessage("The frame's JPEG data is broken.")
    try:
        with quiet_stderr():  # libjpeg prints warnings; the error raised says enough
            picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as exc:
        raise broken from exc
    if picture is None:
        raise broken
    return picture  # type: ignore[return-value]  # cv2 types any array


def warp(
    picture: RgbImage, to_picture: Matrix, out: RgbImage, beyond: Literal["black", "grey", "edge"] = "black"
) -> None:
    """Fill `out` with the part of the picture that `to_picture` (crop to picture pixels) selects, bilinear.

    Beyond the picture it is black or grey, or repeats the edge.
    """
    size_px = out.shape[1], out.shape[0]
    border = cv2.BORDER_REPLICATE if beyond == "edge" else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    colour = (_GREY if beyond == "grey" else 0,) * 3
    aligned = _four_bytes_a_pixel(picture)
    if aligned is None:
        cv2.warpAffine(picture, to_picture, size_px, dst=out, flags=flags, borderMode=border, borderValue=colour)
        return
    turned = cv2.warpAffine(aligned, to_picture, size_px, flags=flags, borderMode=border, borderValue=colour)
    cv2.cvtColor(turned, cv2.COLOR_RGBA2RGB, dst=out)


def _four_bytes_a_pixel(picture: RgbImage) -> RgbImage | None:
    """Return the (height, width, 4) array behind a decoded picture, or make one if that takes less than it saves."""
    height, width, _ = picture.shape
    behind = _behind(picture)
    if behind is not None:
        return behind
    return cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA) if height * width <= _MOST_REPACKED_PX else None  # type: ignore[return-value]  # cv2 types any array


def _behind(picture: RgbImage) -> npt.NDArray[np.uint8] | None:
    """Return the (height, width, 4) array of which a decoded picture is a view; None for other pictures."""
    (height, width, _), memory = picture.shape, picture.base
    if memory is None or picture.strides != (4 * width, 4, 1):
        return None
    return np.ndarray((height, width, 4), np.uint8, memory, picture.ctypes.data - memory.ctypes.data)


def without_gaps(picture: RgbImage) -> RgbImage:
    """Return the picture in three bytes per pixel, for a library that takes nothing else."""
    behind = _behind(picture)
    return np.ascontiguousarray(picture) if behind is None else cv2.cvtColor(behind, cv2.COLOR_RGBA2RGB)  # type: ignore[return-value]  # cv2 types any array


def encode(picture: RgbImage, quality: int = 90) -> bytes:
    """Return the picture as a JPEG."""
    done, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done, "OpenCV encodes every uint8 picture"
    return data.tobytes()


def as_sent(picture: RgbImage) -> bytes:
    """Return the JPEG that our page sends of the picture at best quality (`STEPS` in static/js/pace.js)."""
    height, width = picture.shape[:2]
    scale = min(1.0, SENT_PX / max(height, width))
    small = resized(picture, (max(1, round(width * scale)), max(1, round(height * scale)))) if scale < 1 else picture
    return encode(small, SENT_QUALITY)


def resized(picture: RgbImage, size_px: tuple[int, int]) -> RgbImage:
    """Return the picture scaled to (width, height), regardless of its aspect."""
    return cv2.resize(picture, size_px, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]  # cv2 types any array
