"""Percentages, rates, means and their like that go with a count.

What stands beside a blanked count tells about the same few persons, and mostly
gives the count back; it is blanked with it. Which count a statistic belongs to
is told by its cell, by its base, or by the row or column that both stand in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import Place, count_in, system_of_printed
from ngc_pipelines.disclosure.tables.relations.shares import SHARES, shares_of
from ngc_pipelines.disclosure.tables.system import System

OF_PERSONS = SHARES | {
    Meaning.SUM,
    Meaning.MEAN,
    Meaning.SD,
    Meaning.MEDIAN,
    Meaning.PERCENTILE,
    Meaning.MINIMUM,
    Meaning.MAXIMUM,
    Meaning.INTERVAL,
    Meaning.ESTIMATE,
}
# The labels that say of a row or column that it holds the numbers of persons.
_NUMBERS = frozenset({"n", "antal", "count", "number", "persons", "personer", "patienter", "patients"})


@dataclass(frozen=True, slots=True)
class Beside:
    """One printed statistic that goes with a count.

    Args:
        count: where the count is printed or blanked.
        where: where the statistic is printed; the count's own cell where it stands in it.
        meaning: what it is.
    """

    count: str
    where: str
    meaning: Meaning


def beside_counts(tables: Sequence[PrintedTable]) -> dict[str, list[Beside]]:
    """By the place of a count: the statistics that go with it."""
    found: dict[str, dict[tuple[str, Meaning], Beside]] = defaultdict(dict)
    for table in tables:
        for one in _in_table(table):
            found[one.count].setdefault((one.where, one.meaning), one)
    return {where: list(ones.values()) for where, ones in found.items()}


def beside_blanked(system: System, cells: Collection[int], beside: dict[str, list[Beside]]) -> list[Beside]:
    """The statistics that go with blanked cells, in the order of the document."""
    places = (where for index in sorted(cells) for where in system.cells[index].wheres)
    found = {(one.where, one.meaning): one for where in places for one in beside.get(where, ())}
    return list(found.values())


def _in_table(table: PrintedTable) -> Iterator[Beside]:
    statistics = [
        (place, one)
        for place, cell in table.cells.items()
        for one in cell
        if one.meaning in OF_PERSONS and one.value is not None
    ]
    if not statistics:
        return
    counts = {place: count for place, cell in table.cells.items() if (count := count_in(cell)) is not None}
    yield from _by_base(table, counts)
    rows: dict[int, list[int]] = defaultdict(list)
    columns: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(counts):
        rows[row].append(column)
        columns[column].append(row)
    for place, one in statistics:
        at = _count_of(table, place, counts, rows, columns)
        if at is not None:
            yield Beside(counts[at].where, one.where, one.meaning)


def _by_base(table: PrintedTable, counts: dict[Place, Printed]) -> Iterator[Beside]:
    """Percentages go with the count over them, and with the one under them."""
    own = system_of_printed(table)
    cells = {place: own.system.cells[index] for place, index in own.at.items() if place in counts}
    meanings = {one.where: one.meaning for cell in table.cells.values() for one in cell if one.meaning in SHARES}
    for share in shares_of(table, cells, own.row_sums, own.column_sums):
        for place in (share.place, share.base):
            if place in counts:
                yield Beside(counts[place].where, share.where, meanings[share.where])


def _count_of(
    table: PrintedTable,
    place: Place,
    counts: dict[Place, Printed],
    rows: dict[int, list[int]],
    columns: dict[int, list[int]],
) -> Place | None:
    """The count that a statistic is of; None where none can be told."""
    if place in counts:
        return place
    row, column = place
    beside = _nearest(table.columns, column, rows[row])
    if beside is not None:
        return row, beside
    above = [other for other in columns[column] if _says_numbers(table.rows[other])]
    over = _nearest(table.rows, row, above)
    return None if over is None else (over, column)


def _nearest(lines: Sequence[Line], at: int, having: Sequence[int]) -> int | None:
    """The line with a count that a statistic in line `at` is of: of its group, the last before it."""
    group = lines[at].labels[:-1]
    alike = [other for other in having if lines[other].labels[:-1] == group] or list(having)
    before = [other for other in alike if other < at]
    return before[-1] if before else alike[0] if alike else None


def _says_numbers(line: Line) -> bool:
    return line.total or line.name.strip(" .:()").casefold() in _NUMBERS or line.labels[-1] == "N"
