"""Schema migrations, run by Alembic; a released one never changes."""
