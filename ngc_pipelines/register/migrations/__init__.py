"""Making the register's database: run by its owner role, never by the flows."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from ngc_pipelines.register.tables import SCHEMA


def upgrade(owner_url: str, *, runtime_role: str) -> None:
    """Bring the register's schema to the newest version.

    owner_url: `postgresql+psycopg://…` of the role that owns the database. runtime_role: an existing role that the
    flows run as; it may add events and letters, and change neither events nor the end of the chain.
    Running it again changes nothing.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["runtime_role"] = runtime_role
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
