"""Several printed tables as one system: which cells are the same, which lines belong together.

Tables are tied where labels and numbers agree, and only there: a cell of the
same name in a table about other persons is another cell. Tables that agree but
for a few persons are told as differences.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.printed import Line, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import Place, TableSystem, renumbered, system_of_printed
from ngc_pipelines.disclosure.tables.relations.sums import Lines, sums_of
from ngc_pipelines.disclosure.tables.system import Relation, System

Labels = frozenset[str]

# A cell of many tables (a total of 200 files) is compared with this many others.
PARTNERS = 50
_N = re.compile(r"\(?\s*\bn\s*=\s*[\d .,]+\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that two otherwise agreeing tables print with counts less than a threshold apart.

    Args:
        first, second: places of the cell in both tables.
        persons: how many persons lie between.
    """

    first: str
    second: str
    persons: int


@dataclass(frozen=True, slots=True)
class Together:
    """One system of several tables, and where they differ by few persons."""

    system: System
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A table in the folder: its own system, where its cells stand in the whole, and their labels."""

    table: PrintedTable
    own: TableSystem
    offset: int
    labels: dict[Labels, int]


def together(tables: Sequence[PrintedTable], threshold: int = 5, *, first_table: int = 0) -> Together:
    """The system of all `tables`.

    Args:
        threshold: two tables that differ by fewer persons tell about those persons.
        first_table: the number of the first of them, where others stand before.
    """
    members: list[_Member] = []
    system = System((), (), ())
    for number, table in enumerate(tables, start=first_table):
        own = system_of_printed(table, number)
        offset = len(system.cells)
        members.append(_Member(table, own, offset, _labels(table, own, offset)))
        moved = renumbered(own.system, offset)
        system = System(
            system.cells + moved.cells,
            system.relations + moved.relations,
            system.tables + moved.tables,
            system.left_out + moved.left_out,
        )
    ties: list[Relation] = []
    differences: list[Difference] = []
    for first, second in _pairs(members):
        made, apart = _tied(system, first, second, threshold)
        ties += made
        differences += apart
    ties += _joined_lines(system, members)
    return Together(replace(system, relations=system.relations + tuple(ties)), tuple(differences))


def _labels(table: PrintedTable, own: TableSystem, offset: int) -> dict[Labels, int]:
    """The cell of every set of labels that names exactly one; totals have no label."""
    found: dict[Labels, list[int]] = defaultdict(list)
    for (row, column), index in own.at.items():
        found[_of(table.rows[row]) | _of(table.columns[column])].append(offset + index)
    return {labels: cells[0] for labels, cells in found.items() if len(cells) == 1}


def _of(line: Line) -> Labels:
    return frozenset() if line.total else frozenset(plain for label in line.labels if (plain := _plain(label)))


def _plain(label: str) -> str:
    """A label as it is compared: without case, numbers of persons, units and punctuation."""
    return re.sub(r"[^\w<>≥≤+-]+", " ", _N.sub("", label)).strip().casefold().removesuffix(" n")


def _pairs(members: Sequence[_Member]) -> Iterator[tuple[_Member, _Member]]:
    """Tables that have two labelled cells in common at least."""
    having: dict[Labels, list[int]] = defaultdict(list)
    for number, member in enumerate(members):
        for labels in member.labels:
            having[labels].append(number)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for labels, numbers in having.items():
        if labels:
            for pair in combinations(numbers[:PARTNERS], 2):
                shared[pair] += 1
    for (first, second), count in sorted(shared.items()):
        if count >= 2:
            yield members[first], members[second]


def _tied(system: System, first: _Member, second: _Member, threshold: int) -> tuple[list[Relation], list[Difference]]:
    """Equations between the same cells of two tables; or the few persons between them."""
    pairs = [(cell, second.labels[labels]) for labels, cell in first.labels.items() if labels in second.labels]
    known = [(a, b) for a, b in pairs if system.cells[a].known and system.cells[b].known]
    apart = [system.cells[a].low - system.cells[b].low for a, b in known]
    equal = sum(difference == 0 and system.cells[a].low > 0 for difference, (a, _) in zip(apart, known, strict=True))
    if equal < 2 or 2 * equal < len(known):
        return [], []
    if not any(apart):
        return [
            _same(system, first, second, a, b)
            for a, b in pairs
            if not (system.cells[a].known and system.cells[b].known)
        ], []
    one_way = all(difference >= 0 for difference in apart) or all(difference <= 0 for difference in apart)
    if not one_way:
        return [], []
    return [], [
        Difference(system.cells[a].wheres[0], system.cells[b].wheres[0], abs(difference))
        for difference, (a, b) in zip(apart, known, strict=True)
        if 0 < abs(difference) < threshold
    ]


def _same(system: System, first: _Member, second: _Member, a: int, b: int) -> Relation:
    reason = Words(
        f"samme celle står i {first.table.where} og {second.table.where}",
        f"the same cell stands in {first.table.where} and {second.table.where}",
    )
    return Relation(((a, 1), (b, -1)), 0, 0, reason, system.cells[b].wheres[0])


def _joined_lines(system: System, members: Sequence[_Member]) -> list[Relation]:
    """Sums that run over two tables: one table cut in two by its rows, or by its columns."""
    made: list[Relation] = []
    for turned in (False, True):
        groups: dict[tuple[str, ...], list[_Member]] = defaultdict(list)
        for member in members:
            crossing = member.table.rows if turned else member.table.columns
            groups[tuple(_plain(line.name) for line in crossing)].append(member)
        for group in groups.values():
            for first, second in combinations(group[:PARTNERS], 2):
                made += _over_both(system, first, second, turned=turned)
    return made


def _over_both(system: System, first: _Member, second: _Member, *, turned: bool) -> list[Relation]:
    one, two = _lines_of(first, turned=turned), _lines_of(second, turned=turned)
    if {_plain(line.name) for line in one} & {_plain(line.name) for line in two}:
        return []
    lanes = len(first.table.rows if turned else first.table.columns)
    places = [*((first, n) for n in range(len(one))), *((second, n) for n in range(len(two)))]
    cells = [[_cell(member, (lane, n) if turned else (n, lane)) for lane in range(lanes)] for member, n in places]
    bounds = [
        [None if index is None else (system.cells[index].low, system.cells[index].high) for index in row]
        for row in cells
    ]
    found, _ = sums_of(Lines((*one, *two), bounds))
    made = []
    for total in found:
        sides = {part < len(one) for part in (total.total, *total.parts)}
        if len(sides) < 2 or not total.confirmed or len(total.parts) < 2:
            continue
        for lane in range(lanes):
            row = [cells[line][lane] for line in (total.total, *total.parts)]
            indexes = [index for index in row if index is not None]
            if len(indexes) == len(row):
                terms = tuple((index, -1 if n == 0 else 1) for n, index in enumerate(indexes))
                where = f"{first.table.where} + {second.table.where}"
                reason = Words(f"{where} er én tabel, der er delt", f"{where} are one table cut in two")
                made.append(Relation(terms, 0, 0, reason, where))
    return made


def _lines_of(member: _Member, *, turned: bool) -> tuple[Line, ...]:
    return member.table.columns if turned else member.table.rows


def _cell(member: _Member, place: Place) -> int | None:
    index = member.own.at.get(place)
    return None if index is None else member.offset + index
