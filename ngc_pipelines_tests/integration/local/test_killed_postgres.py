"""`kill -9` of PostgreSQL with sessions that are busy: it comes back at once, whatever outlived its postmaster."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg
import pytest

from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor

KILLS = 5
PATIENCE_SECONDS = 600
T = TypeVar("T")
# Far longer than any test waits: it ends because it is ended, or not at all.
ENDLESS = "SELECT count(*) FROM (SELECT generate_series(1, 1000000000000) AS i) AS counted WHERE i < 0"
REPOSITORY = Path(__file__).parents[3]
# A site of PostgreSQL alone, as a process that can be killed.
PARENT = """
import sys, time
from pathlib import Path
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
folder = Path(sys.argv[1])
with Supervisor() as supervisor:
    server = PostgresServer(folder / "postgres", Credentials(folder / "credentials"), durable=False)
    supervisor.start(server)
    print(supervisor.pid("PostgreSQL"), server.port, flush=True)
    while True:
        time.sleep(0.1)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one server, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="ngc-postgres-"))
    made.chmod(0o711)
    yield made
    remove_folder(made / "postgres")
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def own_server(folder: Path) -> PostgresServer:
    """A server of this test's own."""
    return PostgresServer(folder / "postgres", Credentials(folder / "credentials"), durable=False)


class Clients:
    """A session that computes without end, and ones that come and go; all come again when they are thrown out."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._stop = threading.Event()
        work = [self._compute, self._come_and_go, self._come_and_go]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for pid in computing(self._server):
            with session(self._server) as connection:
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def _compute(self) -> None:
        self._ask(ENDLESS)

    def _come_and_go(self) -> None:
        self._ask("SELECT 1")

    def _ask(self, statement: str) -> None:
        while not self._stop.is_set():
            try:
                with session(self._server) as connection:
                    connection.execute(statement)
            except psycopg.Error:
                time.sleep(0.02)


def session(server: PostgresServer) -> psycopg.Connection[tuple[object, ...]]:
    """A new session, as soon as it is let in."""
    return psycopg.connect(server.conninfo("postgres", "postgres"), autocommit=True, connect_timeout=30)


def computing(server: PostgresServer) -> list[int]:
    """The processes of the sessions that compute without end."""
    try:
        with session(server) as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE query = %s", [ENDLESS]).fetchall()
    except psycopg.Error:
        return []
    return [int(str(row[0])) for row in rows]


def until(what: str, find: Callable[[], T]) -> T:
    """Waits, generously: the machine may be busy."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline, f"there was never {what}"
        time.sleep(0.05)
    return found


def busy(server: PostgresServer) -> list[int]:
    """The processes of the sessions that compute, as soon as there are some."""
    return until("a busy session", lambda: computing(server))


def runs(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_postmaster_killed_five_times_beside_busy_sessions_comes_back_with_what_was_committed(
    own_server: PostgresServer,
) -> None:
    with Supervisor() as supervisor:
        supervisor.start(own_server)
        with session(own_server) as connection:
            connection.execute("CREATE TABLE kept (number integer)")
        with Clients(own_server):
            for number in range(KILLS):
                orphans = busy(own_server)
                with session(own_server) as connection:
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                before = supervisor.pid("PostgreSQL")
                os.kill(before, signal.SIGKILL)
                supervisor.wait_restarted("PostgreSQL", before, PATIENCE_SECONDS)
                assert not any(runs(pid) for pid in orphans)
        # One start for each kill: none was refused because of what an earlier one had left.
        assert supervisor.restarts == ["PostgreSQL"] * KILLS
        assert supervisor.failure is None
        with session(own_server) as connection:
            assert connection.execute("SELECT number FROM kept ORDER BY 1").fetchall() == [(n,) for n in range(KILLS)]


def test_a_killed_backend_throws_all_sessions_out_and_the_server_goes_on(own_server: PostgresServer) -> None:
    with Supervisor() as supervisor:
        supervisor.start(own_server)
        before = supervisor.pid("PostgreSQL")
        with Clients(own_server):
            for _ in range(2):
                (victim,) = busy(own_server)
                psutil.Process(victim).kill()
                assert victim not in busy(own_server)
        assert supervisor.pid("PostgreSQL") == before
        assert supervisor.restarts == []


def test_busy_sessions_do_not_outlive_a_site_whose_supervisor_and_postmaster_are_both_killed(folder: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        (sys.executable, "-c", PARENT, str(folder)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
    ) as parent:
        assert parent.stdout is not None
        postmaster, port = map(int, parent.stdout.readline().split())
        server = PostgresServer(folder / "postgres", Credentials(folder / "credentials"), durable=False)
        server.port = port
        with Clients(server):
            orphans = busy(server)
            parent.kill()
            psutil.Process(postmaster).kill()
            until("an end of them", lambda: not any(runs(pid) for pid in orphans))
