"""OpenCV's home for pictures: decodes JPEG, and cuts out rotated squares."""

from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from webapp import jpeg as jpeg_header
from webapp.errors import BadMessage
from webapp.pose import RgbImage
from webapp.pose.quiet_stderr import quiet_stderr

Matrix = npt.NDArray[np.float64]
"""(2, 3): crop pixels to picture pixels."""

SENT_PX, SENT_QUALITY = 640, 80
"""Longest side in pixels and JPEG quality of a picture that a browser sends."""

_GREY = 128

_MOST_REPACKED_PX = 640 * 640
"""OpenCV warps four bytes a pixel in 0.2 ms and three in 0.45; in larger pictures adding the fourth takes as long."""

cv2.setNumThreads(1)  # a worker uses one core; more would compete with the others


def decode(jpeg: bytes, max_pixels: int = jpeg_header.MAX_PIXELS) -> RgbImage:
    """Return the picture as (height, width, 3) uint8; grey and CMYK pictures become RGB.

    Raises BadMessage if it cannot be decoded, FrameTooLarge (from the header, before decoding) for too many pixels.
    """
    jpeg_header.check_size(jpeg, max_pixels)
    with quiet_stderr():  # libjpeg prints warnings; the error raised says enough
        picture = _decoded(np.frombuffer(jpeg, dtype=np.uint8))
    if picture is None:
        raise BadMessage("The frame's JPEG data is broken.")
    return picture


def blank(jpeg: bytes) -> RgbImage:
    """Return a black picture of the JPEG's size, without decoding or allocating it."""
    width, height = jpeg_header.size_px(jpeg)
    return np.broadcast_to(np.uint8(0), (height, width, 3))


def _decoded(data: npt.NDArray[np.uint8]) -> RgbImage | None:
    try:
        return cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)  # type: ignore[return-value]  # cv2 types any array
    except cv2.error as exc:
        raise BadMessage("The frame's JPEG data is broken.") from exc


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
    if picture.shape[0] * picture.shape[1] > _MOST_REPACKED_PX:
        cv2.warpAffine(picture, to_picture, size_px, dst=out, flags=flags, borderMode=border, borderValue=colour)
        return
    aligned = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
    turned = cv2.warpAffine(aligned, to_picture, size_px, flags=flags, borderMode=border, borderValue=colour)
    cv2.cvtColor(turned, cv2.COLOR_RGBA2RGB, dst=out)


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
