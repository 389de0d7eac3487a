"""Alembic's entry: runs the revisions on the connection that `storage.schema` hands over, inside its
transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
