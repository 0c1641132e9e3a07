"""A document's grids, and where in them each table's cells, lines and labels stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import Place, Strip
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.files import ReadGrid, grids_of
from ngc_pipelines.disclosure.tables.reading.grid import printed_text
from ngc_pipelines.disclosure.tables.reading.tidy import COUNT_NAMES
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable

# Labels are looked for so many lines outside a table's cells.
_OUTSIDE = 12


@dataclass(frozen=True, slots=True)
class Home:
    """One table and the grid it stands in.

    Args:
        grid: the grid's number in the document.
        at: the place in the grid of every `where` of the table.
    """

    table: TidyTable | PrintedTable
    grid: int
    at: dict[str, Place] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it was read: tidy tables first, as a system numbers them."""

    path: Path
    grids: tuple[Table, ...]
    homes: tuple[Home, ...]

    @property
    def tables(self) -> list[TidyTable | PrintedTable]:
        """The tables in the system's order."""
        return [home.table for home in self.homes]


def read_document(path: Path) -> Document:
    """The file's grids and tables.

    Raises:
        NoTable: where it holds none, or could not be read whole.
        OSError: where it cannot be opened.
    """
    reads = grids_of(path)
    homes = [Home(table, number, _places(read, table)) for number, read in enumerate(reads) for table in read.tables]
    homes.sort(key=lambda home: isinstance(home.table, PrintedTable))
    return Document(path, tuple(read.grid for read in reads), tuple(homes))


def joined(documents: Sequence[Document]) -> Document:
    """Several files as one document, for what looks at all of their tables together; the path is the first one's."""
    grids: list[Table] = []
    homes: list[Home] = []
    for document in documents:
        homes += [Home(home.table, home.grid + len(grids), home.at) for home in document.homes]
        grids += document.grids
    homes.sort(key=lambda home: isinstance(home.table, PrintedTable))
    return Document(documents[0].path, tuple(grids), tuple(homes))


def _places(read: ReadGrid, table: TidyTable | PrintedTable) -> dict[str, Place]:
    if isinstance(table, TidyTable):
        header = [str(cell or "").strip().casefold() for cell in read.grid.rows[0]]
        column = next(number for number, name in enumerate(header) if name in COUNT_NAMES)
        return {f"{table.where} › line {row + 1}": (row, column) for row in range(1, len(read.grid.rows))}
    wanted = {one.where for cell in table.cells.values() for one in cell}
    found: dict[str, Place] = {}
    width = max((len(cells) for cells in read.grid.rows), default=0)
    for row in range(len(read.grid.rows)):
        for column in range(width):
            where = read.grid.where(row, column)
            if where in wanted:
                found[where] = (row, column)
    return found


def text_at(grid: Table, place: Place) -> str:
    """What stands in a cell of a grid; empty outside it."""
    row, column = place
    cells: Sequence[object] = grid.rows[row] if 0 <= row < len(grid.rows) else ()
    return printed_text(cells[column]).strip() if 0 <= column < len(cells) else ""  # type: ignore[arg-type]  # - a cell


@dataclass(frozen=True, slots=True)
class LineAt:
    """A row or column of a table in its grid: its number there, where its label stands, its own area."""

    number: int
    label: Place
    strip: Strip


def line_at(home: Home, grid: Table, position: int, line: int) -> LineAt | None:
    """Where a line of a printed table stands, if it can be taken out; None where it cannot be told, or is merged.

    Args:
        position: 0 for rows, 1 for columns.
    """
    table = home.table
    assert isinstance(table, PrintedTable)
    numbers: Counter[int] = Counter()
    for spot, cell in table.cells.items():
        if spot[position] == line and cell[0].where in home.at:
            numbers[home.at[cell[0].where][position]] += 1
    if len(numbers) != 1:
        return None
    number = next(iter(numbers))
    lines = table.rows if position == 0 else table.columns
    wanted = next((label for label in reversed(lines[line].labels) if label), "")
    top, left, bottom, right = _area(home)
    label = _label(grid, wanted, position, number, (top, left))
    if label is None:
        return None
    # Labels of rows stand left of the counts, those of columns above them: they move along.
    if position == 0:
        left, right = _as_far(grid, (top, bottom), min(left, label[1]), -1), _as_far(grid, (top, bottom), right, 1)
    else:
        top = min(top, label[0])
        while top > 0 and sum(bool(text_at(grid, (top - 1, column))) for column in range(right + 1)) > 1:
            top -= 1
    strip = Strip(position == 0, number, top, left, bottom, right)
    return None if _crosses_merged(grid, strip) else LineAt(number, label, strip)


def _as_far(grid: Table, rows: tuple[int, int], column: int, step: int) -> int:
    """The last column in one direction before an empty one."""
    while column + step >= 0 and any(text_at(grid, (row, column + step)) for row in range(rows[0], rows[1] + 1)):
        column += step
    return column


def _area(home: Home) -> tuple[int, int, int, int]:
    rows = [place[0] for place in home.at.values()]
    columns = [place[1] for place in home.at.values()]
    return min(rows), min(columns), max(rows), max(columns)


def _label(grid: Table, wanted: str, position: int, number: int, corner: tuple[int, int]) -> Place | None:
    """The cell with the label: the nearest one outside the counts, in the line's own row or column."""
    edge = corner[1] if position == 0 else corner[0]
    for step in range(1, _OUTSIDE):
        place = (number, edge - step) if position == 0 else (edge - step, number)
        if min(place) < 0:
            return None
        if text_at(grid, place) == wanted.strip():
            return place
    return None


def _crosses_merged(grid: Table, strip: Strip) -> bool:
    """Whether merged cells lie in what would move."""
    top, left = (strip.at, strip.left) if strip.row else (strip.top, strip.at)
    return any(
        merge.top <= strip.bottom and merge.bottom >= top and merge.left <= strip.right and merge.right >= left
        for merge in grid.merges
    )
