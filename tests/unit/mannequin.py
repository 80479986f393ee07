"""A jointed figure that does exercises before a camera, with the errors that an engine makes.

A posture says where each limb points: (forward, outward) degrees from hanging straight down; the trunk by how far it
leans forward and to the left. Body frame: forward, left, up, in metres.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from webapp.records import Estimate, Pose
from webapp.skeleton import JOINT, JOINTS, MIRRORED

TRUNK_M, SHOULDERS_M, HIPS_M, BAR_M = 0.5, 0.36, 0.22, 2.1
LIMBS = {"upper_arm": 0.28, "forearm": 0.25, "thigh": 0.42, "shank": 0.41, "foot": 0.19}
SIDES = {"left": 1.0, "right": -1.0}
FPS, ASPECT, AWAY_M, FOCAL = 15.0, 4 / 3, 3.2, 1.26

Limb = tuple[float, float]
Posture = dict[str, np.ndarray]

STANDING = {
    "trunk": (4, 0),
    "thigh": (0, 3),
    "shank": (-2, 2),
    "foot": (80, 10),
    "upper_arm": (0, 12),
    "forearm": (12, 8),
}


def posture(like: dict[str, Limb] | None = None, **limbs: Limb) -> Posture:
    """Return a posture; `thigh` is both of them, `left_thigh` one, and what is not said is as in `like`, or stands."""
    said = {**STANDING, **(like or {}), **limbs}
    both = {f"{side}_{name}": said.get(f"{side}_{name}", said[name]) for name in LIMBS for side in SIDES}
    return {name: np.array(limb, float) for name, limb in ({"trunk": said["trunk"]} | both).items()}


def mirrored(one: Posture) -> Posture:
    swapped = {
        f"{side}_{name}": one[f"{other}_{name}"]
        for name in LIMBS
        for side, other in (("left", "right"), ("right", "left"))
    }
    return {"trunk": one["trunk"] * (1, -1), **swapped}


@dataclass(frozen=True)
class Camera:
    """yaw_deg: 0 is faced, 90 stands at the right side. depth: how much of it an engine guesses."""

    yaw_deg: float = 0.0
    down_deg: float = 5.0
    depth: float = 0.85
    noise: float = 1.0
    at_m: float = 0.9


def _points(one: Posture, rests_on: str, rolled_deg: float) -> np.ndarray:
    lean, side = np.radians(one["trunk"])
    trunk = np.array([math.sin(lean) * math.cos(side), math.sin(side), math.cos(lean) * math.cos(side)])
    across = np.array([0, 1, 0]) - trunk * trunk[1]
    across /= np.linalg.norm(across)
    at: dict[str, np.ndarray] = {}
    for name, sign in SIDES.items():
        at[f"{name}_hip"] = np.array([0, sign * HIPS_M / 2, 0])
        at[f"{name}_shoulder"] = trunk * TRUNK_M + sign * across * SHOULDERS_M / 2
        for start, limb, end in (
            ("shoulder", "upper_arm", "elbow"),
            ("elbow", "forearm", "wrist"),
            ("hip", "thigh", "knee"),
            ("knee", "shank", "ankle"),
            ("ankle", "foot", "foot_index"),
        ):
            ahead, out = np.radians(one[f"{name}_{limb}"])
            way = math.cos(out) * math.sin(ahead), sign * math.sin(out), -math.cos(out) * math.cos(ahead)
            at[f"{name}_{end}"] = at[f"{name}_{start}"] + LIMBS[limb] * np.array(way)
    head = trunk * (TRUNK_M + 0.22)
    points = np.array([at.get(name, head) for name in JOINTS])
    roll = math.radians(rolled_deg)
    points[:, 1:] = points[:, 1:] @ ((math.cos(roll), -math.sin(roll)), (math.sin(roll), math.cos(roll)))
    hangs = rests_on == "bar"
    rests_on = "wrist" if hangs else rests_on
    if rests_on == "wrist":
        points[:, 0] -= points[[JOINT["left_wrist"], JOINT["right_wrist"]], 0].mean()
    if rests_on:
        points[:, 2] -= points[[JOINT[f"left_{rests_on}"], JOINT[f"right_{rests_on}"]], 2].min()
    points[:, 2] += BAR_M if hangs else 0
    return points


def seen(
    one: Posture, camera: Camera, chance: np.random.Generator, rests_on: str = "ankle", rolled_deg: float = 0.0
) -> Pose:
    """Return what an engine makes of a posture, with the whole body rolled onto its left side.

    rests_on: the joints that stay where they are, empty for the hips; `bar` is hands at a high one.
    """
    ahead, left, up = _points(one, rests_on, rolled_deg).T
    yaw, down = math.radians(camera.yaw_deg), math.radians(camera.down_deg)
    across, near, up = (
        ahead * math.sin(yaw) + left * math.cos(yaw),
        ahead * math.cos(yaw) - left * math.sin(yaw),
        up - camera.at_m,
    )
    high, near = up * math.cos(down) - near * math.sin(down), near * math.cos(down) + up * math.sin(down)
    image = np.ones((33, 4), np.float32)
    image[:, 0] = 0.5 + FOCAL * across / (AWAY_M - near) / ASPECT
    image[:, 1] = 0.5 - FOCAL * high / (AWAY_M - near)
    image[:, :2] += camera.noise * chance.normal(0, 0.002, (33, 2))
    world = np.stack((across, -high, -near), axis=1)
    world -= world[[JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=0)
    world = world * (1, 1, camera.depth) + camera.noise * chance.normal(0, (0.005, 0.005, 0.02), (33, 3))
    return Pose(image, world.astype(np.float32), ASPECT)


def film(
    rest: Posture,
    far: Posture,
    count: int = 3,
    camera: Camera | None = None,
    *,
    tempo_s: float = 2.4,
    rests_on: str = "ankle",
    in_turn: bool = False,
    seed: int = 0,
) -> list[Estimate]:
    """Return `count` movements there and back with half a second between them; `in_turn`: every other one mirrored."""
    chance, camera = np.random.default_rng(seed), camera or Camera()
    beat_s = tempo_s + 0.5
    estimates = []
    for index in range(round((count * beat_s + 1) * FPS)):
        number, at_s = divmod(index / FPS - 0.5, beat_s)
        moves = 0 <= number < count
        part = (1 - math.cos(2 * math.pi * min(at_s, tempo_s) / tempo_s)) / 2 if moves else 0.0
        one = {name: rest[name] * (1 - part) + far[name] * part for name in rest}
        turned = mirrored(one) if in_turn and number % 2 else one
        estimates.append(Estimate(index, index / FPS, seen(turned, camera, chance, rests_on)))
    return estimates


def held(
    pose: Posture,
    seconds: float,
    camera: Camera | None = None,
    *,
    start: Posture | None = None,
    rests_on: str = "ankle",
    rolled_deg: float = 0.0,
    way_s: float = 1.5,
    seed: int = 0,
) -> list[Estimate]:
    """Return a pose kept for so long, after standing for a second and taking it in `way_s`, and the same backwards."""
    chance, camera, start = np.random.default_rng(seed), camera or Camera(), start or posture()
    total_s = 2 * (1 + way_s) + seconds
    estimates = []
    for index in range(round(total_s * FPS)):
        at_s = min(index / FPS, total_s - index / FPS) - 1
        part = (1 - math.cos(math.pi * min(max(at_s / way_s, 0.0), 1.0))) / 2
        one = {name: start[name] * (1 - part) + pose[name] * part for name in pose}
        estimates.append(Estimate(index, index / FPS, seen(one, camera, chance, rests_on, rolled_deg * part)))
    return estimates


def with_arms_swapped(estimates: list[Estimate], every: int) -> list[Estimate]:
    """Return the same with left and right arm taken for each other in two pictures of `every`."""
    return [replace(one, pose=_arms_swapped(one.pose)) if one.seq % every < 2 else one for one in estimates]


def _arms_swapped(pose: Pose) -> Pose:
    order = [MIRRORED[joint] if 11 <= joint < 23 else joint for joint in range(33)]
    return Pose(pose.image[order], pose.world[order], pose.aspect)
