"""A grid's cells sorted by what stands in them, and its blocks below and beside each other.

Merged cells are filled in, empty margins cut off, and a grid that holds several
tables is cut into blocks. Which rows of a block are header is told by `layout`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from ngc_pipelines.disclosure.pieces import Cell, Table
from ngc_pipelines.disclosure.places import column_letters
from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.reading.legends import NOT_THERE, ZERO, legend_of
from ngc_pipelines.disclosure.tables.reading.numbers import Decimals, Token, decimals_of, plain_tokens, tokens_of

_MARK_AND_SHARE = re.compile(r"^(?P<mark>[^\d(]{0,4}[<≤]?\s*\d{0,3}|\S{1,4})\s*[(\[]\s*(?P<share>[^()\[\]]*)[)\]]$")
_NAMES = re.compile(
    r"^(?:1[89]\d\d|20\d\d|21\d\d|\d{1,3}\s*(?:-|–|—|til|to)\s*\d{1,4}|[<>≤≥]\s*\d{1,3}|\d{1,3}\s*\+|"
    r"\(?\s*n\s*=\s*[\d .,]+\)?)(?:\s*(?:år|years|yrs))?$",
    re.IGNORECASE,
)
# So much of a piece's texts is read for legends.
LEGENDS = 200
# Different texts of cells that are remembered; tables repeat theirs.
REMEMBERED = 50_000


class Sort(Enum):
    """What stands in a cell."""

    EMPTY = "empty"
    NUMBER = "number"
    MARK = "mark"
    TEXT = "text"


class GridCell(NamedTuple):
    """One cell: its text as printed, and the numbers or the mark in it.

    Args:
        tokens: the numbers; beside a mark, the percentage after it.
        indent: blanks before the text, which show nesting in a column of labels.
    """

    sort: Sort
    text: str = ""
    tokens: tuple[Token, ...] = ()
    mark: Mark | None = None
    indent: int = 0


EMPTY = GridCell(Sort.EMPTY)
_ZERO_TOKEN = Token(Decimal(0), 0)

Row = tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a grid that may be one table.

    Args:
        rows: cells, all rows as long as each other.
        top: number in the piece of the first row, from 0.
        columns: numbers in the piece of the block's columns, from 0.
    """

    piece: Table
    rows: tuple[Row, ...]
    top: int
    columns: tuple[int, ...]

    def where(self, row: int, column: int) -> str:
        """The place of a cell of the block in the document."""
        return self.piece.where(self.top + row, self.columns[column])

    def wheres(self) -> Callable[[int, int], str]:
        """`where` for many cells: what all places have in common is written once."""
        if type(self.piece) is not Table:
            return self.where
        first, addressing = self.piece.first_row + self.top, self.piece.addressing
        across = [self.piece.first_column + column for column in self.columns]
        if addressing == "sheet":
            letters = [str(self.piece.place.inside(f"cell {column_letters(column)}")) for column in across]
            return lambda row, column: f"{letters[column]}{first + row}"
        before = str(self.piece.place.inside("line " if addressing == "line" else "row "))
        after = [f", {'field' if addressing == 'line' else 'column'} {column}" for column in across]
        return lambda row, column: f"{before}{first + row}{after[column]}"


def blocks_of(piece: Table) -> Iterator[Block]:
    """The blocks of a grid: apart by empty rows, by new headers, and by empty columns."""
    width = max((len(row) for row in piece.rows), default=0)
    cells = _Cells(
        decimals_of(cell for row in piece.rows for cell in row if isinstance(cell, str)),
        legend_of(_words_around(piece)),
    )
    rows = [[cells.read(cell) for cell in row] + [EMPTY] * (width - len(row)) for row in piece.rows]
    _fill_merged(piece, rows)
    for top, bottom in _bands([tuple(row) for row in rows]):
        band = tuple(tuple(row) for row in rows[top:bottom])
        for columns in _beside(band):
            cut = tuple(tuple(row[column] for column in columns) for row in band)
            yield _turned(Block(piece, cut, top, tuple(columns)))


class _Cells:
    """Reads a table's cells, each text that repeats once."""

    def __init__(self, decimals: Decimals, legend: Mapping[str, Mark | str]) -> None:
        self._decimals, self._legend = decimals, legend
        self._known: dict[str, GridCell] = {}

    def read(self, cell: Cell) -> GridCell:
        """What stands in one cell; a number that is no text is not taken for a text in the table's format."""
        if isinstance(cell, float) and math.isfinite(cell):
            return _number(cell)
        if not isinstance(cell, str):
            return cell_of(printed_text(cell), self._decimals, self._legend)
        found = self._known.get(cell)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[cell] = cell_of(cell, self._decimals, self._legend)
        return found


def _number(cell: float) -> GridCell:
    text = printed_text(cell)
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    return GridCell(Sort.NUMBER, text, (Token(value, -exponent if isinstance(exponent, int) and exponent < 0 else 0),))


def _words_around(piece: Table) -> list[str]:
    """Titles, notes and rows of one text: where a legend may stand."""
    lone: list[str] = []
    for row in piece.rows:
        filled: Cell = None
        for cell in row:
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            if filled is not None:
                break
            filled = cell
        else:
            if isinstance(filled, str):
                lone.append(filled)
    return [*([piece.title] if piece.title else []), *piece.notes, *lone[:LEGENDS], *lone[-LEGENDS:]]


