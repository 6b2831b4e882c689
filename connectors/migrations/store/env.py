"""Alembic's door to our own state; `connectors.store.database` gives the connection."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="annuaire_alembic_version", render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
