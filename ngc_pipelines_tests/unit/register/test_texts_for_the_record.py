"""What somebody types for the record: a reason, and no person's number in it, however it is written."""

from __future__ import annotations

import pytest

from ngc_pipelines.domain.cpr import may_hold_number
from ngc_pipelines.register.decisions import MAX_TEXT, faults_of_texts


@pytest.mark.parametrize(
    "text",
    ["020160-3000", "0201603000", "020160 3000", "pt. (020160-3000) ringede", "620160-3000"],
    ids=["hyphen", "plain", "blank", "inside", "day_plus_60"],
)
def test_a_number_in_a_reason_is_refused_and_not_repeated(text: str) -> None:
    assert may_hold_number(text)
    (fault,) = faults_of_texts(text)
    assert fault.rule == "DC-3"
    assert "3000" not in fault.da + fault.en + fault.where


@pytest.mark.parametrize(
    "text",
    ["drøftet med PI", "j.nr. 2026-1234567", "tlf. 12345678", "sha256:0201603000123", "992699-9999", "EXH-2026-00001"],
    ids=["words", "journal", "telephone", "longer", "no_day", "case"],
)
def test_other_numbers_are_nobodys(text: str) -> None:
    assert not may_hold_number(text)
    assert faults_of_texts(text) == []


@pytest.mark.parametrize("why", ["", "   ", "x" * (MAX_TEXT + 1)], ids=["empty", "blank", "too_long"])
def test_a_reason_is_needed_and_not_without_end(why: str) -> None:
    assert [fault.rule for fault in faults_of_texts(why)] == ["CO-4"]


def test_a_number_beside_the_reason_is_found_too() -> None:
    assert [fault.rule for fault in faults_of_texts("ja", "abc", "data om 020160-3000")] == ["DC-3"]
