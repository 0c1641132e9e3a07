"""An approval that covers less than a list asks for, and one that ends before its environment is made (AP-1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.decided_cases import decide
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

CASE = CaseId("EXH-2026-00001")
OTHER_GROUP = """
    SELECT count(*) FROM cohort.cases JOIN cohort.persons p USING (case_key)
    JOIN genome.samples s ON s.sample_key = ANY(p.samples) WHERE s.sample_type <> 'germline'
"""


def test_an_approval_that_has_ended_since_stops_the_case_before_anything_is_exhibited(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    def ends_soon(form: dict[str, Any]) -> None:
        form["ethics_approval"]["valid_to"] = "2026-11-25"

    intake = site.settings.s3.intake_bucket
    hand_in(site.object_store, intake, "first", numbers=genomes.numbers[:10], change=ends_soon)
    code_location.tick()
    decide(site, CASE)
    code_location.moment = datetime(2026, 11, 26, 9, tzinfo=UTC)
    (run,) = code_location.tick()
    assert not run.success
    standing = site.register.standing(CASE)
    assert standing.state.name == "stopped"
    assert "ethics_approval.valid_to [AP-1]" in standing.value("stopped", "why")
    assert not site.provisioner.environments.exists(CASE.value.lower())


def test_of_the_persons_on_a_list_only_what_the_approval_covers_becomes_a_cohort(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    def germline_only(form: dict[str, Any]) -> None:
        form["ethics_approval"]["covers"]["persons"]["criteria"] = {"sample_type": ["germline"]}

    hand_in(site.object_store, site.settings.s3.intake_bucket, "first", numbers=genomes.numbers, change=germline_only)
    (run,) = code_location.tick()
    assert run.success
    limited = site.cohorts.manifest(CASE)
    with genomes.owner.snapshot("Samples of the cohort were counted") as connection:
        assert connection.scalar(text(OTHER_GROUP)) == 0
    hand_in(site.object_store, site.settings.s3.intake_bucket, "second", numbers=genomes.numbers)
    code_location.tick()
    whole = site.cohorts.manifest("EXH-2026-00002")
    assert limited is not None
    assert whole is not None
    assert limited.asked == whole.asked
    assert limited.samples < whole.samples
