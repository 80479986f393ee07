"""When a workout's server was last alive, so that another server can end it if that one was killed."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the time, and an index of the few unfinished workouts."""
    op.add_column("workouts", sa.Column("seen_at_s", sa.Double))
    under_way = sa.text("summary IS NULL")
    op.create_index(
        "ix_workouts_under_way", "workouts", ["started_at_s"], sqlite_where=under_way, postgresql_where=under_way
    )
