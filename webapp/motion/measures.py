"""The measures of a body: tables of their names, and how each is taken from a pose.

In an exercise, a bare name is the mean of both sides, weighted by how well each is seen; `left_` or `right_` before it
takes one side, `uneven_` the difference of the two. Angles and lengths are taken in (x * aspect, y) and, where the
engine has world points, averaged with those between them: with one camera, the picture cannot show what points at the
camera, and world points contain the engine's wrong guesses. The picture counts less where a leg or the trunk
points there, and so do heights in it, because their unit, the torso, looks shorter.
"""

import math
from functools import cache
from operator import itemgetter
from typing import Literal

from webapp.motion.geometry import (
    HIPS,
    SHOULDERS,
    Formula,
    Point,
    across,
    angle,
    hand_out,
    height,
    lean,
    least_across,
    mean,
    spread,
    torso,
    torso_along,
)
from webapp.records import Pose
from webapp.skeleton import JOINT

ANGLES: dict[str, tuple[str, str, str]] = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
    "arm": ("hip", "shoulder", "wrist"),
    "body": ("shoulder", "hip", "ankle"),
    "ankle": ("knee", "ankle", "foot_index"),
}
"""Angle at the middle joint, in degrees: 180 is straight."""

LEANS: dict[str, tuple[str, str]] = {
    "torso_lean": ("hip", "shoulder"),
    "thigh_lean": ("knee", "hip"),
    "shin_lean": ("ankle", "knee"),
    "upper_arm_lean": ("elbow", "shoulder"),
    "forearm_lean": ("elbow", "wrist"),
}
"""Degrees between straight up and the line from the first joint to the second: 0 upright, 90 level, 180 upside down."""

HEIGHTS: dict[str, tuple[str, str]] = {
    "hand_height": ("wrist", "shoulder"),
    "hip_height": ("hip", "ankle"),
    "foot_height": ("ankle", "hip"),
    "knee_height": ("knee", "hip"),
    "shoulder_height": ("shoulder", "wrist"),
}
"""Height of the first joint above the second, in torso lengths."""

LENGTHS: dict[str, tuple[str, str]] = {"elbow_to_knee": ("elbow", "knee")}
"""Distance between two joints of one side, in torso lengths."""

HAND_OUT = "hand_out"
"""How far a wrist lies outside its shoulder, along the shoulders' line, in torso lengths."""

SPREADS: dict[str, str] = {"foot_spread": "ankle", "hand_spread": "wrist", "knee_spread": "knee"}
"""Distance between the left and the right joint of a pair, in torso lengths."""

PLACES: dict[str, str] = {
    "shoulder_place": "shoulder",
    "hip_place": "hip",
    "hand_place": "wrist",
    "toe_place": "foot_index",
}
"""Height of a joint in the picture, in torso lengths: only meaningful as a change."""

FACING = "facing"
"""Share of the trunk's width across the picture, 0 to 1: 1 faces the camera or away from it, 0 is side on."""

KNEES_OVER_FEET = "knees_over_feet"
"""Ratio of the knees' spread to the ankles': below 1 the knees fall inwards."""

MEASURES: frozenset[str] = frozenset(
    (FACING, KNEES_OVER_FEET, HAND_OUT, *ANGLES, *LEANS, *HEIGHTS, *LENGTHS, *SPREADS, *PLACES)
)
EDGE = 0.05
"""A joint further outside the picture than this part of its width or height counts as unseen."""
SIDES = ("left", "right")
SEEN_ALONE = 0.4
"""Visibility from which a measure of one side may be used for counting while the other side moves, too."""
SEEN = 0.3
"""Visibility from which a joint counts as seen: BlazePose gives 0.3 to 0.5 to the far limbs of a side view, and its
heavy network to a leg bent behind the other, which it places as well as the full network, at 0.85, does."""
FORESHORTENED = ("knee", "hip", "torso_lean", "thigh_lean", "shin_lean")
"""Measures whose value in the picture counts the less the more a limb points at the camera: an error of a joint turns
a limb the further the shorter it looks, and a mean weights by the inverse square of errors. Arm measures are not
reduced: the world points of the hands are the least reliable, being farthest from the hips.
"""
View = Literal["any", "front", "side"]
_X, _Y = itemgetter(0), itemgetter(1)
FRONT_FROM = 0.8
SIDE_UNTIL = 0.6
"""Values of `facing` for a front view, at least 53 degrees off the side, and for a side view, at most 37."""


