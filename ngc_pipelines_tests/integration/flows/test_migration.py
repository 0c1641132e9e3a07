"""`ngc migrate` on a real PostgreSQL: what it does, that it may be repeated, and which roles it refuses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping

import pytest
from sqlalchemy import create_engine, text

from ngc_pipelines import cli
from ngc_pipelines.flows.migration import migrate
from ngc_pipelines.local.databases import DAGSTER, DATABASES, PIPELINE, VAULT
from ngc_pipelines.local.postgres import SUPERUSER, PostgresServer

OWNED = {name: kind for name, kind in DATABASES.items() if kind.migrations is not None}
Environ = dict[str, str]


@pytest.fixture
def empty(postgres: PostgresServer) -> Iterator[Mapping[str, str]]:
    """Three empty databases with their owners, by kind."""
    made = {name: postgres.provide_database(kind, f"{name}_{secrets.token_hex(6)}") for name, kind in OWNED.items()}
    yield made
    for name in made.values():
        postgres.drop_database(name)


@pytest.fixture
def environ(postgres: PostgresServer, empty: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Environ:
    """The owners' addresses in this process's environment; nothing else that a site has."""
    given = {f"NGC_{name.upper()}_OWNER_URL": postgres.url(OWNED[name].owner, empty[name]) for name in empty}
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    return given


@pytest.fixture
def role(postgres: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Makes a role of this test's own with these attributes; gives its name."""
    made: list[str] = []

    def make(attributes: str) -> str:
        name = f"ngc_test_{secrets.token_hex(6)}"
        with postgres.superuser("postgres") as session:
            session.execute(f"CREATE ROLE {name} {attributes}".encode())
        made.append(name)
        return name

    yield make
    with postgres.superuser("postgres") as session:
        for name in made:
            session.execute(f"DROP ROLE {name}".encode())


def schemas(postgres: PostgresServer, database: str) -> set[str]:
    with postgres.superuser(database) as session:
        return {str(row[0]) for row in session.execute("SELECT nspname FROM pg_namespace")}


def test_empty_databases_are_migrated_and_a_second_time_nothing_is_missing(
    environ: Environ, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["migrate", "--dry-run"]) == 1
    assert capsys.readouterr().out.count("would be migrated from empty") == 3
    assert cli.main(["migrate"]) == 0
    told = capsys.readouterr()
    assert told.out.count("was migrated from empty to revision") == 3
    assert f"used by {PIPELINE}" in told.out
    assert f"used by {VAULT}" in told.out
    assert cli.main(["migrate", "--dry-run"]) == 0
    assert cli.main(["migrate"]) == 0
    again = capsys.readouterr()
    assert again.out.count("nothing was missing") == 6
    for value in environ.values():
        assert value.split(":")[2].split("@")[0] not in told.out + told.err + again.out + again.err


@pytest.mark.usefixtures("environ")
def test_the_flows_role_can_work_there_and_owns_nothing(
    postgres: PostgresServer, empty: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["migrate"]) == 0
    assert capsys.readouterr().err == ""
    engine = create_engine(postgres.url(PIPELINE, empty["register"]))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM register.events")) == 0
        rights = "SELECT has_table_privilege('register.events', 'UPDATE') OR has_schema_privilege('register', 'CREATE')"
        assert connection.scalar(text(rights)) is False
    engine.dispose()


