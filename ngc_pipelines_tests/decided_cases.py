"""Cases carried to where data are provisioned, and what tests of bad days do to them and ask of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows.deciding import decide_and_tell
from ngc_pipelines.flows.provisioning import drift_of
from ngc_pipelines.flows.site import Site
from ngc_pipelines.local.demo_facts import fingerprint
from ngc_pipelines.register.decisions import Answer, Decision, Meeting


def decide(site: Site, case: CaseId) -> None:
    """Record the applicant's yes and the meeting's outcome, on the cohort that was told."""
    officer = Person("abc", Actor.CASE_OFFICER)
    judged = site.register.standing(case).value("counts_told", "digest")
    decide_and_tell(site, case, Decision(Answer.GO_ON, officer, "ja", judged))
    meeting = Meeting(date(2026, 11, 19), ("plink",))
    decide_and_tell(site, case, Decision(Answer.MEETING_HELD, officer, "holdt", judged, meeting))
    assert site.register.standing(case).state.name == "provisioning"


def run_out(site: Site) -> None:
    """Let every claim run out, as time would."""
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.claims SET until = now() - interval '1 second'")


def files_of(site: Site, owner: GenomeDatabase, numbers: Sequence[str]) -> list[str]:
    """Give fingerprints of the reads that an order by these numbers must deliver, found without the cohorts."""
    with owner.snapshot("Files of persons were listed") as connection:
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
    """Give fingerprints of every version of every file in an environment; there must be no delete markers."""
    found = []
    for page in site.object_store.get_paginator("list_object_versions").paginate(Bucket=bucket):
        assert not page.get("DeleteMarkers")
        for entry in page.get("Versions", []):
            if entry["Key"].endswith(".fastq.gz"):
                answer = site.object_store.get_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
                found.append(fingerprint(answer["Body"].read()))
    return sorted(found)


def assert_right(site: Site, case: CaseId, expected: list[str]) -> None:
    """Assert that an exhibited case delivered these files, each once, and says so once."""
    exhibited = site.register.standing(case).fact("exhibited")
    assert delivered(site, exhibited["bucket"]) == expected
    assert site.object_store.list_multipart_uploads(Bucket=exhibited["bucket"]).get("Uploads", []) == []
    assert drift_of(site, case, deep=True) == ()
    assert [event.event for event in site.register.story(case)].count("exhibited") == 1
    # The counts, the decision, the environment.
    assert len(site.outbox.of_case(case)) == 3
