"""Alembic's door to the annuaire database; `connectors.sources.annuaire.migrate_annuaire` gives the connection."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="efit_alembic_version", render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
