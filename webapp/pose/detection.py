"""BlazePose's detector after the network: from 2254 anchors to people, each with a box, four points and a score.

The network sees the letterboxed picture, 224 x 224. Everything here is in fractions of that square.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

INPUT_PX = 224
MIN_SCORE = 0.5
MIN_IOU = 0.3

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
    """Return the people in the network's two outputs, (2254, 12) and (2254, 1), the most confident first."""
    return weighted_nms(decode(raw, logits[:, 0]))


def decode(raw: npt.NDArray[np.float32], logits: npt.NDArray[np.float32]) -> list[Detection]:
    """Return the anchors with a score above `MIN_SCORE`, the most confident first (TensorsToDetectionsCalculator).

    A row is centre x, y, width, height, then four points x, y, in pixels of the input, relative to the anchor.
    """
    confident = np.flatnonzero(logits > -np.log(1 / MIN_SCORE - 1))
    confident = confident[np.argsort(-logits[confident], kind="stable")]
    values = raw[confident].astype(np.float64).reshape(-1, 6, 2) / INPUT_PX
    centres, sizes, points = values[:, 0] + ANCHORS[confident], values[:, 1], values[:, 2:] + ANCHORS[confident, None]
    boxes = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=1)
    scores = 1 / (1 + np.exp(-logits[confident].astype(np.float64)))
    return [Detection(box, own, float(score)) for box, own, score in zip(boxes, points, scores, strict=True)]


def weighted_nms(found: list[Detection]) -> list[Detection]:
    """Merge overlapping detections into their mean, weighted by score (NonMaxSuppressionCalculator, WEIGHTED).

    `found` is sorted, the most confident first; a merged detection keeps the score of its most confident.
    """
    merged: list[Detection] = []
    while found:
        ious = _iou(found[0].box, np.stack([person.box for person in found]))
        same = [person for person, iou in zip(found, ious, strict=True) if iou > MIN_IOU] or found[:1]
        found = [person for person, iou in zip(found[1:], ious[1:], strict=True) if iou <= MIN_IOU]
        merged.append(_mean(same))
    return merged


def _mean(same: list[Detection]) -> Detection:
    weights = np.array([person.score for person in same])
    weights /= weights.sum()
    box = np.tensordot(weights, np.stack([person.box for person in same]), axes=1)
    points = np.tensordot(weights, np.stack([person.points for person in same]), axes=1)
    return Detection(box, points, same[0].score)


def _iou(box: Array, boxes: Array) -> Array:
    """Return intersection over union of a box with each of (N, 4) boxes."""
    inner = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(inner, 0), axis=1)
    union = np.prod(box[2:] - box[:2]) + np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) - shared
    iou: Array = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou
