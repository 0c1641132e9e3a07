"""`kill -9` of the run, the object store and PostgreSQL in the middle of provisionings: the next ticks put it right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows.deciding import decide_and_tell
from ngc_pipelines.flows.provisioning import drift_of
from ngc_pipelines.flows.site import Site
from ngc_pipelines.local.demo_facts import fingerprint
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.register.decisions import Answer, Decision, Meeting
from ngc_pipelines.register.verification import verify
from ngc_pipelines_tests.code_location import MORNING, CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in
from ngc_pipelines_tests.killed_runs import Killing, start_run

PERSONS = 6
CASES = 5
RUN, STORE, DATABASE = "run", "SeaweedFS", "PostgreSQL"


def decided(code_location: CodeLocation, site: Site, lists: Sequence[Sequence[str]]) -> tuple[CaseId, ...]:
    """As many cases as lists, each decided on and about to be provisioned."""
    for number, numbers in enumerate(lists):
        hand_in(site.object_store, site.settings.s3.intake_bucket, f"project-{number}", numbers=numbers)
    assert all(run.success for run in code_location.tick())
    officer = Person("abc", Actor.CASE_OFFICER)
    cases = tuple(line.case for line in site.register.open_cases())
    for case in cases:
        judged = site.register.standing(case).value("counts_told", "digest")
        decide_and_tell(site, case, Decision(Answer.GO_ON, officer, "ja", judged))
        meeting = Meeting(date(2026, 11, 19), ("plink",))
        decide_and_tell(site, case, Decision(Answer.MEETING_HELD, officer, "holdt", judged, meeting))
    assert [site.register.standing(case).state.name for case in cases] == ["provisioning"] * len(lists)
    return cases


def run_out(site: Site) -> None:
    """Lets every claim run out, as time would."""
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.claims SET until = now() - interval '1 second'")


def tick_until_exhibited(code_location: CodeLocation, site: Site, cases: Sequence[CaseId]) -> None:
    """Ticks as the daemon does. Nobody decides anything any more."""
    for _ in range(8):
        run_out(site)
        code_location.tick()
        states = [site.register.standing(case).state.name for case in cases]
        if states == ["exhibited"] * len(cases):
            return
    pytest.fail(f"eight ticks did not do: {Counter(states)}")


def files_of(site: Site, genomes: SyntheticGenomes, numbers: Sequence[str]) -> list[str]:
    """Fingerprints of the reads that an order by these numbers must deliver, found without the cohorts."""
    with genomes.owner.snapshot("Files of persons were listed") as connection:
        places = connection.execute(
            text(
                "SELECT f.bucket, f.key FROM genome.files f JOIN genome.samples s USING (sample_key)"
                " WHERE f.kind = 'reads' AND f.storage_format <> 'spring' AND s.person_cpr = ANY(:numbers)"
            ),
            {"numbers": list(numbers)},
        ).all()
    read = [site.object_store.get_object(Bucket=bucket, Key=key)["Body"].read() for bucket, key in places]
    return sorted(fingerprint(data) for data in read)


def delivered(site: Site, bucket: str) -> list[str]:
    """Fingerprints of every version of every file in an environment; there must be no delete markers."""
    listed = site.object_store.list_object_versions(Bucket=bucket)
    assert not listed.get("DeleteMarkers")
    assert not listed["IsTruncated"]
    found = []
    for entry in listed["Versions"]:
        if entry["Key"].endswith(".fastq.gz"):
            place = {"Bucket": bucket, "Key": entry["Key"], "VersionId": entry["VersionId"]}
            found.append(fingerprint(site.object_store.get_object(**place)["Body"].read()))  # type: ignore[arg-type]  # - the keys are the call's own
    return sorted(found)


def right(site: Site, case: CaseId, expected: list[str]) -> None:
    """Asserts that an exhibited case delivered these files, each once, and says so once."""
    exhibited = site.register.standing(case).fact("exhibited")
    assert delivered(site, exhibited["bucket"]) == expected
    assert site.object_store.list_multipart_uploads(Bucket=exhibited["bucket"]).get("Uploads", []) == []
    assert drift_of(site, case, deep=True) == ()
    assert [event.event for event in site.register.story(case)].count("exhibited") == 1
    # The counts, the decision, the environment.
    assert len(site.outbox.of_case(case)) == 3


def test_killed_at_random_points_the_next_ticks_deliver_the_right_files_each_once(
    code_location: CodeLocation,
    site: Site,
    genomes: SyntheticGenomes,
    supervisor: Supervisor,
    record_property: Any,
) -> None:
    lists = [genomes.numbers[place * PERSONS : (place + 1) * PERSONS] for place in range(CASES)]
    cases = decided(code_location, site, lists)
    chance = random.Random("a bad day")
    # Every case loses a run first, then one or another of everything, as long as it is not done.
    rest = [RUN] * 4 + [STORE] * 3 + [DATABASE] * 3
    chance.shuffle(rest)
    killed: Counter[str] = Counter()
    for place, case in enumerate(cases):
        for round_, victim in enumerate([RUN, *rest[place * 2 : place * 2 + 2]]):
            server = None if victim == RUN else supervisor.pid(victim)
            killing = Killing(server, chance.randint(5, 60))
            died = start_run(code_location.environ, MORNING, case, f"{case} {round_}", killing).end()
            if died:
                killed[victim] += 1
                if server is not None:
                    supervisor.wait_restarted(victim, server)
            if round_ == 0:
                assert died
                genomes.deliver_var(also=tuple(numbers[0] for numbers in lists))
            run_out(site)

    tick_until_exhibited(code_location, site, cases)

    for case, numbers in zip(cases, lists, strict=True):
        right(site, case, files_of(site, genomes, numbers[1:]))
    assert verify(site.register).sound
    assert killed[RUN] >= CASES
    told = ", ".join(f"{name} {count} times" for name, count in sorted(killed.items()))
    record_property("summary", f"provisionings survived kill -9: {told}")


def test_of_two_runs_of_one_case_at_once_one_acts(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    numbers = genomes.numbers[:PERSONS]
    (case,) = decided(code_location, site, [numbers])

    both = [start_run(code_location.environ, MORNING, case, f"run {number}") for number in range(2)]
    for one in both:
        one.end()

    tick_until_exhibited(code_location, site, [case])
    right(site, case, files_of(site, genomes, numbers))
    assert verify(site.register).sound
