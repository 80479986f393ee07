"""A workout belongs to a person, and may have a share link."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add persons and shares; older workouts belong to nobody."""
    op.add_column("workouts", sa.Column("person", sa.String))
    op.create_index("ix_workouts_person", "workouts", ["person", "started_at_s"])
    op.create_table(
        "shares",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("workout", sa.String, sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("expires_at_s", sa.Double),
    )
