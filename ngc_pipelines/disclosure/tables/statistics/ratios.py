"""Odds and risk ratios whose 2×2 table can be calculated back (DC-6).

Takes a printed ratio with its interval and the sizes of its two groups, from a
table or a sentence, and tells what the tables that print it have in common. The
search itself lives in `two_by_two`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import written_number
from ngc_pipelines.disclosure.tables.statistics.two_by_two import (
    Fitting,
    PrintedRatio,
    Ratio,
    Rounded,
    tables_that_print,
)

_ODDS = re.compile(r"\bOR\b|\bodds[\s-]?ratio", re.IGNORECASE)
_RISK = re.compile(r"\bRR\b|\b(?:risk|relative risk|relativ risiko)[\s-]?(?:ratio)?", re.IGNORECASE)
# Adjusted ratios come from no 2×2 table.
_ADJUSTED = re.compile(r"\badj|\baOR|\baRR|justeret|multivari|mutually", re.IGNORECASE)
_UNADJUSTED = re.compile(r"\b(?:un|u)justeret|unadjusted|ujusteret|crude|rå\b", re.IGNORECASE)
# So many tables at most are worth telling of: beyond them the counts are open.
_FEW_TABLES = 50
# A 95 % interval whose ends lie so far apart comes from a table with a cell under 5.
_ENDS_APART = 33.4

_N = r"(\d{1,3}(?:[.,]\d{3})+|\d+)"
_GROUPS = re.compile(
    rf"\b{_N}\s+(?:\w+\s+){{0,2}}?(?:cases|patients|carriers|exposed|women|syge|patienter|bærere|eksponerede|tilfælde|"
    rf"treated|behandlede)\b[^.;]{{0,30}}?\b(?:and|og|vs\.?|versus|mod|against|blandt)\s+{_N}\s+(?:\w+\s+){{0,2}}?"
    r"(?:controls|kontroller|non-?carriers|unexposed|ikke-bærere|ueksponerede|men|untreated|ubehandlede|raske)\b",
    re.IGNORECASE,
)
_D = r"(\d+[.,]\d+|\d+)"
_WRITTEN = re.compile(
    r"\b(?P<sort>OR|RR|odds ratio|oddsratio|risk ratio|relative risk|relativ risiko)\b[\s=:,(]*"
    rf"(?:(?:of|was|på|var)\s+)?{_D}\s*[\[(,;]?\s*"
    r"(?:95\s?%[\s-]*(?:CI|KI|confidence interval|konfidensinterval|sikkerhedsinterval))?[:,=\s]*[\[(]?"
    rf"\s*{_D}\s*(?:-|–|—|to|til|;|,)\s*{_D}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the tables that print a ratio have in common."""

    tables: int
    lows: tuple[int, ...]
    highs: tuple[int, ...]

    @classmethod
    def of(cls, fitting: tuple[Fitting, ...]) -> _Told:
        cells = list(zip(*(one.cells for one in fitting), strict=True))
        return cls(len(fitting), tuple(min(cell) for cell in cells), tuple(max(cell) for cell in cells))

    @property
    def smallest_at_most(self) -> int:
        """The count that some cell cannot be above."""
        return min(self.highs)


