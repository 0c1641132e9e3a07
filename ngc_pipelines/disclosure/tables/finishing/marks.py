"""Which mark is put in place of a blanked number: one for a whole table.

Primaries and secondaries get the same one, or a reader could tell them apart
(with `<5` on the first and `*` on the others, most primaries become known).
"""

from __future__ import annotations

from collections import Counter

from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Mark, Meaning, PrintedTable
from ngc_pipelines.disclosure.tables.reading.legends import legend_of
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable

# Tried in this order where a table's own words take the first for something else.
NEUTRAL_MARKS = ("*", "..", ":", "x")


def is_neutral(text: str) -> bool:
    """Whether a mark says nothing of the number behind it; an empty cell is no mark to write."""
    mark = mark_of(text)
    return bool(text.strip()) and mark is not None and not mark.speaks


def marks_in(table: TidyTable | PrintedTable) -> list[Mark]:
    """The marks in place of counts, in the order of print."""
    if isinstance(table, TidyTable):
        return [cell.mark for cell in table.cells if cell.mark is not None]
    return [
        one.mark
        for _, cell in sorted(table.cells.items())
        for one in cell
        if one.mark is not None and one.meaning is Meaning.COUNT
    ]


def mark_for(table: TidyTable | PrintedTable, wanted: str) -> str:
    """The table's own mark where it has one that says nothing of the number, and `wanted` otherwise.

    Args:
        wanted: the policy's mark; another is taken where the table's own words
            give it a meaning.
    """
    own = Counter(mark.text for mark in marks_in(table) if mark.text and not mark.speaks)
    if own:
        return own.most_common(1)[0][0]
    told = {} if isinstance(table, TidyTable) else legend_of([table.title or "", *table.notes])
    for text in (wanted, *NEUTRAL_MARKS):
        said = told.get(text.casefold())
        if said is None or (isinstance(said, Mark) and not said.speaks):
            return text
    return wanted


def differ(table: TidyTable | PrintedTable) -> bool:
    """Whether the table has several marks, or one that tells a range."""
    marks = marks_in(table)
    return len({mark.text for mark in marks}) > 1 or any(mark.speaks for mark in marks)
