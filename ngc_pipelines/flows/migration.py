"""Bringing the three databases to this version's tables, as their owners: what `ngc migrate` does.

Here: who may migrate what, asked of the servers before anything is changed, and what was done. Not here: the
migrations themselves (`register/migrations`, `adapters/*/migrating`), or making servers, databases and roles.

The roles are what keeps the flows from rewriting history: an owner that is the runtime role, or a runtime role that
may become the owner, would undo it. Therefore they are looked at each time and every fault is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import sqlalchemy as sa

from ngc_pipelines.domain.errors import Fault, Refused, Unavailable

_TRIED = "The databases were to be migrated"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A database whose tables are this package's. schema: where Alembic keeps its version. versions: its scripts."""

    migrations: str
    schema: str
    versions: str
    runtime_role: str


_KINDS: Mapping[str, _Kind] = {
    "genome": _Kind(
        "ngc_pipelines.adapters.genome_database.migrating",
        "genome",
        "ngc_pipelines.adapters.genome_database:migrations",
        "ngc_pipeline",
    ),
    "register": _Kind(
        "ngc_pipelines.register.migrations", "register", "ngc_pipelines.register:migrations", "ngc_pipeline"
    ),
    "vault": _Kind(
        "ngc_pipelines.adapters.pseudonym_vault.migrating",
        "vault",
        "ngc_pipelines.adapters.pseudonym_vault:migrations",
        "ngc_vault",
    ),
}


@dataclass(frozen=True, slots=True)
class Migrated:
    """What became of a database. before, after: its revision; None where it had no tables yet."""

    database: str
    runtime_role: str
    before: str | None
    after: str

    @property
    def changed(self) -> bool:
        """Whether a migration was missing."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class _Database:
    """One database on its way: its owner's engine, and the roles."""

    name: str
    kind: _Kind
    owner_url: str
    runtime_role: str
    engine: sa.Engine


def migrate(addresses: Mapping[str, tuple[str, str | None]], *, dry_run: bool = False) -> tuple[Migrated, ...]:
    """Run what is missing in each database and grant the runtime roles their rights; harmless to repeat.

    Args:
        addresses: by `genome`, `register`, `vault`: the owner's address, and the runtime role's (its role is asked for;
            without one, the role has the name that the README gives it).
        dry_run: look only; `after` is then what a migration would lead to.

    Raises:
        Refused: a role is not what it must be; nothing was changed in any database.
        Unavailable: a server did not answer, or refused the owner.
    """
    databases = [_database(name, *addresses[name]) for name in _KINDS if name in addresses]
    try:
        faults = [fault for database in databases for fault in _faults(database)]
        if faults:
            raise Refused(faults, _TRIED, "Correct the roles or the addresses. Nothing was changed.")
        return tuple(_migrate(database, dry_run=dry_run) for database in databases)
    finally:
        for database in databases:
            database.engine.dispose()


def _database(name: str, owner_url: str, runtime_url: str | None) -> _Database:
    kind = _KINDS[name]
    role = (sa.make_url(runtime_url).username if runtime_url else None) or kind.runtime_role
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool, hide_parameters=True)
    return _Database(name, kind, owner_url, role, engine)


def _migrate(database: _Database, *, dry_run: bool) -> Migrated:
    before = _revision(database)
    newest = _newest(database.kind)
    if not dry_run:
        upgrade: Callable[..., None] = import_module(database.kind.migrations).upgrade
        with _answers(database):
            upgrade(database.owner_url, runtime_role=database.runtime_role)
        if not _may_use(database):
            raise Refused(
                [
                    _fault(
                        database,
                        f"er oprettet til en anden rolle end {database.runtime_role}, som ikke har adgang.",
                        f"was migrated for another role than {database.runtime_role}, which has no access.",
                    )
                ],
                _TRIED,
                "Name the role that the database was migrated for, or grant the new one what that has.",
            )
    return Migrated(database.name, database.runtime_role, before, newest if dry_run else _revision(database) or newest)


def _revision(database: _Database) -> str | None:
    with _answers(database), database.engine.connect() as connection:
        table = f"{database.kind.schema}.alembic_version"
        if connection.scalar(sa.text("SELECT to_regclass(:table)"), {"table": table}) is None:
            return None
        found = connection.scalar(sa.text(f"SELECT version_num FROM {table}"))
    return None if found is None else str(found)


