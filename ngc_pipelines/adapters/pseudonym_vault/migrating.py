"""Brings database `vault` to the schema of `tables.py`, and says what the vault's runtime role may do there.

Run by the owner role, never by a flow.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from ngc_pipelines.adapters.pseudonym_vault.tables import SCHEMA


def upgrade(owner_url: str, *, runtime_role: str = "ngc_vault") -> None:
    """Run every migration that is missing and grant the runtime role its rights; harmless to repeat.

    owner_url: `postgresql+psycopg://…` of the role that owns the database. runtime_role: an existing role.
    """
    config = Config()
    config.set_main_option("script_location", "ngc_pipelines.adapters.pseudonym_vault:migrations")
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            # Two sites that start at once would otherwise both create the first table.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('ngc vault migrations'))"))
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _grant(connection, connection.dialect.identifier_preparer.quote(runtime_role))
    finally:
        engine.dispose()


def _grant(connection: sa.Connection, role: str) -> None:
    """Pseudonyms are never changed nor deleted; a credential is deleted when its user is withdrawn."""
    for statement in (
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}",
        f"GRANT SELECT, INSERT ON {SCHEMA}.site_key, {SCHEMA}.pseudonym TO {role}",
        f"GRANT SELECT, INSERT, DELETE ON {SCHEMA}.credential TO {role}",
    ):
        connection.execute(sa.text(statement))
