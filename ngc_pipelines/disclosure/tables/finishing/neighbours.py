"""Arithmetic between lines of a table that no label tells: differences, cumulated counts, and the same count elsewhere.

A column that was a sum or difference of two others in every row gives a
blanked cell back where the two stand; so do counts cumulated down a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from ngc_pipelines.disclosure.tables.finishing.document import Document
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable

# Fewer rows fit by chance.
_FEWEST = 3
# More lines than these are no table that was put together by hand.
_MOST = 24
# Counts from here on are the same in two tables hardly by chance, where a label is the same too.
_LARGE = 100

Numbers = Mapping[tuple[int, int], Decimal]


def told_by_neighbours(before: Document, back: Document, gone: Mapping[int, set[tuple[int, int]]]) -> list[str]:
    """Names of the tables whose blanked cells other numbers give back.

    Args:
        gone: by a table's number: where its numbers are shown no more.
    """
    found: list[str] = []
    tables = [home.table for home in before.homes]
    for number, table in enumerate(tables):
        hidden = gone.get(number, set())
        if not isinstance(table, PrintedTable) or not hidden:
            continue
        numbers = {spot: one.value for spot, cell in table.cells.items() for one in _numbers(cell) if one.value}
        zeros = {spot: Decimal(0) for spot, cell in table.cells.items() if _numbers(cell) and spot not in numbers}
        whole: Numbers = {**numbers, **zeros}
        across = {(column, row): value for (row, column), value in whole.items()}
        turned = {(column, row) for row, column in hidden}
        if _told(whole, hidden) or _told(across, turned) or _elsewhere(table, whole, hidden, back, number):
            found.append(table.where.partition(" › ")[2] or table.where)
    return found


def _numbers(cell: Sequence[Printed]) -> list[Printed]:
    return [one for one in cell if one.value is not None and one.meaning is not Meaning.INTERVAL][:1]


def _told(numbers: Numbers, hidden: set[tuple[int, int]]) -> bool:
    columns: dict[int, dict[int, Decimal]] = {}
    for (row, column), value in numbers.items():
        columns.setdefault(column, {})[row] = value
    if len(columns) > _MOST:
        return False
    shown = {spot for spot in numbers if spot not in hidden}
    for first, second, third in combinations(sorted(columns), 3):
        for a, b, c in ((first, second, third), (first, third, second), (second, third, first)):
            rows = sorted(set(columns[a]) & set(columns[b]) & set(columns[c]))
            fits = len(rows) >= _FEWEST and all(
                abs(columns[a][row]) + abs(columns[b][row]) == abs(columns[c][row])
                or abs(columns[a][row] - columns[b][row]) == abs(columns[c][row])
                for row in rows
            )
            if fits and any(sum((row, column) in shown for column in (a, b, c)) == 2 for row in rows):
                return True
    return any(
        _cumulated(columns[one], columns[other], one, other, shown)
        for one in columns
        for other in columns
        if one != other
    )


def _cumulated(
    counts: Mapping[int, Decimal], sums: Mapping[int, Decimal], one: int, other: int, shown: set[tuple[int, int]]
) -> bool:
    """Whether one column cumulates the other, and a step of it gives a hidden number back."""
    rows = sorted(set(counts) & set(sums))
    steps = [(above, below) for above, below in pairwise(rows) if sums[below] - sums[above] == counts[below]]
    # The last row may be the total.
    if len(rows) < _FEWEST or len(steps) < len(rows) - 2 or sums[rows[0]] != counts[rows[0]]:
        return False
    return any(
        sum(spot in shown for spot in ((above, other), (below, other), (below, one))) == 2 for above, below in steps
    )


def _elsewhere(
    table: PrintedTable, numbers: Numbers, hidden: set[tuple[int, int]], back: Document, number: int
) -> bool:
    """Whether another table shows a hidden number under a label of its own row or column."""
    large = {
        (numbers[spot], word)
        for spot in hidden
        if numbers.get(spot, Decimal(0)) >= _LARGE
        for word in _words((table.rows[spot[0]].name, table.columns[spot[1]].name))
    }
    if not large:
        return False
    for other, home in enumerate(back.homes):
        if other == number or not isinstance(home.table, PrintedTable):
            continue
        for spot, cell in home.table.cells.items():
            lines = home.table.rows[spot[0]].name, home.table.columns[spot[1]].name
            for one in _numbers(cell):
                if one.value is not None and any((one.value, word) in large for word in _words(lines)):
                    return True
    return False


def _words(labels: Sequence[str]) -> Iterator[str]:
    for label in labels:
        yield from (word.casefold() for word in re.findall(r"[^\W\d_]{2,}", label))
