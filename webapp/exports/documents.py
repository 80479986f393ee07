"""Workouts as JSON for other programs, preceded by the meaning of the keys."""

from collections.abc import Mapping
from typing import Any

from webapp.exports.rounding import rounded, row_of
from webapp.records import Summary

UNITS = {
    "_s": "seconds",
    "_deg": "degrees",
    "_kg": "kilograms",
    "start_s, end_s, started_at_s": "seconds since 1970-01-01 00:00 UTC, on the clock of the browser or the server",
    "number": "counts up from 1; a repetition that did not count has 0",
    "set": "the number of the set that a repetition or a hold belongs to",
    "depth": "part of the exercise's target range that was reached; 1 is the target",
    "difference_deg": "left less right",
    "target": "repetitions, or seconds held, that a set should reach",
}
"""The meaning of the keys."""


def workout_json(workout: str, started_at_s: float, summary: Summary, *, finished: bool) -> dict[str, Any]:
    """Return a workout with every set, repetition and hold, ready for JSON."""
    return {
        "workout": workout,
        "exercise": summary.exercise,
        "started_at_s": round(started_at_s, 3),
        "finished": finished,
        "count": summary.count,
        **rounded({"held_s": summary.held_s, "duration_s": summary.duration_s, "active_s": summary.active_s}),
        "sets": [row_of(one) for one in summary.sets],
        "reps": [row_of(rep) for rep in summary.reps],
        "holds": [row_of(hold) for hold in summary.holds],
        "cues": dict(summary.cues),
    }


def with_units(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's content, preceded by the meaning of its keys."""
    return {"made_by": "PoseCoach", "version": 1, "units": UNITS, **content}