def judge_ratios(tables: Iterable[PrintedTable], texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """Ratios that give small counts away."""
    for table in tables:
        yield from _of_table(table, thresholds)
    for text in texts:
        for number in text.telling:
            yield from _of_sentence(text.where(number), text.all[number], thresholds)


def _of_sentence(where: str, line: str, thresholds: Thresholds) -> Iterator[Finding]:
    if len(line) > 20_000:
        return
    groups = _GROUPS.search(line)
    for match in _WRITTEN.finditer(line):
        before = line[max(0, match.start() - 40) : match.start()]
        if groups is None or (_ADJUSTED.search(before) and not _UNADJUSTED.search(before)):
            continue
        ratio = Ratio.ODDS if _ODDS.search(match["sort"]) else Ratio.RISK
        first, second = (int(re.sub(r"\D", "", group)) for group in groups.groups())
        numbers = [_rounded(group) for group in match.groups()[1:]]
        yield from _judged(ratio, numbers, (first, second), None, where, thresholds)


def _of_table(table: PrintedTable, thresholds: Thresholds) -> Iterator[Finding]:
    sizes = [(n, written_number(line.name)) for n, line in enumerate(table.columns)]
    named = [(column, size) for column, size in sizes if size]
    for (row, column), cell in table.cells.items():
        printed = _with_interval(table, row, column, cell)
        # The words are looked at last: they cost most, and hardly a cell has an interval.
        ratio = _ratio(table, row, column) if printed is not None else None
        if ratio is None or printed is None:
            continue
        groups = [(n, size) for n, size in named if n != column]
        if len(groups) == 2:
            blanked = [n for n, _ in groups if not _shown(table.cells.get((row, n)))]
            if blanked:
                pair = groups[0][1] or 0, groups[1][1] or 0
                yield from _judged(ratio, printed, pair, None, cell[0].where, thresholds)
                continue
        lower, upper = printed[1].value, printed[2].value
        if lower > 0 and upper / lower > _ENDS_APART and printed[0].value > 0 and upper < 1e4:
            yield _wide(thresholds.cell).at(cell[0].where)


def _ratio(table: PrintedTable, row: int, column: int) -> Ratio | None:
    """Which ratio a cell prints by its labels, then by the title; None for others and for adjusted ones."""
    own = f"{table.columns[column].name} {table.rows[row].name}"
    for words in (own, f"{table.title or ''}"):
        if _ADJUSTED.search(words) and not _UNADJUSTED.search(words):
            return None
        if _ODDS.search(words):
            return Ratio.ODDS
        if _RISK.search(words) and "ratio" in words.casefold() + " ratio" * bool(re.search(r"\bRR\b", words)):
            return Ratio.RISK
    return None


def _with_interval(table: PrintedTable, row: int, column: int, cell: tuple[Printed, ...]) -> list[Rounded] | None:
    """The ratio and the ends of its interval: in one cell, or in the cells that follow it."""
    numbers = [one for one in cell if one.value is not None]
    if len(numbers) == 1 and numbers[0].meaning is Meaning.ESTIMATE:
        for after in (column + 1, column + 2):
            more = table.cells.get((row, after), ())
            if after < len(table.columns) and more and more[0].meaning is Meaning.INTERVAL:
                numbers += [one for one in more if one.value is not None]
    if len(numbers) != 3:
        return None
    printed = [Rounded(float(one.value or 0), one.decimals) for one in numbers]
    return printed if 0 <= printed[1].value <= printed[0].value <= printed[2].value else None


def _shown(cell: tuple[Printed, ...] | None) -> bool:
    """Whether the count stands there, or a percentage that gives it."""
    return bool(cell) and cell is not None and cell[0].value is not None


def _judged(
    ratio: Ratio,
    numbers: list[Rounded],
    groups: tuple[int, int],
    both: int | None,
    where: str,
    thresholds: Thresholds,
) -> Iterator[Finding]:
    estimate, lower, upper = numbers
    if min(groups) < 2 or not 0 <= lower.value <= estimate.value <= upper.value:
        return
    fitting = tables_that_print(PrintedRatio(ratio, estimate, lower, upper, *groups), both)
    if not fitting:
        return
    told = _Told.of(fitting)
    if told.smallest_at_most < thresholds.cell:
        yield _few(ratio, told, groups, thresholds.cell).at(where)
    elif told.tables <= _FEW_TABLES and any(min(one.cells) < thresholds.cell for one in fitting):
        yield _perhaps(ratio, told, groups, thresholds.cell).at(where)


def _rounded(text: str) -> Rounded:
    plain = text.replace(",", ".")
    return Rounded(float(plain), len(plain.partition(".")[2]))


_ROUGHER = Words(
    "Vis forholdet med færre decimaler og uden gruppernes størrelse, eller slå kategorier sammen.",
    "Show the ratio with fewer decimals and without the sizes of the groups, or merge categories.",
)


def _few(ratio: Ratio, told: _Told, groups: tuple[int, int], least: int) -> Reason:
    one = told.tables == 1
    return Reason(
        "DC-6",
        Kind.RECOVERABLE_CELL,
        Severity.BLOCK,
        Words(
            f"{ratio} med interval og grupper på {groups[0]} og {groups[1]} personer passer kun med "
            f"{'én 2×2-tabel' if one else f'{told.tables} 2×2-tabeller'}; en celle i den er under {least}.",
            f"{ratio} with its interval and groups of {groups[0]} and {groups[1]} persons fits only "
            f"{'one 2×2 table' if one else f'{told.tables} 2×2 tables'}; a cell of it is under {least}.",
        ),
        _ROUGHER,
    )


def _perhaps(ratio: Ratio, told: _Told, groups: tuple[int, int], least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.RECOVERABLE_CELL,
        Severity.REVIEW,
        Words(
            f"{ratio} med interval og grupper på {groups[0]} og {groups[1]} personer passer med {told.tables} "
            f"2×2-tabeller; nogle har en celle under {least}.",
            f"{ratio} with its interval and groups of {groups[0]} and {groups[1]} persons fits {told.tables} "
            f"2×2 tables; some have a cell under {least}.",
        ),
        _ROUGHER,
    )


def _wide(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"Intervallet er så bredt, at forholdet må hvile på en celle under {least}, hvis det ikke er justeret.",
            f"The interval is so wide that the ratio must rest on a cell under {least}, unless it was adjusted.",
        ),
        Words(
            "Oplys de fire antal i manifestet, eller udelad forholdet.",
            "Say the four counts in the manifest, or omit the ratio.",
        ),
    )
