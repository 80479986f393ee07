"""Repetitions, holds and sets as CSV (RFC 4180) for spreadsheets, with units in the headers."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from webapp.exports.rounding import rounded, row_of
from webapp.records import Hold, Rep, Set, Summary

_REP_COLUMNS = {
    "number": "number [0 = not counted]",
    "set": "set [1 on]",
    "exercise": "exercise [name]",
    "into_s": "start [s into the workout]",
    "start_utc": "start [ISO 8601, UTC]",
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
    "set": "set [1 on]",
    "exercise": "exercise [name]",
    "pose": "pose [name]",
    "into_s": "start [s into the workout]",
    "start_utc": "start [ISO 8601, UTC]",
    "start_s": "start [s since 1970]",
    "end_s": "end [s since 1970]",
    "held_s": "held [s]",
    "state": "state [name]",
    "side": "side [left, right or both]",
    "breaks": "breaks [times]",
}
_SET_COLUMNS = {
    "number": "number [1 on]",
    "exercise": "exercise [name]",
    "into_s": "start [s into the workout]",
    "start_utc": "start [ISO 8601, UTC]",
    "start_s": "start [s since 1970]",
    "end_s": "end [s since 1970]",
    "count": "counted repetitions [times]",
    "held_s": "held [s]",
    "target": "target [repetitions or s held]",
    "state": "state [name]",
}


def reps_csv(summary: Summary) -> str:
    """Return a table with a row for each repetition, including partial ones; unknown values are empty."""
    return _table(_REP_COLUMNS, _rows(summary, summary.reps))


def holds_csv(summary: Summary) -> str:
    """Return a table with a row for each hold."""
    return _table(_HOLD_COLUMNS, _rows(summary, summary.holds))


def sets_csv(summary: Summary) -> str:
    """Return a table with a row for each set; the target is empty if there was none."""
    return _table(_SET_COLUMNS, _rows(summary, summary.sets))


def _rows(summary: Summary, records: Iterable[Rep | Hold | Set]) -> Iterator[dict[str, object]]:
    """Yield each record with its start date, and for a repetition or hold its set's exercise."""
    for record in records:
        exercise = record.exercise if isinstance(record, Set) else summary.exercise_of(record.set)
        faults = " ".join(record.faults) if isinstance(record, Rep) else ""
        more = rounded({"into_s": record.start_s - summary.start_s})
        yield row_of(record) | more | {"start_utc": _utc(record.start_s), "exercise": exercise, "faults": faults}


def _utc(at_s: float) -> str:
    return datetime.fromtimestamp(round(at_s, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    writer.writerows([row[key] for key in columns] for row in rows)
    return text.getvalue()
