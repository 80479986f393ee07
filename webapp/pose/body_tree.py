"""One person's joints from OpenPose's maps: the choice of peaks with the highest total score.

`affinity_fields` joins peaks limb by limb, the most confident first, which finds everybody in a picture but loses what
only a weak limb would join. For a person known to be there all joints are chosen at once instead: a pictorial
structure, whose best choice is found exactly, from the hands and feet to the neck (Felzenszwalb and Huttenlocher,
doi:10.1023/B:VISI.0000042934.15159.49). Its limbs are scored as OpenPose scores them.
"""

import numpy as np
import numpy.typing as npt

from webapp.pose.affinity_fields import JOINTS, LIMBS, limb_scores
from webapp.pose.heatmaps import FloatArray, IntArray, local_peaks

Person = npt.NDArray[np.float64]
"""(18, 3): x, y and confidence of the peak; NaN, NaN, 0 for a joint not found."""

_MIN_CONFIDENCE = 0.03  # a peak of this confidence is right three times in ten, one of 0.08 seven times
_LEAST_AGREEING = 0.5  # least part of a limb's samples that must agree
_IMPOSSIBLE = -100.0  # score of a limb with which the PAF disagrees
_MOST_PEAKS = 6  # of one joint
_NECK = int(LIMBS[0, 0])
_OUTER = np.array([[(3, 4), (6, 7)], [(9, 10), (12, 13)]])  # elbow and wrist, knee and ankle, right and left
_SAME = 1.0  # cells; joints of two limbs nearer than this coincide
_DOUBLED = (
    0.7  # penalty, in confidence of a peak, for a limb that coincides with the other: a hidden one often seems to
)
_STAYS = 0.5  # bonus, in confidence of a peak, for a joint that is where it was
_FAR = 0.07  # the bonus at a distance of twice _NEAR
_NEAR = 0.12  # of the body's size: how far joints move between pictures


def best_body(heatmaps: FloatArray, pafs: FloatArray, last: Person | None, others: Person) -> Person:
    """Return the body in the maps, in cells.

    heatmaps: (18 or more, height, width). pafs: (38, height, width). last: its joints in the previous picture, in
    cells. others: (people, 18, 3), other people, whose peaks are not used.
    """
    peaks = _peaks(heatmaps, others)
    pairwise = [_pairwise(peaks, limb, pafs) for limb in LIMBS.tolist()]
    unary = [joint[:, 2] + _STAYS * _closeness(joint, number, last) for number, joint in enumerate(peaks)]
    chosen = _choose(unary, pairwise)
    for joint in _doubled(_at(peaks, chosen), _at(unary, chosen)):
        unary[joint][chosen[joint]] = peaks[joint][chosen[joint], 2] - _DOUBLED
    return _at(peaks, _choose(unary, pairwise)).astype(np.float64)


def _at(peaks: list[FloatArray], chosen: list[int]) -> FloatArray:
    """Return each joint's chosen row: joints, (18, 3), or their unary scores, (18,)."""
    return np.array([joint[number] for joint, number in zip(peaks, chosen, strict=True)])


def _choose(unary: list[FloatArray], pairwise: list[FloatArray]) -> list[int]:
    """Return the index of each joint's peak that maximises the sum of unary (peak) and pairwise (limb) scores."""
    total = list(unary)
    best_end: dict[int, IntArray] = {}
    for (begin, end, _), joined in zip(LIMBS[::-1].tolist(), pairwise[::-1], strict=True):
        of_both = joined + total[end]  # complete, because LIMBS lists each limb after those that lead to it
        best_end[end] = of_both.argmax(axis=1)
        total[begin] = total[begin] + of_both.max(axis=1)
    chosen = [int(total[_NECK].argmax())] * JOINTS
    for begin, end, _ in LIMBS.tolist():
        chosen[end] = int(best_end[end][chosen[begin]])
    return chosen


def _doubled(body: FloatArray, unary: FloatArray) -> list[int]:
    """Return the joints of an arm or leg that coincide with those of the other one, whose `unary` (18,) is higher.

    Where a limb was counts too: otherwise left and right change places whenever one peak is the stronger for a moment.
    """
    doubled: list[int] = []
    for right, left in _OUTER.tolist():
        same = np.hypot(*(body[right, :2] - body[left, :2]).T) < _SAME
        weaker = min(right, left, key=lambda limb: unary[limb][same].sum())
        doubled += np.array(weaker)[same].tolist()
    return doubled


def _peaks(heatmaps: FloatArray, others: Person) -> list[FloatArray]:
    """Return for each joint (peaks + 1, 3): its most confident peaks, and a last row for not found."""
    number, found = local_peaks(heatmaps[:JOINTS], _MIN_CONFIDENCE)
    free = ~(found[:, :2] == others[:, number, :2].astype(np.float32)).all(axis=2).any(axis=0)
    highest = np.argsort(-found[:, 2])
    highest = highest[free[highest]]
    none = np.array([[np.nan, np.nan, 0]], np.float32)
    return [np.concatenate([found[highest[number[highest] == joint]][:_MOST_PEAKS], none]) for joint in range(JOINTS)]


def _closeness(peaks: FloatArray, joint: int, last: Person | None) -> FloatArray:
    """Return each peak's closeness to the joint's last place, from 1, the same place, to 0."""
    if last is None or np.isnan(last[joint, 0]):
        return np.zeros(len(peaks), np.float32)
    size = np.hypot(*(np.nanmax(last[:, :2], axis=0) - np.nanmin(last[:, :2], axis=0)))
    far = np.hypot(*(peaks[:, :2] - last[joint, :2]).T) / max(_NEAR * size, 1)
    result: FloatArray = np.nan_to_num(np.exp(-(far**2) / 2))
    return result


def _pairwise(peaks: list[FloatArray], limb: list[int], pafs: FloatArray) -> FloatArray:
    """Return (begins, ends): the PAF's score of each limb; 0 if one of the two joints is not found.

    A limb with which the PAF disagrees is none: a far foot is often seen in the place of a near one. A joint whose
    inner one is not found is joined to nothing: its confidence does not count, only whether it is where it was.
    """
    begin, end, paf = peaks[limb[0]], peaks[limb[1]], limb[2]
    score = np.zeros((len(begin), len(end)), np.float32)
    if limb[0] != _NECK:
        score[-1, :-1] = -end[:-1, 2] - _FAR
    first, second = np.indices((len(begin) - 1, len(end) - 1)).reshape(2, -1)
    fits, agreeing = limb_scores(begin[first, :2], end[second, :2], np.full(len(first), paf), pafs)
    score[first, second] = np.where(agreeing < _LEAST_AGREEING, _IMPOSSIBLE, fits)
    return score
