"""Conversion between workouts, events and the tables' rows."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from webapp.records import Cue, Hold, Rep, Set, Summary
from webapp.store import KeptEvent, StoredWorkout, event_key
from webapp.store.history import sets_of
from webapp.store.schema import WORKOUTS


def workout_rows() -> sa.Select[Any]:
    """Select the rows that `stored` reads."""
    columns = WORKOUTS.c
    return sa.select(
        columns.id, columns.exercise, columns.started_at_s, columns.summary, columns.person, columns.body_kg
    )


def stored(row: sa.Row[Any]) -> StoredWorkout:
    """Return the workout of a row."""
    summary = _summary(row.summary) if row.summary else None
    return StoredWorkout(row.id, row.exercise, row.started_at_s, summary, row.person, row.body_kg)


def event_row(workout: str, event: KeptEvent) -> dict[str, Any]:
    """Return the row of a workout's event."""
    return {"workout": workout, "key": event_key(event), "kind": _KINDS[type(event)], "record": asdict(event)}


def event_of(kind: str, record: dict[str, Any]) -> KeptEvent:
    """Return the event of a row."""
    return _READERS[kind](record)


def _rep(record: dict[str, Any]) -> Rep:
    return Rep(**record | {"faults": tuple(record["faults"])})


def _hold(record: dict[str, Any]) -> Hold:
    return Hold(**record)


def _set(record: dict[str, Any]) -> Set:
    return Set(**record)


def _cue(record: dict[str, Any]) -> Cue:
    return Cue(**record | {"joints": tuple(record["joints"])})


_KINDS: dict[type[KeptEvent], str] = {Rep: "rep", Hold: "hold", Set: "set", Cue: "cue"}
_READERS: dict[str, Callable[[dict[str, Any]], KeptEvent]] = {
    "rep": _rep,
    "hold": _hold,
    "set": _set,
    "cue": _cue,
}
"""How an event's kind is kept, and how a record of that kind is read."""


def _summary(record: dict[str, Any]) -> Summary:
    reps, holds = tuple(map(_rep, record["reps"])), tuple(map(_hold, record["holds"]))
    sets = tuple(map(_set, record.get("sets", ())))
    summary = Summary(**record | {"reps": reps, "holds": holds, "sets": sets})
    return summary if "sets" in record else replace(summary, sets=sets_of(summary))
