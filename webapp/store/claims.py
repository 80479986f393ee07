"""Ownership of workouts in an SQL database, so that only one process of one server continues a workout."""

from collections.abc import Collection

import sqlalchemy as sa

from webapp.errors import NoWorkout, TakenOver
from webapp.store import StoredWorkout
from webapp.store.rows import stored, workout_rows
from webapp.store.schema import WORKOUTS


def claim(connection: sa.Connection, workout: str, holder: str, at_s: float) -> str | None:
    """Set a new holder and return the former one. Raises NoWorkout if the workout is unknown or has ended."""
    under_way = (WORKOUTS.c.id == workout) & WORKOUTS.c.summary.is_(None)
    row = connection.execute(
        sa.select(WORKOUTS.c.holder).where(under_way).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NoWorkout(f"There is no workout {workout!r} in progress")
    connection.execute(sa.update(WORKOUTS).where(WORKOUTS.c.id == workout).values(holder=holder, seen_at_s=at_s))
    former: str | None = row.holder
    return former


def tend(connection: sa.Connection, workouts: Collection[str], at_s: float) -> None:
    """Record that the server of these workouts was alive at that time."""
    connection.execute(sa.update(WORKOUTS).where(WORKOUTS.c.id.in_(workouts)).values(seen_at_s=at_s))


def claim_stray(connection: sa.Connection, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
    """Claim the oldest workout in progress of a dead server, skipping those that another server is claiming."""
    columns = WORKOUTS.c
    last_seen_at_s = sa.func.coalesce(columns.seen_at_s, columns.started_at_s)
    strays = workout_rows().where(columns.summary.is_(None), last_seen_at_s < at_s - unseen_s)
    row = connection.execute(
        strays.order_by(columns.started_at_s, columns.id).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(sa.update(WORKOUTS).where(columns.id == row.id).values(holder=holder, seen_at_s=at_s))
    return stored(row)


def check(connection: sa.Connection, workout: str, holder: str | None) -> None:
    """Raise TakenOver unless the given holder, if any, has the workout.

    Call it after the write that it guards: SQLite has then locked the database, and PostgreSQL makes a claim wait for
    the end of this transaction, so that nobody claims the workout between this check and the write.
    """
    if holder is None:
        return
    query = sa.select(WORKOUTS.c.holder).where(WORKOUTS.c.id == workout).with_for_update(read=True)
    if connection.scalar(query) != holder:
        raise TakenOver


def holders(connection: sa.Connection, workouts: Collection[str]) -> dict[str, str | None]:
    """Return the holder of each workout."""
    query = sa.select(WORKOUTS.c.id, WORKOUTS.c.holder).where(WORKOUTS.c.id.in_(workouts))
    return {row.id: row.holder for row in connection.execute(query)}
