"""Dagster's three processes on the embedded site: the code location, the daemon and the webserver.

What they run is in `definitions`; how the instance behaves is in the repository's `dagster.yaml`,
which is used as it is.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ngc_pipelines.local import ports
from ngc_pipelines.local.programs import ChildFailed, Program, base_environ

LOCATION = "ngc_pipelines"

_LOADED = (
    "{ workspaceOrError { ... on Workspace { locationEntries { loadStatus locationOrLoadError { __typename } } } } }"
)


@dataclass(frozen=True, slots=True)
class Instance:
    """DAGSTER_HOME and the environment in which everything of Dagster runs here.

    Args:
        home: the folder; holds the instance's configuration and the captured output of runs.
        configuration: the repository's `dagster.yaml`.
        environ: the site's settings, and DAGSTER_POSTGRES_URL.
    """

    home: Path
    configuration: Path
    environ: Mapping[str, str]

    @property
    def workspace(self) -> Path:
        """The workspace file, which names the address of the code location's process."""
        return self.home / "workspace.yaml"

    def prepare(self) -> None:
        """Puts the configuration where Dagster looks for it."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(self.configuration, self.home / "dagster.yaml")

    def full_environ(self) -> dict[str, str]:
        """The environment of a Dagster process."""
        return base_environ() | dict(self.environ) | {"DAGSTER_HOME": str(self.home)}

    def log(self, name: str) -> Path:
        """Where a process of this instance writes."""
        return self.home.parent / "logs" / f"{name}.log"


class CodeLocation:
    """Loads the definitions once and starts the workers of runs."""

    name = "code location"

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.port = ports.remembered_ports(instance.home / "ports.json", ["code"])["code"]

    def prepare(self) -> None:
        """Writes the workspace file that points to it."""
        self._instance.prepare()
        # JSON is YAML, and needs no quoting rules of one's own.
        server = {"host": ports.LOOPBACK, "port": self.port, "location_name": LOCATION}
        self._instance.workspace.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), encoding="utf-8")

    def program(self) -> Program:
        """The server's command."""
        where = ("--host", ports.LOOPBACK, "--port", str(self.port), "--location-name", LOCATION)
        return Program(
            command=(sys.executable, "-m", "dagster", "api", "grpc", "-m", "ngc_pipelines.definitions", *where),
            log=self._instance.log("code-location"),
            environ=self._instance.full_environ(),
            cwd=str(self._instance.home),
            start_seconds=180,
        )

    def is_ready(self) -> bool:
        """Whether it listens, which it does once the definitions are loaded."""
        return ports.is_listening(self.port)


class Daemon:
    """Runs sensors and schedules, takes runs off the queue, and finds dead ones."""

    name = "Dagster daemon"

    def __init__(self, instance: Instance, database: str) -> None:
        self._instance = instance
        self._database = database

    def prepare(self) -> None:
        """Nothing of its own."""

    def program(self) -> Program:
        """The daemon's command."""
        return Program(
            command=(*_script("dagster-daemon"), "run", "-w", str(self._instance.workspace)),
            log=self._instance.log("daemon"),
            environ=self._instance.full_environ(),
            cwd=str(self._instance.home),
            stop_signal=signal.SIGTERM,
            start_seconds=180,
        )

    def is_ready(self) -> bool:
        """Whether the daemon of sensors gave a sign of life within the last two minutes."""
        import psycopg

        recent = "timestamp > now() AT TIME ZONE 'utc' - interval '2 min'"
        try:
            with psycopg.connect(self._database, connect_timeout=5) as session:
                beat = session.execute(f"SELECT 1 FROM daemon_heartbeats WHERE daemon_type = 'SENSOR' AND {recent}")
                return beat.fetchone() is not None
        except psycopg.Error:
            return False


class Webserver:
    """The UI, where case officers work."""

    name = "Dagster UI"

    def __init__(self, instance: Instance, port: int) -> None:
        self._instance = instance
        self._port = port

    def prepare(self) -> None:
        """Nothing of its own."""

    def program(self) -> Program:
        """The webserver's command."""
        where = ("-h", ports.LOOPBACK, "-p", str(self._port), "-w", str(self._instance.workspace))
        return Program(
            command=(*_script("dagster-webserver"), *where),
            log=self._instance.log("webserver"),
            environ=self._instance.full_environ(),
            cwd=str(self._instance.home),
            start_seconds=180,
        )

    def is_ready(self) -> bool:
        """Whether it answers and shows the definitions.

        Raises:
            ChildFailed: the definitions do not load; the log of the code location says why.
        """
        request = urllib.request.Request(
            f"http://{ports.LOOPBACK}:{self._port}/graphql",
            data=json.dumps({"query": _LOADED}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            entries = json.load(answer)["data"]["workspaceOrError"]["locationEntries"]
        if any((e["locationOrLoadError"] or {}).get("__typename") == "PythonError" for e in entries):
            raise ChildFailed(f"the definitions do not load; see {self._instance.log('code-location')}")
        return bool(entries) and all(e["loadStatus"] == "LOADED" for e in entries)


def _script(name: str) -> tuple[str, ...]:
    """A console script of the environment that this process runs in."""
    return (sys.executable, str(Path(sys.executable).parent / name))
