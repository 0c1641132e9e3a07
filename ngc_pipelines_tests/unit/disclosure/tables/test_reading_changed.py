"""What does not change a table's meaning does not change its answer: order, direction, language, notes."""

from __future__ import annotations

from collections import Counter

import pytest

from ngc_pipelines.disclosure.pieces import Cell, Merge, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.reading.console import LONGEST, TooManyLines, tables_in
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.reading.whole import TooManyCells, WholeTables
from ngc_pipelines.disclosure.tables.relations.joined import system_of

Rows = list[list[str]]
Answers = Counter[tuple[int, int | None, str]]

TABLE: Rows = [
    ["Number of patients", "A", "B", "C", "Total"],
    ["North", "<5", "*", "31", "95"],
    ["Middle", "*", "*", "40", "110"],
    ["South", "22", "40", "*", "88"],
    ["Total", "*", "*", "97", "293"],
]


def answers(rows: Rows) -> Answers:
    """Low, high and status of each blanked cell, however the table is turned."""
    tables = printed_tables(Table(Place(("t",)), rows))
    return Counter((a.low, a.high, a.status.value) for a in audit(system_of(tables, {}), Question()).answers)


BEFORE = answers(TABLE)


def test_the_table_gives_something_away() -> None:
    assert sum(BEFORE.values()) == 7
    assert {status for _, _, status in BEFORE} == {"exact", "narrow", "safe"}


def test_transposing_changes_nothing() -> None:
    assert answers([list(line) for line in zip(*TABLE, strict=True)]) == BEFORE


@pytest.mark.parametrize("order", [[0, 3, 1, 2, 4], [0, 4, 1, 2, 3], [0, 2, 3, 1, 4]], ids=str)
def test_the_order_of_rows_and_columns_changes_nothing(order: list[int]) -> None:
    assert answers([TABLE[row] for row in order]) == BEFORE
    assert answers([[line[column] for column in order] for line in TABLE]) == BEFORE


@pytest.mark.parametrize("word", ["I alt", "Sum", "Alle", "Samlet", "All", "Overall", "TOTAL", "Hele landet", "I alt:"])
def test_the_word_for_the_total_changes_nothing(word: str) -> None:
    translated = [[word if cell == "Total" else cell for cell in line] for line in TABLE]
    assert answers(translated) == BEFORE


def test_titles_notes_and_empty_margins_change_nothing() -> None:
    framed = [["Table 2. Patients by region"], [], *[["", *line] for line in TABLE], [], ["Source: the register"]]
    assert answers(framed) == BEFORE


def test_a_merged_header_goes_for_the_columns_below_it() -> None:
    rows = [["Region", "Antal", "", "I alt"], ["", "Kvinder", "Mænd", ""], ["Nord", "12", "13", "25"]]
    (table,) = printed_tables(Table(Place(("t",)), rows, merges=(Merge(0, 1, 0, 2),)))
    assert [line.labels for line in table.columns] == [("Antal", "Kvinder"), ("Antal", "Mænd"), ("I alt",)]


def test_labels_in_the_last_column_are_labels() -> None:
    assert answers([line[::-1] for line in TABLE]) == BEFORE


def test_fifty_tables_on_a_sheet_are_fifty() -> None:
    rows = [line for _ in range(50) for line in (*TABLE, [])]
    tables = printed_tables(Table(Place(("t",)), rows))
    assert len(tables) == 50
    assert len({table.where for table in tables}) == 50


def test_tables_side_by_side_are_apart() -> None:
    beside = [[*line, "", *line] for line in TABLE]
    assert answers(beside) == Counter({answer: 2 * times for answer, times in BEFORE.items()})


def test_letters_that_name_lines_are_no_blanked_cells() -> None:
    rows = [["Number of patients", "x", "z", "Total"], ["x", "12", "13", "25"], ["z", "20", "30", "50"]]
    (table,) = printed_tables(Table(Place(("t",)), rows))
    assert [line.name for line in table.columns] == ["x", "z", "Total"]
    assert not any(one.mark for cell in table.cells.values() for one in cell)


@pytest.mark.parametrize(
    ("legend", "low", "high"),
    [
        ("*: færre end 5 personer", 1, 4),
        ("* = fewer than five persons, including zero", 0, 4),
        ("Note: * betyder 0-4", 0, 4),
        ("*: fewer than 10", 1, 9),
        ("* suppressed", 0, None),
        ("*: under 5 eller sekundært blændet", 0, None),
    ],
)
def test_a_legend_says_what_a_mark_stands_for(legend: str, low: int, high: int | None) -> None:
    rows = [["Antal patienter", "A", "B"], ["N", "*", "12"], ["S", "15", "16"], [legend]]
    (table,) = printed_tables(Table(Place(("t",)), rows))
    mark = table.cells[0, 0][0].mark
    assert mark is not None
    assert (mark.low, mark.high) == (low, high)


def test_a_dash_that_stands_for_zero_is_zero() -> None:
    rows = [["Antal patienter", "A", "B"], ["N", "-", "12"], ["S", "15", "16"], ["- = nul"]]
    (table,) = printed_tables(Table(Place(("t",)), rows))
    assert table.cells[0, 0][0].value == 0
    assert table.cells[0, 0][0].meaning is Meaning.COUNT


def test_numbers_of_a_log_have_their_lines() -> None:
    text = "Started\n\n> table(d$sex, d$case)\n\n      0  1\n  F  12  3\n  M  40 21\n"
    (piece,) = tables_in(Text(Place(("log",)), text, first_line=101))
    (table,) = printed_tables(piece)
    assert table.cells[0, 1][0].where == "log › line 106, value 2"


def test_more_lines_of_numbers_than_are_read_are_told() -> None:
    block = "Region   A    B\n" + "".join(f"r{n:04}   {n:4} {n:4}\n" for n in range(400)) + "\n"
    with pytest.raises(TooManyLines):
        list(tables_in(Text(Place(("log",)), block * (LONGEST // 400 + 1))))


def test_a_long_table_is_put_together_from_its_blocks() -> None:
    header: list[Cell] = ["Region", "Patients"]
    whole = WholeTables(left=20)
    assert whole.add(Table(Place(("t",)), [header, ["N", 12]], number=0, last=False)) is None
    table = whole.add(Table(Place(("t",)), [header, ["S", 13]], number=1, last=True))
    assert table is not None
    assert list(table.rows) == [header, ["N", 12], ["S", 13]]
    with pytest.raises(TooManyCells):
        whole.add(Table(Place(("t",)), [["x"] * 30]))
