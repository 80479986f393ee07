"""How points are measured, in the picture or in space alike: angles in degrees, lengths in torsos. Pure."""

import math
from collections.abc import Callable

from webapp.skeleton import JOINT

Point = tuple[float, float, float]
Way = Callable[[list[Point], tuple[int, ...], float], float]
"""How a measure is taken of some of the points, all of them known, and of the torso's length among these points; NaN
when it is measured in torsos and there is none."""

SHOULDERS = (JOINT["left_shoulder"], JOINT["right_shoulder"])
HIPS = (JOINT["left_hip"], JOINT["right_hip"])
ACROSS = 0.5
"""Lengths of the torso between the shoulders from which on their line says where the sides are: from the side the
picture shows none."""


def mean(values: list[float]) -> float:
    """The mean of those that are known; NaN when none is."""
    total = sum(values)
    if not math.isnan(total):
        return total / len(values)
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def angle(points: list[Point], joints: tuple[int, ...], _torso: float) -> float:
    """Degrees at the middle of three points."""
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = points[joints[0]], points[joints[1]], points[joints[2]]
    ux, uy, uz, vx, vy, vz = ax - bx, ay - by, az - bz, cx - bx, cy - by, cz - bz
    lengths = math.sqrt((ux * ux + uy * uy + uz * uz) * (vx * vx + vy * vy + vz * vz)) or 1.0
    return math.degrees(math.acos(max(-1.0, min(1.0, (ux * vx + uy * vy + uz * vz) / lengths))))


def lean(points: list[Point], joints: tuple[int, ...], _torso: float) -> float:
    """Degrees between straight up and the line from the first point to the second."""
    (ax, ay, az), (bx, by, bz) = points[joints[0]], points[joints[1]]
    return math.degrees(math.atan2(math.hypot(bx - ax, bz - az), ay - by))


def height(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """How far the first point lies above the second."""
    return (points[joints[1]][1] - points[joints[0]][1]) / torso_length


def hand_out(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """How far a wrist lies out from its own shoulder, away from the other one, along the line of both."""
    wrist, own, other = (points[joint] for joint in joints)
    width = math.dist(own, other)
    if not width >= ACROSS * torso_length:
        return math.nan
    return sum((w - o) * (o - far) for w, o, far in zip(wrist, own, other, strict=True)) / (width * torso_length)


def spread(points: list[Point], joints: tuple[int, ...], torso_length: float) -> float:
    """How far two points lie apart."""
    return math.dist(points[joints[0]], points[joints[1]]) / torso_length


def torso(points: list[Point]) -> float:
    """The trunk's length, by one side where the other is unknown; NaN where both are, or all lies in one place."""
    sides = zip(SHOULDERS, HIPS, strict=True)
    return mean([math.dist(points[shoulder], points[hip]) for shoulder, hip in sides]) or math.nan
