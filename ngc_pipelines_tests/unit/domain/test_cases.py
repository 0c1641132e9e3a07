"""Case numbers: parsed at the border, valid ever after."""

from __future__ import annotations

import pytest

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import Fault, Refused


@pytest.mark.parametrize("text", ["EXH-2026-00001", "  EXH-2026-00001\n", "WC-2026-99999"])
def test_a_case_number_is_read(text: str) -> None:
    assert CaseId.parse(text).value == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "exh-2026-00001", "EXH-26-00001", "EXH-2026-1", "EXH-2026-000011", "E-2026-00001", "EXHIB-2026-00001",
     "EXH-2026-0000١", "EXH-2026-00001\nX", "../EXH-2026-00001"],
    ids=range(10),
)  # fmt: skip
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Refused) as refused:
        CaseId.parse(text)
    assert not text.strip() or text not in str(refused.value)


def test_a_number_is_made_from_flow_year_and_count() -> None:
    case = CaseId.of(Flow.EXHIBITION, 2026, 7)
    assert (case.value, case.flow, case.prefix) == ("EXH-2026-00007", Flow.EXHIBITION, "EXH")
    with pytest.raises(ValueError, match="99,999"):
        CaseId.of(Flow.EXHIBITION, 2026, 100_000)


def test_a_refusal_names_every_fault() -> None:
    faults = [Fault("CO-1", f"line {n}", f"da {n}", f"en {n}") for n in (1, 2)]
    text = str(Refused(faults))
    assert "line 1 [CO-1]: en 1" in text
    assert "line 2 [CO-1]: en 2" in text


def test_a_refusal_without_a_fault_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Refused([])
