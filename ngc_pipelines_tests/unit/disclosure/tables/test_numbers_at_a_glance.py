"""Plain cells, which are read at a glance, are read as all others are; typed numbers as they are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.reading.numbers import Decimals, plain_tokens, tokens_of
from ngc_pipelines.disclosure.tables.reading.printing import MATRIX, printed_tables

CELLS = (
    "0", "7", "120", "12345", "4,5", "4.5", "0,123", "0.123", "1.234", "1,234", "12.345", "12 %", "4,5 %", "4.5%",
    "12 (4)", "12 (4.5)", "12 (4,5 %)", "12(4.5%)", "1.234 (12,5)", "1,234 (12.5)", "12 ( 4.5)", "54.3 (12.1)",
    "12 (1.234)", "100 %", "12345.678", "12345,678",
)  # fmt: skip


@pytest.mark.parametrize("decimals", list(Decimals), ids=lambda decimals: decimals.name.lower())
@pytest.mark.parametrize("cell", CELLS)
def test_a_plain_cell_is_read_as_the_long_way_reads_it(cell: str, decimals: Decimals) -> None:
    at_a_glance = plain_tokens(cell, decimals)
    # A sign that says nothing leads the long way round.
    assert at_a_glance is None or at_a_glance == tokens_of(f"~{cell}", decimals)


def test_most_plain_cells_are_read_at_a_glance() -> None:
    assert sum(plain_tokens(cell, Decimals.POINT) is not None for cell in CELLS) > len(CELLS) // 2


def test_a_number_of_a_sheet_is_not_taken_for_a_text_with_thousands() -> None:
    rows = (("Group", "Mean", "N"), ("A", 1.234, 120), ("B", 2.5, 1234), ("C", 3.125, 40.0))
    (table,) = printed_tables(Table(Place(("sheet",)), rows, addressing="sheet"))
    assert table.cells[0, 0][0].value == Decimal("1.234")
    assert table.cells[1, 1][0].value == Decimal(1234)
    assert table.cells[2, 1][0].meaning is Meaning.COUNT


def test_the_decimals_of_a_matrix_say_nothing_and_its_counts_are_still_read() -> None:
    rows = (
        ("id", "x1", "x2", "Antal patienter"),
        *((f"r{n}", n + 0.25, f"{n}.75", 3 if n == 500 else 10 + n) for n in range(MATRIX)),
    )
    (table,) = printed_tables(Table(Place(("sheet",)), rows, addressing="sheet"))
    assert {column for _, column in table.cells} == {2}
    assert table.cells[500, 2][0].value == Decimal(3)
    assert table.cells[500, 2][0].where == "sheet › cell D502"


@pytest.mark.parametrize(("addressing", "where"), [("grid", "t › row 3, column 2"), ("line", "t › line 3, field 2")])
def test_places_are_the_same_however_they_are_written(addressing: str, where: str) -> None:
    rows = (("Region", "Antal"), ("Nord", "12"), ("Syd", "3"))
    piece = Table(Place(("t",)), rows, addressing="line" if addressing == "line" else "grid")
    (table,) = printed_tables(piece)
    assert table.cells[1, 0][0].where == where == piece.where(2, 1)
