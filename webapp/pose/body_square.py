"""The square of the picture in which to look for a followed person next. Pure; lengths are in pixels of the picture.

It is as large as the body, not as the joints found: raised arms, a crouch or a lost foot change those from picture to
picture, and with them the size at which the network sees the person.
"""

import math

import numpy as np

from webapp.pose.body_tree import Person
from webapp.pose.roi import Roi

_NECK = 1
_BELOW = slice(8, 14)  # hips, knees and ankles
_MIN_ROTATION_RAD = math.radians(30)  # the method was trained with pictures rotated by up to 40 degrees
_TORSOS = 5.0  # side of the square, in torso lengths: from nose to ankles a standing person measures about three
_ROOM = 1.3  # least side of the square, in extents of the joints
_LIMBS = np.array([(2, 8), (5, 11), (8, 9), (11, 12), (9, 10), (12, 13), (2, 3), (5, 6)])
_IN_TORSOS = np.array([1, 1, 0.8, 0.8, 0.8, 0.8, 0.6, 0.6])
"""Sides of the torso, thighs, shins and upper arms, and their usual lengths in torso lengths."""


def around(person: Person, rotation_rad: float, least_side_px: float) -> Roi:
    """Return the square in which to look for the person next, rotated so that they stand upright in it.

    rotation_rad: rotation of the square in which they were seen, kept if the deviation is small.
    """
    axis_rad = axis(person)
    if axis_rad is not None and abs(math.remainder(axis_rad - rotation_rad, math.tau)) > _MIN_ROTATION_RAD:
        rotation_rad = axis_rad
    away = np.array(
        [[math.cos(rotation_rad), -math.sin(rotation_rad)], [math.sin(rotation_rad), math.cos(rotation_rad)]]
    )
    places = person[:, :2] @ away
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    x_px, y_px = away @ (low + high) / 2
    side_px = max(_ROOM * float((high - low).max()), _TORSOS * torso_px(person), least_side_px)
    return Roi(float(x_px), float(y_px), side_px, rotation_rad)


def axis(person: Person) -> float | None:
    """Return the angle, clockwise in radians, of the neck from straight above hips and legs; None if not seen."""
    below = person[_BELOW, :2]
    if np.isnan(person[_NECK, 0]) or not np.isfinite(below).any():
        return None
    across, down = person[_NECK, :2] - np.nanmean(below, axis=0)
    return math.atan2(across, -down)


def torso_px(person: Person) -> float:
    """Return the torso's length as the limbs tell it; 0 if fewer than two are found.

    Of the lengths that they suggest it is the second largest: foreshortening only shortens, and the largest may lead to
    a joint in a wrong place.
    """
    ends = person[_LIMBS, :2]
    suggested = np.hypot(*(ends[:, 0] - ends[:, 1]).T) / _IN_TORSOS
    known = np.sort(suggested[np.isfinite(suggested)])
    return float(known[-2]) if len(known) > 1 else 0.0
