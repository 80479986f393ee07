"""Workouts as files for other programs: CSV for spreadsheets, JSON for all else. Pure; units stand in every header."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from webapp.records import Hold, Rep, Summary

UNITS = {
    "_s": "seconds",
    "_deg": "degrees",
    "start_s, end_s, started_at_s": "seconds since 1970-01-01 00:00 UTC, on the clock of the browser or the server",
    "number": "counts up from 1; a repetition that did not count has 0",
    "depth": "part of the exercise's target range that was reached; 1 is the target",
    "difference_deg": "left less right",
}
"""What the keys of the JSON files mean."""

_REP_COLUMNS = {
    "number": "number [0 = not counted]",
    "start_s": "start [s since 1970]",
    "end_s": "end [s since 1970]",
    "depth": "depth [1 = target]",
    "rom_deg": "range [deg]",
    "eccentric_s": "lowering [s]",
    "pause_s": "pause [s]",
    "concentric_s": "lifting [s]",
    "side": "side [left, right or both]",
    "difference_deg": "left less right [deg]",
    "faults": "faults [names]",
    "reason": "why not counted [text]",
}
_HOLD_COLUMNS = {
    "number": "number [1 on]",
    "pose": "pose [name]",
    "start_s": "start [s since 1970]",
    "end_s": "end [s since 1970]",
    "held_s": "held [s]",
    "state": "state [name]",
    "side": "side [left, right or both]",
    "breaks": "breaks [times]",
}


def reps_csv(reps: Iterable[Rep]) -> str:
    """Return a table (RFC 4180) with a line for each repetition, partial ones too; what is not known is empty."""
    return _table(_REP_COLUMNS, ({**asdict(rep), "faults": " ".join(rep.faults)} for rep in reps))


def holds_csv(holds: Iterable[Hold]) -> str:
    """Return a table (RFC 4180) with a line for each hold."""
    return _table(_HOLD_COLUMNS, map(asdict, holds))


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    writer.writerows([row[key] for key in columns] for row in rows)
    return text.getvalue()


def workout_json(workout: str, started_at_s: float, summary: Summary, *, finished: bool) -> dict[str, Any]:
    """Return a workout with every repetition and hold, ready for JSON."""
    return {
        "workout": workout,
        "exercise": summary.exercise,
        "started_at_s": started_at_s,
        "finished": finished,
        "count": summary.count,
        "held_s": summary.held_s,
        "duration_s": summary.duration_s,
        "active_s": summary.active_s,
        "reps": [asdict(rep) for rep in summary.reps],
        "holds": [asdict(hold) for hold in summary.holds],
        "cues": dict(summary.cues),
    }


def with_units(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's content with what its keys mean before it."""
    return {"made_by": "PoseCoach", "version": 1, "units": UNITS, **content}


def person_json(person: str, workouts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return everything that is kept of a person."""
    return with_units({"person": person, "workouts": list(workouts)})
