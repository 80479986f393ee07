"""A stick figure that tests can bend: 1.7 m tall, seen from its right side, 640 x 480."""

import math

import numpy as np

from webapp.records import Estimate, Pose
from webapp.skeleton import JOINT

ASPECT = 640 / 480
HEIGHTS_PER_METRE = 0.4
SHANK_M, THIGH_M, TORSO_M, ARM_M = 0.43, 0.43, 0.5, 0.28
FOOT_AT = (0.65, 0.9)

Point = tuple[float, float]


def squatting(knee_deg: float, *, lying: bool = False) -> dict[str, Point]:
    """Return each joint's place, metres from the ankle, x ahead and y down; `lying` rotates it by a right angle."""
    bend = math.radians(180 - knee_deg)
    ankle = (0.0, 0.0)
    knee = _from(ankle, SHANK_M, 0.4 * bend)
    hip = _from(knee, THIGH_M, -0.6 * bend)
    shoulder = _from(hip, TORSO_M, 0.35 * bend)
    elbow = (shoulder[0], shoulder[1] + ARM_M)
    places = {
        "ankle": ankle,
        "heel": (-0.05, 0.05),
        "foot_index": (0.18, 0.05),
        "knee": knee,
        "hip": hip,
        "shoulder": shoulder,
        "elbow": elbow,
        "wrist": (elbow[0] + 0.02, elbow[1] + ARM_M),
        "ear": _from(shoulder, 0.25, 0.0),
    }
    return {name: (-y, x - 0.3) if lying else (x, y) for name, (x, y) in places.items()}


def _from(start: Point, length_m: float, lean_rad: float) -> Point:
    return start[0] + length_m * math.sin(lean_rad), start[1] - length_m * math.cos(lean_rad)


def pose(places: dict[str, Point], noise: np.random.Generator | None = None, hidden: tuple[str, ...] = ()) -> Pose:
    """Return the pose of a figure; `noise` jitters by 2 px of 480 and 1 cm, `hidden` joints are not seen."""
    image = np.zeros((33, 4), np.float32)
    world = np.zeros((33, 3), np.float32)
    hip = places["hip"]
    for name, number in JOINT.items():
        x, y = places.get(name.partition("_")[2], places["ear"])
        side = 0.12 if name.startswith("left") else -0.12
        image[number, :2] = (
            (FOOT_AT[0] + (x + side / 10) * HEIGHTS_PER_METRE) / ASPECT,
            FOOT_AT[1] + y * HEIGHTS_PER_METRE,
        )
        image[number, 3] = 0.1 if name.partition("_")[2] in hidden else 0.9
        world[number] = x - hip[0], y - hip[1], side
    if noise is not None:
        image[:, :2] += noise.normal(0, 2 / 480, (33, 2)).astype(np.float32)
        world += noise.normal(0, 0.01, (33, 3)).astype(np.float32)
    return Pose(image, world, ASPECT)


def squats(
    count: int,
    tempo_s: float = 2.0,
    depth_deg: float = 85.0,
    fps: float = 15.0,
    start_s: float = 0.0,
    seed: int | None = None,
    lying: bool = False,
) -> list[Estimate]:
    """Return a recording: half a second of standing, `count` squats, half a second of standing."""
    noise = None if seed is None else np.random.default_rng(seed)
    estimates = []
    for index in range(round((count * tempo_s + 1.0) * fps)):
        t_s = index / fps
        turn = min(max(t_s - 0.5, 0.0), count * tempo_s) / tempo_s
        knee_deg = 172 - (172 - depth_deg) * (1 - math.cos(2 * math.pi * turn)) / 2
        estimates.append(Estimate(index, start_s + t_s, pose(squatting(knee_deg, lying=lying), noise)))
    return estimates
