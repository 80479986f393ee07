"""The tables as the newest migration leaves them, and how an older database gets there."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from webapp.errors import StoreError

METADATA = sa.MetaData()

WORKOUTS = sa.Table(
    "workouts",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("exercise", sa.String, nullable=False),
    sa.Column("started_at_s", sa.Double, nullable=False, index=True),
    sa.Column("resume_sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("summary", sa.JSON(none_as_null=True)),
    sa.Column("person", sa.String),
    sa.Index("ix_workouts_person", "person", "started_at_s"),
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

FIRST = "1"
"""The revision of databases from before there were migrations: they have the tables and no version."""


def upgrade(connection: sa.Connection) -> None:
    """Bring the database to the newest revision, within the caller's transaction; StoreError when it is newer still."""
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
    command.upgrade(config, "head")


def _known(revision: str, config: Config) -> bool:
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False
