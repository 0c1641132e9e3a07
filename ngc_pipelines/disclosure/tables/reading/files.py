"""The tables of whole files, for `ngc audit-table`: tidy ones, or as people print them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ngc_pipelines.disclosure.opening import Context, Source, open_source
from ngc_pipelines.disclosure.pieces import NotRead, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.borders import Borders
from ngc_pipelines.disclosure.tables.reading.console import tables_in
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.reading.tidy import NotTidy, tidy_table
from ngc_pipelines.disclosure.tables.reading.whole import MOST_CELLS, TooManyCells, WholeTables
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable

TEXT_EXTENSIONS = frozenset({".csv", ".tsv", ".tab", ".txt"})
DELIMITERS = ";\t,|"


class NoTable(Exception):  # noqa: N818 - an answer about a file, told to the person who named it
    """The file holds no table that could be read; says why."""


@dataclass(frozen=True, slots=True)
class ReadGrid:
    """A grid of a file, as it stands, and the tables that were read from it; none where it holds no numbers.

    A tidy table's cells say `line N`, which is the grid's row N; printed ones
    say what `grid.where` says of their row and column.
    """

    grid: Table
    tables: tuple[TidyTable | PrintedTable, ...]


def tables_of(path: Path) -> list[TidyTable | PrintedTable]:
    """The tables of one file.

    Raises:
        NoTable: where none was found, or a part could not be read.
        OSError: where the file cannot be opened.
    """
    return [table for read in grids_of(path) for table in read.tables]


def grids_of(path: Path) -> list[ReadGrid]:
    """The grids of one file, each with its tables.

    Raises:
        NoTable: where no table was found in any, or a part could not be read.
        OSError: where the file cannot be opened.
    """
    if path.suffix.lower() in TEXT_EXTENSIONS:
        rows = delimited_rows(path)
        try:
            return [ReadGrid(Table(Place((path.name,)), rows, addressing="line"), (tidy_table(rows, path.name),))]
        except NotTidy:
            pass  # a table as people print it; the openers read it below
    found: list[ReadGrid] = []
    for grid in _grids(path):
        try:
            texts = [["" if cell is None else str(cell) for cell in row] for row in grid.rows]
            found.append(ReadGrid(grid, (tidy_table(texts, str(grid.place)),)))
        except NotTidy:
            found.append(ReadGrid(grid, printed_tables(grid)))
    if not any(read.tables for read in found):
        raise NoTable("no table with numbers was found in it")
    return found


def delimited_rows(path: Path) -> list[list[str]]:
    """The rows of a delimited text file; the delimiter is the one that most lines agree on."""
    text = _decoded(path.read_bytes())
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best = max(
        DELIMITERS,
        key=lambda mark: (
            min((line.count(mark) for line in lines), default=0),
            sum(line.count(mark) for line in lines),
        ),
    )
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=best))


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    return data.decode("cp1252", errors="replace")


def _grids(path: Path) -> Iterator[Table]:
    context = Context(DEFAULT_POLICY, as_of=datetime.now(UTC).date(), extension=path.suffix.lower().lstrip("."))
    whole = WholeTables()
    printed: list[Table] = []
    borders = Borders()
    # Texts that are tables as a whole; what their lines look like is no second table.
    delimited: set[Place] = set()
    with Source.of_file(path) as source:
        for piece in open_source(source, Place((path.name,)), context, extension=None):
            if isinstance(piece, NotRead):
                raise NoTable(f"a part could not be read: {piece.why}")
            if isinstance(piece, Table):
                try:
                    table = whole.add(piece)
                except TooManyCells:
                    raise NoTable(f"its tables hold more than {MOST_CELLS:,} cells") from None
                if table is not None:
                    delimited |= {table.place} if table.addressing == "line" else set()
                    yield table
            elif isinstance(piece, Text) and piece.language in ("plain", "log", "markup"):
                printed += [table for text in borders.add(piece) for table in tables_in(text)]
        printed += [table for text in borders.end() for table in tables_in(text)]
    yield from (table for table in printed if table.place not in delimited)
