"""A document with every count rounded: the changes of its grids, and the note that says so."""

from __future__ import annotations

from collections import defaultdict

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place
from ngc_pipelines.disclosure.tables.finishing.document import Document, Home, text_at
from ngc_pipelines.disclosure.tables.finishing.editing import Edits, counts_printed
from ngc_pipelines.disclosure.tables.finishing.marks import mark_for
from ngc_pipelines.disclosure.tables.finishing.merged_cells import Recount, recounted_texts
from ngc_pipelines.disclosure.tables.printed import Meaning, PrintedTable
from ngc_pipelines.disclosure.tables.relations.shares import SHARES
from ngc_pipelines.disclosure.tables.repair.beside import beside_counts
from ngc_pipelines.disclosure.tables.repair.rounding import rounded


def note_of(base: int) -> str:
    """What the finished table says of its rounding; `reading` understands it."""
    return f"Antal er afrundet til nærmeste {base} / Counts are rounded to the nearest {base}"


def rounding_changes(document: Document, base: int, threshold: int, mark: str) -> list[GridChanges]:
    """The changes that round every count of the document.

    Args:
        threshold: statistics beside counts under it are blanked.

    Raises:
        CannotWrite: where a table has no room for the note, or is rounded already.
    """
    edits: dict[int, Edits] = defaultdict(Edits)
    for home in document.homes:
        made, grid = edits[home.grid], document.grids[home.grid]
        if not isinstance(home.table, PrintedTable):
            raise CannotWrite(
                Words(
                    "En tabel med én række pr. celle kan ikke bære noten om afrunding; "
                    "skriv den som en almindelig tabel.",
                    "A table with one row a cell cannot carry the note on rounding; print it as an ordinary table.",
                )
            )
        if home.table.rounded_to > 1:
            raise CannotWrite(Words("Tabellen er allerede afrundet.", "The table is rounded already."))
        made.audited.update(home.at.values())
        _round(home, home.table, grid, made, (base, threshold, mark))
        made.notes.append((_room(home, grid), note_of(base)))
    return [edits[number].of(grid) for number, grid in enumerate(document.grids)]


def _round(home: Home, table: PrintedTable, grid: Table, made: Edits, how: tuple[int, int, str]) -> None:
    base, threshold, mark = how
    before = counts_printed(home)
    # A number of persons in a header is no cell, and stays.
    cells = {spot for spot in before if any(one.where in home.at for one in table.cells[int(spot[0]), int(spot[1])])}
    recount = Recount(before, {spot: rounded(n, base) if spot in cells else n for spot, n in before.items()})
    text = mark_for(table, mark)
    spots = [
        spot
        for spot, cell in table.cells.items()
        if all(one.value is not None and (one.meaning is Meaning.COUNT or one.meaning in SHARES) for one in cell)
    ]
    made.texts.update(recounted_texts(home, grid, recount, spots, text))
    small = {
        one.where
        for spot, cell in table.cells.items()
        for one in cell
        if one.meaning is Meaning.COUNT and (one.value is None or 0 < before[spot] < threshold)
    }
    for count, ones in beside_counts([table]).items():
        for one in ones:
            place = home.at.get(one.where)
            if count in small and place is not None and one.where != count and one.meaning not in SHARES:
                made.texts[place] = text


def _room(home: Home, grid: Table) -> Place:
    """Where the note goes: the first free row below a table of a sheet, the row above one in a text."""
    if grid.addressing == "line":
        return 0, 0
    rows, columns = [place[0] for place in home.at.values()], [place[1] for place in home.at.values()]
    left = max(0, min(columns) - 1)
    row = max(rows) + 1
    while sum(bool(text_at(grid, (row, column))) for column in range(left, max(columns) + 1)) == 1:
        row += 1
    if any(text_at(grid, (row, column)) for column in range(left, max(columns) + 1)):
        raise CannotWrite(
            Words(
                "Der er ingen fri række under tabellen til noten om afrunding; indsæt en.",
                "There is no free row below the table for the note on rounding; put one in.",
            )
        )
    return row, left
