"""BlazePose's detector after the network: from 2254 anchors to people, each with a box, four points and a score.

The network sees the letterboxed picture, 224 x 224. Everything here is in fractions of that square.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

INPUT_PX = 224
MIN_SCORE = 0.5
MIN_OVERLAP = 0.3

HIP_CENTRE, FULL_BODY_RIM = 0, 1
"""Indices of two of the four points: mid-hip, and a point on the circle around the whole body."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """One person: box (4,) as left, top, right, bottom; points (4, 2); score in [0, 1]."""

    box: Array
    points: Array
    score: float


def _anchors() -> Array:
    """Return the (2254, 2) centres of the anchors (SsdAnchorsCalculator).

    Strides 8, 16, 32, 32, 32 with two anchors in every cell; layers of equal stride are interleaved.
    """
    layers = []
    for stride, anchors_in_cell in ((8, 2), (16, 2), (32, 6)):
        cells = INPUT_PX // stride
        down, across = np.mgrid[0:cells, 0:cells]
        centres = (np.stack((across, down), axis=-1).reshape(-1, 2) + 0.5) / cells
        layers.append(np.repeat(centres, anchors_in_cell, axis=0))
    return np.concatenate(layers)


ANCHORS = _anchors()


def people(raw: npt.NDArray[np.float32], logits: npt.NDArray[np.float32]) -> list[Detection]:
    """Return the people in the network's two outputs, (2254, 12) and (2254, 1), the surest first."""
    return suppress(decode(raw, logits[:, 0]))


def decode(raw: npt.NDArray[np.float32], logits: npt.NDArray[np.float32]) -> list[Detection]:
    """Return the anchors with a score above `MIN_SCORE`, the surest first (TensorsToDetectionsCalculator).

    A row is centre x, y, width, height, then four points x, y, in pixels of the input, relative to the anchor.
    """
    sure = np.flatnonzero(logits > -np.log(1 / MIN_SCORE - 1))
    sure = sure[np.argsort(-logits[sure], kind="stable")]
    values = raw[sure].astype(np.float64).reshape(-1, 6, 2) / INPUT_PX
    centres, sizes, points = values[:, 0] + ANCHORS[sure], values[:, 1], values[:, 2:] + ANCHORS[sure, None]
    boxes = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1)
    scores = 1 / (1 + np.exp(-logits[sure].astype(np.float64)))
    return [Detection(box, own, float(score)) for box, own, score in zip(boxes, points, scores, strict=True)]


def suppress(found: list[Detection]) -> list[Detection]:
    """Merge overlapping detections into their mean, weighted by score (NonMaxSuppressionCalculator, WEIGHTED).

    `found` is sorted, the surest first; a merged detection keeps the score of its surest.
    """
    merged: list[Detection] = []
    while found:
        overlaps = _overlaps(found[0].box, np.stack([one.box for one in found]))
        same = [one for one, overlap in zip(found, overlaps, strict=True) if overlap > MIN_OVERLAP] or found[:1]
        found = [one for one, overlap in zip(found[1:], overlaps[1:], strict=True) if overlap <= MIN_OVERLAP]
        merged.append(_mean(same))
    return merged


def _mean(same: list[Detection]) -> Detection:
    weights = np.array([one.score for one in same])
    weights /= weights.sum()
    box = np.tensordot(weights, np.stack([one.box for one in same]), axes=1)
    points = np.tensordot(weights, np.stack([one.points for one in same]), axes=1)
    return Detection(box, points, same[0].score)


def _overlaps(box: Array, boxes: Array) -> Array:
    """Return intersection over union of a box with each of (N, 4) boxes."""
    inner = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(inner, 0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) - shared
    overlaps: Array = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlaps
