"""What cells take from their neighbours: marks their meaning, percentages their counts and bases.

Also empty cells that stand for blanked counts, and numbers of persons written
into headers. What one cell says by itself is told by `meaning`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal

from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Line, Mark, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.reading.grid import Block, Sort
from ngc_pipelines.disclosure.tables.reading.layout import Layout
from ngc_pipelines.disclosure.tables.relations.shares import NUMBERS, SHARES

Cells = dict[tuple[int, int], tuple[Printed, ...]]

_N_IN_HEADER = re.compile(r"(?<![A-Za-z])[nN]\s*=\s*(\d{1,3}(?:[ .,]\d{3})+|\d+)(?![\d.,]*\d)")
_IS_N = re.compile(
    r"^(?:n|antal(?: personer| patienter)?|no\. of (?:patients|persons)|number of (?:patients|persons))$", re.I
)
# A column of nothing but percentages of what stands beside it; `Prevalence, %` is of something else.
_ONLY_SHARE = re.compile(
    r"^\(?(?:(?:row|col\w*|cell|kolonne|række|søjle|valid|cum\w*|total|tot)?[\s.-]*"
    r"(?:%|pct\.?|procent|percent(?:age)?)|(?:andel|share|prop(?:ortion)?)(?:\s*\(?%\)?)?|% of total)\)?$",
    re.IGNORECASE,
)
_PLAIN = frozenset({Meaning.PERCENT})


def with_marks_told(cells: Cells) -> Cells:
    """A mark is of what the numbers of its column, or else of its row, are."""
    if not any(printed[0].mark is not None and printed[0].meaning is Meaning.UNKNOWN for printed in cells.values()):
        return cells
    by_column: dict[int, Counter[Meaning]] = defaultdict(Counter)
    by_row: dict[int, Counter[Meaning]] = defaultdict(Counter)
    for (row, column), printed in cells.items():
        if printed[0].value is not None:
            by_column[column][printed[0].meaning] += 1
            by_row[row][printed[0].meaning] += 1
    told: Cells = {}
    for (row, column), printed in cells.items():
        first = printed[0]
        if first.mark is None or first.meaning is not Meaning.UNKNOWN:
            told[row, column] = printed
            continue
        most = _most(by_column.get(column), by_row.get(row))
        counted = first.mark.speaks and most in (Meaning.COUNT, Meaning.UNKNOWN, Meaning.OTHER)
        told[row, column] = (replace(first, meaning=Meaning.COUNT if counted else most), *printed[1:])
    return told


def _most(column: Counter[Meaning] | None, row: Counter[Meaning] | None) -> Meaning:
    """What the numbers beside a mark are: those of its column, unless those of its row say so better.

    A row does where its numbers are all of one kind, and the column's are not or are fewer.
    """
    votes = column or row
    if column and row and len(row) == 1 and row.total() > 1 and (len(column) > 1 or row.total() > column.total()):
        votes = row
    return votes.most_common(1)[0][0] if votes else Meaning.UNKNOWN


def with_shares_beside(cells: Cells, columns: tuple[Line, ...]) -> Cells:
    """Percentages in a column of their own, put to the counts beside them."""
    folded = dict(cells)
    taken: set[int] = set()
    sorts = _sorts(cells)
    for column in range(len(columns)):
        if sorts.get(column) != "share":
            continue
        for beside in (column - 1, column + 1):
            if sorts.get(beside) != "count" or beside in taken or _is_one_base(cells, column, beside):
                continue
            if _of_one_group(columns, column, beside):
                taken.add(beside)
                _fold(folded, column, beside)
                break
    return folded


def _is_one_base(cells: Cells, column: int, beside: int) -> bool:
    """Whether all percentages, different ones, stand beside one number: that is what they are of."""
    shares = {cells[place][0].value: place[0] for place in cells if place[1] == column}
    counts = [cells[row, beside][0].value for row in shares.values() if (row, beside) in cells]
    return len(counts) > 2 and len(set(counts)) == 1 and counts[0] is not None


def _sorts(cells: Cells) -> dict[int, str]:
    """By column: whether it holds shares, or counts for the most part."""
    meanings: dict[int, Counter[Meaning]] = defaultdict(Counter)
    for (_, column), printed in cells.items():
        if printed[0].value is not None:
            meanings[column][printed[0].meaning] += 1
    return {column: _sort(counted) for column, counted in meanings.items()}


def _sort(meanings: Counter[Meaning]) -> str:
    if all(meaning in SHARES and meaning is not Meaning.RATE for meaning in meanings):
        return "share"
    return "count" if 2 * meanings[Meaning.COUNT] > meanings.total() else ""


def _of_one_group(columns: tuple[Line, ...], first: int, second: int) -> bool:
    inner = next((label for label in reversed(columns[first].labels) if label), "")
    if _ONLY_SHARE.match(inner.strip()) is None:
        return False
    one, other = columns[first].labels[:-1], columns[second].labels[:-1]
    return one == other or not one or not other


def _fold(cells: Cells, column: int, beside: int) -> None:
    for row in sorted(row for row, other in cells if other == column):
        count, share = cells.get((row, beside)), cells[row, column]
        if count is not None and len(count) == 1 and count[0].meaning is Meaning.COUNT and share[0].value is not None:
            cells[row, beside] = (*count, *share)
            del cells[row, column]


def with_shares_told(cells: Cells, columns: tuple[Line, ...]) -> Cells:
    """Plain percentages under a header with `N = 50` are of that N, where they are not of their row."""
    headed = {column for column, line in enumerate(columns) if _N_IN_HEADER.search(line.name)}
    if not headed:
        return cells
    across: dict[int, Decimal] = defaultdict(Decimal)
    for (row, _), printed in cells.items():
        across[row] += sum((one.value or Decimal(0) for one in printed if one.meaning in _PLAIN), Decimal(0))
    of_rows = len(columns) > 1 and bool(across) and all(abs(total - 100) <= 1 for total in across.values() if total)
    if of_rows:
        return cells
    return {
        place: tuple(
            replace(one, meaning=Meaning.PERCENT_OF_COLUMN) if one.meaning in _PLAIN and place[1] in headed else one
            for one in printed
        )
        for place, printed in cells.items()
    }


def with_pairs_told(cells: Cells, rows: tuple[Line, ...], columns: tuple[Line, ...]) -> Cells:
    """`134 (16)` under a known number of persons: a count with its percentage, or else a measure with its spread."""
    numbers = _numbers_of(cells, rows, columns)
    by_row: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for (row, column), printed in cells.items():
        whole = numbers.get(column)
        if whole and _is_pair(printed):
            by_row[row].append((column, _is_share(printed, whole)))
    told = dict(cells)
    for row, pairs in by_row.items():
        fitting = sum(fits for _, fits in pairs)
        for column, _ in pairs:
            first, second = cells[row, column]
            if 2 * fitting > len(pairs) and second.meaning is Meaning.OTHER:
                told[row, column] = (first, replace(second, meaning=Meaning.PERCENT))
            elif not fitting and (second.meaning is Meaning.OTHER or (first.value or 0) > numbers[column]):
                told[row, column] = (replace(first, meaning=Meaning.OTHER), replace(second, meaning=Meaning.OTHER))
    return told


def _numbers_of(cells: Cells, rows: tuple[Line, ...], columns: tuple[Line, ...]) -> dict[int, Decimal]:
    """By column: how many persons it is of, by its header or by a first row that is called N."""
    found: dict[int, Decimal] = {}
    named = next((row for row, line in enumerate(rows) if _IS_N.match(line.labels[-1].strip())), None)
    for column, line in enumerate(columns):
        match = _N_IN_HEADER.search(line.name)
        printed = cells.get((named, column)) if named is not None else None
        if match is not None:
            found[column] = Decimal(re.sub(r"\D", "", match[1]))
        elif printed is not None and printed[0].meaning is Meaning.COUNT and printed[0].value is not None:
            found[column] = printed[0].value
    return found


def _is_pair(printed: tuple[Printed, ...]) -> bool:
    return (
        len(printed) == 2
        and printed[0].meaning is Meaning.COUNT
        and printed[0].value is not None
        and printed[1].meaning in (Meaning.OTHER, Meaning.PERCENT)
        and printed[1].value is not None
    )


def _is_share(printed: tuple[Printed, ...], whole: Decimal) -> bool:
    part, share = printed[0].value or Decimal(0), printed[1].value or Decimal(0)
    return abs(100 * part / whole - share) <= Decimal(1).scaleb(-printed[1].decimals)


def blanks_of(cells: Cells, block: Block, layout: Layout) -> Cells:
    """Empty cells among counts are blanked ones; not in rows that hold no count at all."""
    columns = Counter(column for (_, column), printed in cells.items() if printed[0].meaning is Meaning.COUNT)
    used = Counter(column for _, column in cells)
    counted = {column for column, number in columns.items() if 2 * number > used[column]}
    in_row: dict[int, int] = Counter(row for (row, column) in cells if column in counted)
    found = dict(cells)
    for row, block_row in enumerate(layout.body):
        if not in_row.get(row) and not _is_bare(block, block_row, layout):
            continue
        for column in counted:
            block_column = layout.column_numbers[column]
            if (row, column) in cells or block.rows[block_row][block_column].sort is not Sort.EMPTY:
                continue
            where = block.where(block_row, block_column)
            found[row, column] = (Printed(Meaning.COUNT, None, where, mark=_empty()),)
    return found


def _is_bare(block: Block, row: int, layout: Layout) -> bool:
    """Whether a row of the body holds nothing: it is blanked altogether."""
    return all(block.rows[row][column].sort is Sort.EMPTY for column in layout.column_numbers)


def _empty() -> Mark:
    mark = mark_of("")
    assert mark is not None
    return mark


def with_numbers_of_headers(table: PrintedTable) -> PrintedTable:
    """`Kvinder (n = 120)`: the number over a column becomes a row of its own, which its percentages are of."""
    numbers = [_N_IN_HEADER.search(line.name) for line in table.columns]
    if not any(numbers):
        return table
    row = len(table.rows)
    cells = dict(table.cells)
    for column, match in enumerate(numbers):
        if match is not None:
            digits = re.sub(r"\D", "", match[1])
            where = f"{table.where} › N over column {column + 1}"
            cells[row, column] = (Printed(Meaning.COUNT, Decimal(digits), where),)
    return replace(table, rows=(*table.rows, Line(NUMBERS, 0)), cells=cells)
