"""BlazePose's landmark network after the call: from arrays to points in the crop, refined by its heatmaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.records import JOINT_COUNT

INPUT_PX = 256
MIN_PRESENCE = 0.5
HIP_CENTRE, FULL_BODY_RIM = JOINT_COUNT, JOINT_COUNT + 1
OUTPUTS = (0, 1, 3, 4)
"""The outputs of the `.tflite` to compute: landmarks, presence, heatmaps, world points; not 2, the mask."""

_POINTS = JOINT_COUNT + 2
_KERNEL = 7
_MIN_PEAK = 0.5
_TINY = 1e-12

Array = npt.NDArray[np.float64]
_REACH = np.arange(_KERNEL) - _KERNEL // 2
_ACROSS, _DOWN = np.tile(_REACH, _KERNEL), np.repeat(_REACH, _KERNEL)
"""(49,): where a window's cells, row by row, are from its middle."""
_MIDDLE = _KERNEL * _KERNEL // 2
_MOMENTS = np.stack((np.ones(_KERNEL * _KERNEL), _ACROSS, _DOWN), axis=1, dtype=np.float32)
"""(49, 3): what the cells add to their window's mass and to its moments to the right and down."""
_CHANNEL = np.arange(_POINTS)[:, None]


@dataclass(frozen=True, slots=True, eq=False)
class CropLandmarks:
    """The network's results for a crop.

    points: (35, 3) x, y, z in fractions of the crop, z with mid-hip as origin: the joints, then mid-hip (`HIP_CENTRE`)
        and the rim of the full-body circle (`FULL_BODY_RIM`), which give the next frame's square.
    visibility: (33,) in [0, 1]. world: (33, 3) metres from mid-hip, in the frame of the crop.
    """

    points: Array
    visibility: Array
    world: Array


def decode(outputs: Sequence[npt.NDArray[np.float32]]) -> CropLandmarks | None:
    """Return the landmarks of the network's outputs (in the order of `OUTPUTS`), None if nobody is in the crop.

    TensorsToLandmarksCalculator; presence comes as a probability, visibility as a logit.
    """
    raw, presence, heatmaps, world = outputs
    if presence[0] < MIN_PRESENCE:
        return None
    rows = raw.reshape(-1, 5)[:_POINTS].astype(np.float64)
    points = rows[:, :3] / INPUT_PX
    points[:, :2] = refine(points[:, :2], heatmaps)
    return CropLandmarks(
        points=points,
        visibility=_sigmoid(rows[:JOINT_COUNT, 3]),
        world=world.reshape(-1, 3)[:JOINT_COUNT].astype(np.float64),
    )


def refine(points: Array, heatmaps: npt.NDArray[np.float32]) -> Array:
    """Move each (35, 2) point to the centre of mass of its heatmap nearby (RefineLandmarksFromHeatmapCalculator).

    A point outside its (height, width, 39) heatmap, or without a peak within 7 x 7 cells, is not moved.
    """
    height, width, channels = heatmaps.shape
    size = np.array((width, height))
    middle = (points * size).astype(np.intp)
    columns, rows = middle[:, :1] + _ACROSS, middle[:, 1:] + _DOWN
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    window = heatmaps.reshape(-1).take((rows * width + columns) * channels + _CHANNEL, mode="clip")
    mass = _sigmoid(window) * inside  # cells outside the map have no weight
    moments = mass @ _MOMENTS
    movable = inside[:, _MIDDLE] & (mass.max(axis=1) >= _MIN_PEAK)
    centres: Array = (middle + moments[:, 1:] / np.maximum(moments[:, :1], _TINY)) / size
    return np.where(movable[:, None], centres, points)


def _sigmoid(logits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return 1.0 / (1.0 + np.exp(-logits))  # type: ignore[no-any-return]  # numpy widens the type of 1.0 / array