def printed_text(cell: Cell) -> str:
    """A cell as it is printed; whole numbers without a decimal sign."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def cell_of(text: str, decimals: Decimals, legend: Mapping[str, Mark | str] | None = None) -> GridCell:
    """What stands in one cell.

    Args:
        legend: what the table's words say that marks stand for.
    """
    shown = text.strip(" \t\r\n\u00a0\u2003\u2002")
    if not shown:
        return EMPTY
    if shown.isascii() and shown.isdigit() and len(shown) < 13:
        return GridCell(Sort.NUMBER, shown, (Token(Decimal(shown), 0),))
    indent = len(text) - len(text.lstrip(" \t\u00a0\u2003\u2002"))
    told = legend.get(shown.casefold()) if legend else None
    if told == ZERO:
        return GridCell(Sort.NUMBER, shown, (_ZERO_TOKEN,), indent=indent)
    if told == NOT_THERE:
        return GridCell(Sort.TEXT, shown, indent=indent)
    plain = plain_tokens(shown, decimals) if told is None else None
    if plain is not None:
        return GridCell(Sort.NUMBER, shown, plain, indent=indent)
    mark = told if isinstance(told, Mark) else mark_of(shown)
    if mark is not None:
        return GridCell(Sort.MARK, shown, mark=mark, indent=indent)
    beside = _mark_and_share(shown, decimals)
    if beside is not None:
        return GridCell(Sort.MARK, shown, beside[1], beside[0], indent)
    tokens = tokens_of(shown, decimals)
    if tokens:
        return GridCell(Sort.NUMBER, shown, tokens, indent=indent)
    return GridCell(Sort.TEXT, shown, indent=indent)


def _mark_and_share(shown: str, decimals: Decimals) -> tuple[Mark, tuple[Token, ...]] | None:
    """`<5 (6,0 %)` and `* (*)`: a mark, and what its brackets hold."""
    if shown[-1] not in ")]" or len(shown) > 24:
        return None
    match = _MARK_AND_SHARE.match(shown)
    mark = mark_of(match["mark"].strip()) if match is not None else None
    if match is None or mark is None or not mark.text:
        return None
    inside = match["share"].strip()
    tokens = tokens_of(inside, decimals) if mark_of(inside) is None else None
    return mark, tuple(tokens or ())[:1]


def _fill_merged(piece: Table, rows: list[list[GridCell]]) -> None:
    """Write a merged cell's text of labels into all of its area; numbers stay where they are."""
    for merge in piece.merges:
        if merge.bottom >= len(rows) or merge.right >= len(rows[merge.top]):
            continue
        first = rows[merge.top][merge.left]
        spanned = merge.right > merge.left and first.sort is not Sort.EMPTY
        if first.sort is not Sort.TEXT and not spanned:
            continue
        for row in range(merge.top, merge.bottom + 1):
            for column in range(merge.left, merge.right + 1):
                rows[row][column] = first


def _bands(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Rows from top to bottom that may be one table: between empty rows, and from header to header."""
    start: int | None = None
    seen = False
    for number in range(len(rows) + 1):
        row = rows[number] if number < len(rows) else ()
        empty = all(cell.sort is Sort.EMPTY for cell in row)
        if start is not None and (empty or (seen and _is_header(row))):
            yield start, number
            start, seen = None, False
        if not empty:
            start = number if start is None else start
            seen = seen or (any(cell.sort is Sort.NUMBER for cell in row) and not names_columns(row[1:]))


def names_columns(cells: Row) -> bool:
    """Whether the numbers of a row are names: years, spans of ages, or `N = 62`."""
    shown = [cell.text for cell in cells if cell.sort in (Sort.NUMBER, Sort.MARK)]
    named = [text for text in shown if _NAMES.match(text)]
    return (
        len(named) >= 1
        and len(named) >= len(shown) - sum(text.isdigit() for text in shown)
        and any(not text.isdigit() or len(named) == len(shown) for text in named)
    )


def _is_header(row: Row) -> bool:
    """Whether a row is of texts alone, several different ones: a new header within a grid."""
    texts = [cell.text for cell in row if cell.sort is not Sort.EMPTY]
    return len(set(texts)) >= 3 and all(cell.sort in (Sort.TEXT, Sort.EMPTY) for cell in row)


def _beside(band: tuple[Row, ...]) -> list[list[int]]:
    """Columns of the tables that stand side by side, an empty column between them."""
    width = len(band[0])
    used = [any(row[column].sort is not Sort.EMPTY for row in band) for column in range(width)]
    groups: list[list[int]] = []
    for column in range(width):
        if used[column] and (column == 0 or not used[column - 1]):
            groups.append([])
        if used[column]:
            groups[-1].append(column)
    joined: list[list[int]] = []
    for group in groups:
        if joined and not _has_labels(band, group):
            joined[-1] += group
        else:
            joined.append(list(group))
    if len(joined) > 1 and all(_has_body(band, group) for group in joined):
        return joined
    return [[column for group in groups for column in group]]


def _has_labels(band: tuple[Row, ...], group: list[int]) -> bool:
    cells = [row[group[0]] for row in band[1:] if row[group[0]].sort is not Sort.EMPTY]
    return len(group) > 1 and bool(cells) and 2 * sum(cell.sort is Sort.TEXT for cell in cells) > len(cells)


def _has_body(band: tuple[Row, ...], group: list[int]) -> bool:
    return sum(row[column].sort is Sort.NUMBER for row in band for column in group) > 1


def _turned(block: Block) -> Block:
    """The block from left to right, where its labels stand in the last column."""
    first = [row[0].sort for row in block.rows[1:]]
    last = [row[-1].text for row in block.rows if row[-1].sort is Sort.TEXT]
    labels = len(last) >= max(3, len(block.rows) - 1) and len(set(last)) == len(last)
    if len(block.columns) < 2 or not labels or any(sort not in (Sort.NUMBER, Sort.MARK) for sort in first):
        return block
    return Block(block.piece, tuple(row[::-1] for row in block.rows), block.top, block.columns[::-1])
