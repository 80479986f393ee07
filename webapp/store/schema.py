"""The tables after the newest migration, and the migration of older databases."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from webapp.errors import StoreError
from webapp.store.history import MEASURES

METADATA = sa.MetaData()
_UNDER_WAY = sa.text("summary IS NULL")

WORKOUTS = sa.Table(
    "workouts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("exercise", sa.String, nullable=False),
    sa.Column("started_at_s", sa.Double, nullable=False, index=True),
    sa.Column("resume_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("summary", sa.JSON(none_as_null=True)),
    sa.Column("person", sa.String),
    sa.Column("body_kg", sa.Double),
    sa.Column("holder", sa.String),
    sa.Column("seen_at_s", sa.Double),
    sa.Index("ix_workouts_person", "person", "started_at_s"),
    sa.Index("ix_workouts_under_way", "started_at_s", sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
)
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("workout", sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.UniqueConstraint("workout", "key"),
)
SHARES = sa.Table(
    "shares",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workout", sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False, unique=True),
    sa.Column("expires_at_s", sa.Double),
)
SERIES = sa.Table(
    "series",
    METADATA,
    sa.Column("workout", sa.ForeignKey("workouts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
AMOUNTS = ("count", "held_s", "active_s")
SETS = sa.Table(
    "sets",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("workout", sa.ForeignKey("workouts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("person", sa.String),
    sa.Column("at_s", sa.BigInteger, nullable=False),
    sa.Column("exercise", sa.String, nullable=False),
    sa.Column("start_s", sa.Double, nullable=False),
    sa.Column("end_s", sa.Double, nullable=False),
    sa.Column("active_s", sa.Double, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("held_s", sa.Double, nullable=False),
    sa.Column("longest_s", sa.Double, nullable=False),
    sa.Column("total", sa.Double, nullable=False),
    sa.Column("depth", sa.Double),
    sa.Column("rom_deg", sa.Double),
    sa.Column("target", sa.Double),
    sa.UniqueConstraint("workout", "number"),
    sa.Index("ix_sets_days", "person", "at_s", "number", "workout", *AMOUNTS),
    sa.Index("ix_sets_exercise", "exercise", "person", "at_s", "workout", *AMOUNTS, "longest_s", "depth", "rom_deg"),
    *(sa.Index(f"ix_sets_{measure}", "person", "exercise", measure, "at_s") for measure in MEASURES),
)
"""The rows of `DoneSet`, for calendars, trends and records.

They repeat their workout's person and, in whole seconds, its start, so that one index answers each query.
"""

FIRST = "1"
"""The revision of databases older than migrations: they have the tables and no version."""


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Migrate the database to the newest revision, or to an earlier one, within the caller's transaction.

    Raises StoreError if the database is newer.
    """
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None and sa.inspect(connection).has_table("workouts"):
        command.stamp(config, FIRST)
    elif revision is not None and not _known(revision, config):
        raise StoreError(
            f"A newer PoseCoach made this database (revision {revision}); update PoseCoach, "
            "or name another database with --store"
        )
    command.upgrade(config, to)


def _known(revision: str, config: Config) -> bool:
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False
