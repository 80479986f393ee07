"""From heatmaps to joints, in numpy: the peaks of maps, finer than their grid.

A heatmap has a network's confidence that a joint lies there, for each cell of a grid over the picture. Positions are in
cells from the map's top left corner: the middle of the first cell is (0.5, 0.5).
"""

from functools import cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.intp]

UPSAMPLING = 8
_REACH_CELLS = 1
_LOSS = (
    0.45  # part of its confidence that a peak may lose by enlargement: one of a single cell loses 0.4375, others less
)


@cache
def upsampling(cells: int) -> FloatArray:
    """Return the (8 * cells, cells) matrix that enlarges a row of cells eightfold.

    EfficientPose ends in three transposed convolutions of stride 2 whose kernels are fixed to bilinear interpolation
    (arXiv 2004.12186, section 3.2); this is their product. Enlarging in the network costs more than reading the maps
    before them and enlarging only around each peak.
    """
    matrix = np.eye(cells)
    while len(matrix) < UPSAMPLING * cells:
        matrix = _doubling(len(matrix)) @ matrix
    return matrix.astype(np.float32)


def _doubling(cells: int) -> npt.NDArray[np.float64]:
    """Return the (2 * cells, cells) matrix of one transposed convolution, kernel (1, 3, 3, 1) / 4, stride 2."""
    matrix = np.zeros((2 * cells, cells))
    for tap, weight in enumerate((0.25, 0.75, 0.75, 0.25)):
        row = 2 * np.arange(cells) + tap - 1
        inside = (row >= 0) & (row < 2 * cells)
        matrix[row[inside], np.flatnonzero(inside)] = weight
    return matrix


def peaks(maps: FloatArray) -> FloatArray:
    """Return the highest point of each map after eightfold enlargement: (joints, 3) x, y in cells and confidence.

    maps: (joints, height, width). Only the cells around each map's highest local maxima are enlarged; several,
    because a broad peak may end up higher than a slim one.
    """
    highest = maps.max(axis=(1, 2), keepdims=True)
    joint, row, column = np.nonzero(_is_local_maximum(maps) & (maps >= highest - _LOSS * np.abs(highest)))
    found = _enlarged_peaks(maps, joint, row, column)
    order = np.argsort(found[:, 2])
    best = np.empty((len(maps), 3), np.float32)
    best[joint[order]] = found[order]  # the last of several for a joint stays
    return best


def _enlarged_peaks(maps: FloatArray, joint: IntArray, row: IntArray, column: IntArray) -> FloatArray:
    """Return (peaks, 3): x, y in cells and confidence of the highest enlarged point near each given cell, (peaks,)."""
    rows, columns = _fine_around(row, maps.shape[1]), _fine_around(column, maps.shape[2])
    down = np.matmul(upsampling(maps.shape[1])[rows], maps[joint])
    fine: FloatArray = np.matmul(down, upsampling(maps.shape[2])[columns].transpose(0, 2, 1))
    y, x = np.unravel_index(fine.reshape(len(fine), -1).argmax(axis=1), fine.shape[1:])
    every = np.arange(len(fine))
    shift_x, shift_y = _vertices(fine, every, y, x)
    x_cells = (columns[every, x] + 0.5 + shift_x) / UPSAMPLING
    y_cells = (rows[every, y] + 0.5 + shift_y) / UPSAMPLING
    return np.stack([x_cells, y_cells, fine[every, y, x]], axis=1).astype(np.float32)


def _fine_around(cell: IntArray, cells: int) -> IntArray:
    """Return (peaks, 24): indices of the fine rows over each peak's cell and its two neighbours, within the map."""
    span = UPSAMPLING * (2 * _REACH_CELLS + 1)
    first = np.clip((cell - _REACH_CELLS) * UPSAMPLING, 0, cells * UPSAMPLING - span)
    result: IntArray = first[:, None] + np.arange(span)
    return result


def local_peaks(maps: FloatArray, threshold: float) -> tuple[IntArray, FloatArray]:
    """Return every local maximum above `threshold`: the index of its map, and (peaks, 3) x, y in cells and confidence.

    maps: (joints, height, width).
    """
    joint, y, x = np.nonzero((maps > threshold) & _is_local_maximum(maps))
    shift_x, shift_y = _vertices(maps, joint, y, x)
    found = np.stack([x + 0.5 + shift_x, y + 0.5 + shift_y, maps[joint, y, x]], axis=1)
    return joint, found.astype(np.float32)


def _is_local_maximum(maps: FloatArray) -> npt.NDArray[np.bool_]:
    """Return where a cell is at least as high as its four neighbours, and higher than the left and upper one."""
    top = np.ones(maps.shape, bool)
    top[:, 1:] &= maps[:, 1:] > maps[:, :-1]
    top[:, :-1] &= maps[:, :-1] >= maps[:, 1:]
    top[:, :, 1:] &= maps[:, :, 1:] > maps[:, :, :-1]
    top[:, :, :-1] &= maps[:, :, :-1] >= maps[:, :, 1:]
    return top


def _vertices(maps: FloatArray, joint: IntArray, y: IntArray, x: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return each peak's x and y from its cell's middle, in cells: the vertex of a parabola through three cells.

    At most half a cell; 0 at the map's border, where a neighbour is missing.
    """
    middle: FloatArray = maps[joint, y, x]
    last_y, last_x = maps.shape[1] - 1, maps.shape[2] - 1
    left, right = maps[joint, y, np.maximum(x - 1, 0)], maps[joint, y, np.minimum(x + 1, last_x)]
    above, below = maps[joint, np.maximum(y - 1, 0), x], maps[joint, np.minimum(y + 1, last_y), x]
    shift_x = np.where((x > 0) & (x < last_x), _vertex(left, middle, right), 0)
    shift_y = np.where((y > 0) & (y < last_y), _vertex(above, middle, below), 0)
    return shift_x.astype(np.float32), shift_y.astype(np.float32)


def _vertex(before: FloatArray, middle: FloatArray, after: FloatArray) -> FloatArray:
    bend = 2 * middle - before - after
    shift = (after - before) / np.where(bend > 0, 2 * bend, 1)
    result: FloatArray = np.clip(np.where(bend > 0, shift, 0), -0.5, 0.5)
    return result
