"""The embedded site as a whole: what is started in which order, and the settings that lead to it.

The settings are the ones production has; nothing that runs with them can tell that it runs here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.local import ports
from ngc_pipelines.local.credentials import Credentials, write_private
from ngc_pipelines.local.databases import DAGSTER, DATABASES
from ngc_pipelines.local.genome_data import provide_genome_data
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines.local.orchestrator import CodeLocation, Daemon, Instance, Webserver
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.seaweedfs import ObjectStoreServer
from ngc_pipelines.local.sftp import SftpServer
from ngc_pipelines.settings import Settings, load_settings

# The pick-up folder of a project and the server of a region, each an account of its own.
SFTP_ACCOUNTS = ("pick-up", "region")
UI_PORT = 3000

Progress = Callable[[str], None]


class Site:
    """Everything a site consists of, on this machine, under one folder.

    Args:
        folder: `.local`; everything is written into it.
        root: the repository, for its `dagster.yaml`.
        supervisor: keeps the processes up; who made it ends it.
        progress: is told each step in one line.
    """

    def __init__(self, folder: Path, root: Path, supervisor: Supervisor, progress: Progress) -> None:
        self.folder = folder.absolute()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.supervisor = supervisor
        self._progress = progress
        self.credentials = Credentials(self.folder / "credentials")
        self.postgres = PostgresServer(self.folder / "postgres", self.credentials)
        self.object_store = ObjectStoreServer(self.folder / "seaweedfs", self.credentials)
        self.sftp = SftpServer(self.folder / "sftp", self.credentials, SFTP_ACCOUNTS)
        self.mail = MailServer(self.folder / "mail")
        self._root = root
        # Where Dagster's own documentation has the UI, unless something else is there.
        self._ui_port = ports.remembered_ports(self.folder / "ui-port.json", ["ui"], preferred=UI_PORT)["ui"]

    def start_servers(self) -> None:
        """Starts the four servers and makes roles, databases and buckets.

        Raises:
            ChildFailed: a server does not come up; names it, with its last log lines.
        """
        servers = (self.postgres, self.object_store, self.sftp, self.mail)
        self._progress(f"starting {', '.join(server.name for server in servers)}")
        self.supervisor.start(*servers)
        self._progress("bringing the databases up to date")
        self.postgres.provide_roles()
        for kind in DATABASES.values():
            self.postgres.provide_database(kind)
            kind.upgrade(self.postgres.url(kind.owner, kind.name))
        self._provide_buckets()
        write_private(self.env_file, "".join(f"export {n}={shlex.quote(v)}\n" for n, v in self.environ().items()))

    def provide_genome_data(self) -> None:
        """Makes the synthetic genome database, the first time."""
        self._progress("looking after the synthetic genome database")
        made = provide_genome_data(self.postgres, self.settings().s3, self.folder)
        self._progress(
            f"{made.persons} synthetic persons, {made.objects} objects"
            + (", made just now" if made.now else ", from an earlier start")
        )

    @property
    def ui_url(self) -> str:
        """Where the UI is seen in a browser."""
        return f"http://{ports.LOOPBACK}:{self._ui_port}"

    def start_dagster(self) -> None:
        """Starts code location, daemon and webserver on the running servers.

        Raises:
            ChildFailed: one of them does not come up; names it, with its last log lines.
        """
        instance = Instance(self.folder / "dagster", self._root / "dagster.yaml", self.environ())
        for server in (
            CodeLocation(instance),
            Webserver(instance, self._ui_port),
            Daemon(instance, self.postgres.conninfo(DAGSTER, "dagster")),
        ):
            self._progress(f"starting the {server.name}")
            self.supervisor.start(server)

    @property
    def env_file(self) -> Path:
        """The settings as shell text, 0600: `. .local/site.env` lets `ngc` work on this site."""
        return self.folder / "site.env"

    def environ(self) -> dict[str, str]:
        """The settings, as the environment variables that everything reads them from; no owner's address among them."""
        store = self.object_store.settings()
        runtime = {kind.name: self.postgres.url(kind.runtime, kind.name) for kind in DATABASES.values()}
        return {
            "NGC_GENOME_URL": runtime["genome"],
            "NGC_REGISTER_URL": runtime["register"],
            "NGC_VAULT_URL": runtime["vault"],
            "NGC_VAULT_SITE_KEY_FILE": str(self.credentials.path("site-key")),
            "NGC_S3_ENDPOINT": store.endpoint,
            "NGC_S3_ACCESS_KEY": store.access_key,
            "NGC_S3_SECRET_KEY": store.secret_key,
            "NGC_MAIL_HOST": self.mail.settings().host,
            "NGC_MAIL_PORT": str(self.mail.port),
            "NGC_DAGSTER_UI_URL": self.ui_url,
            "DAGSTER_POSTGRES_URL": self.postgres.url(DAGSTER, "dagster", driver="psycopg2"),
        }

    def settings(self) -> Settings:
        """The settings, as the flows read them."""
        return load_settings(self.environ())

    def _provide_buckets(self) -> None:
        store = self.settings().s3
        client = s3_client(store)
        present = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
        for bucket in (store.source_bucket, store.intake_bucket, store.records_bucket):
            if bucket not in present:
                client.create_bucket(Bucket=bucket)
        client.close()
