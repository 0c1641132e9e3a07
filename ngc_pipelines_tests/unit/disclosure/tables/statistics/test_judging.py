"""What is said of statistics as programs and journals print them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, Policy, Thresholds, policy_from_data
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines.disclosure.tables.statistics.judging import statistics_findings
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed
from ngc_pipelines_tests.unit.disclosure.tables.statistics.held import (
    Example,
    examples,
    found_by_detector,
    judged,
    verdict_of,
)

DIRTY = [*examples("dirty.txt"), *examples("dirty_later.txt")]
CLEAN = [*examples("clean.txt"), *examples("clean_later.txt")]


@pytest.mark.parametrize("example", DIRTY, ids=str)
def test_a_statistic_that_gives_persons_away_is_named(example: Example) -> None:
    findings = judged(example)
    assert verdict_of(findings) == example.verdict
    assert example.kinds <= {finding.kind.value for finding in findings}


@pytest.mark.parametrize("example", CLEAN, ids=str)
def test_a_statistic_that_gives_nobody_away_passes(example: Example) -> None:
    assert verdict_of(judged(example)) == "none", judged(example)


@pytest.mark.parametrize("example", examples("dirty_third.txt"), ids=str)
def test_counts_that_a_statistic_leaves_are_named(example: Example) -> None:
    findings = found_by_detector(example)
    assert verdict_of(findings) == example.verdict
    assert example.kinds <= {finding.kind.value for finding in findings}
    assert all(finding.message.da != finding.message.en and finding.advice.da for finding in findings)


@pytest.mark.parametrize("example", examples("clean_third.txt"), ids=str)
def test_what_leaves_enough_persons_passes(example: Example) -> None:
    assert verdict_of(found_by_detector(example)) == "none", found_by_detector(example)


@pytest.mark.parametrize("example", DIRTY, ids=str)
def test_every_finding_names_rule_place_and_remedy_in_both_languages(example: Example) -> None:
    for finding in judged(example):
        assert finding.rule in {"DC-5", "DC-6", "DC-7"}
        assert finding.where.startswith("result.txt")
        assert all((finding.message.da, finding.message.en, finding.advice.da, finding.advice.en))
        assert finding.message.da != finding.message.en
        assert len(finding.places) <= finding.count


def _has_no_order(example: Example) -> bool:
    """Rows of a model, and rows in time, mean something by their order."""
    return example.shape == "table" and "saturated_model" not in example.kinds and "Survival" not in example.body


@pytest.mark.parametrize("example", filter(_has_no_order, DIRTY), ids=str)
def test_the_order_of_rows_does_not_matter(example: Example) -> None:
    header, *rows = example.body.split("\n")
    turned = replace(example, body="\n".join([header, *reversed(rows)]))
    assert verdict_of(judged(turned)) == example.verdict


def test_a_value_of_a_person_is_not_repeated() -> None:
    text = "The oldest participant was 101 years old at inclusion."
    (finding,) = statistics_findings([], [Text(Place(("t",)), text, 1)], DEFAULT_POLICY)
    assert "101" not in re.sub(r"\W", " ", finding.message.en + finding.message.da + finding.advice.en).split()


def test_program_code_is_left_to_others() -> None:
    text = Text(Place(("t",)), "age range 18-93 was kept; oldest was 101", 1, language="r")
    assert list(statistics_findings([], [text], DEFAULT_POLICY)) == []


def test_the_policy_moves_the_residual_degrees_of_freedom() -> None:
    text = Text(Place(("t",)), "Residual standard error: 1.2 on 14 degrees of freedom", 1)
    assert list(statistics_findings([], [text], DEFAULT_POLICY)) == []
    strict = Policy(thresholds=Thresholds(residual_df=20))
    (finding,) = statistics_findings([], [text], strict)
    assert (finding.kind, finding.severity) == (Kind.SATURATED_MODEL, Severity.REVIEW)
    assert policy_from_data(strict.as_data()).thresholds.residual_df == 20


def test_the_policy_moves_the_number_behind_a_median() -> None:
    table = printed("Group | N | Median\nA | 7 | 54\nB | 90 | 51")
    assert list(statistics_findings([table], [], DEFAULT_POLICY)) == []
    (finding,) = statistics_findings([table], [], Policy(thresholds=Thresholds(position=10)))
    assert (finding.rule, finding.severity) == ("DC-7", Severity.BLOCK)


def test_many_places_of_one_fault_are_said_once() -> None:
    rows = "\n".join(f"Ward {n} | 40 | 54.1 | 18 | {80 + n % 9}" for n in range(30))
    (finding,) = statistics_findings([printed(f"Ward | N | Mean | Min | Max\n{rows}")], [], DEFAULT_POLICY)
    assert finding.count == 60
    assert len(finding.places) == 5


def test_all_of_a_small_group_in_one_cell_is_for_review() -> None:
    table = printed("Status | Carriers\nAffected | 12\nUnaffected | 0\nTotal | 12")
    answer = audit(system_of([table], {}), Question())
    kinds = [(one.kind, one.severity) for one in statistics_findings([table], [], DEFAULT_POLICY, answer)]
    assert (Kind.IMPLIED_SMALL_COUNT, Severity.REVIEW) in kinds


def test_what_somebody_inside_can_compute_is_noted() -> None:
    table = printed(
        "Region | Men | Women | Total\nA | x | x | 30\nB | x | x | 40\nC | 20 | 25 | 45\nTotal | 50 | 65 | 115"
    )
    answer = audit(system_of([table], {}), Question())
    (finding,) = statistics_findings([table], [], DEFAULT_POLICY, answer)
    assert (finding.rule, finding.severity, finding.count) == ("DC-6", Severity.NOTE, 4)


def test_blocks_of_one_long_list_are_one_list() -> None:
    header = ("SNP", "CHR", "BP", "MAF")
    tables = []
    for block in range(3):
        rows = [(f"rs{block * 50 + n}", "1", str((block * 50 + n) * 200_000), f"0.{200 + n}") for n in range(50)]
        piece = Table(Place(("list.txt",)), (header, *rows), number=block, last=block == 2)
        tables += printed_tables(piece)
    found = [one for one in statistics_findings(tables, [], DEFAULT_POLICY) if one.kind is Kind.GENOMIC_SUMMARY]
    (finding,) = found
    assert finding.severity is Severity.REVIEW
    assert "150" in finding.message.en


def test_a_long_list_of_frequencies_tells_its_power_for_the_cohort() -> None:
    lines = [" CHR SNP A1 A2 MAF NCHROBS"]
    lines += [f"   1 rs{n} A G 0.{2000 + n % 900} 200" for n in range(1000)]
    (finding,) = statistics_findings([], [Text(Place(("t",)), "\n".join(lines), 1)], DEFAULT_POLICY)
    assert "1000 independent variants and 100 persons" in finding.message.en
    assert "53 %" in finding.message.en


def test_association_results_of_many_variants_are_for_review() -> None:
    lines = ["SNP CHR BP BETA SE P"]
    lines += [f"rs{n} 1 {n * 1000} 0.0{n % 90 + 10} 0.012 0.{n % 900 + 100}" for n in range(400)]
    (finding,) = statistics_findings([], [Text(Place(("t",)), "\n".join(lines), 1)], DEFAULT_POLICY)
    assert finding.kind is Kind.GENOMIC_SUMMARY
    assert "4 independent variants" in finding.message.en


def test_a_large_log_is_read_without_a_finding() -> None:
    line = "2026-03-01 10:02:11 INFO step {} finished with {} records in {} seconds"
    text = "\n".join(line.format(n, n * 7, n % 60) for n in range(20_000))
    assert list(statistics_findings([], [Text(Place(("t",)), text, 1, language="log")], DEFAULT_POLICY)) == []


@pytest.mark.parametrize("body", ["", "\n\n", "mean\n" * 50, "n " * 3000, "Min. Max. Mean\n" * 30, "OR " * 500])
def test_texts_without_numbers_say_nothing(body: str) -> None:
    assert list(statistics_findings([], [Text(Place(("t",)), body, 1)], DEFAULT_POLICY)) == []
