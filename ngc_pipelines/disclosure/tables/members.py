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

_N = re.compile(r"\(?\s*\bn\s*=\s*[\d .,]+\)?", re.IGNORECASE)
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
    names = [(_of(table.rows[row]) | _of(table.columns[column]), index) for (row, column), index in moved.items()]
    return Member(table, renumbered(system, offset), moved, _single(names), _title(table.title, table.where))


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
            continue
        row, column = table.rows[told.place[0]], table.columns[told.place[1]]
        label = (("row", row.name), ("column", column.name))
        name = CellName(tuple(sorted((("row", row.name), ("column", column.name)))), f"{table.where} %")
        at[told.place] = len(cells)
        cells.append(SystemCell(name, told.low, told.high, (told.where,), label, number, None, implied=True))
    return System(tuple(cells), system.relations, system.tables, system.left_out), at


def _single(names: list[tuple[Labels, int]]) -> dict[Labels, int]:
    found: dict[Labels, list[int]] = defaultdict(list)
    for labels, index in names:
        found[labels].append(index)
    return {labels: cells[0] for labels, cells in found.items() if len(cells) == 1}


def _of(line: Line) -> Labels:
    return frozenset() if line.total else frozenset(words for label in line.labels if (words := plain(label)))


def plain(label: str) -> str:
    """A label as it is compared: without case, numbers of persons, units and punctuation."""
    return re.sub(r"[^\w<>≥≤+-]+", " ", _N.sub("", label)).strip().casefold().removesuffix(" n")


def _title(title: str | None, where: str) -> str:
    if title:
        return title
    sheet = _SHEET.search(where)
    return sheet[1] if sheet else ""
