"""A table as a reader sees it: lines, and what each printed number is.

The contract between `reading`, which makes these from pieces, and everything
after it. Nothing here reads a file or computes a range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from ngc_pipelines.disclosure.findings import Words


class Meaning(StrEnum):
    """What a number is, as far as its header, its format and its neighbours tell."""

    COUNT = "count"
    PERCENT_OF_ROW = "percent of row"
    PERCENT_OF_COLUMN = "percent of column"
    PERCENT_OF_TOTAL = "percent of total"
    PERCENT = "percent"  # of what is not told
    RATE = "rate"
    SUM = "sum"
    MEAN = "mean"
    SD = "sd"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    P_VALUE = "p-value"
    ESTIMATE = "estimate"
    INTERVAL = "interval"
    YEAR = "year"
    CODE = "code"
    OTHER = "other"  # a number that says nothing about how many persons
    UNKNOWN = "unknown"  # may be a count: a question to the researcher


@dataclass(frozen=True, slots=True)
class Mark:
    """What is printed in place of a number, and what it says.

    Args:
        text: as printed, e.g. `<5`; empty for an empty cell.
        low, high: the range that the mark or its legend states; None: anything.
        legend: whether the table's own words gave the meaning.
    """

    text: str
    low: int = 0
    high: int | None = None
    legend: bool = False

    @property
    def speaks(self) -> bool:
        """Whether the mark itself tells a range."""
        return self.high is not None


@dataclass(frozen=True, slots=True)
class Printed:
    """One number or mark in a cell; a cell like `12 (4,5 %)` holds two.

    Args:
        meaning: what it is.
        value: the number as printed; None where a mark stands.
        decimals: decimals printed; rounding is half a unit of the last one.
        mark: what stands in its place; None where a number stands.
        where: the cell's place in the document.
        per: the base of a rate, e.g. 1000 persons; 100 for percentages.
        percentile: which one, for `PERCENTILE`.
    """

    meaning: Meaning
    value: Decimal | None
    where: str
    decimals: int = 0
    mark: Mark | None = None
    per: int = 100
    percentile: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.mark is None):
            raise ValueError("a cell holds a number or a mark")


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column: its labels from the outermost in, and whether it sums others.

    Args:
        labels: e.g. `("Region", "Nord")`; empty strings where nothing stands.
        level: nesting of the innermost label, 0 outermost.
        total: whether its words say that it is a total.
        dimension: the name of what its innermost label is a code of, where told.
    """

    labels: tuple[str, ...]
    level: int = 0
    total: bool = False
    dimension: str | None = None

    @property
    def name(self) -> str:
        """The labels in one, as a person would say them."""
        return " / ".join(filter(None, self.labels))


@dataclass(frozen=True, slots=True)
class Question:
    """What could not be told and must be asked; the table is for review."""

    where: str
    words: Words


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table: lines and cells, with what stands around it.

    Args:
        cells: by row and column, counted from 0; what is printed there, in the
            order of print. No entry where the layout has no cell.
        rounded_to: counts are multiples of this by the table's own words; 1 for none.
        questions: what the reader could not tell.
    """

    where: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: dict[tuple[int, int], tuple[Printed, ...]] = field(repr=False)
    title: str | None = None
    notes: tuple[str, ...] = ()
    rounded_to: int = 1
    questions: tuple[Question, ...] = ()
