"""A stick figure that squats endlessly, seen from the side: a recording for the replay engine."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from webapp.series import Series
from webapp.skeleton import JOINT, JOINTS

PERIOD_S = 1.5
RATE_HZ = 15.0

_SHANK_M, _THIGH_M, _TRUNK_M, _ARM_M = 0.43, 0.43, 0.5, 0.3
_HALF_WIDTH_M = {"shoulder": 0.18, "hip": 0.12}
_FRAMES_PER_M = 0.45


def squats(path: Path, seconds: float = 60.0) -> Path:
    """Write the recording to `path`; the figure stands at 0 s, 1.5 s, 3 s ..."""
    return _write(path, seconds, lambda t_s: (1 - math.cos(2 * math.pi * t_s / PERIOD_S)) / 2)


def sets_of_squats(path: Path, times: int, stands_s: float, seconds: float = 60.0) -> Path:
    """Write a recording in which the figure stands for so long, squats so many times, and so on endlessly."""

    def depth(t_s: float) -> float:
        since_s = t_s % (stands_s + times * PERIOD_S) - stands_s
        return (1 - math.cos(2 * math.pi * max(0.0, since_s) / PERIOD_S)) / 2

    return _write(path, seconds, depth)


def _write(path: Path, seconds: float, depth: Callable[[float], float]) -> Path:
    t_s = np.arange(0, seconds, 1 / RATE_HZ)
    world = np.stack([_body(depth(t)) for t in t_s]).astype(np.float32)
    image = np.ones((len(t_s), len(JOINTS), 4), np.float32)
    image[..., :3] = world * _FRAMES_PER_M + (0.5, 0.95, 0.0)
    hips = world[:, [JOINT["left_hip"], JOINT["right_hip"]]].mean(axis=1, keepdims=True)
    Series(t_s, image, world - hips, 1.0, "squat", "drawn").save(path)
    return path


def _body(depth: float) -> np.ndarray:
    """Joints in metres from between the ankles: x forward, y down, z to the right; depth 0 stands, 1 is deep."""
    ankle = np.zeros(2)
    knee = ankle + _towards(20 * depth, _SHANK_M)
    hip = knee + _towards(-75 * depth, _THIGH_M)
    shoulder = hip + _towards(35 * depth, _TRUNK_M)
    elbow = shoulder + _towards(150, _ARM_M)
    places = {
        "ankle": ankle,
        "heel": ankle + (-0.05, 0.04),
        "foot_index": ankle + (0.18, 0.05),
        "knee": knee,
        "hip": hip,
        "shoulder": shoulder,
        "elbow": elbow,
        **dict.fromkeys(("wrist", "pinky", "index", "thumb"), elbow + _towards(150, _ARM_M)),
    }
    head = shoulder + _towards(20 * depth, 0.25)
    return np.array([_joint(name, places, head) for name in JOINTS])


def _towards(lean_deg: float, length_m: float) -> np.ndarray:
    """A limb of that length, leaning forward from straight up."""
    lean = math.radians(lean_deg)
    return np.array((math.sin(lean), -math.cos(lean))) * length_m


def _joint(name: str, places: dict[str, np.ndarray], head: np.ndarray) -> tuple[float, float, float]:
    side, _, part = name.partition("_")
    x, y = places.get(part, head)
    across = _HALF_WIDTH_M.get(part, 0.12) if part in places else 0.0
    return x, y, across if side == "right" else -across
