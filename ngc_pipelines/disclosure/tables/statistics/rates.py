"""Rates over person-time: the number of events that a rate and its person-years give (DC-6).

`2.5` per 1,000 over 812.4 person-years is two events, whatever stands in the
column of events. Percentages of persons live in `shares`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.reading.meaning import per_of
from ngc_pipelines.disclosure.tables.statistics.saying import Reason

_TIME = re.compile(
    r"person[\s-]?(?:years?|time|months?|days?)|patient[\s-]?years?|\bpy(?:rs|ar|s)?\b|years at risk|"
    r"person(?:år|tid|måneder|dage)|patientår|risikotid",
    re.IGNORECASE,
)
_RATE = re.compile(r"\brate|incidens|\bIR\b|mortalitet", re.IGNORECASE)
_RATIO = re.compile(r"ratio|adjust|juster|standardi[sz]|difference|forskel", re.IGNORECASE)
# 1,000 person-years may themselves be the unit of the column.
_IN_THOUSANDS = re.compile(r"\((?:1[.,\s]?000s?|tusinder?|thousands?)\)|i tusinder|in thousands", re.IGNORECASE)
# What a rate is taken for where its number alone does not say that it is one.
_PERHAPS_RATES = frozenset({Meaning.OTHER, Meaning.UNKNOWN, Meaning.ESTIMATE})


def judge_rates(tables: Iterable[PrintedTable], thresholds: Thresholds) -> Iterator[Finding]:
    """Rates that give a number of events under the threshold which is not printed beside them."""
    for table in tables:
        for (row, column), cell in table.cells.items():
            rate = cell[0]
            if rate.value is None or rate.value <= 0 or not _is_rate(table.rows[row], table.columns[column], rate):
                continue
            time = _time_beside(table, row, column)
            if time is None:
                continue
            per = rate.per if rate.per != 100 else per_of(f"{table.columns[column].name} {table.rows[row].name}")
            span = events_of(rate, time, per)
            if span is not None and 0 < span[1] < thresholds.cell:
                yield _few(thresholds.cell).at(rate.where)


def events_of(rate: Printed, time: Printed, per: int) -> tuple[int, int] | None:
    """The whole numbers of events that print as a rate over some person-time, at least one; None where none does."""
    if rate.value is None or time.value is None:
        return None
    slack, own = (Decimal(1).scaleb(-one.decimals) / 2 for one in (rate, time))
    low = math.ceil((rate.value - slack) * (time.value - own) / per)
    high = math.floor((rate.value + slack) * (time.value + own) / per)
    return (max(1, low), high) if high >= max(1, low) else None


def _is_rate(row: Line, column: Line, printed: Printed) -> bool:
    if printed.meaning is not Meaning.RATE and printed.meaning not in _PERHAPS_RATES:
        return False
    names = f"{row.name} {column.name}"
    if _RATIO.search(names):
        return False
    return printed.meaning is Meaning.RATE or _RATE.search(names) is not None


def _time_beside(table: PrintedTable, row: int, column: int) -> Printed | None:
    """The person-time of the same group: in the same row, or in the same column."""
    for place, line in _candidates(table, row, column):
        cell = table.cells.get(place)
        names = line.name
        if cell and cell[0].value and not _RATE.search(names) and not _IN_THOUSANDS.search(names):
            return cell[0]
    return None


def _candidates(table: PrintedTable, row: int, column: int) -> Iterator[tuple[tuple[int, int], Line]]:
    own = table.columns[column].labels[:-1]
    across = [n for n, line in enumerate(table.columns) if n != column and _TIME.search(line.name)]
    across.sort(key=lambda n: (table.columns[n].labels[:-1] != own, abs(n - column)))
    yield from (((row, n), table.columns[n]) for n in across)
    down = [n for n, line in enumerate(table.rows) if n != row and _TIME.search(line.name)]
    yield from (((n, column), table.rows[n]) for n in sorted(down, key=lambda n: abs(n - row)))


def _few(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.BLOCK,
        Words(
            f"Raten gange persontiden ved siden af giver færre end {least} hændelser.",
            f"The rate times the person-time beside it gives fewer than {least} events.",
        ),
        Words(
            "Blænd også raten eller persontiden, afrund dem groft, eller slå grupper sammen.",
            "Blank the rate or the person-time too, round them coarsely, or merge groups.",
        ),
    )
