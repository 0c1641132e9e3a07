"""A million CPR numbers against five million samples and VAR: ours, and hand-written COPY with one SQL join.

Run: `python -m benchmarks.cohort [--samples 5000000] [--asked 1000000] [--registered 600000]`. Both sides run on one
embedded PostgreSQL with the same memory. The hand-written side keeps each person's outcome in a table, as ours does,
but knows no changed numbers, no digests, no closed account and no second reading. The worker's memory is the peak of a
process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ngc_pipelines.adapters.cohorts.store import Cohorts
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.var_register import VarPolicy, VarRegister
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.synthetic.population import Population, deliver_var, make_population

CASE = "EXH-2026-00001"
# What the generator makes of a person, on average.
SAMPLES_A_PERSON = 1.30
CHUNK = 1 << 16

BY_HAND = """
CREATE TABLE by_hand AS
SELECT l.cpr, CASE WHEN v.cpr IS NOT NULL THEN 'registered' WHEN count(f.file_id) > 0 THEN 'kept'
                   ELSE 'without_data' END AS outcome,
       array_agg(DISTINCT s.sample_key) AS samples, count(f.file_id) AS files, sum(f.size) AS size_bytes
FROM list l
LEFT JOIN var_register.registrations v ON v.cpr = l.cpr
LEFT JOIN genome.samples s ON s.person_cpr = l.cpr
LEFT JOIN genome.files f ON f.sample_key = s.sample_key AND f.kind = 'reads'
GROUP BY l.cpr, v.cpr
"""


def main() -> None:
    """Makes the population, measures both sides in turns, prints a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=5_000_000)
    parser.add_argument("--asked", type=int, default=1_000_000)
    parser.add_argument("--registered", type=int, default=600_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worker", nargs=2, metavar=("URL", "FILE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        sys.stdout.write(json.dumps(work(*args.worker)))
        return
    folder = Path(tempfile.mkdtemp(prefix="ngc-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        with Supervisor() as supervisor:
            server = PostgresServer(folder / "postgres", Credentials(folder / "credentials"))
            supervisor.start(server)
            server.provide_roles()
            server.provide_database(DATABASES["genome"])
            DATABASES["genome"].upgrade(server.url(DATABASES["genome"].owner, "genome"))
            measure(server, folder, args)
    finally:
        remove_folder(folder / "postgres")
        remove_folder(folder)


def measure(server: PostgresServer, folder: Path, args: argparse.Namespace) -> None:
    """Everything that is measured, on a server with an empty genome database."""
    kind = DATABASES["genome"]
    owner, url = server.url(kind.owner, "genome"), server.url(kind.runtime, "genome")
    began = time.perf_counter()
    fill(owner, args)
    say(f"{args.samples:,} samples and {args.registered:,} registrations made in {time.perf_counter() - began:.0f} s")
    lists = {asked: folder / f"{asked}.txt" for asked in (max(args.asked // 5, 1), args.asked)}
    for asked, file in lists.items():
        write_list(server, asked, file)
    mine: list[float] = []
    by_hand: list[float] = []
    for _ in range(args.rounds):
        by_hand.append(hand_written(server, lists[args.asked]))
        mine.append(float(in_a_process(url, lists[args.asked])["seconds"]))
        say(f"by hand {by_hand[-1]:.2f} s, ours {mine[-1]:.2f} s")
    say(f"ratio of the best of {args.rounds}: {min(mine) / min(by_hand):.2f}")
    for asked, file in lists.items():
        say(f"{asked:,} numbers: the worker's peak is {in_a_process(url, file)['megabytes']:.0f} MB")


def fill(owner: str, args: argparse.Namespace) -> None:
    """The population, its files' metadata, and a delivery of VAR of about the size asked for."""
    persons = int(args.samples / SAMPLES_A_PERSON)
    here = min(args.registered // 3, persons // 5)
    # One in eleven numbers could be real and is left out.
    elsewhere = int((args.registered - here) * 1.1)
    population = Population(
        persons, datetime.now(UTC).date(), registered_per_mille=here * 655 // persons, registered_elsewhere=elsewhere
    )
    database = GenomeDatabase(owner)
    make_population(database, population)
    deliver_var(database, population, delivery="benchmark", delivered_at=datetime.now(UTC))
    database.close()


def write_list(server: PostgresServer, asked: int, file: Path) -> None:
    """A list as it arrives: nine in ten with data, the rest without, in no order."""
    with server.superuser("genome") as session, file.open("wb") as target:
        query = f"""
            COPY (SELECT cpr FROM (
                (SELECT cpr FROM synthetic.people ORDER BY luck LIMIT {asked * 9 // 10})
                UNION
                (SELECT cpr FROM var_register.registrations ORDER BY md5(cpr) LIMIT {asked // 2})
            ) c ORDER BY md5(cpr) LIMIT {asked}) TO STDOUT
        """
        with session.cursor() as cursor, cursor.copy(query.encode()) as copy:
            for line in copy:
                target.write(line)


def chunks(file: Path) -> Iterator[bytes]:
    """The file in pieces, as the intake hands it on."""
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            yield chunk


def hand_written(server: PostgresServer, file: Path) -> float:
    """Seconds of COPY and one join."""
    with server.superuser("genome") as session:
        session.execute("DROP TABLE IF EXISTS by_hand")
        session.execute("SET work_mem = '256MB'")
        began = time.perf_counter()
        with session.transaction():
            session.execute('CREATE TEMPORARY TABLE list (cpr text COLLATE "C") ON COMMIT DROP')
            with session.cursor() as cursor, cursor.copy("COPY list FROM STDIN") as copy:
                for chunk in chunks(file):
                    copy.write(chunk)
            session.execute("ANALYZE list")
            session.execute(BY_HAND)
            session.execute(
                "SELECT outcome, count(*), sum(files), sum(size_bytes) FROM by_hand GROUP BY outcome"
            ).fetchall()
        return time.perf_counter() - began


def in_a_process(url: str, file: Path) -> dict[str, float]:
    """Our work on a list, in a process of its own."""
    command = [sys.executable, __file__, "--worker", url, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def work(url: str, file: str) -> dict[str, float]:
    """Builds and filters; seconds, and the process's peak memory in megabytes."""
    cohorts = Cohorts(GenomeDatabase(url), VarRegister(VarPolicy()))
    cohorts.erase(CASE)
    began = time.perf_counter()
    cohorts.build_from_list(CASE, chunks(Path(file)), now=datetime.now(UTC))
    cohorts.filter_by_var(CASE, now=datetime.now(UTC))
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
