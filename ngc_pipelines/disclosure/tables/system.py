"""All tables of a folder as one system: labelled cells and relations between them.

The contract between `relations`, which makes it, and what answers: `audit`,
`proof`, `repair`, `ledger`. A cell is named by what it counts, so that two
tables that print the same cell share it: dimensions whose code is the total are
left out of its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.solving.problem import Problem


@dataclass(frozen=True, slots=True, order=True)
class CellName:
    """What a cell counts: persons with these codes, within one population.

    Args:
        codes: pairs of dimension and code, sorted; totals left out.
        population: which persons the tables are about; cells of different
            populations are never the same.
    """

    codes: tuple[tuple[str, str], ...]
    population: str = ""

    def __post_init__(self) -> None:
        if list(self.codes) != sorted(self.codes):
            raise ValueError("codes of a cell's name are sorted")

    def __str__(self) -> str:
        return ", ".join(f"{dimension} = {code}" if dimension else code for dimension, code in self.codes) or "total"


@dataclass(frozen=True, slots=True)
class SystemCell:
    """One count, printed or blanked, in one or several tables.

    Args:
        low, high: what the print itself says: equal where a number stands;
            wider where it is rounded or a mark speaks; high None: no end.
        wheres: every place where it is printed or blanked.
        mark: the mark in its place; None where a number is printed.
        implied: neither printed nor blanked; only a percentage of it is told.
        label: the cell as the document calls it: (row, column) names, or
            dimension → code for tidy tables.
        table: index of the first table that has it.
    """

    name: CellName
    low: int
    high: int | None
    wheres: tuple[str, ...]
    label: tuple[tuple[str, str], ...]
    table: int
    mark: Mark | None = None
    implied: bool = False

    @property
    def blanked(self) -> bool:
        """Whether a reader finds no number there."""
        return self.mark is not None

    @property
    def known(self) -> bool:
        """Whether the print gives the exact count."""
        return self.mark is None and not self.implied and self.low == self.high


@dataclass(frozen=True, slots=True)
class Relation:
    """`low <= sum of coefficient × cell <= high`, all whole; and why it holds.

    Args:
        terms: pairs of a cell's index in the system and its coefficient.
        reason: in words, e.g. "the parts of the row 'Total' add up".
        where: the place that says so.
        table: index of the table it comes from; None for ties between tables.
        share: whether a printed percentage or rate says it; it goes where that is blanked.
    """

    terms: tuple[tuple[int, int], ...]
    low: int | None
    high: int | None
    reason: Words
    where: str
    table: int | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class TableOutline:
    """What the report says of a table as a whole."""

    where: str
    rows: int
    columns: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class System:
    """Cells, relations and the tables they come from."""

    cells: tuple[SystemCell, ...]
    relations: tuple[Relation, ...]
    tables: tuple[TableOutline, ...]
    left_out: tuple[Relation, ...] = field(default=())

    def problem(self, cells: Sequence[SystemCell] | None = None) -> Problem:
        """The numeric form, one unknown per cell, printed ones included.

        Args:
            cells: in place of the system's own, e.g. with more of them blanked;
                as many, in the same order.
        """
        used = self.cells if cells is None else cells
        counts = [len(relation.terms) for relation in self.relations]
        rows = np.repeat(np.arange(len(counts)), counts)
        columns = np.array([cell for relation in self.relations for cell, _ in relation.terms], dtype=np.int64)
        values = np.array([factor for relation in self.relations for _, factor in relation.terms], dtype=np.float64)
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(counts), len(used)))
        return Problem(
            matrix,
            np.array(
                [-np.inf if relation.low is None else relation.low for relation in self.relations], dtype=np.float64
            ),
            np.array(
                [np.inf if relation.high is None else relation.high for relation in self.relations], dtype=np.float64
            ),
            np.array([cell.low for cell in used], dtype=np.float64),
            np.array([np.inf if cell.high is None else cell.high for cell in used], dtype=np.float64),
        )
