"""What a workout's chart and replay are made of, from its records and its landmark series. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.motion.exercise import Exercise
from webapp.motion.measures import joints_of
from webapp.motion.shown import Shown
from webapp.pages.rows import key_of, look, words_of
from webapp.records import Hold, Rep, Set, Summary
from webapp.series import Series
from webapp.skeleton import EDGES, JOINT, SIDES

MOST_SAMPLES = 3000
"""Within repetitions and holds, and as many again between them, however long the workout was."""
AROUND_S = 1.0
"""What is drawn of the time before and after a set."""

LONGEST_GAP_S = 1.0
"""Samples further apart than this are not joined by a line."""

_HEAD = tuple(JOINT[name] for name in ("nose", "left_ear", "right_ear"))


def skeleton() -> dict[str, Any]:
    """Return how the joints are connected, on which side each is, and between which the head is."""
    return {"edges": [list(edge) for edge in EDGES], "sides": list(SIDES), "head": list(_HEAD)}


def stretches(sets: Iterable[Set]) -> Iterator[tuple[str, tuple[Set, ...]]]:
    """Yield the exercises in the order in which they were first done, each with its sets."""
    own: dict[str, list[Set]] = {}
    for one in sets:
        own.setdefault(one.exercise, []).append(one)
    for exercise, done in own.items():
        yield exercise, tuple(done)


def marks(summary: Summary, sets: Sequence[Set], exercise: Exercise | None) -> list[dict[str, Any]]:
    """Return the repetitions and holds of some sets, in order of time, as chart and replay mark them.

    Times are seconds since the summary's start; far_s is in the middle of a repetition's far end. joints: those that
    its faults are about.
    """
    numbers = {one.number for one in sets}
    rules = {rule.name: rule for rule in exercise.rules} if exercise else {}
    says = {name: rule.message for name, rule in rules.items()}
    lifts = exercise is not None and exercise.count is not None and exercise.count.lifts_first
    found = [_rep_mark(rep, says, summary.start_s, lifts_first=lifts) for rep in summary.reps if rep.set in numbers]
    for mark in found:
        told = [rules[name].measure for name in mark.pop("faults") if name in rules]
        mark["joints"] = sorted({joint for measure in told for joint in joints_of(measure)})
    found += [_hold_mark(hold, summary.start_s) for hold in summary.holds if hold.set in numbers]
    return sorted(found, key=lambda mark: mark["start_s"])


def _rep_mark(rep: Rep, says: dict[str, str], start_s: float, *, lifts_first: bool) -> dict[str, Any]:
    there_s = rep.concentric_s if lifts_first else rep.eccentric_s
    return {
        "key": key_of(rep),
        "label": str(rep.number) if rep.counted else "",
        "set": rep.set,
        "look": look(rep),
        "words": words_of(rep, says),
        "start_s": round(rep.start_s - start_s, 3),
        "end_s": round(rep.end_s - start_s, 3),
        "far_s": round(min(rep.end_s, rep.start_s + there_s + rep.pause_s / 2) - start_s, 3),
        "side": rep.side,
        "faults": rep.faults,
    }


def _hold_mark(hold: Hold, start_s: float) -> dict[str, Any]:
    return {
        "key": key_of(hold),
        "label": str(hold.number),
        "set": hold.set,
        "look": "hold",
        "words": words_of(hold, {}),
        "start_s": round(hold.start_s - start_s, 3),
        "end_s": round(hold.end_s - start_s, 3),
        "far_s": round((hold.start_s + hold.end_s) / 2 - start_s, 3),
        "side": hold.side,
        "joints": [],
    }


Span = tuple[float, float]
"""A time from and until, in seconds."""


def sampled(series: Series, sets: Sequence[Set], done: Sequence[Rep | Hold]) -> npt.NDArray[np.intp]:
    """Return which samples are drawn of some sets: all within what was done if they are not too many, few between."""
    near = _within(series.t_s, [(one.start_s - AROUND_S, one.end_s + AROUND_S) for one in sets])
    doing = near & _within(series.t_s, [(one.start_s, one.end_s) for one in done])
    return np.sort(np.concatenate([_thinned(series.t_s, chosen) for chosen in (doing, near & ~doing)]))


def _within(t_s: npt.NDArray[np.float64], spans: Sequence[Span]) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(t_s), bool)
    for from_s, until_s in spans:
        inside[np.searchsorted(t_s, from_s) : np.searchsorted(t_s, until_s, "right")] = True
    return inside


def _thinned(t_s: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Return the first of each step of time, of as many steps as there may be samples."""
    indices = np.flatnonzero(chosen)
    if len(indices) <= MOST_SAMPLES:
        return indices
    lasts_s = np.cumsum(np.minimum(np.diff(t_s[indices], prepend=t_s[indices[0]]), LONGEST_GAP_S))
    return indices[np.unique(lasts_s // (lasts_s[-1] / MOST_SAMPLES), return_index=True)[1]]


def curve(
    series: Series, chosen: npt.NDArray[np.intp], what: Shown
) -> Iterator[tuple[float, tuple[float | None, ...]]]:
    """Yield time and values of the samples, and an empty one where nothing was seen for a while."""
    last_s = None
    for index in chosen.tolist():
        t_s = float(series.t_s[index])
        if last_s is not None and t_s - last_s > LONGEST_GAP_S:
            yield (last_s + t_s) / 2, (None,) * len(what.lines)
        yield t_s, what.values(series.pose(index))
        last_s = t_s
