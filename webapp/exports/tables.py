"""Repetitions, holds and sets as CSV (RFC 4180) for spreadsheets; a unit stands in every header."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from webapp.records import Hold, Rep, Set

_REP_COLUMNS = {
    "number": "number [0 = not counted]",
    "set": "set [1 on]",
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
    "pose": "pose [name]",
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
    "start_s": "start [s since 1970]",
    "end_s": "end [s since 1970]",
    "count": "counted repetitions [times]",
    "held_s": "held [s]",
    "target": "target [repetitions or s held]",
    "state": "state [name]",
}


def reps_csv(reps: Iterable[Rep]) -> str:
    """Return a table with a line for each repetition, partial ones too; what is not known is empty."""
    return _table(_REP_COLUMNS, ({**asdict(rep), "faults": " ".join(rep.faults)} for rep in reps))


def holds_csv(holds: Iterable[Hold]) -> str:
    """Return a table with a line for each hold."""
    return _table(_HOLD_COLUMNS, map(asdict, holds))


def sets_csv(sets: Iterable[Set]) -> str:
    """Return a table with a line for each set; the target is empty where none was asked for."""
    return _table(_SET_COLUMNS, map(asdict, sets))


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns.values())
    writer.writerows([row[key] for key in columns] for row in rows)
    return text.getvalue()