@cache
def joints_of(name: str) -> tuple[int, ...]:
    """Return the numbers of the joints that a measure uses."""
    side, base = split(name)
    if base == FACING:
        return (*SHOULDERS, *HIPS)
    if base in SPREADS:
        return (JOINT[f"left_{SPREADS[base]}"], JOINT[f"right_{SPREADS[base]}"])
    if base == KNEES_OVER_FEET:
        return tuple(JOINT[f"{one}_{joint}"] for joint in ("knee", "ankle") for one in SIDES)
    if base == HAND_OUT:
        own, other = (SIDES[1], SIDES[0]) if side == "right" else SIDES
        return JOINT[f"{own}_wrist"], JOINT[f"{own}_shoulder"], JOINT[f"{other}_shoulder"]
    row = ANGLES.get(base) or LEANS.get(base) or HEIGHTS.get(base) or LENGTHS.get(base) or (PLACES[base],)
    return tuple(JOINT[f"{one}_{joint}"] for one in ([side] if side in SIDES else SIDES) for joint in row)


@cache
def split(name: str) -> tuple[str, str]:
    """Split a measure's name into its side (`left`, `right`, `uneven` or empty) and its bare name."""
    for side in (*SIDES, "uneven"):
        if name.startswith(side + "_"):
            return side, name[len(side) + 1 :]
    return "", name


def mirrored(name: str) -> str:
    """Return the same measure of the other side; itself if it has no side."""
    side, base = split(name)
    return f"{'right' if side == 'left' else 'left'}_{base}" if side in SIDES else name


def is_angle(name: str) -> bool:
    """Return whether a measure is in degrees."""
    return split(name)[1] in ANGLES or split(name)[1] in LEANS


def is_difference(name: str) -> bool:
    """Return whether a measure is the difference of two sides."""
    return split(name)[0] == "uneven"


def is_place(name: str) -> bool:
    """Return whether a measure is a place in the picture."""
    return split(name)[1] in PLACES


