"""Orders that are not a plain list: a locked list, and metadata criteria."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pyzipper

from ngc_pipelines import cli
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cpr_list import WrongPasswordError
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows.cohort import unlock_list
from ngc_pipelines.flows.site import Site
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import cpr_list, hand_in

CASE = CaseId("EXH-2026-00001")
PASSWORD = "korrekt hest batteri"


@pytest.fixture
def submit(site: Site) -> Callable[..., str]:
    """Hands in the example, with numbers or changes of one's own."""

    def do(**what: Any) -> str:
        return hand_in(site.object_store, site.settings.s3.intake_bucket, "hjertegen", **what)

    return do


def locked(content: bytes) -> bytes:
    """A list in an archive encrypted with AES."""
    data = io.BytesIO()
    with pyzipper.AESZipFile(data, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("cpr-liste.csv", content)
    return data.getvalue()


def test_a_locked_list_waits_for_its_password_which_is_kept_nowhere(
    code_location: CodeLocation,
    site: Site,
    submit: Callable[..., str],
    genomes: SyntheticGenomes,
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(
        listed=locked(cpr_list(genomes.numbers[:20])),
        list_name="cpr-liste.zip",
        change=lambda form: form["order"].update(cpr_list={"file": "cpr-liste.zip", "encrypted": True}),
    )
    code_location.tick()
    assert site.register.standing(CASE).state.name == "list_locked"
    assert site.outbox.of_case(CASE)[-1].letter.recipient == site.settings.mail.case_office
    assert code_location.tick() == []

    officer = Person("abc", Actor.CASE_OFFICER)
    with pytest.raises(WrongPasswordError):
        unlock_list(site, CASE, "forkert", officer, "aftalt pr. telefon")
    assert site.register.standing(CASE).state.name == "list_locked"

    # The terminal goes by the machine's time, whatever that is; VAR has to be fresh by it.
    genomes.deliver_var(at=datetime.now(UTC))
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    arguments = ["decide", CASE.value, "unlock-list", "--why", "aftalt", "--password-file", str(tmp_path / "password")]
    assert cli.main(arguments) == 0
    genomes.deliver_var()

    (run,) = code_location.tick()
    assert run.success
    assert site.register.standing(CASE).state.name == "answer_awaited"
    with site.register.engine.connect() as connection:
        kept = "\n".join(connection.exec_driver_sql("SELECT body FROM register.events").scalars())
    assert PASSWORD not in kept


def test_an_order_by_criteria_is_counted(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    def by_criteria(form: dict[str, Any]) -> None:
        del form["order"]["cpr_list"]
        form["order"]["criteria"] = {"sample_type": ["germline"]}
        form["ethics_approval"]["covers"]["persons"] = {"maximum": 500, "criteria": {"sample_type": ["germline"]}}

    assert genomes.numbers
    submit(change=by_criteria)
    (run,) = code_location.tick()
    assert run.success
    told = site.register.standing(CASE).value("counts_told", "told")
    assert len(told) == 3


def test_an_order_by_criteria_for_more_persons_than_approved_is_returned(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    def by_criteria(form: dict[str, Any]) -> None:
        del form["order"]["cpr_list"]
        form["order"]["criteria"] = {"sample_type": ["germline"]}
        form["ethics_approval"]["covers"]["persons"] = {"maximum": 3, "criteria": {"sample_type": ["germline"]}}

    assert genomes.numbers
    submit(change=by_criteria)
    code_location.tick()
    standing = site.register.standing(CASE)
    assert standing.state.name == "returned"
    assert [fault["rule"] for fault in standing.value("returned", "faults")] == ["AP-1"]
