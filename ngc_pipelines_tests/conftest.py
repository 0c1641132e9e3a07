"""The real servers and fresh databases that tests ask for. What tests have of their own stands beside them.

Servers start when a test first asks, once for each pytest process, and end with it; a killed one comes back:

- `supervisor`          keeps them up: `os.kill(supervisor.pid("PostgreSQL"), 9)`, then `supervisor.wait_restarted(…)`
- `postgres`            PostgresServer with the site's roles; names: "PostgreSQL", "SeaweedFS", "SFTP", "mail"
- `object_store`        ObjectStoreServer (S3 and IAM)
- `sftp_server`         SftpServer with the accounts "project-a", "project-b"
- `mail_server`         MailServer; `letters()` are all since the process began

Fresh for every test (the factories `new_database`, `new_buckets` serve fixtures of a wider scope):

- `genome_database`, `register_database`, `vault_database`  migrated and empty: settings with `url` and `owner_url`
- `s3_settings`, `s3`   ObjectStore settings with three empty buckets of their own and a prefix of their own; a client
- `mailbox`             a MailServer whose Maildir was emptied; `mailbox.settings()`
- `site_key_file`       a new site key for the vault
- `settings`, `settings_environ`  all of the above as one Settings, and as the environment it is read from

Hypothesis: no deadline; derandomized where the environment says CI=true.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.seaweedfs import ObjectStoreServer
from ngc_pipelines.local.sftp import SftpServer
from ngc_pipelines.settings import Database, ObjectStore, Settings, load_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# How long drawing an example takes says how busy the machine is, not whether the test is good.
_PATIENT = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("developer", deadline=None, max_examples=50, suppress_health_check=_PATIENT)
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=50, derandomize=True, suppress_health_check=_PATIENT
)


def pytest_configure() -> None:
    """Undoes what a background shell does to its jobs: with SIGINT ignored no child can be interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    hypothesis.settings.load_profile("ci" if os.environ.get("CI", "").lower() in ("true", "1") else "developer")
    # A site's own settings must not leak into tests; a test that needs some sets them.
    for name in [name for name in os.environ if name.startswith("NGC_")]:
        del os.environ[name]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: every `summary` that one recorded, also from other processes."""
    lines = [
        str(line)
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, line in report.user_properties
        if name == "summary" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("what was counted")
        for line in sorted(set(lines)):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Where the servers of this pytest process keep their data; other accounts may pass through it."""
    folder = Path(tempfile.mkdtemp(prefix="ngc-tests-"))
    folder.chmod(0o711)
    yield folder
    remove_folder(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def credentials(servers_folder: Path) -> Credentials:
    """The generated passwords of the servers."""
    return Credentials(servers_folder / "credentials")


@pytest.fixture(scope="session")
def supervisor(servers_folder: Path) -> Iterator[Supervisor]:
    """Keeps the servers up until the last test has run, however often a test kills one."""
    with Supervisor(most_deaths=1_000) as running:
        yield running


@pytest.fixture(scope="session")
def postgres(supervisor: Supervisor, servers_folder: Path, credentials: Credentials) -> PostgresServer:
    """A PostgreSQL with the site's roles."""
    server = PostgresServer(servers_folder / "postgres", credentials, durable=False)
    supervisor.start(server)
    server.provide_roles()
    return server


@pytest.fixture(scope="session")
def object_store(supervisor: Supervisor, servers_folder: Path, credentials: Credentials) -> ObjectStoreServer:
    """An S3 server."""
    server = ObjectStoreServer(servers_folder / "seaweedfs", credentials)
    supervisor.start(server)
    return server


@pytest.fixture(scope="session")
def sftp_server(supervisor: Supervisor, servers_folder: Path, credentials: Credentials) -> SftpServer:
    """An SFTP server with two accounts."""
    server = SftpServer(servers_folder / "sftp", credentials, ("project-a", "project-b"))
    supervisor.start(server)
    return server


@pytest.fixture(scope="session")
def mail_server(supervisor: Supervisor, servers_folder: Path) -> MailServer:
    """A mail server."""
    server = MailServer(servers_folder / "mail")
    supervisor.start(server)
    return server


@pytest.fixture(scope="session")
def new_database(postgres: PostgresServer) -> Callable[[str], Database]:
    """Makes a fresh database: `new_database("register")`, migrated, as settings that also name its owner.

    Migrations run once for each kind; every database is a copy of that one.
    """
    migrated: set[str] = set()

    def make(kind_name: str) -> Database:
        kind = DATABASES[kind_name]
        template = f"{kind.name}_template"
        if kind.name not in migrated:
            postgres.provide_database(kind, template)
            kind.upgrade(postgres.url(kind.owner, template))
            migrated.add(kind.name)
        name = postgres.provide_database(kind, f"{kind.name}_{secrets.token_hex(6)}", template=template)
        return Database(url=postgres.url(kind.runtime, name), owner_url=postgres.url(kind.owner, name))

    return make


@pytest.fixture
def genome_database(postgres: PostgresServer, new_database: Callable[[str], Database]) -> Iterator[Database]:
    """An empty genome database: samples, VAR and cohorts."""
    yield from _dropped(postgres, new_database("genome"))


@pytest.fixture
def register_database(postgres: PostgresServer, new_database: Callable[[str], Database]) -> Iterator[Database]:
    """An empty register."""
    yield from _dropped(postgres, new_database("register"))


@pytest.fixture
def vault_database(postgres: PostgresServer, new_database: Callable[[str], Database]) -> Iterator[Database]:
    """An empty pseudonym vault."""
    yield from _dropped(postgres, new_database("vault"))


def _dropped(postgres: PostgresServer, database: Database) -> Iterator[Database]:
    yield database
    postgres.drop_database(database.url.rpartition("/")[2])


@pytest.fixture(scope="session")
def new_buckets(object_store: ObjectStoreServer) -> Callable[[], ObjectStore]:
    """Makes settings with three empty buckets of their own and a prefix for environments of their own."""

    def make() -> ObjectStore:
        mark = secrets.token_hex(4)
        buckets = {f"{name}_bucket": f"{name}-{mark}" for name in ("source", "intake", "records")}
        chosen = object_store.settings().model_copy(update={**buckets, "environment_prefix": f"env-{mark}-"})
        client = s3_client(chosen)
        for bucket in buckets.values():
            client.create_bucket(Bucket=bucket)
        client.close()
        return chosen

    return make


@pytest.fixture
def s3_settings(new_buckets: Callable[[], ObjectStore]) -> Iterator[ObjectStore]:
    """Object store settings whose buckets are this test's own, gone afterwards with what was made under its prefix."""
    chosen = new_buckets()
    yield chosen
    client = s3_client(chosen)
    own = (chosen.source_bucket, chosen.intake_bucket, chosen.records_bucket)
    for bucket in client.list_buckets()["Buckets"]:
        if bucket["Name"] in own or bucket["Name"].startswith(chosen.environment_prefix):
            client.delete_bucket(Bucket=bucket["Name"])
    client.close()


@pytest.fixture
def s3(s3_settings: ObjectStore) -> Iterator[S3Client]:
    """A client of the object store, as the flows have it."""
    client = s3_client(s3_settings)
    yield client
    client.close()


@pytest.fixture
def mailbox(mail_server: MailServer) -> MailServer:
    """The mail server, with no letter in it."""
    for letter in (mail_server.maildir / "new").iterdir():
        letter.unlink()
    return mail_server


@pytest.fixture
def site_key_file(tmp_path: Path) -> Path:
    """A new site key."""
    return Credentials(tmp_path).path("site-key")


@pytest.fixture
def settings_environ(
    genome_database: Database,
    register_database: Database,
    vault_database: Database,
    s3_settings: ObjectStore,
    mailbox: MailServer,
    site_key_file: Path,
) -> dict[str, str]:
    """The environment from which `load_settings` reads a whole site of this test's own."""
    return {
        "NGC_GENOME_URL": genome_database.url,
        "NGC_REGISTER_URL": register_database.url,
        "NGC_VAULT_URL": vault_database.url,
        "NGC_VAULT_SITE_KEY_FILE": str(site_key_file),
        "NGC_S3_ENDPOINT": s3_settings.endpoint,
        "NGC_S3_ACCESS_KEY": s3_settings.access_key,
        "NGC_S3_SECRET_KEY": s3_settings.secret_key,
        "NGC_S3_SOURCE_BUCKET": s3_settings.source_bucket,
        "NGC_S3_INTAKE_BUCKET": s3_settings.intake_bucket,
        "NGC_S3_RECORDS_BUCKET": s3_settings.records_bucket,
        "NGC_S3_ENVIRONMENT_PREFIX": s3_settings.environment_prefix,
        "NGC_MAIL_HOST": mailbox.settings().host,
        "NGC_MAIL_PORT": str(mailbox.port),
    }


@pytest.fixture
def settings(settings_environ: dict[str, str]) -> Settings:
    """A whole site of this test's own, with no owner's address in it, as the flows have it."""
    return load_settings(settings_environ)
