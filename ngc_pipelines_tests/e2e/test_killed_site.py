"""One provisioning through Dagster's own daemon, with everything that carries it killed once in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import psutil
import pytest

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.domain.errors import Unavailable
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.console import ROOT
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.site import Site as EmbeddedSite
from ngc_pipelines.register.verification import verify
from ngc_pipelines_tests.decided_cases import assert_right, decide, files_of
from ngc_pipelines_tests.handing_in import hand_in

PERSONS = 30
# A step takes seconds; a machine that does ten other things may need minutes.
PATIENCE_SECONDS = 600
T = TypeVar("T")

_KEPT = """
    SELECT DISTINCT person_cpr FROM genome.samples WHERE person_cpr IS NOT NULL
    AND person_cpr NOT IN (SELECT cpr FROM var_register.registrations)
    AND person_cpr NOT IN (SELECT old_number FROM var_register.number_references)
    AND person_cpr NOT IN (SELECT new_number FROM var_register.number_references)
    ORDER BY person_cpr LIMIT %s
"""


class HastySite(EmbeddedSite):
    """An embedded site on which a dead run's case is free after seconds."""

    def environ(self) -> dict[str, str]:
        """The site's settings, with a short lease."""
        return super().environ() | {"NGC_POLICY_LEASE_SECONDS": "5", "NGC_POLICY_RETRY_SECONDS": "1"}


@pytest.fixture
def site() -> Iterator[HastySite]:
    """A whole site with data and Dagster, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ngc-killed-"))
    folder.chmod(0o711)
    try:
        with Supervisor(most_deaths=20) as supervisor:
            made = HastySite(folder, ROOT, supervisor, lambda _: None)
            made.start_servers()
            made.provide_genome_data()
            made.start_dagster()
            yield made
    finally:
        remove_folder(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def until(what: str, find: Callable[[], T | None]) -> T:
    """Wait until something is found; a server that is coming up again is waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            found = find()
        except Unavailable:
            found = None
        if found:
            return found
        time.sleep(0.05)
    pytest.fail(f"within {PATIENCE_SECONDS} s there was never {what}")


def kill_all(site: HastySite, names: tuple[str, ...]) -> None:
    """`kill -9` of runs and of servers in one moment, as where a machine dies; waits until the servers are back."""
    former = {name: site.supervisor.pid(name) for name in names}
    for process in workers(site):
        process.kill()
    for pid in former.values():
        os.kill(pid, signal.SIGKILL)
    for name, pid in former.items():
        site.supervisor.wait_restarted(name, pid, PATIENCE_SECONDS)


def workers(site: HastySite) -> list[psutil.Process]:
    """The processes that do runs now: the code location starts one for each."""
    location = psutil.Process(site.supervisor.pid("code location"))
    return [child for child in location.children() if "spawn_main" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


class Watch:
    """Looks all the while at where the site's processes connect to."""

    def __init__(self, site: HastySite) -> None:
        self.foreign: set[str] = set()
        self.seen: set[int] = set()
        self._site = site
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            for name in ("code location", "Dagster daemon", "Dagster UI"):
                for other in self._others(name):
                    self.seen.add(other[1])
                    if other[0] not in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
                        self.foreign.add(f"{name}: {other[0]}")

    def _others(self, name: str) -> Iterator[tuple[str, int]]:
        try:
            process = psutil.Process(self._site.supervisor.pid(name))
            for one in (process, *process.children(recursive=True)):
                yield from ((c.raddr.ip, c.raddr.port) for c in one.net_connections("inet") if c.raddr)
        except psutil.Error:
            return  # it was just killed


def numbers_with_data(site: HastySite) -> list[str]:
    """CPR numbers of persons with data whom VAR does not hold."""
    with site.postgres.superuser("genome") as session:
        rows = session.execute(_KEPT, [PERSONS]).fetchall()
    return [str(row[0]) for row in rows]


def owner_of(site: HastySite) -> GenomeDatabase:
    """The genome database as its owner sees it."""
    return GenomeDatabase(site.postgres.url(DATABASES["genome"].owner, "genome"), work_mem_mb=16)


def copied(flows: Site, bucket: str) -> int:
    """How many objects stand in an environment."""
    client = flows.object_store
    try:
        return client.list_objects_v2(Bucket=bucket)["KeyCount"]
    except (client.exceptions.NoSuchBucket, client.exceptions.ClientError):
        return 0


def test_run_daemon_store_and_database_are_killed_in_a_provisioning_and_it_ends_right(site: HastySite) -> None:
    numbers = numbers_with_data(site)
    with connected(site.settings()) as flows, Watch(site) as watch:
        hand_in(flows.object_store, flows.settings.s3.intake_bucket, "hjertegen", numbers=numbers)
        (case,) = until("a case", lambda: [line.case for line in flows.register.open_cases()])
        until("its counts", lambda: flows.register.standing(case).state.name == "answer_awaited")
        decide(flows, case)
        bucket = f"{flows.settings.s3.environment_prefix}{case.value.lower()}"

        until("a first file", lambda: copied(flows, bucket))
        kill_all(site, ("PostgreSQL", "SeaweedFS", "Dagster daemon"))

        until("the environment", lambda: flows.register.standing(case).state.name == "exhibited")
        with closing(owner_of(site)) as owner:
            assert_right(flows, case, files_of(flows, owner, numbers))
        assert verify(flows.register).sound
    assert watch.foreign == set()
    assert urlsplit(flows.settings.s3.endpoint).port in watch.seen
    assert site.postgres.port in watch.seen
