"""A tick of the exhibition's sensor with many open cases, and with ten times as many closed ones beside them.

Run: `python -m benchmarks.ticks [--open 10000] [--closed 100000] [--ticks 7]`. One embedded PostgreSQL; every open case
waits for the system, which is the worst there is, so that each tick asks for as many runs as a tick may. Closed cases
are written past the register (with their events, hashed, but without a chain), because a hundred thousand real stories
take hours to live.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.domain.workflow import Actor
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.register.events import GENESIS, Event, chain_hash
from ngc_pipelines.register.fold import OPENED
from ngc_pipelines.register.register import SYSTEM

if TYPE_CHECKING:
    import dagster as dg
    import psycopg

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
# A case number has five digits for its year; years before any real one hold the closed cases.
NUMBERS_A_YEAR = 99_999
FIRST_CLOSED_YEAR = 1900


def main() -> None:
    """Measures a tick with few and with many closed cases; prints seconds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--closed", type=int, default=100_000)
    parser.add_argument("--ticks", type=int, default=7)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ngc-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        with Supervisor() as supervisor:
            credentials = Credentials(folder / "credentials")
            server = PostgresServer(folder / "postgres", credentials)
            supervisor.start(server)
            provide(server, credentials)
            with server.superuser("register") as session:
                write(session, (CaseId.of(Flow.EXHIBITION, 2026, n) for n in range(1, args.open + 1)), closed=False)
                write(session, closed_cases(0, args.closed), closed=True)
                few = measure(session, args, args.closed)
                write(session, closed_cases(args.closed, args.closed * 10), closed=True)
                many = measure(session, args, args.closed * 10)
            say(f"with 10 times the closed cases a tick takes {many / few:.2f} of the time")
    finally:
        remove_folder(folder / "postgres")
        remove_folder(folder)


def provide(server: PostgresServer, credentials: Credentials) -> None:
    """An empty register, and the settings of a site of which a tick uses nothing else."""
    server.provide_roles()
    kind = DATABASES["register"]
    server.provide_database(kind)
    kind.upgrade(server.url(kind.owner, kind.name))
    address = server.url(kind.runtime, kind.name)
    os.environ |= {f"NGC_{name}_URL": address for name in ("GENOME", "REGISTER", "VAULT")} | {
        "NGC_VAULT_SITE_KEY_FILE": str(credentials.path("site-key")),
        "NGC_S3_ENDPOINT": "http://127.0.0.1:9",
        "NGC_S3_ACCESS_KEY": "unused",
        "NGC_S3_SECRET_KEY": "unused",
        "NGC_MAIL_HOST": "127.0.0.1",
        "NGC_MAIL_PORT": "9",
    }


def closed_cases(begin: int, end: int) -> Iterator[CaseId]:
    """Case numbers of so many closed cases, of years long past."""
    for place in range(begin, end):
        year, number = divmod(place, NUMBERS_A_YEAR)
        yield CaseId.of(Flow.EXHIBITION, FIRST_CLOSED_YEAR + year, number + 1)


def write(session: psycopg.Connection[tuple[object, ...]], cases: Iterator[CaseId], *, closed: bool) -> None:
    """Writes cases and their events in one go, past the triggers that keep the chain."""
    session.execute("SET session_replication_role = replica")
    session.execute("CREATE TEMPORARY TABLE new_cases (case_id text, since timestamptz, last_hash text)")
    newest = session.execute("SELECT coalesce(max(seq), 0) FROM register.events").fetchone()
    seq = int(str(newest[0])) if newest else 0
    rows = []
    with session.cursor() as cursor:
        with cursor.copy("COPY register.events (seq, previous, hash, body) FROM STDIN") as events:
            for case in cases:
                for number, kind in enumerate((OPENED, Did.REJECTED) if closed else (OPENED,), start=1):
                    seq += 1
                    at = BEGAN + timedelta(seconds=seq)
                    data = {"flow": case.flow.value, "folder": f"intake/applications/{case}/", "fingerprint": "sha256:"}
                    body = Event(seq, case, number, at, kind, SYSTEM, None, data).body()
                    digest = chain_hash(GENESIS, body)
                    events.write_row((seq, GENESIS, digest, body))
                rows.append((case.value, at, digest))
        with cursor.copy("COPY new_cases FROM STDIN") as listed:
            for row in rows:
                listed.write_row(row)
    state, actor = (On.REJECTED, Actor.NOBODY) if closed else (On.RECEIVED, Actor.SYSTEM)
    session.execute(
        "INSERT INTO register.cases (case_id, flow, state, actor, title, folder, fingerprint, opened, since, closed,"
        " number, last_hash) SELECT case_id, %s, %s, %s, '', 'intake/applications/' || case_id || '/', 'sha256:',"
        " since, since, CASE WHEN %s THEN since END, CASE WHEN %s THEN 2 ELSE 1 END, last_hash FROM new_cases",
        [Flow.EXHIBITION.value, state, actor.value, closed, closed],
    )
    session.execute("DROP TABLE new_cases")
    session.execute("SET session_replication_role = origin")
    session.execute("ANALYZE register.cases")
    session.execute("ANALYZE register.events")


def measure(session: psycopg.Connection[tuple[object, ...]], args: argparse.Namespace, closed: int) -> float:
    """Seconds of the best tick; the first is left out, because it loads what later ones find."""
    import dagster as dg

    session.execute("TRUNCATE register.claims")
    with dg.DagsterInstance.ephemeral() as instance:
        seconds, computing = zip(*[tick(instance) for _ in range(args.ticks + 1)][1:], strict=True)
    best = float(min(seconds))
    say(
        f"{args.open:,} open and {closed:,} closed cases: a tick takes {best:.2f} s (up to {max(seconds):.2f}),"
        f" of which this process computes {min(computing):.2f} s"
    )
    return best


def tick(instance: dg.DagsterInstance) -> tuple[float, float]:
    """Seconds of one tick of the sensor of open cases, run requests included; and of those, computing."""
    import dagster as dg

    from ngc_pipelines.definitions import defs
    from ngc_pipelines.defs.exhibition_sensors import exhibition_cases
    from ngc_pipelines.defs.resources import SiteResource

    context = dg.build_sensor_context(instance=instance, definitions=defs, resources={"site": SiteResource()})
    began, computed = time.perf_counter(), time.process_time()
    with dg.partition_loading_context(dynamic_partitions_store=instance):
        requests = exhibition_cases.evaluate_tick(context).run_requests
    took = time.perf_counter() - began, time.process_time() - computed
    if not requests:
        raise SystemExit("the tick asked for nothing: nothing was measured")
    return took


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
