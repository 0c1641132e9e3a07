"""Several tables as one system: which cells are the same, which lines and tables belong together.

Tables are tied where labels and numbers agree, and only there: a cell of the
same name in a table about other persons is another cell. How the persons of two
tables relate is told by `nesting`; what lies between them by `differences`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.members import AnyTable, Labels, Member, member_of, plain
from ngc_pipelines.disclosure.tables.nesting import Kin, Kinship, kinship
from ngc_pipelines.disclosure.tables.printed import Line, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import Place
from ngc_pipelines.disclosure.tables.relations.sums import Lines, sums_of
from ngc_pipelines.disclosure.tables.system import Relation, System

# A cell of many tables (a total of 200 files) is compared with this many others.
PARTNERS = 50
# Tables of one shape that are tried as parts of one another, and the labels they must share.
LAYERS = 24
LAYER_LABELS = 2


@dataclass(frozen=True, slots=True)
class Together:
    """One system of several tables, and tables whose persons lie in one another's."""

    system: System
    kinships: tuple[Kinship, ...]


def together(tables: Sequence[AnyTable], *, first_table: int = 0) -> Together:
    """The system of all `tables`.

    Args:
        first_table: the number of the first of them, where others stand before.
    """
    members: list[Member] = []
    system = System((), (), ())
    for number, table in enumerate(tables, start=first_table):
        member = member_of(table, number, len(system.cells))
        members.append(member)
        system = System(
            system.cells + member.system.cells,
            system.relations + member.system.relations,
            system.tables + member.system.tables,
            system.left_out + member.system.left_out,
        )
    ties: list[Relation] = []
    apart: list[Kinship] = []
    for first, second in _pairs(members):
        found = kinship(system, first, second)
        if found.kin is Kin.SAME:
            ties += [
                _same(system, first, second, a, b)
                for a, b in found.pairs
                if not (system.cells[a].known and system.cells[b].known)
            ]
        elif found.kin is not Kin.OTHERS:
            apart.append(found)
    ties += _joined_lines(system, [member for member in members if isinstance(member.table, PrintedTable)])
    ties += _layers(system, members)
    return Together(replace(system, relations=system.relations + tuple(ties)), tuple(apart))


def _pairs(members: Sequence[Member]) -> Iterator[tuple[Member, Member]]:
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


def _same(system: System, first: Member, second: Member, a: int, b: int) -> Relation:
    reason = Words(
        f"samme celle står i {first.where} og {second.where}",
        f"the same cell stands in {first.where} and {second.where}",
    )
    return Relation(((a, 1), (b, -1)), 0, 0, reason, system.cells[b].wheres[0])


def _layers(system: System, members: Sequence[Member]) -> Iterator[Relation]:
    """Sums that run over whole tables: one for all, and one for each part of them (women, men)."""
    shapes: dict[frozenset[Labels], list[Member]] = defaultdict(list)
    for member in members:
        named = frozenset(labels for labels in member.labels if labels)
        if len(named) >= LAYER_LABELS:
            shapes[named].append(member)
    for labels, group in shapes.items():
        if 3 <= len(group) <= LAYERS:
            yield from _of_layers(system, sorted(labels, key=sorted), group)


def _of_layers(system: System, labels: Sequence[Labels], group: Sequence[Member]) -> Iterator[Relation]:
    cells = [[member.labels[label] for label in labels] for member in group]
    for total, parts in _adding_up(system, cells):
        names = ", ".join(group[part].where for part in parts)
        reason = Words(
            f"tabellerne {names} summer til {group[total].where}", f"the tables {names} add up to {group[total].where}"
        )
        for place in range(len(labels)):
            row = [cells[total][place], *(cells[part][place] for part in parts)]
            if not all(system.cells[index].known for index in row):
                terms = tuple((index, -1 if n == 0 else 1) for n, index in enumerate(row))
                yield Relation(terms, 0, 0, reason, group[total].where)


def _adding_up(system: System, cells: Sequence[Sequence[int]]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Tables that are the sum of two others, or of all others, in every number that is printed."""
    numbers = range(len(cells))
    for total in numbers:
        others = tuple(number for number in numbers if number != total)
        tried = [*combinations(others, 2), *([others] if len(others) > 2 else [])]
        for parts in tried:
            if _confirmed(system, cells[total], [cells[part] for part in parts]):
                yield total, parts


def _confirmed(system: System, total: Sequence[int], parts: Sequence[Sequence[int]]) -> bool:
    seen = 0
    for place, index in enumerate(total):
        row = [system.cells[index], *(system.cells[part[place]] for part in parts)]
        if not all(cell.known for cell in row):
            continue
        if row[0].low != sum(cell.low for cell in row[1:]):
            return False
        seen += all(cell.low > 0 for cell in row)
    return seen >= LAYER_LABELS


def _joined_lines(system: System, members: Sequence[Member]) -> list[Relation]:
    """Sums that run over two tables: one table cut in two by its rows, or by its columns."""
    made: list[Relation] = []
    for turned in (False, True):
        groups: dict[tuple[str, ...], list[Member]] = defaultdict(list)
        for member in members:
            groups[tuple(plain(line.name) for line in _lines_of(member, turned=not turned))].append(member)
        for group in groups.values():
            for first, second in combinations(group[:PARTNERS], 2):
                made += _over_both(system, first, second, turned=turned)
    return made


def _over_both(system: System, first: Member, second: Member, *, turned: bool) -> list[Relation]:
    one, two = _lines_of(first, turned=turned), _lines_of(second, turned=turned)
    if {plain(line.name) for line in one} & {plain(line.name) for line in two}:
        return []
    lanes = len(_lines_of(first, turned=not turned))
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
                where = f"{first.where} + {second.where}"
                reason = Words(f"{where} er én tabel, der er delt", f"{where} are one table cut in two")
                made.append(Relation(terms, 0, 0, reason, where))
    return made


def _lines_of(member: Member, *, turned: bool) -> tuple[Line, ...]:
    if not isinstance(member.table, PrintedTable):
        return ()
    return member.table.columns if turned else member.table.rows


def _cell(member: Member, place: Place) -> int | None:
    return member.at.get(place)
