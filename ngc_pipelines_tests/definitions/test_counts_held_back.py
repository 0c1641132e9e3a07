"""Counts that would tell about single persons beside an earlier order's wait for a case officer (CO-4)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

FIRST, SECOND = "EXH-2026-00001", "EXH-2026-00002"
CHECK = "counts_can_be_told_beside_those_of_earlier_orders"


def state_of(site: Site, case: str) -> str:
    return site.register.standing(CaseId(case)).state.name


@pytest.fixture
def two_orders(code_location: CodeLocation, site: Site, genomes: SyntheticGenomes) -> CodeLocation:
    """An order whose counts were told, and one with a person less whose counts are held back."""

    def order(name: str, numbers: Sequence[str]) -> None:
        hand_in(site.object_store, site.settings.s3.intake_bucket, name, numbers=numbers)
        (run,) = code_location.tick()
        assert run.success

    order("first", genomes.numbers[:20])
    assert state_of(site, FIRST) == "answer_awaited"
    order("second", genomes.numbers[:19])
    return code_location


def decide(code_location: CodeLocation, site: Site, answer: str, judged: str | None = None) -> bool:
    digest = judged or site.register.standing(CaseId(SECOND)).value("counts_held", "digest")
    config = {"answer": answer, "decided_by": "abc", "why": "drøftet med ledelsen", "judged": digest}
    return code_location.decide(SECOND, config).success


def letters_to_applicants(site: Site, case: str) -> list[str]:
    letters = [sent.letter for sent in site.outbox.of_case(CaseId(case))]
    return [letter.text for letter in letters if letter.recipient != site.settings.mail.case_office]


def test_the_second_of_two_orders_that_differ_by_one_person_waits_and_says_why(
    two_orders: CodeLocation, site: Site
) -> None:
    assert state_of(site, SECOND) == "counts_held"
    failed = {entry.check_name for entry in two_orders.results[-1].get_asset_check_evaluations() if not entry.passed}
    assert failed == {CHECK}
    (point,) = site.register.standing(CaseId(SECOND)).value("counts_held", "faults")
    assert point["where"] == FIRST
    assert "bestilte personer" in point["da"]
    assert "persons ordered" in point["en"]
    assert not [text for text in letters_to_applicants(site, SECOND) if "Bestilt:" in text]
    assert site.outbox.of_case(CaseId(SECOND))[-1].letter.recipient == site.settings.mail.case_office
    assert two_orders.tick() == [], "nothing goes on before a person has decided"


@pytest.mark.parametrize(
    ("answer", "told"), [("tell_counts", True), ("withhold_counts", False)], ids=["told", "withheld"]
)
def test_what_the_case_officer_decides_is_what_the_applicant_reads(
    two_orders: CodeLocation, site: Site, answer: str, told: bool
) -> None:
    assert not decide(two_orders, site, answer, judged="sha256:" + "0" * 64), "another cohort was judged"
    assert decide(two_orders, site, answer)
    (run,) = two_orders.tick()
    assert run.success
    assert state_of(site, SECOND) == "answer_awaited"
    letter = letters_to_applicants(site, SECOND)[-1]
    assert ("jf. en tidligere bestilling" not in letter) is told
    assert ("mindst" in letter) is told
    assert two_orders.tick() == []


def test_a_decision_does_not_hold_for_a_cohort_that_var_has_changed_since(
    two_orders: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    assert decide(two_orders, site, "tell_counts")
    genomes.deliver_var(also=genomes.numbers[:1])
    two_orders.tick()
    assert state_of(site, SECOND) == "counts_held"


def test_the_case_officer_can_send_the_order_back(two_orders: CodeLocation, site: Site) -> None:
    assert decide(two_orders, site, "return_case")
    assert state_of(site, SECOND) == "returned"
