"""An exhibition from the folder to the environment, through the sensors, on real servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import cpr_list, hand_in

CASE = "EXH-2026-00001"
PI = "petra.eksempel@forskning.example"
MEETING = {"meeting_held_on": "2026-11-19", "tools": ["plink"], "own_data": "", "help_agreed": "ja"}
HandIn = Callable[..., str]


@pytest.fixture
def submit(site: Site) -> HandIn:
    """Hands in the example, with numbers or changes of one's own."""

    def do(name: str = "hjertegen", **what: Any) -> str:
        return hand_in(site.object_store, site.settings.s3.intake_bucket, name, **what)

    return do


def state_of(site: Site, case: str = CASE) -> str:
    return site.register.standing(CaseId(case)).state.name


def go_on(code_location: CodeLocation, site: Site) -> None:
    """Decide as a case officer does, on what was told."""
    digest = site.register.standing(CaseId(CASE)).value("counts_told", "digest")
    decision = {"answer": "go_on", "decided_by": "abc", "why": "PI har svaret ja", "judged": digest, **MEETING}
    assert code_location.decide(CASE, decision).success


def shown(result: dg.ExecuteInProcessResult) -> str:
    """Everything that Dagster keeps of a run: events, messages and metadata."""
    return "\n".join(str(event) for event in result.all_events)


def test_an_application_becomes_an_environment(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes, mailbox: MailServer
) -> None:
    numbers = genomes.numbers[:20]
    submit(numbers=numbers)

    (run,) = code_location.tick()
    assert run.success
    assert state_of(site) == "answer_awaited"
    assert code_location.tick() == []

    go_on(code_location, site)
    assert state_of(site) == "provisioning"

    (run,) = code_location.tick()
    assert run.success
    exhibited = site.register.standing(CaseId(CASE))
    assert exhibited.state.name == "exhibited"
    assert exhibited.value("exhibited", "files") > 0
    assert code_location.tick() == []

    assert code_location.do("outbox_job").success
    letters = list(mailbox.letters())
    assert [letter["To"] for letter in letters] == [PI] * 3
    assert len({letter["Message-ID"] for letter in letters}) == 3
    assert code_location.do("outbox_job").success
    assert len(list(mailbox.letters())) == 3

    assert code_location.do("environment_verification").success
    assert code_location.do("audit_job").success
    assert len(site.anchors.read()) == 1

    kept = "\n".join(shown(result) for result in code_location.results)
    assert not [number for number in numbers if number in kept or f"{number[:6]}-{number[6:]}" in kept]
    assert "Petra" not in kept


def test_a_faulty_application_is_returned_with_every_fault_and_taken_up_when_corrected(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes, mailbox: MailServer
) -> None:
    def spoil(form: dict[str, Any]) -> None:
        form["ethics_approval"]["valid_to"] = "2026-01-01"
        form["order"]["fields"].append("patient_group_secret")
        form["institution"]["country"] = "SE"

    listed = cpr_list(genomes.numbers[:20]).replace(b"\r\n3;", b"\r\n33;")
    submit(listed=listed, change=spoil)
    (run,) = code_location.tick()
    assert not run.success
    assert state_of(site) == "returned"
    rules = {fault["rule"] for fault in site.register.standing(CaseId(CASE)).value("returned", "faults")}
    assert {"AP-1", "AP-5", "CO-1"} <= rules
    failed = {check.check_name for check in run.get_asset_check_evaluations() if not check.passed}
    assert {"ethics_approval_is_in_force", "cpr_list_follows_the_rules"} <= failed
    assert code_location.tick() == []

    site.outbox.send_all(site.mailer, "test", site.now())
    (letter,) = mailbox.letters()
    assert letter["To"] == PI
    assert "Kære ansøger" in letter.get_content()

    submit(numbers=genomes.numbers[:20])
    (run,) = code_location.tick()
    assert run.success
    assert state_of(site) == "answer_awaited"


def test_a_form_that_cannot_be_read_is_answered_to_the_case_office(
    code_location: CodeLocation, site: Site, submit: HandIn, mailbox: MailServer
) -> None:
    submit(change=lambda form: form.pop("project"))
    (run,) = code_location.tick()
    assert not run.success
    assert state_of(site) == "returned"
    site.outbox.send_all(site.mailer, "test", site.now())
    (letter,) = mailbox.letters()
    assert letter["To"] == site.settings.mail.case_office


def test_a_decision_on_another_cohort_is_refused(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    code_location.tick()
    decision = {"answer": "go_on", "decided_by": "abc", "why": "ja", "judged": "sha256:" + "0" * 64}
    refused = code_location.decide(CASE, decision)
    assert not refused.success
    assert "does not name the cohort" in shown(refused)
    assert state_of(site) == "answer_awaited"


def test_a_person_who_enters_var_after_the_decision_is_not_exhibited(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    code_location.tick()
    go_on(code_location, site)
    before = site.cohorts.var_filter(CaseId(CASE))
    genomes.deliver_var(also=genomes.numbers[:1])
    (run,) = code_location.tick()
    assert run.success
    recorded = site.register.standing(CaseId(CASE)).fact("exhibited")
    assert before is not None
    assert recorded["cohort"] == before.digest
    assert recorded["remaining"] != before.digest


def test_a_cohort_that_was_changed_after_the_decision_is_not_exhibited(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    code_location.tick()
    go_on(code_location, site)
    site.cohorts.build_from_list(CaseId(CASE), ["\n".join(genomes.numbers[:30]).encode()], now=site.now())
    (run,) = code_location.tick()
    assert not run.success
    assert state_of(site) == "stopped"
    assert not site.provisioner.environments.exists(CASE.lower())


def test_a_stale_var_stops_nobody_for_good(
    code_location: CodeLocation, site: Site, submit: HandIn, genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    genomes.deliver_var(at=code_location.moment.replace(day=1))
    (run,) = code_location.tick()
    assert not run.success
    standing = site.register.standing(CaseId(CASE))
    assert standing.state.name in {"accepted", "cohort_found"}
    assert "older than 36 hours" in standing.value("attempt_failed", "why")
    genomes.deliver_var()
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.claims SET until = now()")
    (run,) = code_location.tick()
    assert run.success
    assert state_of(site) == "answer_awaited"
