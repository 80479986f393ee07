"""A drawn person who squats: a picture in which every engine finds a person, since no photo may be shipped."""

import math

import cv2
import numpy as np

from webapp.pose import RgbImage

_Point = tuple[int, int]
_Colour = tuple[int, int, int]

_WALL, _FLOOR = (205, 200, 190), (150, 120, 95)
_SKIN, _HAIR, _SHIRT, _TROUSERS, _DARK = (224, 172, 140), (60, 40, 30), (40, 70, 150), (50, 50, 60), (25, 25, 25)
_MIDDLE_PX = 320


def squatting(frames: int = 30) -> list[RgbImage]:
    """Return one squat as that many 640x480 pictures, from standing to standing."""
    return [draw(40 * (1 - math.cos(2 * math.pi * number / frames))) for number in range(frames)]


def draw(lower_px: float = 0.0) -> RgbImage:
    """Return a 640x480 picture of a person from the front, with the hips lowered by so many pixels."""
    picture = np.full((480, 640, 3), _WALL, np.uint8)
    picture[380:] = _FLOOR
    low = round(lower_px)
    for side in (-1, 1):
        _draw_leg(picture, side, low)
        _draw_arm(picture, side, low)
    torso = np.array([_at(-50, 125 + low), _at(50, 125 + low), _at(36, 250 + low), _at(-36, 250 + low)])
    cv2.fillPoly(picture, [torso], _SHIRT, cv2.LINE_AA)
    _draw_head(picture, low)
    blurred: RgbImage = cv2.GaussianBlur(picture, (5, 5), 0).astype(np.uint8)
    return blurred


def _at(across_px: float, down_px: float) -> _Point:
    return round(_MIDDLE_PX + across_px), round(down_px)


def _line(picture: RgbImage, start: _Point, end: _Point, colour: _Colour, width_px: int) -> None:
    cv2.line(picture, start, end, colour, width_px, cv2.LINE_AA)


def _disc(picture: RgbImage, centre: _Point, radii: _Point, colour: _Colour, start_deg: int = 0) -> None:
    cv2.ellipse(picture, centre, radii, 0, start_deg, 360, colour, -1, cv2.LINE_AA)


def _draw_leg(picture: RgbImage, side: int, low: int) -> None:
    knee = _at(side * (26 + 0.4 * low), 335 + 0.3 * low)
    _line(picture, _at(side * 20, 255 + low), knee, _TROUSERS, 30)
    _line(picture, knee, _at(side * 28, 410), _SKIN, 22)
    _disc(picture, _at(side * 34, 420), (18, 9), _DARK)


def _draw_arm(picture: RgbImage, side: int, low: int) -> None:
    elbow, wrist = _at(side * 62, 195 + low), _at(side * 68, 250 + low)
    _line(picture, _at(side * 40, 135 + low), elbow, _SHIRT, 20)
    _line(picture, elbow, wrist, _SKIN, 15)
    _disc(picture, _at(side * 69, 262 + low), (10, 10), _SKIN)


def _draw_head(picture: RgbImage, low: int) -> None:
    _line(picture, _at(0, 125 + low), _at(0, 100 + low), _SKIN, 22)
    _disc(picture, _at(0, 76 + low), (25, 33), _SKIN)
    _disc(picture, _at(0, 58 + low), (26, 18), _HAIR, start_deg=180)
    for side in (-1, 1):
        _disc(picture, _at(side * 10, 74 + low), (3, 3), _DARK)
        _disc(picture, _at(side * 26, 78 + low), (4, 8), _SKIN)
    _line(picture, _at(0, 78 + low), _at(2, 86 + low), (190, 130, 100), 2)
    _disc(picture, _at(0, 94 + low), (9, 3), (170, 80, 80))
