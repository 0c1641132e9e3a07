"""Tables that a border of blocks cuts, or that a program wraps, are read whole and placed right."""

from __future__ import annotations

from ngc_pipelines.disclosure.pieces import Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.borders import KEPT, LONG, Borders
from ngc_pipelines.disclosure.tables.reading.console import tables_in
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables

PLACE = Place(("log",))
PROSE = "the model was fitted and nothing else is told in this line of the log\n"
TABLE = """Number of patients

Group       Women    Men   Total
A              12      *      22
B              40     21      61
Total          52     31      83
"""


def _tables(pieces: list[Text]) -> list[PrintedTable]:
    borders = Borders()
    texts = [text for piece in pieces for text in borders.add(piece)] + list(borders.end())
    return [table for text in texts for piece in tables_in(text) for table in printed_tables(piece)]


def _cut(text: str, at: int) -> list[Text]:
    """The text in two blocks of whole lines, as an opener yields them."""
    at = text.rfind("\n", 0, at) + 1
    return [
        Text(PLACE, text[:at], first_line=1),
        Text(PLACE, text[at:], first_line=1 + text.count("\n", 0, at)),
    ]


def test_a_table_across_the_border_of_two_blocks_is_read_as_one_wherever_the_border_lies() -> None:
    before = PROSE * (LONG // len(PROSE) + 1)
    text = f"{before}\n{TABLE}\n{PROSE}"
    whole = _tables([Text(PLACE, text, first_line=1)])
    assert len(whole) == 1
    for offset in range(20, len(TABLE) + 20, 25):
        assert _tables(_cut(text, len(before) + offset)) == whole


def test_nothing_is_lost_or_read_twice_at_a_border() -> None:
    text = f"{PROSE * (LONG // len(PROSE) + 1)}\n{TABLE}\nlast lines\n{PROSE}"
    borders = Borders()
    texts = [part for piece in _cut(text, LONG + 100) for part in borders.add(piece)] + list(borders.end())
    assert "".join(part.text for part in texts) == text
    assert [part.first_line for part in texts] == [
        1 + sum(earlier.text.count("\n") for earlier in texts[:place]) for place in range(len(texts))
    ]


def test_a_long_run_of_lines_is_not_held_back() -> None:
    text = Text(PLACE, "1  2  3\n" * (2 * KEPT), first_line=1)
    assert list(Borders().add(text)) == [text]


def test_texts_of_other_places_are_not_put_together() -> None:
    first = Text(PLACE, PROSE * (LONG // len(PROSE)) + "\n" + TABLE, first_line=1)
    other = Text(Place(("other",)), PROSE, first_line=1 + first.text.count("\n"))
    assert len(_tables([first, other])) == 1


def test_the_cells_of_wrapped_columns_are_placed_in_their_own_lines() -> None:
    text = """> table(d$dx, d$region)
            Hovedstaden Sjælland
Diabetes            120       81
Astma                40       33
            Midtjylland Nordjylland
Diabetes            101           3
Astma                44          21
"""
    (table,) = (t for piece in tables_in(Text(PLACE, text)) for t in printed_tables(piece))
    assert [line.name for line in table.columns] == ["Hovedstaden", "Sjælland", "Midtjylland", "Nordjylland"]
    assert table.cells[0, 3][0].where == "log › line 6, value 2"


def test_the_cells_of_stacked_tables_are_placed_by_their_numbers() -> None:
    text = """Frequency|
Row Pct  |case    |control |  Total
---------+--------+--------+
F        |      3 |     97 |    100
         |   3.00 |  97.00 |
---------+--------+--------+
M        |     10 |     90 |    100
         |  10.00 |  90.00 |
---------+--------+--------+
Total          13      187      200
"""
    (table,) = (t for piece in tables_in(Text(PLACE, text)) for t in printed_tables(piece))
    assert table.cells[0, 0][0].where == "log › line 4, value 1"
    assert table.rows[-1].total
