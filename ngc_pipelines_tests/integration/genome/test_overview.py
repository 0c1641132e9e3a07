"""Staff can count what exists by any mix of criteria; small counts are hidden and totals do not give them away."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from ngc_pipelines.adapters.genome_database.overview import MOST_CELLS, take_overview
from ngc_pipelines.cli import main
from ngc_pipelines.domain.criteria import criterion_fields, parse_criteria
from ngc_pipelines.domain.errors import Refused

AS_OF = date(2026, 11, 20)


@pytest.fixture
def counted(site: Any, numbers: tuple[str, ...]) -> Any:
    """Six women and seven men in one group, three women in another; two samples of one of them."""
    for place in range(6):
        site.report(f"F{place}", numbers[place], sex="F", age=18 + place)
    for place in range(6, 13):
        site.report(f"M{place}", numbers[place], sex="M", age=92, sequencing_date=date(2020, 1, 1))
    for place in range(13, 16):
        site.report(f"K{place}", numbers[place], sex="F", patient_group="kidney_failure")
        site.report(f"K{place}b", numbers[place], sex="F", patient_group="kidney_failure")
    site.deliver([numbers[40]])
    return site


def told(site: Any, by: list[str], **criteria: Any) -> tuple[dict[Any, str], dict[Any, str]]:
    chosen = parse_criteria(criteria, as_of=AS_OF) if criteria else None
    overview = take_overview(site.runtime, criteria=chosen, by=by, as_of=AS_OF)
    return (
        {key: count.text_en for key, count in overview.cells.items()},
        {key: count.text_en for key, count in overview.totals.items()},
    )


def test_counts_are_exact_from_five_persons_on_and_hidden_below_whatever_the_number_of_samples(counted: Any) -> None:
    cells, totals = told(counted, ["patient_group", "sex"])
    assert (cells["neurogenetics", "F"], cells["neurogenetics", "M"]) == ("6", "7")
    # Six samples, but of three persons.
    assert (cells["kidney_failure", "F"], cells["kidney_failure", "M"]) == ("<5", "<5")
    assert totals["neurogenetics", None] == "13"
    assert totals["kidney_failure", None] == "not told"
    assert totals[None, "F"] == "at least 6"
    assert totals[None, None] == "at least 13"


def test_a_code_with_nobody_looks_like_one_with_few(counted: Any) -> None:
    cells, _ = told(counted, ["patient_group"])
    groups = next(field.codes for field in criterion_fields(AS_OF) if field.code == "patient_group")
    assert {code for (code,) in cells} == set(groups)
    assert cells["ophthalmology",] == cells["kidney_failure",] == "<5"


def test_ages_are_counted_in_bands_and_dates_by_year(counted: Any) -> None:
    cells, _ = told(counted, ["age"], patient_group=["neurogenetics"])
    assert {code: count for (code,), count in cells.items() if count != "<5"} == {"90+": "7"}
    cells, _ = told(counted, ["sequencing_date"], patient_group=["neurogenetics"])
    assert {code: count for (code,), count in cells.items() if count != "<5"} == {"2020": "7", "2024": "6"}


def test_criteria_restrict_what_is_counted(counted: Any) -> None:
    assert told(counted, [], sex=["M"])[0] == {(): "7"}
    assert told(counted, [], sex=["M"], age={"from": 0, "to": 91})[0] == {(): "<5"}
    assert told(counted, [], age={"from": 18, "to": 23}, patient_group=["neurogenetics"])[0] == {(): "6"}
    assert told(counted, [], sequencing_date={"to": date(2020, 1, 1)})[0] == {(): "7"}


def test_a_person_under_two_numbers_is_one_person(site: Any, numbers: tuple[str, ...]) -> None:
    for place in range(5):
        site.report(f"S{place}", numbers[place])
    assert told(site, [])[0] == {(): "5"}
    site.deliver([numbers[40]], [(numbers[0], numbers[1])])
    assert told(site, [])[0] == {(): "<5"}


@pytest.mark.parametrize(
    "by",
    [["person_cpr"], ["sex", "sex"], ["sex", "age", "sample_type", "assay"], ["sex; DROP TABLE genome.samples"]],
    ids=["identifier", "twice", "too many", "injection"],
)
def test_what_cannot_be_counted_by_is_refused(site: Any, by: list[str]) -> None:
    with pytest.raises(Refused, match="GD-4"):
        take_overview(site.runtime, criteria=None, by=by, as_of=AS_OF)


def test_an_overview_with_too_many_cells_is_refused(site: Any) -> None:
    later = date(2200, 1, 1)
    with pytest.raises(Refused, match=str(MOST_CELLS)):
        take_overview(site.runtime, criteria=None, by=["sequencing_date", "patient_group", "sex"], as_of=later)


def test_the_command_prints_a_table_and_writes_json(
    counted: Any, settings_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings_environ.items():
        monkeypatch.setenv(name, value)
    assert main(["overview", "patient_group=neurogenetics,kidney_failure", "--by", "patient_group"]) == 0
    printed = capsys.readouterr().out.split("\n")
    assert [line.split() for line in printed[:3]] == [
        ["patient_group", "samples"],
        ["neurogenetics", "13"],
        ["kidney_failure", "<5"],
    ]
    assert main(["overview", "sex=M", "age=90..", "--by", "sex", "--json", "-"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert date.fromisoformat(written.pop("as_of"))
    assert written == {
        "schema": "ngc.overview/1",
        "criteria": {"age": {"from": 90}, "sex": ["M"]},
        "by": ["sex"],
        "counted": "samples",
        "threshold": 5,
        "cells": [{"sex": "M", "samples": 7, "shown": "7"}],
        "totals": [{"sex": None, "samples": 7, "shown": "7"}],
    }


def test_the_command_refuses_faulty_criteria_with_words(
    settings_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in settings_environ.items():
        monkeypatch.setenv(name, value)
    assert main(["overview", "sex=X"]) == 1
    assert "criteria.sex" in capsys.readouterr().err