def _newest(kind: _Kind) -> str:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", kind.versions)
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _may_use(database: _Database) -> bool:
    with _answers(database), database.engine.connect() as connection:
        query = sa.text("SELECT has_schema_privilege(:role, :schema, 'USAGE')")
        return bool(connection.scalar(query, {"role": database.runtime_role, "schema": database.kind.schema}))


_ROLES = sa.text(
    """
    SELECT current_user AS owner, o.rolsuper AS owner_is_superuser,
           pg_has_role(current_user, d.datdba, 'USAGE') AS owns,
           r.oid IS NOT NULL AS runtime_exists,
           coalesce(r.rolsuper OR r.rolcreaterole OR r.rolbypassrls OR r.rolreplication, false) AS runtime_is_mighty,
           coalesce(pg_has_role(r.oid, d.datdba, 'MEMBER') OR pg_has_role(r.oid, o.oid, 'MEMBER'), false) AS is_member
    FROM pg_database d
    JOIN pg_roles o ON o.rolname = current_user
    LEFT JOIN pg_roles r ON r.rolname = :role
    WHERE d.datname = current_database()
    """
)

# Each database has its own owner so that none reaches another's; two in one would undo that.
_SCHEMAS = sa.text("SELECT nspname FROM pg_namespace WHERE nspname = ANY(:others) ORDER BY nspname")


def _faults(database: _Database) -> Iterator[Fault]:
    """Everything about the roles of a database that is not as it must be; the server is asked, nothing is changed."""
    with _answers(database), database.engine.connect() as connection:
        roles = connection.execute(_ROLES, {"role": database.runtime_role}).one()
        others = [kind.schema for name, kind in _KINDS.items() if name != database.name]
        strange = connection.scalars(_SCHEMAS, {"others": others}).all()
    for schema in strange:
        yield _fault(
            database,
            f"adressen fører til den database, der hedder {schema} her.",
            f"the address leads to the database that is called {schema} here.",
        )
    runtime = database.runtime_role
    if roles.owner_is_superuser:
        yield _fault(
            database,
            f"ejeren {roles.owner} er superbruger; brug en rolle, der kun ejer databasen.",
            f"the owner {roles.owner} is a superuser; use a role that owns the database and nothing more.",
        )
    elif not roles.owns:
        yield _fault(
            database,
            f"rollen {roles.owner} ejer ikke databasen.",
            f"the role {roles.owner} does not own the database.",
        )
    if roles.owner == runtime:
        yield _fault(
            database,
            f"ejeren og den rolle, flowene kører som, er den samme ({runtime}); så kunne de ændre sagernes historie.",
            f"the owner is the role that the flows run as ({runtime}); they could then rewrite the cases' history.",
        )
    elif not roles.runtime_exists:
        yield _fault(
            database,
            f"rollen {runtime}, som flowene kører som, findes ikke. Opret den først.",
            f"the role {runtime}, which the flows run as, does not exist. Create it first.",
        )
    elif roles.runtime_is_mighty or roles.is_member:
        yield _fault(
            database,
            f"rollen {runtime}, som flowene kører som, kan mere, end den må (superbruger, CREATEROLE, REPLICATION, "
            "BYPASSRLS eller medlem af ejeren).",
            f"the role {runtime}, which the flows run as, can do more than it may (superuser, CREATEROLE, REPLICATION, "
            "BYPASSRLS, or a member of the owner).",
        )


def _fault(database: _Database, da: str, en: str) -> Fault:
    return Fault("EN-5", f"database {database.name}", f"Databasen {database.name}: {da}", f"{database.name}: {en}")


@contextmanager
def _answers(database: _Database) -> Iterator[None]:
    """Word a server that does not answer, without the driver's text, which names hosts and roles."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        told = f"SQLSTATE {state}" if state else "no connection, or the password was not accepted"
        raise Unavailable(
            f"The database {database.name} was asked as its owner",
            f"it did not answer as it should ({told})",
            f"Check the address in NGC_{database.name.upper()}_OWNER_URL and that the server is up, and run it again.",
        ) from None


def in_words(done: Sequence[Migrated], *, dry_run: bool) -> list[str]:
    """Say of each database what was done, or what would be."""
    lines = []
    for entry in done:
        if not entry.changed:
            what = f"is at revision {entry.after}; nothing was missing"
        else:
            verb = "would be migrated" if dry_run else "was migrated"
            what = f"{verb} from {entry.before or 'empty'} to revision {entry.after}"
        lines.append(f"{entry.database}: {what}; used by {entry.runtime_role}")
    return lines
