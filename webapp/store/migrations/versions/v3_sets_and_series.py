"""A workout's landmark series, its person's weight, its holder, and a row for each set."""

from collections.abc import Iterator
from statistics import fmean
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

AT_ONCE = 500
"""Old workouts read at a time, because a summary may be long."""


def upgrade() -> None:
    """Add the tables, and fill the sets' table from the finished workouts, each of which was a single set."""
    op.add_column("workouts", sa.Column("body_kg", sa.Double))
    op.add_column("workouts", sa.Column("holder", sa.String))
    op.create_table(
        "series",
        sa.Column("workout", sa.String, sa.ForeignKey("workouts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    sets = _create_sets()
    connection = op.get_bind()
    for rows in _old_sets(connection):
        connection.execute(sa.insert(sets), rows)


def _create_sets() -> sa.Table:
    sets = op.create_table(
        "sets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("workout", sa.String, sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("person", sa.String),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("exercise", sa.String, nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("start_s", "end_s", "active_s")),
        sa.Column("count", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("held_s", "longest_s", "total")),
        *(sa.Column(name, sa.Double) for name in ("depth", "rom_deg", "target")),
        sa.UniqueConstraint("workout", "number"),
    )
    amounts = ["workout", "count", "held_s", "active_s"]
    op.create_index("ix_sets_days", "sets", ["person", "at_s", "number", *amounts])
    op.create_index(
        "ix_sets_exercise", "sets", ["exercise", "person", "at_s", *amounts, "longest_s", "depth", "rom_deg"]
    )
    for measure in ("count", "longest_s", "total", "rom_deg", "depth"):
        op.create_index(f"ix_sets_{measure}", "sets", ["person", "exercise", measure, "at_s"])
    return sets


def _old_sets(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    workouts = sa.table(
        "workouts",
        *(sa.column(name) for name in ("id", "exercise", "started_at_s", "person")),
        sa.column("summary", sa.JSON(none_as_null=True)),
    )
    ended = connection.scalars(sa.select(workouts.c.id).where(workouts.c.summary.is_not(None))).all()
    for first in range(0, len(ended), AT_ONCE):
        kept = connection.execute(sa.select(workouts).where(workouts.c.id.in_(ended[first : first + AT_ONCE])))
        rows = [_set(row, row.summary["reps"], row.summary["holds"]) for row in kept if _did_anything(row.summary)]
        if rows:
            yield rows


def _did_anything(summary: dict[str, Any] | None) -> bool:
    return bool(summary and (summary["reps"] or summary["holds"]))


def _set(workout: sa.Row[Any], reps: list[dict[str, Any]], holds: list[dict[str, Any]]) -> dict[str, Any]:
    counted = [rep for rep in reps if rep["number"]]
    held_s = sum(hold["held_s"] for hold in holds)
    return {
        "workout": workout.id,
        "number": 1,
        "person": workout.person,
        "at_s": int(workout.started_at_s),
        "exercise": workout.exercise,
        "start_s": min(event["start_s"] for event in (*reps, *holds)),
        "end_s": max(event["end_s"] for event in (*reps, *holds)),
        "active_s": sum(rep["end_s"] - rep["start_s"] for rep in reps) + held_s,
        "count": len(counted),
        "held_s": held_s,
        "longest_s": max((hold["held_s"] for hold in holds), default=0.0),
        "total": float(len(counted) or held_s),
        "depth": _mean([rep["depth"] for rep in counted]),
        "rom_deg": _mean([rep["rom_deg"] for rep in counted if rep["rom_deg"] is not None]),
    }


def _mean(values: list[float]) -> float | None:
    return fmean(values) if values else None
