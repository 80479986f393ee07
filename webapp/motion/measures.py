"""What can be measured on a body: three tables, each row one measure.

A measure's name in an exercise is a row's name for both sides (their mean, weighted by how well each is seen), or that
after `left_` or `right_` for one, or after `uneven_` for how far the two differ. Angles are true to the picture: in
(x * aspect, y), in the mean with the angle between the world points where the engine knows them, for from one camera
the first is blind to what points at the camera and the second to what the engine guesses wrong.
"""

import math
from functools import cache
from typing import Literal

from webapp.motion.geometry import HIPS, SHOULDERS, Point, Way, angle, hand_out, height, lean, mean, spread, torso
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
"""Degrees at the middle joint: 180 is straight."""

LEANS: dict[str, tuple[str, str]] = {
    "torso_lean": ("hip", "shoulder"),
    "thigh_lean": ("knee", "hip"),
    "shin_lean": ("ankle", "knee"),
    "upper_arm_lean": ("elbow", "shoulder"),
    "forearm_lean": ("elbow", "wrist"),
}
"""Degrees between straight up and the line from the first joint to the second: 0 stands, 90 lies, 180 hangs."""

HEIGHTS: dict[str, tuple[str, str]] = {
    "hand_height": ("wrist", "shoulder"),
    "hip_height": ("hip", "ankle"),
    "foot_height": ("ankle", "hip"),
    "knee_height": ("knee", "hip"),
    "shoulder_height": ("shoulder", "wrist"),
}
"""How far the first joint lies above the second, in lengths of the torso."""

LENGTHS: dict[str, tuple[str, str]] = {"elbow_to_knee": ("elbow", "knee")}
"""How far the two joints lie apart, in lengths of the torso."""

HAND_OUT = "hand_out"
"""How far a wrist lies out to its own side of its shoulder, along the shoulders' line, in lengths of the torso."""

SPREADS: dict[str, str] = {"foot_spread": "ankle", "hand_spread": "wrist", "knee_spread": "knee"}
"""How far the left and the right joint of a pair lie apart, in lengths of the torso."""

PLACES: dict[str, str] = {
    "shoulder_place": "shoulder",
    "hip_place": "hip",
    "hand_place": "wrist",
    "toe_place": "foot_index",
}
"""How high a joint stands in the picture, in lengths of the torso: means something only as a change."""

FACING = "facing"
"""Which part of the trunk's width lies across the picture: 1 faces the camera or turns its back, 0 stands sideways."""

KNEES_OVER_FEET = "knees_over_feet"
"""The knees' spread as a part of the ankles': less than 1 where the knees fall inwards."""

MEASURES: frozenset[str] = frozenset(
    (FACING, KNEES_OVER_FEET, HAND_OUT, *ANGLES, *LEANS, *HEIGHTS, *LENGTHS, *SPREADS, *PLACES)
)
EDGE = 0.05
"""Part of the picture's size by which a joint may lie beyond its edge and still be believed."""
SIDES = ("left", "right")
SEEN_ALONE = 0.4
"""Visibility from which on one side is believed by itself as what is counted, with no other side beside it."""
SEEN = 0.3
"""Visibility from which on a joint counts as seen: BlazePose gives 0.3 to 0.5 to the far limbs of a side view, and its
heavy network to a leg bent behind the other, which it places as well as the full one that gives 0.85."""


@cache
def joints_of(name: str) -> tuple[int, ...]:
    """Return the numbers of the joints that a measure looks at."""
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
    """Part a measure's name into its side (`left`, `right`, `uneven` or empty) and its row."""
    for side in (*SIDES, "uneven"):
        if name.startswith(side + "_"):
            return side, name[len(side) + 1 :]
    return "", name


def mirrored(name: str) -> str:
    """Return the same measure of the other side."""
    side, base = split(name)
    return f"{'right' if side == 'left' else 'left'}_{base}" if side in SIDES else name


def is_angle(name: str) -> bool:
    """Whether a measure is in degrees."""
    return split(name)[1] in ANGLES or split(name)[1] in LEANS


View = Literal["any", "front", "side"]
FRONT_FROM = 0.8
SIDE_UNTIL = 0.6
"""Parts of the trunk's width that lie across the picture: from 53 degrees off the side, up to 37."""


def is_place(name: str) -> bool:
    """Whether a measure is a place in the picture."""
    return split(name)[1] in PLACES


