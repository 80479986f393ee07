"""Accuracy of estimated joints: PCK, PCKh and OKS, as defined in the papers. Pure.

PCK@a: the share of labelled joints whose estimate is closer than a times the torso (Yang and Ramanan, PAMI 2013; 0.2 in
BlazePose, arXiv 2006.10204, section 3). PCKh@a: closer than a times the head (Andriluka et al., CVPR 2014, section
4.1). OKS and its mean average precision: the COCO keypoint evaluation (cocodataset.org/#keypoints-eval).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.skeleton import COCO17, JOINTS

Array = npt.NDArray[np.float64]

OKS_THRESHOLDS = np.arange(0.5, 0.96, 0.05)
_RECALLS = np.linspace(0, 1, 101)

_COCO_SIGMAS = (
    *(0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072),
    *(0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089),
)
SIGMA = np.full(len(JOINTS), np.nan)
"""Scatter of people's labels of each joint, in square roots of the person's area; NaN for joints not in COCO."""
SIGMA[list(COCO17)] = _COCO_SIGMAS


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent: of all labelled joints, and of each kind of joint, left and right together."""

    mean: float
    per_joint: Mapping[str, float]


def rate(errors: Array, limit: float) -> Rate:
    """Return how many errors are within the limit.

    errors: (people, 33) in units of the torso or the head; NaN if not labelled, infinite if not found.
    """
    kinds: dict[str, list[int]] = {}
    for joint, name in enumerate(JOINTS):
        if np.isfinite(errors[:, joint]).any() or np.isinf(errors[:, joint]).any():
            kinds.setdefault(name.removeprefix("left_").removeprefix("right_"), []).append(joint)
    return Rate(_percent(errors, limit), {kind: _percent(errors[:, joints], limit) for kind, joints in kinds.items()})


def _percent(errors: Array, limit: float) -> float:
    counted = errors[~np.isnan(errors)]
    return float(100 * (counted <= limit).mean()) if counted.size else float("nan")


def errors_px(found: Array, labelled: Array, judged: Sequence[int]) -> Array:
    """Return (33,): distance of each found joint from its label; infinite if only the label exists, else NaN.

    found, labelled: (33, 2) pixels, NaN where missing. judged: the joints that count.
    """
    apart: Array = np.hypot(*(found - labelled).T)
    has_label = np.isfinite(labelled[:, 0]) & np.isin(np.arange(len(JOINTS)), judged)
    return np.where(has_label, np.where(np.isnan(apart), np.inf, apart), np.nan)


def oks(found: Array, labelled: Array, area_px2: float, judged: Sequence[int]) -> float:
    """Return the object keypoint similarity, 0 to 1: the mean over labelled joints of exp(-d^2 / (2 s^2 k^2)).

    s^2 is the person's area and k twice the joint's sigma. A joint that was not found counts 0.
    """
    errors = errors_px(found, labelled, judged)
    counted = np.isfinite(SIGMA) & ~np.isnan(errors)
    if not counted.any():
        return 0.0
    spread = 2 * area_px2 * (2 * SIGMA[counted]) ** 2
    return float(np.exp(-(errors[counted] ** 2) / spread).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture of several people: `oks` (found, labelled) of each pair, `scores` (found,)."""

    oks: Array
    scores: Array


def mean_average_precision(scenes: Sequence[Scene]) -> float:
    """Return COCO's AP in percent: precision averaged over 101 recalls and ten OKS thresholds, ignoring nobody."""
    return float(100 * np.mean([average_precision(scenes, threshold) for threshold in OKS_THRESHOLDS]))


def average_precision(scenes: Sequence[Scene], threshold: float) -> float:
    """Return the precision averaged over 101 recalls, 0 to 1, where an OKS from `threshold` on is a match."""
    labelled = sum(scene.oks.shape[1] for scene in scenes)
    scores = np.concatenate([scene.scores for scene in scenes])
    if labelled == 0 or scores.size == 0:
        return 0.0
    right = np.concatenate([_matches(scene, threshold) for scene in scenes])[np.argsort(-scores, kind="stable")]
    recall = np.cumsum(right) / labelled
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(recall, _RECALLS, side="left")
    return float(np.append(precision, 0.0)[at].mean())


def _matches(scene: Scene, threshold: float) -> npt.NDArray[np.bool_]:
    """Return which found people match a labelled one; the most confident choose first, and nobody is matched twice."""
    free = np.ones(scene.oks.shape[1], bool)
    right = np.zeros(len(scene.scores), bool)
    order: Iterable[int] = np.argsort(-scene.scores, kind="stable").tolist()
    for person in order:
        similar = np.where(free, scene.oks[person], -1.0)
        if similar.size and similar.max() >= threshold:
            free[similar.argmax()] = False
            right[person] = True
    return right
