"""Statistics of a printed table, each with the number of persons behind it where that is told.

Judges nothing. What programs print as text is read by `console`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.reading.words import said

Place = tuple[int, int]

# Meanings whose number is computed from several persons' values.
OF_PERSONS = frozenset(
    {
        Meaning.SUM,
        Meaning.MEAN,
        Meaning.SD,
        Meaning.MEDIAN,
        Meaning.PERCENTILE,
        Meaning.MINIMUM,
        Meaning.MAXIMUM,
        Meaning.ESTIMATE,
    }
)
_PERSONS = (
    r"(?:patients?|participants?|persons?|subjects?|individuals?|women|men|carriers?|patienter|deltagere|personer|"
    r"borgere|bærere|kvinder|mænd|individer)"
)
# Words that name everybody in a table, and no group of its own.
_EVERYBODY = r"(?:patients|participants|persons|subjects|individuals|patienter|deltagere|personer|borgere)"
_N_LABEL = re.compile(
    rf"^(?:n|antal|number|no\.?|count|obs\.?|observations?|observationer|n[ _.]?obs\.?|nobs|non-missing|valid n|"
    rf"(?:total|valid)?[ _]?n|(?:antal|number of|no\. of|n)[ _]+(?:{_PERSONS}|observationer|observations|obs\.?)|"
    rf"{_EVERYBODY}),?(?:\s*\(n\))?$",
    re.IGNORECASE,
)
_GROUP = re.compile(rf"^{_EVERYBODY}$", re.IGNORECASE)
# `Cases n`, `n_cases`, `mean.n`: a column of one group's numbers.
_N_COLUMN = re.compile(r"^(?:[nN]|[aA]ntal|[cC]ount)[ _.].{1,30}$|^.{1,30}[ _.,](?:n|N|antal|count)$")
_N_WRITTEN = re.compile(r"(?<![A-Za-z])[nN]\s*=\s*(\d{1,3}(?:[ .,]\d{3})+|\d+)(?![\d.,]*\d)")
_WHOLE = re.compile(
    rf"^(?:the )?(?:all|total|overall|alle|i alt|samlet|hele|entire|whole|full|both|begge|everybody|combined)"
    rf"(?:[ ,:]+(?:{_EVERYBODY}|cases?|cohort|kohorten?|sample|group|gruppen?|sexes|køn|syge|women|men|kvinder|mænd))?"
    rf"(?:\s*[(,].*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statistic:
    """One number that is no count.

    Args:
        value: as printed; None where a mark such as `NA` stands.
        persons: how many persons it is computed from, where that is told.
        variable, group: what it is of, and of whom, as far as labels tell.
    """

    meaning: Meaning
    value: Decimal | None
    decimals: int
    where: str
    persons: int | None = None
    variable: str = ""
    group: str = ""
    percentile: Decimal | None = None
    mark: str = ""


def is_everybody(label: str) -> bool:
    """Whether a label names everybody."""
    return _WHOLE.match(label.strip()) is not None


def is_number_of_persons(label: str) -> bool:
    """Whether a label is nothing but a word for how many persons there are."""
    return _N_LABEL.match(label.strip(" *:†‡")) is not None


def written_number(text: str) -> int | None:
    """The number of persons written into a label (`Cases (n = 62)`)."""
    match = _N_WRITTEN.search(text)
    return int(re.sub(r"\D", "", match[1])) if match else None


def statistics_of(table: PrintedTable) -> Iterator[Statistic]:
    """Every statistic of a table; counts, percentages and rates are left to the audit."""
    numbers = Numbers(table)
    for (row, column), cell in table.cells.items():
        for one in _told_by_corner(cell, table.rows[row]):
            if one.meaning in OF_PERSONS:
                yield _statistic(table, (row, column), one, numbers)


def _told_by_corner(cell: tuple[Printed, ...], line: Line) -> tuple[Printed, ...]:
    """Numbers that their own labels leave open, by the word over all labels (`Biomarker, mean (SD)`)."""
    if any(one.meaning not in (Meaning.OTHER, Meaning.UNKNOWN) for one in cell) or not line.dimension:
        return cell
    words = said(line.dimension).statistics
    ends = {Meaning.MINIMUM, Meaning.MAXIMUM} & set(words)
    if words[:1] == (Meaning.MEAN,):
        meanings = (Meaning.MEAN, *[Meaning.MAXIMUM if ends else Meaning.SD] * (len(cell) - 1))
    elif words[:1] == (Meaning.MEDIAN,):
        meanings = (Meaning.MEDIAN, *[Meaning.MAXIMUM if ends else Meaning.PERCENTILE] * (len(cell) - 1))
    elif words[:1] and words[0] in (Meaning.MINIMUM, Meaning.MAXIMUM):
        meanings = (words[0],) * len(cell)
    else:
        return cell
    return tuple(replace(one, meaning=meaning) for one, meaning in zip(cell, meanings, strict=True))


def _statistic(table: PrintedTable, place: Place, one: Printed, numbers: Numbers) -> Statistic:
    row, column = table.rows[place[0]], table.columns[place[1]]
    return Statistic(
        one.meaning,
        one.value,
        one.decimals,
        one.where,
        numbers.behind(place),
        row.name,
        column.name,
        one.percentile or _percentile(column) or _percentile(row),
        "" if one.mark is None else one.mark.text,
    )


_PERCENTILE = re.compile(
    r"(?<![\d.,])(\d{1,2}(?:\.\d)?)\s*(?:%|th|st|nd|rd|\.)[\s-]*(?:per)?(?:centile|fraktil|pct)|\b[pPqQ](\d{1,2})\b"
)


def _percentile(line: Line) -> Decimal | None:
    match = _PERCENTILE.search(_inner(line))
    if match is None:
        return None
    number = Decimal(match[1] or match[2])
    return number if number >= 1 and not (match[2] and int(match[2]) <= 4) else None


def _inner(line: Line) -> str:
    return next((label for label in reversed(line.labels) if label), "")


class Numbers:
    """The numbers of persons in a table: in a row of their own, in a column, in labels."""

    def __init__(self, table: PrintedTable) -> None:
        self._table = table
        self._columns = [n for n, line in enumerate(table.columns) if _names_number(_inner(line))]
        if not any(said(_inner(line)).statistics for line in table.columns):
            # `Patients` beside `Controls` is a group; beside `Mean` it is a number.
            self._columns = [n for n in self._columns if _GROUP.match(_inner(table.columns[n])) is None]
        self._rows = [n for n, line in enumerate(table.rows) if is_number_of_persons(_inner(line))]
        self._title = written_number(table.title or "")

    def behind(self, place: Place) -> int | None:
        """How many persons the statistic at `place` is of; the nearest word wins."""
        row, column = place
        inner = self._table.rows[row]
        for found in (
            written_number(_inner(inner)),
            self.beside(row, column),
            self.above(row, column),
            written_number(inner.name),
            written_number(self._table.columns[column].name),
            self._title,
        ):
            if found is not None:
                return found
        return None

    def beside(self, row: int, column: int) -> int | None:
        """From a column of numbers: the one of the same group, or else the nearest to the left."""
        groups = self._table.columns
        own = [n for n in self._columns if groups[n].labels[:-1] == groups[column].labels[:-1]]
        left = [n for n in own or self._columns if n < column]
        chosen = left[-1:] or own[:1] or self._columns[:1]
        return self._count(row, chosen[0]) if chosen else None

    def above(self, row: int, column: int) -> int | None:
        """From a row of numbers: the last one above in the same section, or else any outside sections."""
        rows = self._table.rows
        own = [n for n in self._rows if rows[n].labels[:-1] == rows[row].labels[:-1]]
        above = [n for n in own if n < row] or own or [n for n in self._rows if not any(rows[n].labels[:-1])]
        return self._count(above[-1] if above[-1:] and above[-1] < row else above[0], column) if above else None

    def _count(self, row: int, column: int) -> int | None:
        cell = self._table.cells.get((row, column))
        if not cell or len(cell) != 1:
            return None
        one = cell[0]
        if one.mark is not None:
            return one.mark.high
        if one.value is None or one.decimals or one.value != int(one.value) or one.value < 0:
            return None
        return int(one.value)


def _names_number(label: str) -> bool:
    return is_number_of_persons(label) or _N_COLUMN.match(label.strip()) is not None
