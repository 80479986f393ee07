"""The maps that a perfect network would give for bodies on a grid."""

import numpy as np

from webapp.pose.affinity_fields import LIMBS

HEIGHT, WIDTH = 46, 54
STANDING = np.array(
    [
        *((10, 6), (10, 10), (7, 10), (6, 15), (6, 20), (13, 10), (14, 15), (14, 20)),
        *((8, 21), (8, 29), (8, 37), (12, 21), (12, 29), (12, 37), (9, 5), (11, 5), (8, 6), (12, 6)),
    ]
)
"""A body in OpenPose's order, in cells; its right on the left."""


def painted(*bodies):
    """Return the heatmaps and part affinity fields that a perfect network would give for the bodies."""
    heatmaps, pafs = np.zeros((18, HEIGHT, WIDTH), np.float32), np.zeros((38, HEIGHT, WIDTH), np.float32)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    for body in bodies:
        for joint, (x, y) in enumerate(body):
            heatmaps[joint] = np.maximum(heatmaps[joint], np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 3))
        for begin, end, paf in LIMBS:
            way = body[end] - body[begin]
            for step in np.linspace(0, 1, 60):
                x, y = np.rint(body[begin] + step * way).astype(int)
                pafs[paf : paf + 2, max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] = (way / np.hypot(*way)).reshape(
                    2, 1, 1
                )
    return heatmaps, pafs


def matches(person, body):
    return np.abs(person[:, :2] - (body + 0.5)).max() < 0.5
