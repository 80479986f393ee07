"""Measures of points, in the picture or in space: angles in degrees, lengths in torso lengths. Pure."""

import math
from collections.abc import Callable
from itertools import pairwise

from webapp.skeleton import JOINT

Point = tuple[float, float, float]
Formula = Callable[[list[Point], tuple[int, ...], float], float]
"""Computes a measure from the points, the joints to use, all known, and the torso's length in the points' unit; NaN if
the measure is in torso lengths and that is unknown."""

SHOULDERS = (JOINT["left_shoulder"], JOINT["right_shoulder"])
HIPS = (JOINT["left_hip"], JOINT["right_hip"])
_TORSO_SIDES = tuple(zip(SHOULDERS, HIPS, strict=True))
ACROSS = 0.5
"""Distance between the shoulders, in torso lengths, from which their line shows where left and right are; seen from the
side it does not."""


def mean(values: list[float]) -> float:
    """Return the mean of the known values; NaN if there are none."""
    total = sum(values)
    if not math.isnan(total):
        return total / len(values)
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def angle(points: list[Point], joints: tuple[int, ...], _torso: float) -> float:
    """Return the angle at the second of three points, in degrees, by the law of cosines."""
    begin, middle, end = points[joints[0]], points[joints[1]], points[joints[2]]
    one, other, across_from = math.dist(begin, middle), math.dist(middle, end), math.dist(begin, end)
    cosine = (one * one + other * other - across_from * across_from) / (2 * one * other or 1.0)
    return math.degrees(math.acos(max(min(cosine, 1.0), -1.0)))  # in this order a NaN stays one


def lean(points: list[Point], joints: tuple[int, ...], _torso: float) -> float:
    """Return the degrees between straight up and the line from the first point to the second."""
    (ax, ay, az), (bx, by, bz) = points[joints[0]], points[joints[1]]
    return math.degrees(math.atan2(math.hypot(bx - ax, bz - az), ay - by))


def across(begin: Point, end: Point) -> float:
    """Return the share of a line's length that lies across the picture, not along the camera's view; 0 to 1."""
    return math.dist(begin[:2], end[:2]) / (math.dist(begin, end) or 1.0)


def least_across(points: list[Point], joints: tuple[int, ...]) -> float:
    """Return the smallest share of the lines from point to point that lies across the picture."""
    return min([across(points[begin], points[end]) for begin, end in pairwise(joints)])


def height(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """Return the height of the first point above the second, in torso lengths."""
    return (points[joints[1]][1] - points[joints[0]][1]) / torso_length


def hand_out(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """Return how far a wrist lies outside its shoulder, along the shoulders' line, in torso lengths."""
    wrist, own, other = (points[joint] for joint in joints)
    width = math.dist(own, other)
    if not width >= ACROSS * torso_length:
        return math.nan
    return sum((w - o) * (o - far) for w, o, far in zip(wrist, own, other, strict=True)) / (width * torso_length)


def spread(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """Return the distance between two points, in torso lengths."""
    return math.dist(points[joints[0]], points[joints[1]]) / torso_length


def torso(points: list[Point]) -> float:
    """Return the torso's length in the points' unit, of one side if the other is unknown; NaN if both are, or if 0."""
    return mean([math.dist(points[shoulder], points[hip]) for shoulder, hip in _TORSO_SIDES]) or math.nan


def torso_along(points: list[Point], length: float) -> float:
    """Return the share of the torso's length that lies along the camera's view, -1 to 1; NaN if it is unknown."""
    return mean([points[shoulder][2] - points[hip][2] for shoulder, hip in _TORSO_SIDES]) / length
