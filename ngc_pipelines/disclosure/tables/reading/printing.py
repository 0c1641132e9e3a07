"""From a grid of cells to printed tables: the entry of this room.

One grid may hold several tables, one below the other; each has a header, a
stub of labels and a body. What a number is, is told by its header and format.
"""

from __future__ import annotations

from decimal import Decimal

from ngc_pipelines.disclosure.pieces import Cell, Table
from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.tidy import is_total


def printed_tables(table: Table) -> tuple[PrintedTable, ...]:
    """The tables of one grid; none where no body of numbers is found."""
    rows = [list(row) for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    if len(rows) < 2 or width < 2:
        return ()
    header = [_text(cell) for cell in rows[0]]
    columns = tuple(
        Line((header[column] if column < len(header) else "",), total=_total(header, column))
        for column in range(1, width)
    )
    lines: list[Line] = []
    cells: dict[tuple[int, int], tuple[Printed, ...]] = {}
    for number, row in enumerate(rows[1:]):
        label = _text(row[0])
        lines.append(Line((label,), total=is_total(label)))
        for column in range(1, width):
            made = _printed(row[column] if column < len(row) else None, table.where(number + 1, column))
            if made is not None:
                cells[number, column - 1] = (made,)
    if not any(one.value is not None for cell in cells.values() for one in cell):
        return ()
    return (PrintedTable(str(table.place), tuple(lines), columns, cells, table.title, table.notes),)


def _total(header: list[str], column: int) -> bool:
    return column < len(header) and is_total(header[column])


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _printed(cell: Cell, where: str) -> Printed | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer():
        return Printed(Meaning.COUNT, Decimal(int(cell)), where)
    text = _text(cell)
    if text.isdigit():
        return Printed(Meaning.COUNT, Decimal(text), where)
    mark = mark_of(text)
    return Printed(Meaning.COUNT, None, where, mark=mark) if mark is not None else None
