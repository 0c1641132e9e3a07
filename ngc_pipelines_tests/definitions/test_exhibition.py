"""An exhibition from the folder to the environment, through the sensors, on real servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines.settings import Settings
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.handing_in import hand_in

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CASE = "EXH-2026-00001"


def test_an_application_becomes_an_environment(
    code_location: CodeLocation,
    site: Site,
    s3: S3Client,
    settings: Settings,
    population: list[str],
    mailbox: MailServer,
) -> None:
    hand_in(s3, settings.s3.intake_bucket, "hjertegen", numbers=population[:20])

    (run,) = code_location.tick()
    assert run.success
    told = site.register.standing(CaseId(CASE))
    assert told.state.name == "answer_awaited"
    assert code_location.tick() == []

    digest = told.value("counts_told", "digest")
    meeting = {"meeting_held_on": "2026-11-19", "tools": ["plink"], "own_data": "", "help_agreed": "ja"}
    decision = {"answer": "go_on", "decided_by": "abc", "why": "PI har svaret ja", "judged": digest, **meeting}
    assert code_location.decide(CASE, decision).success
    assert site.register.standing(CaseId(CASE)).state.name == "provisioning"

    (run,) = code_location.tick()
    assert run.success
    after = site.register.standing(CaseId(CASE))
    assert after.state.name == "exhibited"
    assert after.value("exhibited", "files") > 0
    assert code_location.tick() == []

    assert code_location.do("outbox_job").success
    letters = list(mailbox.letters())
    assert [letter["To"] for letter in letters] == ["petra.eksempel@forskning.example"] * 3
    assert len({letter["Message-ID"] for letter in letters}) == 3
    assert code_location.do("outbox_job").success
    assert len(list(mailbox.letters())) == 3
