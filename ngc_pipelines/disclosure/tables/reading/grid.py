"""A grid's cells sorted by what stands in them, and its blocks one below the other.

Merged cells are filled in, empty margins cut off, and a grid that holds several
tables is cut into blocks. Which rows of a block are header is told by `layout`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from ngc_pipelines.disclosure.pieces import Cell, Table
from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.reading.numbers import Decimals, Token, decimals_of, tokens_of


class Sort(Enum):
    """What stands in a cell."""

    EMPTY = "empty"
    NUMBER = "number"
    MARK = "mark"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its text as printed, and the numbers or the mark in it.

    Args:
        indent: blanks before the text, which show nesting in a column of labels.
    """

    sort: Sort
    text: str = ""
    tokens: tuple[Token, ...] = ()
    mark: Mark | None = None
    indent: int = 0


EMPTY = GridCell(Sort.EMPTY)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a grid that may be one table.

    Args:
        rows: cells, all rows as long as each other.
        top: number in the piece of the first row, from 0.
    """

    piece: Table
    rows: tuple[tuple[GridCell, ...], ...]
    top: int

    def where(self, row: int, column: int) -> str:
        """The place of a cell of the block in the document."""
        return self.piece.where(self.top + row, column)


def blocks_of(piece: Table) -> Iterator[Block]:
    """The blocks of a grid: rows between empty rows, several tables apart."""
    texts = [[printed_text(cell) for cell in row] for row in piece.rows]
    width = max((len(row) for row in texts), default=0)
    decimals = decimals_of([text for row in texts for text in row if text])
    rows = [_cells(row, width, decimals) for row in texts]
    _fill_merged(piece, rows)
    start: int | None = None
    for number in range(len(rows) + 1):
        empty = number == len(rows) or all(cell.sort is Sort.EMPTY for cell in rows[number])
        if not empty and start is None:
            start = number
        elif empty and start is not None:
            yield Block(piece, tuple(tuple(row) for row in rows[start:number]), start)
            start = None


def printed_text(cell: Cell) -> str:
    """A cell as it is printed; whole numbers without a decimal sign."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _cells(row: list[str], width: int, decimals: Decimals) -> list[GridCell]:
    return [cell_of(text, decimals) for text in row] + [EMPTY] * (width - len(row))


def cell_of(text: str, decimals: Decimals) -> GridCell:
    """What stands in one cell."""
    shown = text.strip().replace("\u00a0", " ").strip()
    if not shown:
        return EMPTY
    indent = len(text) - len(text.lstrip(" \t\u00a0\u2003\u2002"))
    mark = mark_of(shown)
    if mark is not None:
        return GridCell(Sort.MARK, shown, mark=mark, indent=indent)
    tokens = tokens_of(shown, decimals)
    if tokens:
        return GridCell(Sort.NUMBER, shown, tokens=tokens, indent=indent)
    return GridCell(Sort.TEXT, shown, indent=indent)


def _fill_merged(piece: Table, rows: list[list[GridCell]]) -> None:
    """Write a merged cell's text of labels into all of its area; numbers stay where they are."""
    for merge in piece.merges:
        if merge.bottom >= len(rows) or merge.right >= len(rows[merge.top]):
            continue
        first = rows[merge.top][merge.left]
        if first.sort is not Sort.TEXT:
            continue
        for row in range(merge.top, merge.bottom + 1):
            for column in range(merge.left, merge.right + 1):
                rows[row][column] = first
