"""Brings database `genome` to the schema of `tables.py`, and says what the pipeline's role may do there.

Run by the owner role, never by a flow. Making servers, databases and roles is not here (`local/`, or the site's own).
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

_SCRIPTS = "ngc_pipelines.adapters.genome_database:migrations"


def upgrade(owner_url: str, *, runtime_role: str | None = "ngc_pipeline") -> None:
    """Runs every migration that is missing, and grants the runtime role what it needs; harmless to repeat.

    Args:
        owner_url: the owner role's address of the database, `postgresql+psycopg://…`.
        runtime_role: an existing role that the flows run as; None grants nothing.
    """
    engine = create_engine(owner_url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            # Two sites that start at once would otherwise both create the first table.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ngc genome migrations'))"))
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS genome"))
            command.upgrade(_config(connection), "head")
            if runtime_role is not None:
                _grant(connection, runtime_role)
    finally:
        engine.dispose()


def is_current(connection: Connection) -> bool:
    """Tells whether the database stands at the newest migration of this package."""
    present = MigrationContext.configure(connection, opts={"version_table_schema": "genome"}).get_current_revision()
    return present == ScriptDirectory.from_config(_config(connection)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.attributes["connection"] = connection
    return config


def _grant(connection: Connection, role: str) -> None:
    """What was reported and VAR are read only; a case's persons are the pipeline's own."""
    name = connection.dialect.identifier_preparer.quote(role)
    for schema, rights in (
        ("genome", "SELECT"),
        ("var_register", "SELECT"),
        ("cohort", "SELECT, INSERT, UPDATE, DELETE"),
    ):
        connection.execute(text(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {name}"))
        connection.execute(text(f"GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {name}"))
        connection.execute(text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rights} ON TABLES TO {name}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA cohort TO {name}"))
    # A list is staged in tables that the transaction which made them drops again.
    connection.execute(text("REVOKE ALL ON SCHEMA staging FROM PUBLIC"))
    connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA staging TO {name}"))
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    quoted = connection.dialect.identifier_preparer.quote(database)
    connection.execute(text(f"GRANT TEMPORARY ON DATABASE {quoted} TO {name}"))
