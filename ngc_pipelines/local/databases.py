"""The databases of a site and the roles of PostgreSQL that own and use them, as in production.

An owner migrates its database and runs no flow; a runtime role runs flows and changes no table.
None is a superuser, and the pseudonym vault has roles that reach nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

PIPELINE, VAULT, DAGSTER = "ngc_pipeline", "ngc_vault", "ngc_dagster"


@dataclass(frozen=True, slots=True)
class DatabaseKind:
    """A database of the site.

    Args:
        name: as in DATABASES.
        owner: the role that owns and migrates it.
        runtime: the role that the flows use it as.
        migrations: the module whose `upgrade(owner_url, *, runtime_role)` brings it up to date;
            None where the system that uses it makes its own tables.
    """

    name: str
    owner: str
    runtime: str
    migrations: str | None

    def upgrade(self, owner_url: str) -> None:
        """Runs the migrations that are missing; harmless to repeat."""
        if self.migrations is not None:
            import_module(self.migrations).upgrade(owner_url, runtime_role=self.runtime)


DATABASES: Mapping[str, DatabaseKind] = {
    kind.name: kind
    for kind in (
        DatabaseKind("genome", "ngc_genome_owner", PIPELINE, "ngc_pipelines.adapters.genome_database.migrating"),
        DatabaseKind("register", "ngc_register_owner", PIPELINE, "ngc_pipelines.register.migrations"),
        DatabaseKind("vault", "ngc_vault_owner", VAULT, "ngc_pipelines.adapters.pseudonym_vault.migrating"),
        DatabaseKind("dagster", DAGSTER, DAGSTER, None),
    )
}
ROLES = tuple(dict.fromkeys([PIPELINE, VAULT, DAGSTER, *(kind.owner for kind in DATABASES.values())]))
