"""Run by Alembic: migrates in the transaction of the connection that `webapp.store.schema` hands over."""

from alembic import context

from webapp.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
