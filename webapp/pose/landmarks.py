"""BlazePose's landmark network after the call: arrays to points in the crop, refined by its heatmaps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.records import JOINT_COUNT

INPUT_PX = 256
MIN_PRESENCE = 0.5
OUTPUTS = (0, 1, 3, 4)
"""Which outputs of the `.tflite` are wanted: landmarks, presence, heatmaps, world points. 2, the mask, is not."""

_POINTS = JOINT_COUNT + 2  # the joints, then mid-hip and the rim of the full-body circle for the next frame's square
_KERNEL = 7
_MIN_PEAK = 0.5

Array = npt.NDArray[np.float64]
_REACH = np.arange(_KERNEL) - _KERNEL // 2
_CHANNEL = np.arange(_POINTS)[:, None, None]


@dataclass(frozen=True, slots=True, eq=False)
class CropLandmarks:
    """What the network saw in the crop.

    points: (33, 3) x, y, z in fractions of the crop, z with mid-hip as origin. alignment: (2, 2) mid-hip and rim.
    visibility: (33,) in [0, 1]. world: (33, 3) metres from mid-hip, as the upright crop shows them.
    """

    points: Array
    alignment: Array
    visibility: Array
    world: Array


def decode(outputs: Sequence[npt.NDArray[np.float32]]) -> CropLandmarks | None:
    """Return the landmarks in the network's outputs (in the order of `OUTPUTS`), None when nobody is in the crop.

    TensorsToLandmarksCalculator; presence comes as a probability, visibility as a logit.
    """
    raw, presence, heatmaps, world = outputs
    if presence[0] < MIN_PRESENCE:
        return None
    rows = raw.reshape(-1, 5)[:_POINTS].astype(np.float64)
    points = rows[:, :3] / INPUT_PX
    points[:, :2] = refine(points[:, :2], heatmaps)
    return CropLandmarks(
        points=points[:JOINT_COUNT],
        alignment=points[JOINT_COUNT:, :2],
        visibility=_sigmoid(rows[:JOINT_COUNT, 3]),
        world=world.reshape(-1, 3)[:JOINT_COUNT].astype(np.float64),
    )


def refine(points: Array, heatmaps: npt.NDArray[np.float32]) -> Array:
    """Move each (35, 2) point to the centre of mass of its heatmap nearby (RefineLandmarksFromHeatmapCalculator).

    A point outside of its (height, width, 39) heatmap, or with no peak within 7 x 7 cells of it, stays where it is.
    """
    cells = np.array(heatmaps.shape[1::-1])
    middle = np.trunc(points * cells).astype(np.intp)
    across, down = middle[:, 0, None] + _REACH, middle[:, 1, None] + _REACH
    inside = _within(down, cells[1])[:, :, None] & _within(across, cells[0])[:, None, :]
    window = heatmaps[down.clip(0, cells[1] - 1)[:, :, None], across.clip(0, cells[0] - 1)[:, None, :], _CHANNEL]
    mass = np.where(inside, _sigmoid(window.astype(np.float64)), 0.0)
    total = mass.sum(axis=(1, 2))
    movable = _within(middle, cells).all(axis=1) & (mass.max(axis=(1, 2)) >= _MIN_PEAK)
    centre = np.stack(((mass.sum(axis=1) * across).sum(axis=1), (mass.sum(axis=2) * down).sum(axis=1)), axis=1)
    refined: Array = np.where(movable[:, None], centre / (np.maximum(total, 1e-12)[:, None] * cells), points)
    return refined


def _within(index: npt.NDArray[np.intp], size: npt.NDArray[np.intp] | int) -> npt.NDArray[np.bool_]:
    return (index >= 0) & (index < size)


def _sigmoid(logits: Array) -> Array:
    chance: Array = 1.0 / (1.0 + np.exp(-logits))
    return chance
