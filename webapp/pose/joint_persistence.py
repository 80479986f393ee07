"""A person's joints over time, for an engine that finds each joint separately in every picture and may lose it.

A joint that is lost moves on with the body while its visibility fades. Without this, each measure taken from both sides
leaps whenever one of the two is lost or found again.
"""

import math

import numpy as np
import numpy.typing as npt

from webapp.pose.one_euro import Cutoffs, OneEuro
from webapp.pose.planar import Joints
from webapp.pose.roi import Points
from webapp.records import JOINT_COUNT
from webapp.skeleton import JOINT

_CUTOFFS = Cutoffs(min_hz=0.3, beta=10.0)  # a peak wanders by up to a cell of a coarse map while the body is at rest
_BRIGHTENS_S = 0.2
_FADES_S = 0.3
"""Time constants (63%) with which a visibility follows the engine's when it is higher, and when it is lower."""
_LEAST = 0.3
"""Visibility at which a lost joint is given up; a sure one lasts 0.36 s."""
_FAINT = 1 / 3
_NEAR = 0.15
"""Visibility below which a joint is believed only within this part of the body's size from its last place: there two in
five are right, elsewhere one in five."""

_TRUNK = [JOINT[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")]
_INNER = {
    JOINT[f"{side}_{outer}"]: JOINT[f"{side}_{inner}"]
    for side in ("left", "right")
    for outer, inner in (("elbow", "shoulder"), ("wrist", "elbow"), ("knee", "hip"), ("ankle", "knee"))
}
"""The joint with which a lost one moves, from the trunk outwards; all others move with the trunk."""


class JointPersistence:
    """One person's joints, smoothed, and kept for a moment when they are lost."""

    def __init__(self) -> None:
        self._filters: dict[int, OneEuro] = {}
        self._places: Points = np.full((JOINT_COUNT, 2), np.nan)
        self._seen: npt.NDArray[np.float64] = np.zeros(JOINT_COUNT)
        self._t_s = -math.inf

    def __call__(self, joints: Joints, t_s: float, size_px: float) -> Joints:
        """Return the joints at `t_s`, which must increase; `size_px` is the body's size."""
        joints = believed(joints, self._places, size_px) if self._filters else joints
        found = np.isfinite(joints[:, 0])
        self._seen = faded(self._seen, joints[:, 2], t_s - self._t_s)
        self._t_s = t_s
        self._seen[~found & (self._seen < _LEAST)] = 0
        places = self._smooth(joints[:, :2], found, t_s, size_px)
        lost = np.flatnonzero(~found & (self._seen > 0)).tolist()
        for joint in sorted(
            lost, key=lambda number: (number not in _TRUNK, number)
        ):  # outer joints have higher numbers
            places[joint] = self._places[joint] + self._way(joint, places)
            self._filters[joint](places[joint], t_s, size_px)
        self._filters = {joint: self._filters[joint] for joint in np.flatnonzero(self._seen).tolist()}
        self._places = places
        return np.column_stack([places, self._seen])

    def _smooth(self, raw: Points, found: npt.NDArray[np.bool_], t_s: float, size_px: float) -> Points:
        """Return the places of the joints found, smoothed; NaN for the others."""
        places = np.full_like(raw, np.nan)
        for joint in np.flatnonzero(found).tolist():
            places[joint] = self._filters.setdefault(joint, OneEuro(_CUTOFFS))(raw[joint], t_s, size_px)
        return places

    def _way(self, joint: int, places: Points) -> Points:
        """Return how far the inner joint has moved, or the trunk if there is none; 0 if that is unknown."""
        moved = places - self._places
        inner = _INNER.get(joint)
        with_it = [inner] if inner is not None and np.isfinite(moved[inner, 0]) else _TRUNK
        known = moved[with_it][np.isfinite(moved[with_it, 0])]
        way: Points = known.mean(axis=0) if len(known) else np.zeros(2)
        return way


def believed(joints: Joints, last: Points, size_px: float) -> Joints:
    """Return the joints without faint ones that are not near their last place, (33, 2)."""
    with np.errstate(invalid="ignore"):
        near = np.hypot(*(joints[:, :2] - last).T) < _NEAR * size_px
    wrong = (joints[:, 2] < _FAINT) & ~near
    left = joints.copy()
    left[wrong] = np.nan, np.nan, 0
    return left


def faded(before: npt.NDArray[np.float64], now: npt.NDArray[np.float64], period_s: float) -> npt.NDArray[np.float64]:
    """Return the visibilities after `period_s`, which follow `now` slowly; a new joint's at once."""
    weight = 1 - np.exp(-period_s / np.where(now > before, _BRIGHTENS_S, _FADES_S))
    return np.where(before > 0, before + weight * (now - before), now)
