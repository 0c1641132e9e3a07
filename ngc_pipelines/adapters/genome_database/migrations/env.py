"""How Alembic runs these migrations: on the connection that `migrating.py` hands over, in one transaction.

There is no `alembic.ini` and no offline mode: nothing is migrated but through `migrating.upgrade`.
"""

from alembic import context

from ngc_pipelines.adapters.genome_database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    version_table="alembic_version",
    version_table_schema="genome",
)

with context.begin_transaction():
    context.run_migrations()
