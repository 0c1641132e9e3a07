"""Counts that are told by a percentage and a number of persons in words (DC-6).

`0.7` under `Percent` beside `412` under `N` is three persons, and so is `3.2`
under `% of 94`. Percentages whose base is a cell of the same system live in
`relations.shares`; here the base stands in a label, a column of numbers or the
title.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.statistic import Numbers, written_number

Place = tuple[int, int]

_OF_ROW = frozenset({Meaning.PERCENT, Meaning.PERCENT_OF_ROW})
_OF_COLUMN = frozenset({Meaning.PERCENT, Meaning.PERCENT_OF_COLUMN})
_OF_ALL = frozenset({Meaning.PERCENT, Meaning.PERCENT_OF_COLUMN, Meaning.PERCENT_OF_TOTAL})
_SHARES = _OF_ROW | _OF_COLUMN | _OF_ALL
# `% of 62`, `procent af 1.248`: the base itself, not a confidence level's.
_OF = re.compile(
    r"(?:%|\bpct\.?|\bper ?cent\w*|\bprocent\w*)\s+(?:of|af)\s+(\d{1,3}(?:[ .,]\d{3})+|\d+)(?![\d.,]*[\d%])", re.I
)
# A change, a rate of answers or a share of something else is no share of the persons in the label.
_OTHER_SHARE = re.compile(
    r"change|ændring|difference|forskel|increase|decrease|stigning|fald|reduction|growth|vækst|cum|kumul|index|indeks|"
    r"survival|overlevelse|coverage|dækning|hba1c|bmi|saturation|sensitiv|specific|ppv|npv|accuracy|ejection|"
    r"heterogen|variance|varians|\bcv\b|\bci\b|\bki\b|methyl|identity|purity|fraction",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ToldCount:
    """The count that a percentage stands for.

    Args:
        low, high: the smallest and largest whole number of persons that prints so.
        base: the number of persons that it is a share of.
    """

    place: Place
    where: str
    low: int
    high: int
    base: int


def told_counts(table: PrintedTable) -> Iterator[ToldCount]:
    """Every count that a percentage without a count beside it tells by a base in words."""
    numbers = Numbers(table)
    whole = _whole_columns(table)
    rows = _whole_rows(table)
    for place, cell in table.cells.items():
        if len(cell) != 1 or cell[0].value is None:
            continue
        if cell[0].meaning not in _SHARES and place[0] not in rows:
            continue  # nothing gives a base to what is no share
        row, column = table.rows[place[0]], table.columns[place[1]]
        if row.total or column.total or _OTHER_SHARE.search(f"{row.name} {column.name} {table.title or ''}"):
            continue
        base = _base(table, place, cell[0].meaning, numbers, titled=place[1] in whole)
        if base is None and place[0] in rows:
            base = rows[place[0]]
        told = None if base is None else count_of(cell[0], base)
        if base is not None and told is not None:
            yield ToldCount(place, cell[0].where, *told, base)


def _whole_rows(table: PrintedTable) -> dict[int, int]:
    """Rows whose percentages are the parts of one whole, with the number that one of their headers gives."""
    said = [int(re.sub(r"\D", "", match[1])) for line in table.columns if (match := _OF.search(line.name))]
    if len(said) != 1:
        return {}
    found = {}
    for row, line in enumerate(table.rows):
        shares = [
            cell[0]
            for column, over in enumerate(table.columns)
            if not over.total and (cell := table.cells.get((row, column))) and cell[0].meaning in _OF_ROW
        ]
        if not line.total and _add_up(shares):
            found[row] = said[0]
    return found


def _add_up(shares: Sequence[Printed]) -> bool:
    """Whether percentages add up to 100 but for their rounding."""
    values = [one.value for one in shares if one.value is not None]
    slack = sum((Decimal(1).scaleb(-one.decimals) / 2 for one in shares), Decimal(0))
    return len(values) == len(shares) > 1 and abs(sum(values, Decimal(0)) - 100) <= slack


def count_of(share: Printed, base: int) -> tuple[int, int] | None:
    """The whole numbers of `base` persons that print as a percentage, ends included; None where none does."""
    if share.value is None or not 0 <= share.value <= 100 or base < 1:
        return None
    half = Decimal(1).scaleb(-share.decimals) / 2
    low = max(0, math.ceil((share.value - half) * base / 100))
    high = min(base, math.floor((share.value + half) * base / 100))
    return (low, high) if low <= high else None


def _base(table: PrintedTable, place: Place, meaning: Meaning, numbers: Numbers, *, titled: bool) -> int | None:
    row, column = table.rows[place[0]], table.columns[place[1]]
    if meaning in _OF_ROW | _OF_COLUMN and (match := _OF.search(column.name) or _OF.search(row.name)):
        return int(re.sub(r"\D", "", match[1]))
    beside = numbers.beside(*place) if meaning in _OF_ROW else None
    inner = next((label for label in reversed(row.labels) if label), "")
    written = written_number(inner) if meaning in _OF_ROW else None
    above = written_number(column.name) or numbers.above(*place) if meaning in _OF_COLUMN else None
    said = [base for base in (written, beside, above) if base is not None]
    if said:
        return said[0]
    return written_number(table.title or "") if titled and meaning in _OF_ALL else None


def _whole_columns(table: PrintedTable) -> frozenset[int]:
    """Columns whose percentages are the parts of one whole: they add up to 100 but for their rounding."""
    found = set()
    for column in range(len(table.columns)):
        shares = [
            cell[0]
            for row, line in enumerate(table.rows)
            if not line.total and (cell := table.cells.get((row, column))) and cell[0].meaning in _OF_ALL
        ]
        if _add_up(shares):
            found.add(column)
    return frozenset(found)
