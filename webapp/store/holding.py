"""Who has a workout, in an SQL database, so that of two processes or servers one alone goes on with it."""

from collections.abc import Collection

import sqlalchemy as sa

from webapp.errors import NoWorkout, TakenOver
from webapp.store import StoredWorkout
from webapp.store.rows import stored, workout_rows
from webapp.store.schema import WORKOUTS


def claim(connection: sa.Connection, workout: str, holder: str, at_s: float | None = None) -> str | None:
    """Put a holder in place of the former one, who is returned; NoWorkout when there is none, or it has ended."""
    under_way = (WORKOUTS.c.id == workout) & WORKOUTS.c.summary.is_(None)
    row = connection.execute(
        sa.select(WORKOUTS.c.holder).where(under_way).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NoWorkout(f"There is no workout {workout!r} under way")
    connection.execute(sa.update(WORKOUTS).where(WORKOUTS.c.id == workout).values(holder=holder))
    if at_s is not None:
        tend(connection, [workout], at_s)
    former: str | None = row.holder
    return former


def tend(connection: sa.Connection, workouts: Collection[str], at_s: float) -> None:
    """Keep that the server of these workouts was there at that time."""
    connection.execute(sa.update(WORKOUTS).where(WORKOUTS.c.id.in_(workouts)).values(seen_at_s=at_s))


def claim_stray(connection: sa.Connection, holder: str, unseen_s: float, at_s: float) -> StoredWorkout | None:
    """Claim the first of the workouts under way whose server is gone, past those that somebody else claims just now."""
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
    """Raise TakenOver unless the holder, where one is given, has the workout.

    To be asked after the write that it is to guard: SQLite has then locked the database, and PostgreSQL lets a claim
    wait for this transaction's end, so that nobody claims the workout between the question and the write.
    """
    if holder is None:
        return
    query = sa.select(WORKOUTS.c.holder).where(WORKOUTS.c.id == workout).with_for_update(read=True)
    if connection.scalar(query) != holder:
        raise TakenOver


def holders(connection: sa.Connection, workouts: Collection[str]) -> dict[str, str | None]:
    """Return who has each of the workouts."""
    query = sa.select(WORKOUTS.c.id, WORKOUTS.c.holder).where(WORKOUTS.c.id.in_(workouts))
    return {row.id: row.holder for row in connection.execute(query)}
