"""Alembic's entry: runs the vault's migrations on the connection that `migrating.upgrade` made."""

from alembic import context

from ngc_pipelines.adapters.pseudonym_vault.tables import METADATA, SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="alembic_version",
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
