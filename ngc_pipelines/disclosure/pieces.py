"""What openers find inside files: a stream of pieces with exact places.

An opener yields pieces, findings and `NotRead`; detectors see every piece.
Openers do not judge persons' data, detectors do not open files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.places import Place, column_letters

Cell = str | int | float | bool | date | datetime | time | None

Language = Literal[
    "plain",
    "log",
    "markup",
    "python",
    "r",
    "vba",
    "javascript",
    "sql",
    "stata",
    "sas",
    "formula",
]


@dataclass(frozen=True, slots=True)
class Text:
    """Running text: a block of lines, a paragraph, a metadata field, a comment.

    Long texts come in blocks of whole lines of at most about 1 MiB; a line
    longer than that comes in pieces that overlap by 256 characters.

    Args:
        first_line: number of the first line in the file, where lines count.
        hidden: why a reader of the document does not see it, or None.
        language: what it is written in, where the opener knows.
    """

    place: Place
    text: str
    first_line: int | None = None
    hidden: str | None = None
    language: Language = "plain"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged area, rows and columns counted from 0 inside its table."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells as it stands, headers and totals included.

    Args:
        rows: the cells; short rows are allowed.
        first_row, first_column: number in the document of `rows[0][0]`, from 1.
        addressing: `sheet` names cells `C7`, `grid` says `row 7, column 3`,
            `line` says `line 7, field 3`.
        title, notes: texts that stand around the table, where known.
        number: which block of a long table this is, from 0; blocks after the
            first repeat the header row as their first row.
        last: whether no further block follows.
    """

    place: Place
    rows: Sequence[Sequence[Cell]]
    first_row: int = 1
    first_column: int = 1
    addressing: Literal["sheet", "grid", "line"] = "grid"
    merges: tuple[Merge, ...] = ()
    title: str | None = None
    notes: tuple[str, ...] = ()
    hidden: str | None = None
    number: int = 0
    last: bool = True

    def where(self, row: int, column: int) -> str:
        """The place of one cell, row and column counted from 0 in `rows`."""
        down, across = self.first_row + row, self.first_column + column
        if self.addressing == "sheet":
            cell = f"cell {column_letters(across)}{down}"
        elif self.addressing == "line":
            cell = f"line {down}, field {across}"
        else:
            cell = f"row {down}, column {across}"
        return str(self.place.inside(cell))


@dataclass(frozen=True, slots=True)
class Series:
    """Marks of one series of a figure, in the figure's or the data's units.

    Args:
        shape: `point`, `bar`, `line`, `step`, `area`, `box` … as far as told.
        xs, ys: coordinates, as long as each other; `ys` empty where unknown.
        labels: names of the marks, where the figure carries any.
    """

    name: str
    shape: str
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that was read back from vectors, a chart's cache or a widget.

    Args:
        embedded: whether the figure carries a data set of its own (a chart's
            workbook, a widget's JSON) beside what it draws.
    """

    place: Place
    series: tuple[Series, ...]
    title: str | None = None
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster picture, to be shown to the officer and read by OCR."""

    place: Place
    data: bytes = field(repr=False)
    format: str
    width: int
    height: int
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Program code: a script, a notebook's cell, a macro."""

    place: Place
    text: str
    language: Language
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that no opener could name; looked at by recognisers and for strings."""

    place: Place
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotRead:
    """A part that was not read; its file is never `clear`."""

    place: Place
    why: str


Piece = Text | Table | Figure | Picture | Code | Raw
Opened = Piece | Finding | NotRead
