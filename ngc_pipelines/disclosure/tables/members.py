"""One table among others: its own cells, and the labels by which they are found in other tables.

Printed and tidy tables alike. Percentages whose base is told only in words
(`Share, % (n = 636)`) count here too: the counts that print so are cells.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace

from ngc_pipelines.disclosure.tables.printed import Line, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import Place, renumbered, system_of_printed
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable, is_total, system_of_tidy
from ngc_pipelines.disclosure.tables.statistics.shares import told_counts
from ngc_pipelines.disclosure.tables.system import CellName, System, SystemCell

Labels = frozenset[str]
AnyTable = PrintedTable | TidyTable

BETWEEN = " › "
_N = re.compile(r"\(?\s*\bn\s*=\s*[\d .,]+\)?", re.IGNORECASE)
# Labels of nothing but these say how it is counted, and not whom.
_MEASURES = frozenset(
    (
        "n",
        "no",
        "number",
        "count",
        "counts",
        "antal",
        "percent",
        "procent",
        "pct",
        "share",
        "andel",
        "of",
        "af",
        "frequency",
    )
)
# The sheet is what an untitled table is called by; files may be renamed at will.
_SHEET = re.compile(r"sheet '([^']*)'")


@dataclass(frozen=True, slots=True)
class Member:
    """A table in a folder.

    Args:
        system: its own cells and relations, numbered within the whole.
        at: the cell of each place of a printed table.
        labels: the cell of every set of labels that names exactly one; totals have no label.
        title: what it is called, by its title or its sheet; empty where it is not.
    """

    table: AnyTable
    system: System
    at: dict[Place, int] = field(repr=False)
    labels: dict[Labels, int] = field(repr=False)
    title: str = ""

    @property
    def where(self) -> str:
        """The table's place."""
        return self.table.where


def member_of(table: AnyTable, number: int, offset: int) -> Member:
    """A table as the one of index `number`, its cells counted from `offset`."""
    if isinstance(table, TidyTable):
        return _of_tidy(table, number, offset)
    own = system_of_printed(table, number)
    system, at = _with_told(table, own.system, dict(own.at), number)
    moved = {place: offset + index for place, index in at.items()}
    # Labels are compared by line, which is a hundred times cheaper than by cell in a large table.
    beside, over = [_of(line) for line in table.rows], [_of(line) for line in table.columns]
    names = [(beside[row] | over[column], index) for (row, column), index in moved.items()]
    implied = frozenset(offset + index for index, cell in enumerate(system.cells) if cell.implied)
    return Member(table, renumbered(system, offset), moved, _single(names, implied), _title(table.title, table.where))


def _of_tidy(table: TidyTable, number: int, offset: int) -> Member:
    own = _numbered(system_of_tidy([table], {}), number)
    names = [
        (frozenset(plain(code) for _, code in cell.label if not is_total(code)), offset + index)
        for index, cell in enumerate(own.cells)
    ]
    return Member(table, renumbered(own, offset), {}, _single(names), _title(None, table.where))


def _numbered(system: System, number: int) -> System:
    """The system of one table as the one of index `number`."""
    return replace(
        system,
        cells=tuple(replace(cell, table=number) for cell in system.cells),
        relations=tuple(replace(relation, table=number) for relation in system.relations),
    )


def _with_told(
    table: PrintedTable, system: System, at: dict[Place, int], number: int
) -> tuple[System, dict[Place, int]]:
    """The system with the counts that percentages tell by words alone."""
    cells = list(system.cells)
    for told in told_counts(table):
        if told.place in at:
            own = cells[at[told.place]]
            if own.implied:
                cells[at[told.place]] = replace(own, low=told.low, high=told.high)
            continue
        row, column = table.rows[told.place[0]], table.columns[told.place[1]]
        label = (("row", row.name), ("column", column.name))
        name = CellName(tuple(sorted((("row", row.name), ("column", column.name)))), f"{table.where} %")
        at[told.place] = len(cells)
        cells.append(SystemCell(name, told.low, told.high, (told.where,), label, number, None, implied=True))
    return System(tuple(cells), system.relations, system.tables, system.left_out), at


def _single(names: list[tuple[Labels, int]], implied: frozenset[int] = frozenset()) -> dict[Labels, int]:
    """The one cell of each set of labels; a count goes before the percentage of the same."""
    found: dict[Labels, list[int]] = defaultdict(list)
    for labels, index in names:
        found[labels].append(index)
    counts = {labels: [cell for cell in cells if cell not in implied] or cells for labels, cells in found.items()}
    return {labels: cells[0] for labels, cells in counts.items() if len(cells) == 1}


def _of(line: Line) -> Labels:
    return frozenset() if line.total else frozenset(words for label in line.labels if (words := plain(label)))


def plain(label: str) -> str:
    """A label as it is compared: without case, numbers of persons, units and punctuation."""
    bare = re.sub(r"[^\w<>≥≤+-]+", " ", _N.sub("", label)).strip().casefold().removesuffix(" n")
    return "" if set(bare.split()) <= _MEASURES else bare


def _title(title: str | None, where: str) -> str:
    if title:
        return title
    sheet = _SHEET.search(where)
    return sheet[1] if sheet else ""


def placed_in(table: AnyTable, name: str) -> AnyTable:
    """The table as one of a file or a release called `name`: every place begins with it."""
    where = f"{name}{BETWEEN}{table.where}"
    if isinstance(table, PrintedTable):
        cells = {
            place: tuple(replace(one, where=f"{name}{BETWEEN}{one.where}") for one in cell)
            for place, cell in table.cells.items()
        }
        return replace(table, where=where, cells=cells)
    return replace(
        table, where=where, cells=tuple(replace(one, where=f"{name}{BETWEEN}{one.where}") for one in table.cells)
    )
