"""Findings of several files' tables reach the files they stand in, masked and graded by the policy."""

from __future__ import annotations

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, Policy
from ngc_pipelines.disclosure.results import FileResult
from ngc_pipelines.disclosure.tables.stored import table_to_data
from ngc_pipelines.disclosure.tables_together import with_tables_together
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed
from ngc_pipelines_tests.unit.disclosure.tables.test_together import HIDDEN, ROW_BESIDE

FILES = [FileResult("a.txt", "", 1, "text"), FileResult("b.txt", "", 1, "text")]


def tables(first: str = HIDDEN) -> dict[str, list[dict[str, object]]]:
    return {"a.txt": [table_to_data(printed(first))], "b.txt": [table_to_data(printed(ROW_BESIDE))]}


def test_files_that_complete_each_other_are_blocked() -> None:
    first, second = with_tables_together(FILES, tables(), (), DEFAULT_POLICY, None)
    assert first.verdict == "blocked"
    assert {finding.kind for finding in first.findings} == {Kind.RECOVERABLE_CELL}
    assert second.verdict == "clear"


def test_the_policy_says_what_it_weighs() -> None:
    lenient = Policy(severities={Kind.RECOVERABLE_CELL: Severity.REVIEW})
    first, _ = with_tables_together(FILES, tables(), (), lenient, None)
    assert first.verdict == "review"


def test_labels_that_are_identifiers_are_not_repeated() -> None:
    number = "020160-9995"
    named = {
        "a.txt": [table_to_data(printed(HIDDEN.replace("North", number)))],
        "b.txt": [table_to_data(printed(ROW_BESIDE.replace("North", number)))],
    }
    first, _ = with_tables_together(FILES, named, (), DEFAULT_POLICY, None)
    assert first.findings
    assert number not in repr(first.findings)


def test_tables_that_come_damaged_out_of_a_process_are_for_review() -> None:
    damaged = tables()
    damaged["a.txt"][0]["rows"] = 7
    first, _ = with_tables_together(FILES, damaged, (), DEFAULT_POLICY, None)
    assert first.verdict == "review"


def test_files_without_tables_stay_as_they_were() -> None:
    assert with_tables_together(FILES, {}, (), DEFAULT_POLICY, None) == FILES
