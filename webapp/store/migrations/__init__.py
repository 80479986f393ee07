"""Steps from one form of the database to the next, for Alembic; what is released here is never changed again."""
