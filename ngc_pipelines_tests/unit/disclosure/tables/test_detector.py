"""The tables of one file are judged whole; what is no count of persons blocks nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.pieces import Piece, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.tables import detector
from ngc_pipelines.disclosure.tables.detector import TableDetector
from ngc_pipelines_tests.disclosure_rows.clean import clean_items
from ngc_pipelines_tests.disclosure_rows.unseen import unseen_items

PLACE = Place(("t",))
SMALL = [["Number of patients", "A", "B"], ["N", "3", "12"], ["S", "15", "16"]]
OF_COUNTS = {Kind.SMALL_CELL, Kind.RECOVERABLE_CELL, Kind.IMPLIED_SMALL_COUNT}


def findings_of(pieces: Iterable[Piece]) -> list[Finding]:
    judge = TableDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    return [*(finding for piece in pieces for finding in judge.see(piece)), *judge.end()]


def small_cells_of(rows: list[list[str]]) -> Finding:
    """The one finding of small cells in a table of numbers of patients."""
    (found,) = [
        one for one in findings_of([Table(PLACE, rows, title="Number of patients")]) if one.kind is Kind.SMALL_CELL
    ]
    return found


def test_results_that_may_leave_are_not_blocked_for_their_counts() -> None:
    items = [*clean_items(), *unseen_items(dirty=False)]
    blocked = [
        item.name
        for item in items
        if any(one.kind in OF_COUNTS and one.severity is Severity.BLOCK for one in findings_of(item.pieces()))
    ]
    assert len(items) > 300
    assert blocked == []


def test_a_small_count_in_the_last_block_of_a_long_table_is_found() -> None:
    first = Table(PLACE, SMALL[:1] + SMALL[2:], number=0, last=False, addressing="line")
    last = Table(PLACE, SMALL[:2], number=1, last=True, addressing="line")
    assert Kind.SMALL_CELL in {finding.kind for finding in findings_of([first, last])}


def test_a_text_that_is_one_table_is_not_read_twice() -> None:
    text = Text(PLACE, "Number of patients   A    B\nN                    3   12\nS                   15   16\n")
    both: list[Piece] = [text, Table(PLACE, SMALL, addressing="line")]
    assert [one.count for one in findings_of(both) if one.kind is Kind.SMALL_CELL] == [1]
    assert [one.count for one in findings_of([text]) if one.kind is Kind.SMALL_CELL] == [1]


def test_a_delimited_table_beside_it_hides_no_table_in_running_text() -> None:
    text = "Number of patients   A    B\nN                    3   12\nS                   15   16\n\na;b\n1;2\n"
    beside = Table(PLACE, [["a", "b"], ["1", "2"]], first_row=5, addressing="line")
    (found,) = [one for one in findings_of([Text(PLACE, text), beside]) if one.kind is Kind.SMALL_CELL]
    assert found.where == "t › line 2, value 1 (row 'N', column 'A')"


@pytest.mark.parametrize(
    "label",
    ["020160", "ab12cd345678", "a.b@c.dk", "12 34 56 78", "1960-04-12", "12.04.60"],
    ids=["id", "pseudonym", "mail", "phone", "date", "day"],
)
def test_a_label_that_may_name_a_person_is_not_told_again(label: str) -> None:
    rows = [["", "A", "B"], [f"who {label}", "3", "12"], ["S", "15", "16"]]
    (found,) = [
        one for one in findings_of([Table(PLACE, rows, title="Number of patients")]) if one.kind is Kind.SMALL_CELL
    ]
    assert found.where == "t › row 2, column 2 (column 'A')"


def test_labels_of_years_and_ages_and_the_beginning_of_long_ones_are_told() -> None:
    rows = [["", "Women", "x" * 80], ["18-64", "3", "12"], ["2014–2018", "15", "2"], ["rs12345678", "1", "9"]]
    (found,) = [
        one for one in findings_of([Table(PLACE, rows, title="Number of patients")]) if one.kind is Kind.SMALL_CELL
    ]
    assert found.places == (
        "t › row 2, column 2 (row '18-64', column 'Women')",
        f"t › row 3, column 3 (row '2014–2018', column '{'x' * 59}…')",
        "t › row 4, column 2 (row 'rs12345678', column 'Women')",
    )


BLANKED_TWICE = [
    ["", "A", "B", "C", "Total"],
    ["North", "*", "*", "20", "24"],
    ["South", "*", "*", "41", "61"],
    ["West", "18", "22", "40", "80"],
    ["Total", "30", "34", "101", "165"],
]


def test_cells_blanked_in_one_line_that_make_a_small_count_together_are_told() -> None:
    found = findings_of([Table(PLACE, BLANKED_TWICE, title="Number of patients")])
    (told,) = [one for one in found if one.kind is Kind.IMPLIED_SMALL_COUNT]
    assert (told.severity, told.count) == (Severity.NOTE, 1)
    assert told.where == "t › row 2, column 2 (row 'North', column 'A') + t › row 2, column 3 (row 'North', column 'B')"
    assert told.message.en.startswith("2 blanked cells hold 4 together, fewer than 5 persons, because the parts of")
    assert told.message.da.startswith("2 blændede celler holder tilsammen 4, altså færre end 5 personer, for delene af")


def test_cells_blanked_in_one_line_that_make_five_together_are_not_told() -> None:
    rows = [list(row) for row in BLANKED_TWICE]
    for row, column, number in ((1, 4, "25"), (2, 4, "60")):
        rows[row][column] = number
    found = findings_of([Table(PLACE, rows, title="Number of patients")])
    assert [one for one in found if one.kind is Kind.IMPLIED_SMALL_COUNT] == []


def test_small_numbers_that_nobody_explains_are_asked_about_and_do_not_block() -> None:
    found = findings_of([Table(PLACE, [["", "A", "B"], ["X", "3", "12"], ["Y", "8", "4"]])])
    assert [(one.kind, one.severity) for one in found] == [(Kind.UNCLEAR_TABLE, Severity.REVIEW)]


def test_small_counts_of_genes_are_asked_about() -> None:
    rows = [["gene", "consequence", "n"], ["A", "missense", "3"], ["B", "nonsense", "4"]]
    found = findings_of([Table(PLACE, rows)])
    assert [(one.kind, one.severity) for one in found] == [(Kind.UNCLEAR_TABLE, Severity.REVIEW)]


def test_what_is_too_long_to_be_looked_at_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "MOST_LINES", 500)
    block = "Region   A    B\n" + "".join(f"r{n:04}   {n + 10:4} {n + 10:4}\n" for n in range(200)) + "\n"
    texts = [Text(Place((f"part {n}",)), block) for n in range(6)]
    told = [one for one in findings_of(texts) if "not examined" in one.message.en]
    assert [one.severity for one in told] == [Severity.REVIEW]
