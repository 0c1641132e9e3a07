"""Survival curves told as numbers: each step is so many persons (DC-6).

A drop of 0.025 among 40 persons is one person, and its time is that person's. A
drop is at least events / n, so drop × n bounds the events from above. Numbers at
risk and lists of events live in `survival`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.console import listings_of
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import is_number_of_persons, written_number

_SURVIVAL = re.compile(
    r"surviv|overlevelse|overlever|kaplan|\bkm\b|\bS\(t\)|event[\s-]?free|hændelsesfri|cumulative incidence|"
    r"kumuleret incidens|\bPFS\b|\bOS\b",
    re.IGNORECASE,
)
_AT_RISK = re.compile(r"at[\s_.-]?risk|n\.risk|under risiko|i risiko", re.IGNORECASE)
_NO_CURVE = re.compile(r"median|mean|gennemsnit|ratio|\bhr\b|time|tid\b|ci\b|ki\b|interval|lower|upper|se\b|p\b", re.I)
_TIME = re.compile(
    r"^(?:t\s*=\s*)?\d+(?:[.,]\d+)?\s*(?:[-\s]?(?:years?|yrs?|y|months?|mo|m|days?|d|weeks?|w|år|måneder|mdr\.?|dage|uger))?"
    r"(?:\s+(?:survival|overlevelse))?(?:,?\s*\(?%\)?)?$",
    re.IGNORECASE,
)
# So many steps of single persons, equal but for rounding, tell the number of persons by themselves.
_EQUAL_STEPS = 4

Curve = Sequence[tuple[float, int, str]]


def judge_curves(tables: Iterable[PrintedTable], texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """Steps of survival curves that are few persons."""
    for table in tables:
        for curve, persons in _curves(table):
            yield from _judged(curve, persons, thresholds.cell)
    for text in texts:
        for listing in listings_of(text):
            if "survival" in listing.columns and not {"risk", "left", "events"} & set(listing.columns):
                values = [(row.first("survival"), row.where) for row in listing.rows]
                printed = [(float(value), _decimals(value), where) for value, where in values if value is not None]
                yield from _judged(printed, None, thresholds.cell)


def _decimals(value: object) -> int:
    return len(str(value).partition(".")[2])


def _curves(table: PrintedTable) -> Iterator[tuple[Curve, int | None]]:
    if any(_AT_RISK.search(line.name) for line in (*table.rows, *table.columns)):
        return  # judged by the numbers at risk
    titled = _SURVIVAL.search(table.title or "") is not None
    for turned in (False, True):
        lines, times = (table.rows, table.columns) if turned else (table.columns, table.rows)
        steps = [n for n, line in enumerate(times) if _TIME.match(_inner(line))]
        if len(steps) < 2:
            continue
        for number, line in enumerate(lines):
            over = times[steps[0]].name
            if not (titled or _SURVIVAL.search(f"{line.name} {over}")) or _NO_CURVE.search(_inner(line)):
                continue
            places = [(number, step) if turned else (step, number) for step in steps]
            curve = [
                (_share(cell[0]), cell[0].decimals + (2 if cell[0].meaning in _PERCENT else 0), cell[0].where)
                for place in places
                if (cell := table.cells.get(place)) and cell[0].value is not None and cell[0].decimals
            ]
            yield curve, _persons(table, number, line, turned=turned)


def _persons(table: PrintedTable, number: int, line: Line, *, turned: bool) -> int | None:
    """The number of persons of a curve: in its label, in a row or column of numbers, in the title."""
    written = written_number(line.name)
    if written is not None:
        return written
    for beside, other in enumerate(table.columns if turned else table.rows):
        if other.labels == ("N",) or is_number_of_persons(_inner(other)):
            cell = table.cells.get((number, beside) if turned else (beside, number))
            if cell and cell[0].value is not None and not cell[0].decimals:
                return int(cell[0].value)
    return written_number(table.title or "")


_PERCENT = frozenset({Meaning.PERCENT, Meaning.PERCENT_OF_ROW, Meaning.PERCENT_OF_COLUMN, Meaning.PERCENT_OF_TOTAL})


def _share(printed: Printed) -> float:
    return float(printed.value or 0) / (100 if printed.meaning in _PERCENT or (printed.value or 0) > 1 else 1)


def _inner(line: Line) -> str:
    return next((label for label in reversed(line.labels) if label), "")


def _judged(curve: Curve, persons: int | None, least: int) -> Iterator[Finding]:
    if len(curve) < 2 or not all(0 <= value <= 1 for value, _, _ in curve):
        return
    drops = [
        (abs(before - after), 0.5 * (10.0**-places + 10.0**-others), where)
        for (before, places, _), (after, others, where) in pairwise(curve)
        if before != after
    ]
    if persons is not None:
        for drop, slack, where in drops:
            if (drop + slack) * persons < least:
                yield _step(least).at(where)
    elif _equal_steps(drops):
        yield _step(least).at(drops[0][2])


def _equal_steps(drops: Sequence[tuple[float, float, str]]) -> bool:
    """Whether all steps are one person of some number: equal, and a whole part of one."""
    if len(drops) < _EQUAL_STEPS:
        return False
    first, slack = drops[0][0], max(slack for _, slack, _ in drops)
    if first <= 10 * slack or first > 0.34 or any(abs(drop - first) > 2 * slack for drop, _, _ in drops):
        return False
    mean = sum(drop for drop, _, _ in drops) / len(drops)
    return abs(1 / round(1 / mean) - mean) <= slack


def _step(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"Kurvens trin gange antallet af personer er færre end {least}: tidspunkterne er enkelte personers.",
            f"The curve's step times the number of persons is fewer than {least}: the times are single persons'.",
        ),
        Words(
            f"Vis kurven ved faste tidspunkter med mindst {least} hændelser imellem, eller udjævn den.",
            f"Show the curve at fixed times with at least {least} events between them, or smooth it.",
        ),
    )
