"""From handing in a small application to the letter with the counts: what of that time is Dagster's own.

Run: `python -m benchmarks.hand_in [--rounds 3]`. A whole embedded site with its daemon; one application at a time, of
ten persons. The time is split where the register and Dagster's own tables say when each thing happened: until the
sensor took the folder up, until its run began to work, the work, and until the letter was in the mailbox.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from ngc_pipelines.adapters import clock
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.console import ROOT
from ngc_pipelines.local.demo_applications import Applicant, Project, write_list_application
from ngc_pipelines.local.demo_facts import Facts
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.site import Site
from ngc_pipelines.register.register import Register

PERSONS = 10
PATIENCE_SECONDS = 600
PARTS = (
    "until the sensor took the folder up (it looks every 5 s)",
    "until the run was taken off the queue and its process had started",
    "the work: conditions, list, cohort, VAR, counts",
    "until the letter with the counts was in the mailbox",
)
RUN_BEGAN = "SELECT to_timestamp(start_time) FROM runs WHERE partition = %s AND start_time IS NOT NULL ORDER BY 1"
T = TypeVar("T")


def main() -> None:
    """Starts a site, hands in one application after another, prints the median of each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ngc-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        with Supervisor() as supervisor:
            site = Site(folder, ROOT, supervisor, say)
            site.start_servers()
            site.provide_genome_data()
            site.start_dagster()
            rounds = [hand_in(site, number) for number in range(args.rounds)]
        for name, seconds in zip(PARTS, zip(*rounds, strict=True), strict=True):
            say(f"{statistics.median(seconds):6.1f} s  {name} (from {min(seconds):.1f} to {max(seconds):.1f})")
        say(f"{statistics.median(sum(parts) for parts in rounds):6.1f} s  in all")
    finally:
        remove_folder(folder / "postgres")
        remove_folder(folder)


def hand_in(site: Site, number: int) -> tuple[float, ...]:
    """Seconds of each part, for one application."""
    store = site.settings().s3
    client = s3_client(store)
    applicant = Applicant("Mette Maaling", f"mette{number}@forskning.example", "metmaa")
    project = Project(f"MAAL{number}", f"Måling {number}", applicant, clock.today())
    numbers = Facts(site.postgres, store, client).wishes(PERSONS, 0, 0).all
    written = write_list_application(site.folder / "bench" / project.acronym, project, numbers)
    # The form last: with it the folder is handed in.
    for file in sorted(written.iterdir(), key=lambda file: file.name == "submission.yaml"):
        key = f"intake/applications/{project.acronym}/{file.name}"
        client.put_object(Bucket=store.intake_bucket, Key=key, Body=file.read_bytes())
    began = datetime.now(UTC)
    client.close()
    with closing(Register.connect(site.settings().register.url)) as register:

        def counted() -> CaseId | None:
            found = (line.case for line in register.open_cases() if project.acronym in line.folder)
            return next((case for case in found if register.standing(case).state.name == "answer_awaited"), None)

        case = until(counted)
        letter = until(lambda: letter_at(site, case, applicant.email))
        events = {event.event: event.at for event in register.story(case)}
    moments = (began, events["opened"], run_began(site, case), events["counts_told"], letter)
    return tuple((after - before).total_seconds() for before, after in pairwise(moments))


def run_began(site: Site, case: CaseId) -> datetime:
    """When the case's first run began, as Dagster has it."""
    with site.postgres.superuser("dagster") as session:
        row = session.execute(RUN_BEGAN, [case.value]).fetchone()
    if row is None or not isinstance(row[0], datetime):
        raise SystemExit("Dagster knows no run of the case that was just carried by one")
    return row[0]


def letter_at(site: Site, case: CaseId, to: str) -> datetime | None:
    """When the letter about the case arrived."""
    for file in (site.mail.maildir / "new").iterdir():
        text = file.read_bytes()
        if case.value.encode() in text and to.encode() in text:
            return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return None


def until(find: Callable[[], T | None]) -> T:
    """Waits until something is found."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        time.sleep(0.02)
    raise SystemExit(f"nothing happened for {PATIENCE_SECONDS} s; the site's logs say why")


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
