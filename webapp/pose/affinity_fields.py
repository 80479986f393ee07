"""From OpenPose's maps to people: groups the peaks by body (arXiv 1812.08008, section 3.3).

The network outputs two maps for each limb, the x and y of a unit vector along it: its part affinity field (PAF). Two
peaks form a limb if the field points from one to the other all the way between them.
"""

import numpy as np
import numpy.typing as npt

from webapp.pose.heatmaps import FloatArray, IntArray, local_peaks

JOINTS = 18
LIMBS = np.array(
    [
        # from joint, to joint (OpenPose's COCO order), index of the PAF's x map; its y map is the next
        *((1, 2, 12), (2, 3, 14), (3, 4, 16), (1, 5, 20), (5, 6, 22), (6, 7, 24)),
        *((1, 8, 0), (8, 9, 2), (9, 10, 4), (1, 11, 6), (11, 12, 8), (12, 13, 10)),
        *((1, 0, 28), (0, 14, 30), (14, 16, 34), (0, 15, 32), (15, 17, 36)),
    ]
)
"""A tree from the neck outwards. The network's two other limbs, shoulder to ear, would close cycles."""

_MIRRORED = np.array([0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16])  # left and right swapped
_PAF_OF = {(begin, end): paf for begin, end, paf in LIMBS.tolist()}
_MIRRORED_PAFS = {paf: _PAF_OF[_MIRRORED[begin], _MIRRORED[end]] for begin, end, paf in LIMBS.tolist()}

_MIN_CONFIDENCE = 0.1  # of a peak
_LEAST_JOINTS = 4
_SAMPLES = 10
_ALONG = 0.05  # a sample agrees if the PAF along the limb is stronger than this
_LEAST_AGREEING = 0.8  # least part of a limb's samples that must agree
_LONGEST = 0.5  # of the maps' height; a longer limb's score is reduced


def people(heatmaps: FloatArray, pafs: FloatArray) -> npt.NDArray[np.float64]:
    """Return all people in the picture: (people, 18, 3) x, y in cells and confidence; NaN, NaN, 0 if missing.

    heatmaps: (18 or more, height, width), a map for each joint. pafs: (38, height, width).
    """
    joint, found = local_peaks(heatmaps[:JOINTS], _MIN_CONFIDENCE)
    limbs = _limbs(joint, found, pafs)
    owner = _bodies(len(found), limbs)
    counts = np.bincount(owner, minlength=len(found))
    everybody = []
    for body in np.flatnonzero(counts >= _LEAST_JOINTS):
        person = np.full((JOINTS, 3), (np.nan, np.nan, 0.0))
        person[joint[owner == body]] = found[owner == body]
        everybody.append(person)
    return np.array(everybody).reshape(-1, JOINTS, 3)


def mirrored(heatmaps: FloatArray, pafs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the maps of the mirrored picture: left and right are swapped, and x is reversed."""
    heatmaps, flipped = heatmaps[_MIRRORED, :, ::-1], pafs[..., ::-1]
    rotated = np.zeros_like(pafs)
    for paf, other in _MIRRORED_PAFS.items():
        rotated[paf], rotated[paf + 1] = -flipped[other], flipped[other + 1]
    return heatmaps, rotated


def _limbs(joint: IntArray, found: FloatArray, pafs: FloatArray) -> IntArray:
    """Return (limbs, 2): indices of joined peaks, the best first; each peak is in at most one limb of a kind."""
    kind, begin, end = _candidates(joint)
    score, agreeing = limb_scores(found[begin, :2], found[end, :2], LIMBS[kind, 2], pafs)
    score[agreeing < _LEAST_AGREEING] = 0
    taken: set[tuple[int, int]] = set()
    chosen = []
    for number in np.argsort(-score)[: int((score > 0).sum())].tolist():
        ends = (int(kind[number]), int(begin[number])), (int(kind[number]), int(end[number]))
        if taken.isdisjoint(ends):
            taken.update(ends)
            chosen.append((begin[number], end[number]))
    return np.array(chosen, np.intp).reshape(-1, 2)


def _candidates(joint: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return all pairs of peaks that might be a limb: the kind of limb and the peaks' indices."""
    kind, begin, end = np.nonzero(
        (joint[None, :, None] == LIMBS[:, 0, None, None]) & (joint[None, None, :] == LIMBS[:, 1, None, None])
    )
    return kind, begin, end


def limb_scores(begin: FloatArray, end: FloatArray, paf: IntArray, pafs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (pairs,): the mean of the PAF along the limb (equation 11), and the part of the samples that agrees.

    begin, end: (pairs, 2) in cells. paf: (pairs,) the index of the PAF's x map.
    """
    way = end - begin
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-6)
    steps = np.linspace(0, 1, _SAMPLES, dtype=np.float32)
    cells = (begin[:, None] + steps[:, None] * way[:, None]).astype(np.intp)
    x = np.clip(cells[..., 0], 0, pafs.shape[2] - 1)
    y = np.clip(cells[..., 1], 0, pafs.shape[1] - 1)
    along = pafs[paf[:, None], y, x] * (way[:, :1] / length[:, None])
    along += pafs[paf[:, None] + 1, y, x] * (way[:, 1:] / length[:, None])
    score = along.mean(axis=1) + np.minimum(_LONGEST * pafs.shape[1] / length - 1, 0)
    return score.astype(np.float32), (along > _ALONG).mean(axis=1)


def _bodies(peaks: int, limbs: IntArray) -> IntArray:
    """Return (peaks,): the index of each peak's body. Limbs form a tree, so joined peaks are one body."""
    owner = np.arange(peaks)
    for _ in range(JOINTS):
        least = np.minimum(owner[limbs[:, 0]], owner[limbs[:, 1]])
        np.minimum.at(owner, limbs[:, 0], least)
        np.minimum.at(owner, limbs[:, 1], least)
    return owner
