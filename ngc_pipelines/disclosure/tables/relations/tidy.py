"""Tidy tables: one row per cell, the dimensions' columns, then the count.

Makes a system of one or several such tables and the hierarchies that go with
them (contract of `ngc audit-table`). Tables as people print them are made into
systems by the modules beside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.system import CellName, Relation, System, SystemCell, TableOutline

TOTAL_WORDS = frozenset(
    {"total", "i alt", "ialt", "sum", "alle", "all", "overall", "samlet", "hele landet", "begge køn"}
)

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TidyCell:
    """One row of a tidy table.

    Args:
        codes: one per dimension, as printed.
        count: the number; None where a mark stands.
        mark: the mark; None where a number stands.
        where: the row's place.
    """

    codes: Codes
    count: int | None
    mark: Mark | None
    where: str


@dataclass(frozen=True, slots=True)
class TidyTable:
    """A tidy table: names of its dimensions, and its cells."""

    where: str
    dimensions: tuple[str, ...]
    cells: tuple[TidyCell, ...] = field(repr=False)


# Of one dimension: parent → its parts; several, where codes have several parents.
Hierarchy = Mapping[str, Sequence[str]]


def is_total(code: str) -> bool:
    """Whether a code is said to be the total of its dimension."""
    return code.strip().casefold() in TOTAL_WORDS


def system_of_tidy(tables: Sequence[TidyTable], hierarchies: Mapping[str, Sequence[Hierarchy]]) -> System:
    """One system of all `tables`.

    Args:
        hierarchies: by dimension; each says what its parents' parts are. A
            dimension without any adds up to its total, where that is there.
    """
    builder = _Builder()
    for number, table in enumerate(tables):
        builder.add_table(number, table)
        for position, dimension in enumerate(table.dimensions):
            builder.add_sums(number, table, position, hierarchies.get(dimension, ()))
    return builder.system()


class _Builder:
    def __init__(self) -> None:
        self._index: dict[CellName, int] = {}
        self._cells: list[SystemCell] = []
        self._relations: list[Relation] = []
        self._outlines: list[TableOutline] = []
        self._seen: set[tuple[tuple[int, int], ...]] = set()

    def add_table(self, number: int, table: TidyTable) -> None:
        for cell in table.cells:
            self._add_cell(number, table, cell)
        spans = [len({cell.codes[place] for cell in table.cells}) for place in range(len(table.dimensions))]
        self._outlines.append(TableOutline(table.where, len(table.cells), len(spans) + 1))

    def _add_cell(self, number: int, table: TidyTable, cell: TidyCell) -> None:
        name = _name(table.dimensions, cell.codes)
        low, high = (cell.count, cell.count) if cell.count is not None else _said(cell.mark)
        label = tuple(zip(table.dimensions, cell.codes, strict=True))
        made = SystemCell(name, low, high, (cell.where,), label, number, cell.mark)
        at = self._index.setdefault(name, len(self._cells))
        if at == len(self._cells):
            self._cells.append(made)
        else:
            self._cells[at] = _same_cell(self._cells[at], made)

    def add_sums(self, number: int, table: TidyTable, position: int, hierarchies: Sequence[Hierarchy]) -> None:
        dimension = table.dimensions[position]
        lines: dict[Codes, dict[str, int]] = defaultdict(dict)
        for cell in table.cells:
            others = cell.codes[:position] + cell.codes[position + 1 :]
            lines[others][cell.codes[position]] = self._index[_name(table.dimensions, cell.codes)]
        present = {code for line in lines.values() for code in line}
        sums = list(_sums(present, hierarchies))
        for others, line in lines.items():
            for parent, parts in sums:
                if parent in line:
                    self._add_sum(number, table, dimension, others, line, parent, parts)

    def _add_sum(
        self,
        number: int,
        table: TidyTable,
        dimension: str,
        others: Codes,
        line: Mapping[str, int],
        parent: str,
        parts: Sequence[str],
    ) -> None:
        there = [line[part] for part in parts if part in line]
        if not there:
            return
        terms = tuple(sorted([(line[parent], -1), *((part, 1) for part in there)]))
        if terms in self._seen:
            return
        self._seen.add(terms)
        # Rows that are left out may be zeros, or not: the printed parts are at most their sum.
        least: int | None = 0 if len(there) == len(parts) or self._adds_up(terms) else None
        beside = ", ".join(code for code in others if not is_total(code))
        told = f"{dimension} = {parent}" + (f" ({beside})" if beside else "")
        reason = Words(f"delene af {told} summer til den", f"the parts of {told} add up to it")
        self._relations.append(Relation(terms, least, 0, reason, table.where, number))

    def _adds_up(self, terms: Iterable[tuple[int, int]]) -> bool:
        total = 0
        for index, factor in terms:
            cell = self._cells[index]
            if not cell.known:
                return False
            total += factor * cell.low
        return total == 0

    def system(self) -> System:
        return System(tuple(self._cells), tuple(self._relations), tuple(self._outlines))


def _name(dimensions: tuple[str, ...], codes: Codes) -> CellName:
    pairs = zip(dimensions, codes, strict=True)
    return CellName(tuple(sorted((dimension, code) for dimension, code in pairs if not is_total(code))))


def _said(mark: Mark | None) -> tuple[int, int | None]:
    return (0, None) if mark is None else (mark.low, mark.high)


def _same_cell(first: SystemCell, second: SystemCell) -> SystemCell:
    """One cell printed twice: what both say, or a number where either gives one.

    Two numbers that differ leave an empty range, which the audit reports as a
    contradiction with both places.
    """
    highs = [high for high in (first.high, second.high) if high is not None]
    return SystemCell(
        first.name,
        max(first.low, second.low),
        min(highs) if highs else None,
        first.wheres + second.wheres,
        first.label,
        first.table,
        first.mark if second.mark is not None else None,
    )


def _sums(present: set[str], hierarchies: Sequence[Hierarchy]) -> Iterable[tuple[str, Sequence[str]]]:
    """Parents and their parts, for one dimension."""
    totals = sorted(code for code in present if is_total(code))
    if not hierarchies:
        parts = sorted(present - set(totals))
        for total in totals:
            if parts:
                yield total, parts
        return
    for hierarchy in hierarchies:
        yield from ((parent, list(parts)) for parent, parts in hierarchy.items() if parts)
        inside = {part for parts in hierarchy.values() for part in parts}
        roots = [code for code in hierarchy if code not in inside and not is_total(code)]
        for total in totals:
            if total not in hierarchy and roots:
                yield total, roots