class Body:
    """One pose as plain numbers, and what was measured on it so far. None means: cannot be seen.

    size: the torso's length by which places in the picture are told, NaN when it cannot be seen; whoever knows how
        long it is when it is not foreshortened by leaning may say so.
    """

    __slots__ = ("_aspect", "_flat", "_flat_torso", "_known", "_solid", "_solid_torso", "seen", "size")

    def __init__(self, pose: Pose) -> None:
        self._aspect = aspect = pose.aspect
        rows = pose.image.tolist()
        low, high = -EDGE, 1 + EDGE  # of a joint beyond the picture's edge an engine can only guess
        self.seen: list[float] = [s if low <= x <= high and low <= y <= high else 0.0 for x, y, _, s in rows]
        self._flat: list[Point] = [(x * aspect, y, 0.0) for x, y, _, _ in rows]
        self._solid: list[Point] = [tuple(row) for row in pose.world.tolist()]
        self._known: dict[str, float | None] = {}
        self.size = self._flat_torso = torso(self._flat)
        self._solid_torso = torso(self._solid)

    def measure(self, name: str) -> float | None:
        """Return a measure's value, or None when its joints are not seen well enough."""
        if name not in self._known:
            self._known[name] = self._measured(name)
        return self._known[name]

    def is_beyond(self, name: str) -> bool:
        """Whether a measure can never be told of this body: it takes depth, and the engine has none."""
        return name == FACING and all(math.isnan(self._solid[joint][2]) for joint in joints_of(FACING))

    def is_sure(self, name: str) -> bool:
        """Whether a measure is seen well enough to be counted by: one side alone must be seen better than both."""
        return split(name)[0] not in SIDES or min(self.seen[joint] for joint in joints_of(name)) >= SEEN_ALONE

    @property
    def view(self) -> View:
        """From where the camera looks at the trunk; `any` when it cannot be told."""
        part = self.measure(FACING)
        if part is None or SIDE_UNTIL < part < FRONT_FROM:
            return "any"
        return "front" if part >= FRONT_FROM else "side"

    def _facing(self) -> float | None:
        return _known(mean([self._across(left, right) for left, right in (SHOULDERS, HIPS)]))

    def _across(self, left: int, right: int) -> float:
        """Which part of the line from left to right lies across the picture, not along the camera's view."""
        (ax, ay, az), (bx, by, bz) = self._solid[left], self._solid[right]
        return math.hypot(bx - ax, by - ay) / (math.dist((ax, ay, az), (bx, by, bz)) or 1.0)

    @property
    def extent(self) -> float:
        """The larger of the body's width and height, as a part of the frame's."""
        seen = [point for point, trust in zip(self._flat, self.seen, strict=True) if trust >= SEEN]
        if not seen:
            return 0.0
        xs, ys = [x for x, _, _ in seen], [y for _, y, _ in seen]
        return max((max(xs) - min(xs)) / self._aspect, max(ys) - min(ys))

    @property
    def trunk(self) -> tuple[float, float, float]:
        """Where mid-hip lies in (x * aspect, y), and the torso's length, in heights of the frame; NaN when unknown.

        One hip that is known stands for both.
        """
        hips = [self._flat[hip] for hip in HIPS]
        return mean([x for x, _, _ in hips]), mean([y for _, y, _ in hips]), self._flat_torso

    def inside(self, joint: int) -> bool:
        """Whether a joint lies within the frame."""
        x, y, _ = self._flat[joint]
        return 0.0 <= x <= self._aspect and 0.0 <= y <= 1.0

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
            return _known(self._fused(spread, joints)) if min(self.seen[joint] for joint in joints) >= SEEN else None
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
        value = -self._flat[joints[0]][1] / self.size if base in PLACES else self._fused(_way(base), joints)
        return (0.0, 0.0) if math.isnan(value) else (value, trust)

    def _fused(self, of: Way, joints: tuple[int, ...]) -> float:
        """Measure in the picture, and between the world points where they are known; NaN without a trunk to tell by."""
        flat = of(self._flat, joints, self._flat_torso)
        for joint in joints:
            if math.isnan(self._solid[joint][0]):
                return flat
        return mean([flat, of(self._solid, joints, self._solid_torso)])


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


@cache
def _way(base: str) -> Way:
    if base == HAND_OUT:
        return hand_out
    return angle if base in ANGLES else lean if base in LEANS else spread if base in LENGTHS else height
