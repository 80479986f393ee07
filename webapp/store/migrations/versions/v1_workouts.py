"""Workouts, and every repetition and hold in them."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "workouts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("exercise", sa.String, nullable=False),
        sa.Column("started_at_s", sa.Double, nullable=False),
        sa.Column("resume_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("summary", sa.JSON),
    )
    op.create_index("ix_workouts_started_at_s", "workouts", ["started_at_s"])
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("workout", sa.String, sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.UniqueConstraint("workout", "key"),
    )