def test_only_the_databases_that_are_named_are_migrated(
    environ: Environ,
    postgres: PostgresServer,
    empty: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("NGC_GENOME_OWNER_URL", "NGC_VAULT_OWNER_URL"):
        monkeypatch.delenv(name)
    assert "NGC_REGISTER_OWNER_URL" in environ
    assert cli.main(["migrate"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("register: was migrated")
    assert "NGC_GENOME_OWNER_URL, NGC_VAULT_OWNER_URL" in told.err
    assert "vault" not in schemas(postgres, empty["vault"])


def test_without_any_owner_it_says_which_variables_are_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 2
    told = capsys.readouterr().err
    assert "NGC_GENOME_OWNER_URL, NGC_REGISTER_OWNER_URL, NGC_VAULT_OWNER_URL" in told


def test_every_wrong_role_is_told_at_once_and_nothing_is_changed_anywhere(
    environ: Environ,
    postgres: PostgresServer,
    empty: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NGC_GENOME_OWNER_URL", postgres.url(SUPERUSER, empty["genome"]))
    monkeypatch.setenv("NGC_REGISTER_URL", environ["NGC_REGISTER_OWNER_URL"])
    monkeypatch.setenv("NGC_VAULT_URL", postgres.url("ngc_vault_owner", empty["vault"]).replace("ngc_vault_owner", "x"))
    assert cli.main(["migrate"]) == 1
    told = capsys.readouterr().err
    assert "is a superuser" in told
    assert "rewrite the cases' history" in told
    assert "the role x, which the flows run as, does not exist" in told
    assert "Nothing was changed." in told
    for name, database in empty.items():
        assert name not in schemas(postgres, database)


def test_an_owner_of_another_database_is_refused(
    postgres: PostgresServer,
    empty: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with postgres.superuser("postgres") as session:
        session.execute(f"GRANT CONNECT ON DATABASE {empty['vault']} TO {DAGSTER}".encode())
    monkeypatch.setenv("NGC_VAULT_OWNER_URL", postgres.url(DAGSTER, empty["vault"]))
    assert cli.main(["migrate"]) == 1
    assert f"the role {DAGSTER} does not own the database" in capsys.readouterr().err


@pytest.mark.usefixtures("environ")
def test_an_address_that_leads_to_another_of_the_databases_is_refused(
    postgres: PostgresServer,
    empty: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["migrate"]) == 0
    monkeypatch.setenv("NGC_GENOME_OWNER_URL", postgres.url("ngc_register_owner", empty["register"]))
    assert cli.main(["migrate"]) == 1
    assert "leads to the database that is called register here" in capsys.readouterr().err


@pytest.mark.parametrize(
    "attributes", ["SUPERUSER", "CREATEROLE", "IN ROLE ngc_register_owner"], ids=["superuser", "createrole", "member"]
)
def test_a_runtime_role_that_can_do_more_than_it_may_is_refused(
    attributes: str,
    role: Callable[[str], str],
    environ: Environ,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NGC_REGISTER_URL", f"postgresql+psycopg://{role(attributes)}:x@127.0.0.1/register")
    assert environ
    assert cli.main(["migrate"]) == 1
    assert "can do more than it may" in capsys.readouterr().err


@pytest.mark.usefixtures("environ")
def test_a_database_that_was_migrated_for_another_role_is_told(
    role: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NGC_GENOME_OWNER_URL", "NGC_VAULT_OWNER_URL"):
        monkeypatch.delenv(name)
    assert cli.main(["migrate"]) == 0
    monkeypatch.setenv("NGC_REGISTER_URL", f"postgresql+psycopg://{role('LOGIN')}:x@127.0.0.1/register")
    assert cli.main(["migrate"]) == 1
    assert "migrated for another role" in capsys.readouterr().err


def test_a_wrong_password_and_a_server_that_is_down_are_told_without_an_address(
    environ: Environ, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = environ["NGC_REGISTER_OWNER_URL"]
    wrong = right.replace(right.split(":")[2].split("@")[0], "forkert")
    for address in (wrong, "postgresql+psycopg://ngc_register_owner:x@127.0.0.1:1/register"):
        monkeypatch.setenv("NGC_REGISTER_OWNER_URL", address)
        assert cli.main(["migrate"]) == 2
        told = capsys.readouterr().err
        assert "database register" in told
        assert "NGC_REGISTER_OWNER_URL" in told
        assert "127.0.0.1" not in told


def test_orders_told_before_there_was_a_table_for_them_are_taken_as_told(
    postgres: PostgresServer, empty: Mapping[str, str]
) -> None:
    """Revision 0002 of the genome database: what was told before it can be held against later orders too."""
    from alembic import command

    from ngc_pipelines.adapters.genome_database import migrating

    owner = postgres.url(OWNED["genome"].owner, empty["genome"])
    engine = create_engine(owner)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA genome"))
        command.upgrade(migrating._config(connection), "0001")
        for statement in _AN_ORDER_TOLD:
            connection.execute(text(statement))
    (done,) = migrate({"genome": (owner, None)})
    assert (done.before, done.changed) == ("0001", True)
    with engine.connect() as connection:
        told = connection.execute(text("SELECT persons, kept, registered, kept_exactly FROM cohort.told")).one()
    assert tuple(told) == (3, 1, 1, True)
    with engine.begin() as connection:
        command.downgrade(migrating._config(connection), "0001")
        command.upgrade(migrating._config(connection), "head")
    engine.dispose()


_AN_ORDER_TOLD = (
    "INSERT INTO cohort.cases (case_id, salt) VALUES ('EXH-2026-00001', 'x')",
    """INSERT INTO cohort.manifests VALUES (1, 'cpr_list', NULL, 4, 1, 2, 1, 1, 1, 2, 10, 0, 'v', 'd', now())""",
    """INSERT INTO cohort.var_readings VALUES (1, 0, 1, 1, 1, 1, 2, 10, 'd', now(), 1, 0, 'd', 'd', now())""",
    """INSERT INTO cohort.persons VALUES
       (1, '0201603000', '0201603000', 'with_data', '{1}', 2, 10),
       (1, '0201603001', '0201603001', 'with_data', '{2}', 2, 10),
       (1, '0201603002', '0201603002', 'without_data', NULL, 0, 0),
       (1, '3102603000', '3102603000', 'invalid', NULL, 0, 0)""",
    "INSERT INTO cohort.registered VALUES (1, '0201603001', 0)",
)
