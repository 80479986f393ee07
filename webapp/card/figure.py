"""The figure on the card: the skeleton, or bars for repetitions and holds if no pose is stored."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from webapp.card.colours import ACCENT, GROUND, INK, LIMBS, LINE, SURFACE, between
from webapp.records import Pose
from webapp.skeleton import EDGES, JOINT, side_of

FINER = 3
"""Supersampling factor for lines, because Pillow's are jagged."""
MARGIN = 0.13
"""Empty margin on each side, as a part of the frame."""
UNSURE = 0.3
"""Joints of lower visibility are drawn faintly."""
HEAD_PER_TRUNK = 0.2
LIMB_PER_TRUNK = 0.12
THINNEST_PX, THICKEST_PX = 6, 18
"""A limb's width, whatever the trunk's length."""

Points = npt.NDArray[np.float64]


def framed(size: tuple[int, int], pose: Pose | None, bars: tuple[float, ...]) -> Image.Image:
    """Return the figure; bars are parts of the target."""
    picture = Image.new("RGB", (size[0] * FINER, size[1] * FINER), GROUND)
    drawing = ImageDraw.Draw(picture)
    edge = (0, 0, picture.width - 1, picture.height - 1)
    drawing.rounded_rectangle(edge, 28 * FINER, fill=SURFACE, outline=LINE, width=2 * FINER)
    if pose is not None and np.isfinite(pose.image[JOINT["left_shoulder"] :, :2]).any():
        _skeleton(drawing, pose, picture.size)
    elif bars:
        _bars(drawing, bars, picture.size)
    else:
        mark(drawing, (picture.width * 0.28, picture.height * 0.28), picture.width * 0.44)
    return picture.reduce(FINER)


def mark(drawing: ImageDraw.ImageDraw, at: tuple[float, float], size: float) -> None:
    """Draw the product's logo into a square: the shape of static/favicon.svg, a limb bent at its joint."""

    def on(x: float, y: float) -> tuple[float, float]:
        return at[0] + x * size / 32, at[1] + y * size / 32

    corners = (*on(0, 0), *on(32, 32))
    drawing.rounded_rectangle(corners, size / 4, fill="#1d2126")
    limb = [on(20, 5.5), on(10.5, 16), on(20, 26.5)]
    _line(drawing, limb[0], limb[1], 4 * size / 32, ACCENT)
    _line(drawing, limb[1], limb[2], 4 * size / 32, ACCENT)
    _dot(drawing, limb[1], 5.5 * size / 32, "#fff")
    _dot(drawing, limb[1], 2.9 * size / 32, "#14161a")


def _skeleton(drawing: ImageDraw.ImageDraw, pose: Pose, size: tuple[int, int]) -> None:
    flat = pose.image[:, :2].astype(np.float64) * (pose.aspect, 1)
    trunk = _trunk(flat)
    points, scale = _placed(np.vstack((flat, _head(flat))), trunk * HEAD_PER_TRUNK, size)
    width = max(THINNEST_PX * FINER, min(THICKEST_PX * FINER, trunk * scale * LIMB_PER_TRUNK))
    *far, near = _far_to_near(pose, points)
    for limbs in (*far, near):
        if limbs is near:
            _round_head(drawing, points[-1], trunk * scale * HEAD_PER_TRUNK, width)
        for a, b in limbs:
            _line(drawing, tuple(points[a]), tuple(points[b]), width * 1.8, SURFACE)
        for a, b in limbs:
            sure = pose.image[[a, b], 3].min() >= UNSURE
            colour = LIMBS[side_of(a, b)]
            _line(drawing, tuple(points[a]), tuple(points[b]), width, colour if sure else between(SURFACE, colour, 0.5))


def _far_to_near(pose: Pose, points: Points) -> list[list[tuple[int, int]]]:
    """Return the known limbs, one side of the body after the other, the side further from the camera first."""
    known = [edge for edge in EDGES if np.isfinite(points[list(edge)]).all()]
    sides = {side: [edge for edge in known if side_of(*edge) == side] for side in LIMBS}
    return sorted(sides.values(), key=lambda limbs: _depth(pose, limbs), reverse=True)


def _depth(pose: Pose, limbs: list[tuple[int, int]]) -> float:
    """Return the limbs' mean distance from the camera; 0 for an engine without depth."""
    depths = [pose.image[joint, 2] for limb in limbs for joint in limb]
    return float(np.nan_to_num(depths).mean()) if depths else 0.0


def _trunk(flat: Points) -> float:
    """Return the trunk's length on its longer side; a partly lost shorter side would make limbs thin."""
    sides = [flat[JOINT[f"{side}_shoulder"]] - flat[JOINT[f"{side}_hip"]] for side in ("left", "right")]
    return float(np.nanmax([*(np.hypot(*side) for side in sides), 0.08]))


def _head(flat: Points) -> Points:
    """Return the middle of the head: between the ears, or the nose if no ear is known."""
    left, right, nose = (flat[JOINT[joint]] for joint in ("left_ear", "right_ear", "nose"))
    between_ears: Points = (left + right) / 2
    return between_ears if np.isfinite(between_ears).all() else nose


def _placed(points: Points, head_radius: float, size: tuple[int, int]) -> tuple[Points, float]:
    """Return the points centred in the frame, and the pixels per unit; the face's own joints do not count."""
    body = points[JOINT["left_shoulder"] :]
    low = np.nanmin(np.vstack((body, points[-1] - head_radius)), axis=0)
    high = np.nanmax(np.vstack((body, points[-1] + head_radius)), axis=0)
    free = np.array(size) * (1 - 2 * MARGIN)
    scale = float(np.min(free / np.maximum(high - low, 1e-3)))
    return (points - (low + high) / 2) * scale + np.array(size) / 2, scale


def _round_head(drawing: ImageDraw.ImageDraw, at: Points, radius: float, width: float) -> None:
    if np.isfinite(at).all():
        _dot(drawing, (float(at[0]), float(at[1])), radius, LIMBS["middle"])
        _dot(drawing, (float(at[0]), float(at[1])), max(0.0, radius - width * 0.75), SURFACE)


def _bars(drawing: ImageDraw.ImageDraw, bars: tuple[float, ...], size: tuple[int, int]) -> None:
    width, height = size
    left, top, floor = width * MARGIN, height * MARGIN, height * (1 - MARGIN)
    step = min((width - 2 * left) / len(bars), 70 * FINER)
    begin = (width - step * len(bars)) / 2
    per_part = (floor - top) / max(1.0, *bars)
    for index, part in enumerate(bars):
        x = begin + index * step
        box = (x + step * 0.14, floor - max(per_part * part, 3 * FINER), x + step * 0.86, floor)
        drawing.rounded_rectangle(box, min(6 * FINER, step * 0.2), fill=ACCENT)
    drawing.line((left, floor - per_part, width - left, floor - per_part), fill=INK, width=FINER)


def _line(
    drawing: ImageDraw.ImageDraw,
    start: tuple[float, ...],
    end: tuple[float, ...],
    width: float,
    colour: str | tuple[int, int, int],
) -> None:
    drawing.line((*start, *end), fill=colour, width=round(width))
    for at in (start, end):
        _dot(drawing, at, width / 2, colour)


def _dot(
    drawing: ImageDraw.ImageDraw, at: tuple[float, ...], radius: float, colour: str | tuple[int, int, int]
) -> None:
    x, y = at
    drawing.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
