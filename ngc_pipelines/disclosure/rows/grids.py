"""A grid of cells with its names: what `judging` judges, wherever it came from.

Finding the header row of a table and cutting stacked tables apart lives here;
reading grids out of text lives in `printed` and `structures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ngc_pipelines.disclosure.pieces import Cell
from ngc_pipelines.disclosure.rows.values import as_number, is_day, is_nothing
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of

SAMPLE = 240
"""Data rows that are looked at; the rest is only counted."""

_HEADER_WITHIN = 6


@dataclass(frozen=True, slots=True)
class Grid:
    """Named columns and a sample of the rows beneath.

    Args:
        names: one for each column; empty where there is none.
        rows: a sample of the data rows, in order.
        count: data rows in all.
        first: number of the first data row or line, as the reader counts.
        listed: whether a program printed it as a listing of observations.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    first: int = 1
    listed: bool = False

    def column(self, index: int) -> list[Cell]:
        """The cells of one column; short rows have none there."""
        return [row[index] for row in self.rows if index < len(row)]

    def turned(self) -> Grid:
        """Rows for columns: the first column gives the names."""
        names = tuple(str(row[0]) if row and row[0] is not None else "" for row in self.rows)
        width = max(map(len, self.rows), default=0)
        rows = tuple(tuple(row[i] if i < len(row) else None for row in self.rows) for i in range(1, width))
        return Grid(names, rows, len(rows), self.first, self.listed)


def grids_of(rows: Sequence[Sequence[Cell]], first: int = 1) -> Iterator[Grid]:
    """The grids that stand in a table's rows, parted by empty rows, each with its header.

    Args:
        first: number of the first row, as the reader counts.
    """
    start: int | None = None
    for number, row in enumerate(rows):
        if all(map(is_nothing, row)) and not any(isinstance(cell, str) and cell.strip() for cell in row):
            if start is not None:
                yield from _side_by_side(rows[start:number], first + start)
            start = None
        elif start is None:
            start = number
    if start is not None:
        yield from _side_by_side(rows[start:], first + start)


def _side_by_side(rows: Sequence[Sequence[Cell]], first: int) -> Iterator[Grid]:
    """Tables that stand beside each other, parted by columns without anything in them."""
    held = [False] * max(map(len, rows))
    for row in rows:
        for column, cell in enumerate(row):
            held[column] = held[column] or not (cell is None or cell == "")
    column = 0
    while column < len(held):
        end = column
        while end < len(held) and held[end]:
            end += 1
        if end == len(held) and not column:
            yield from _with_header(rows, 0, len(rows), first)
        elif end > column:
            yield from _with_header([row[column:end] for row in rows], 0, len(rows), first)
        column = end + 1


def _with_header(rows: Sequence[Sequence[Cell]], start: int, end: int, first: int) -> Iterator[Grid]:
    header = _header_of(rows, start, end)
    body = start if header is None else header + 1
    if end - body < 1:
        return
    names = () if header is None else tuple(_name(cell) for cell in rows[header])
    width = max((len(row) for row in islice(rows, body, min(end, body + SAMPLE))), default=0)
    names += ("",) * (width - len(names))
    yield Grid(names, _sample(rows, body, end), end - body, first + body)


def _header_of(rows: Sequence[Sequence[Cell]], start: int, end: int) -> int | None:
    """The row among the first few that reads as names: most known words, then most texts."""
    best: tuple[float, int] | None = None
    for number in range(start, min(end - 1, start + _HEADER_WITHIN)):
        worth = _worth_as_header(rows[number])
        if worth > 0 and (best is None or worth > best[0] * 1.2):
            best = (worth, number)
    return None if best is None else best[1]


def _worth_as_header(row: Sequence[Cell]) -> float:
    filled = [cell for cell in row if not is_nothing(cell)]
    texts = [cell for cell in filled if isinstance(cell, str) and as_number(cell) is None and not is_day(cell)]
    if not texts or len(texts) < 0.5 * len(filled):
        return 0.0
    known = sum(role_of(text) is not Role.OTHER for text in set(texts) if len(text.strip()) > 1)
    return known + len(set(texts)) / 100


def _name(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _sample(rows: Sequence[Sequence[Cell]], start: int, end: int) -> tuple[tuple[Cell, ...], ...]:
    """The first half of the sample from the top, the rest from all over, in order."""
    if end - start <= SAMPLE:
        return tuple(tuple(rows[number]) for number in range(start, end))
    top = SAMPLE // 2
    step = max(1, (end - start - top) // top)
    numbers = [*range(start, start + top), *range(start + top, end, step)]
    return tuple(tuple(rows[number]) for number in numbers)