class Body:
    """One pose as plain numbers, with the measures taken so far. None means that a measure cannot be seen.

    seen: each joint's visibility, 0 outside the picture. is_flat: whether the engine has no depth.
    size, scale: the torso's length in frame heights, which is the unit of places, and of other lengths in the picture;
        NaN if unseen. `SamePerson` replaces them by the length without the foreshortening of a leaning torso.
    """

    __slots__ = ("_aspect", "_flat", "_known", "_solid", "_torso", "_torsos", "is_flat", "scale", "seen", "size")

    def __init__(self, pose: Pose) -> None:
        self._aspect = aspect = pose.aspect
        rows = pose.image.tolist()
        low, high = -EDGE, 1 + EDGE  # an engine can only guess a joint outside the picture
        self.seen: list[float] = [s if low <= x <= high and low <= y <= high else 0.0 for x, y, _, s in rows]
        self._flat: list[Point] = [(x * aspect, y, 0.0) for x, y, _, _ in rows]
        self._solid: list[Point] = list(map(tuple, pose.world.tolist()))
        self._known: dict[str, float | None] = {}
        self.is_flat = all(math.isnan(self._solid[joint][2]) for joint in (*SHOULDERS, *HIPS))
        self.size = self.scale = self._torso = torso(self._flat)
        torso_m = torso(self._solid)
        self._torsos = torso_m, torso_along(self._solid, torso_m)

    def measure(self, name: str) -> float | None:
        """Return a measure's value in its table's unit; None if its joints are not seen well enough."""
        if name not in self._known:
            self._known[name] = self._measured(name)
        return self._known[name]

    def is_beyond(self, name: str) -> bool:
        """Return whether a measure is impossible because it needs depth and the engine has none."""
        return name == FACING and self.is_flat

    def is_sure(self, name: str) -> bool:
        """Return whether a measure is seen well enough for counting: one side alone must be seen better than two."""
        return split(name)[0] not in SIDES or min(self.seen[joint] for joint in joints_of(name)) >= SEEN_ALONE

    @property
    def view(self) -> View:
        """The camera's view of the trunk; `any` if it is in between or unknown."""
        part = self.measure(FACING)
        if part is None or SIDE_UNTIL < part < FRONT_FROM:
            return "any"
        return "front" if part >= FRONT_FROM else "side"

    def _facing(self) -> float | None:
        return _known(mean([across(self._solid[left], self._solid[right]) for left, right in (SHOULDERS, HIPS)]))

    @property
    def extent(self) -> float:
        """The body's width or height as a part of the frame's, whichever is larger."""
        seen = [point for point, trust in zip(self._flat, self.seen, strict=True) if trust >= SEEN]
        if not seen:
            return 0.0
        width = max(seen, key=_X)[0] - min(seen, key=_X)[0]
        return max(width / self._aspect, max(seen, key=_Y)[1] - min(seen, key=_Y)[1])

    @property
    def trunk(self) -> tuple[float, float, float]:
        """Mid-hip in (x * aspect, y), and the torso's length, all in frame heights; NaN if unknown.

        If one hip is unknown, the other stands for both.
        """
        hips = [self._flat[hip] for hip in HIPS]
        return mean([x for x, _, _ in hips]), mean([y for _, y, _ in hips]), self._torso

    @property
    def shoulders(self) -> tuple[float, float]:
        """The middle of the shoulders in (x * aspect, y), in frame heights; NaN if unknown. One may stand for both."""
        ends = [self._flat[shoulder] for shoulder in SHOULDERS]
        return mean([x for x, _, _ in ends]), mean([y for _, y, _ in ends])

    def inside(self, joint: int) -> bool:
        """Return whether a joint lies within the frame."""
        x, y, _ = self._flat[joint]
        return 0.0 <= x <= self._aspect and 0.0 <= y <= 1.0

    @property
    def has_left(self) -> bool:
        """Whether hips and shoulders lie outside the frame: then an engine guesses the rest of the body, too."""
        return not any(self.inside(joint) for joint in (*SHOULDERS, *HIPS))

    def _measured(self, name: str) -> float | None:
        side, base = split(name)
        if side == "uneven":
            left, right = self.measure("left_" + base), self.measure("right_" + base)
            return abs(left - right) if left is not None and right is not None else None
        if base == FACING:
            return self._facing()
        if base == KNEES_OVER_FEET:
            knees, feet = self.measure("knee_spread"), self.measure("foot_spread")
            return knees / feet if knees is not None and feet else None
        if base in SPREADS:
            joints = joints_of(name)
            return _known(self._fused(base, joints)) if min(self.seen[joint] for joint in joints) >= SEEN else None
        if side:
            value, trust = self._one_side(base, joints_of(name))
            return value if trust >= SEEN else None
        return self._both_sides(base)

    def _both_sides(self, base: str) -> float | None:
        left, left_trust = self._one_side(base, joints_of("left_" + base))
        right, right_trust = self._one_side(base, joints_of("right_" + base))
        if max(left_trust, right_trust) < SEEN:
            return None
        left_weight, right_weight = left_trust**2, right_trust**2
        return (left * left_weight + right * right_weight) / (left_weight + right_weight)

    def _one_side(self, base: str, joints: tuple[int, ...]) -> tuple[float, float]:
        trust = min([self.seen[joint] for joint in joints])
        if trust <= 0.0:
            return 0.0, 0.0
        value = -self._flat[joints[0]][1] / self.size if base in PLACES else self._fused(base, joints)
        return (0.0, 0.0) if math.isnan(value) else (value, trust)

    def _fused(self, base: str, joints: tuple[int, ...]) -> float:
        """Return the mean of the measure in the picture and, if known, between world points; NaN without a scale."""
        formula = _formula(base)
        flat = formula(self._flat, joints, self.scale)
        torso_m, along = self._torsos
        solid = formula(self._solid, joints, torso_m)
        if math.isnan(solid) or not (base in FORESHORTENED or base in HEIGHTS):
            return mean([flat, solid])
        part = (1 - along**2 if base in HEIGHTS else least_across(self._solid, joints) ** 2) / 2
        return part * flat + (1 - part) * solid


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


@cache
def _formula(base: str) -> Formula:
    if base == HAND_OUT:
        return hand_out
    return angle if base in ANGLES else lean if base in LEANS else height if base in HEIGHTS else spread
