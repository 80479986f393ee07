"""The data of a workout's chart and replay, from its records and its landmark series. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.motion.exercise import Exercise
from webapp.motion.measures import joints_of
from webapp.motion.shown import Shown
from webapp.pages.rows import Done, key_of, labels_of, look, words_of
from webapp.records import Hold, Rep, Set, Summary
from webapp.series import poses_at
from webapp.skeleton import EDGES, JOINT, SIDES

MOST_SAMPLES = 2400
"""Most samples within repetitions and holds, and as many again between them, whatever the workout's length."""
AROUND_S = 1.0
"""Time drawn before and after a set."""

LONGEST_GAP_S = 1.0
"""Samples further apart are not joined by a line."""

_HEAD = tuple(JOINT[name] for name in ("nose", "left_ear", "right_ear"))
_FEET = tuple(JOINT[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "heel", "foot_index"))


def skeleton() -> dict[str, Any]:
    """Return the skeleton's edges, the side of each, and the joints that form head and feet."""
    edges = [list(edge) for edge in EDGES]
    return {"edges": edges, "sides": list(SIDES), "head": list(_HEAD), "feet": list(_FEET)}


def stretches(sets: Iterable[Set]) -> Iterator[tuple[str, tuple[Set, ...]]]:
    """Yield the exercises in the order they were first done, each with its sets."""
    own: dict[str, list[Set]] = {}
    for one in sets:
        own.setdefault(one.exercise, []).append(one)
    for exercise, done in own.items():
        yield exercise, tuple(done)


def marks(summary: Summary, sets: Sequence[Set], exercise: Exercise | None) -> list[dict[str, Any]]:
    """Return the repetitions and holds of some sets in order of time, as marked in chart and replay.

    label: its number within its set, empty if not counted. Times are seconds since the summary's start; far_s is the
    middle of a repetition's far end. joints: those affected by its faults.
    """
    numbers = {one.number for one in sets}
    every: tuple[Done, ...] = (*summary.reps, *summary.holds)
    done = sorted((one for one in every if one.set in numbers), key=lambda one: one.start_s)
    labels = labels_of(done)
    return [_mark(one, labels[key_of(one)], summary.start_s, exercise) for one in done]


def _mark(done: Done, label: str, start_s: float, exercise: Exercise | None) -> dict[str, Any]:
    words = words_of(done, exercise.messages, exercise.pose_titles) if exercise else words_of(done, {})
    own_look = "hold" if isinstance(done, Hold) else look(done)
    return {
        "key": key_of(done),
        "label": "" if own_look == "partial" else label,
        "set": done.set,
        "look": own_look,
        "words": words,
        "start_s": round(done.start_s - start_s, 3),
        "end_s": round(done.end_s - start_s, 3),
        "far_s": round(far_s(done, exercise) - start_s, 3),
        "side": done.side,
        "joints": _minded(done, exercise) if isinstance(done, Rep) else [],
    }


def far_s(done: Done, exercise: Exercise | None) -> float:
    """Return the middle of a repetition's far end, or of a hold."""
    if isinstance(done, Hold):
        return (done.start_s + done.end_s) / 2
    lifts_first = exercise is not None and exercise.count is not None and exercise.count.lifts_first
    there_s = done.concentric_s if lifts_first else done.eccentric_s
    return min(done.end_s, done.start_s + there_s + done.pause_s / 2)


def _minded(rep: Rep, exercise: Exercise | None) -> list[int]:
    measures = [rule.measure for rule in exercise.rules if rule.name in rep.faults] if exercise else []
    return sorted({joint for measure in measures for joint in joints_of(measure)})


Span = tuple[float, float]
"""Start and end, in seconds."""


def sampled(
    t_s: npt.NDArray[np.float64], sets: Sequence[Set], done: Sequence[Done], exercise: Exercise | None = None
) -> npt.NDArray[np.intp]:
    """Return which samples to draw of some sets: all within what was done if there are few enough, few between.

    Those at the far ends are always included, because the marks are there.
    """
    far = np.searchsorted(t_s, np.array([far_s(one, exercise) for one in done]))
    near = _within(t_s, [(one.start_s - AROUND_S, one.end_s + AROUND_S) for one in sets])
    doing = near & _within(t_s, [(one.start_s, one.end_s) for one in done])
    spread = [_thinned(t_s, chosen) for chosen in (doing, near & ~doing)]
    return np.unique(np.concatenate([*spread, np.minimum(far, len(t_s) - 1)]))


def _within(t_s: npt.NDArray[np.float64], spans: Sequence[Span]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(t_s), bool)
    for from_s, until_s in spans:
        inside[np.searchsorted(t_s, from_s) : np.searchsorted(t_s, until_s, "right")] = True
    return inside


def _thinned(t_s: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the first sample of each time step, with as many steps as there may be samples."""
    indices = np.flatnonzero(chosen)
    if len(indices) <= MOST_SAMPLES:
        return indices
    lasts_s = np.cumsum(np.minimum(np.diff(t_s[indices], prepend=t_s[indices[0]]), LONGEST_GAP_S))
    return indices[np.unique(lasts_s // (lasts_s[-1] / MOST_SAMPLES), return_index=True)[1]]


def curve(
    kept: Iterable[bytes], chosen_s: npt.NDArray[np.float64], what: Shown
) -> Iterator[tuple[float, tuple[float | None, ...]]]:
    """Yield time and values of the samples at these times, and an empty one where nothing was seen for a while."""
    last_s = None
    for t_s, pose in poses_at(kept, chosen_s):
        if last_s is not None and t_s - last_s > LONGEST_GAP_S:
            yield (last_s + t_s) / 2, (None,) * len(what.lines)
        yield t_s, what.values(pose)
        last_s = t_s
