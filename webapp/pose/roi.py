"""The rotated square of the picture that a network sees, and the conversions to and from it.

MediaPipe's AlignmentPointsRectsCalculator, RectTransformationCalculator and LandmarkProjectionCalculator; the full-body
circle is described in BlazePose (arXiv 2006.10204), section 2.2. Everything here is in pixels of the picture, because a
rotated square is not square in fractions of width and height.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

_CENTRE = np.array([0.5, 0.5, 0.0])  # of the crop, in fractions
_MARGIN = 1.25  # of the circle's diameter, as the landmark network was trained


@dataclass(frozen=True, slots=True)
class Roi:
    """A square: centre and side in pixels of the picture, and its rotation in radians, clockwise as seen."""

    x_px: float
    y_px: float
    side_px: float
    rotation_rad: float = 0.0


def letterbox(width_px: int, height_px: int) -> Roi:
    """Return the smallest upright square around the whole picture."""
    return Roi(width_px / 2, height_px / 2, float(max(width_px, height_px)))


def from_alignment(hip_px: Points, rim_px: Points) -> Roi:
    """Return the square around the circle about mid-hip through `rim_px`, rotated so that the rim point is on top."""
    across, down = (float(value) for value in rim_px - hip_px)
    rotation_rad = math.pi / 2 - math.atan2(-down, across)
    side_px = 2 * math.hypot(across, down) * _MARGIN
    return Roi(float(hip_px[0]), float(hip_px[1]), side_px, (rotation_rad + math.pi) % (2 * math.pi) - math.pi)


def to_picture(roi: Roi, crop_px: float = 1.0) -> Points:
    """Return the (2, 3) matrix from crop coordinates, 0 to `crop_px`, to pixels of the picture."""
    cos, sin = math.cos(roi.rotation_rad) * roi.side_px, math.sin(roi.rotation_rad) * roi.side_px
    return np.array(
        [
            [cos / crop_px, -sin / crop_px, roi.x_px - (cos - sin) / 2],
            [sin / crop_px, cos / crop_px, roi.y_px - (sin + cos) / 2],
        ]
    )


def project(points: Points, roi: Roi) -> Points:
    """Convert (..., 2) or (..., 3) points from fractions of the crop to pixels of the picture; z keeps its origin."""
    axes = points.shape[-1]
    moved: Points = (points - _CENTRE[:axes]) * roi.side_px @ _rotation(roi)[:axes, :axes]
    moved[..., :2] += roi.x_px, roi.y_px
    return moved


def rotate_world(world: Points, roi: Roi) -> Points:
    """Rotate (N, 3) points in metres from the crop's frame to the picture's (WorldLandmarkProjectionCalculator)."""
    rotated: Points = world @ _rotation(roi)
    return rotated


def _rotation(roi: Roi) -> Points:
    cos, sin = math.cos(roi.rotation_rad), math.sin(roi.rotation_rad)
    return np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
