"""What a number of persons leaves over its printed parts (DC-6).

A column for all 640 and one for 637 of them tell of three others; categories
that add up to three fewer than the column's number tell of three whose value is
missing. Where all parts are printed the audit tells what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Meaning, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import is_everybody, is_number_of_persons, written_number

Place = tuple[int, int]


def judge_remainders(tables: Iterable[PrintedTable], thresholds: Thresholds) -> Iterator[Finding]:
    """Numbers that leave fewer than the threshold over their parts."""
    for table in tables:
        if table.rounded_to > 1:
            continue
        yield from _only_part(table, thresholds.cell)
        yield from _missing(table, thresholds.cell)


def _count(table: PrintedTable, place: Place) -> int | None:
    for one in table.cells.get(place, ()):
        if one.meaning is Meaning.COUNT:
            whole = one.value is not None and one.value == int(one.value)
            return int(one.value or 0) if whole else None
    return None


def _only_part(table: PrintedTable, least: int) -> Iterator[Finding]:
    """A line for everybody beside exactly one other line of counts: the rest is the complement."""
    for turned in (False, True):
        lines, lanes = (table.rows, table.columns) if turned else (table.columns, table.rows)
        totals = [n for n, line in enumerate(lines) if line.total or is_everybody(line.name)]
        counted = [
            n for n in range(len(lines)) if any(_at(table, n, lane, turned=turned) for lane in range(len(lanes)))
        ]
        parts = [n for n in counted if n not in totals]
        if len(totals) != 1 or len(parts) != 1 or totals[0] not in counted:
            continue
        found: list[Place] = []
        for lane in range(len(lanes)):
            if turned and is_number_of_persons(lanes[lane].name):
                continue  # who was left out of an analysis is no category
            whole, part = (_at(table, n, lane, turned=turned) for n in (totals[0], parts[0]))
            if whole is None or part is None:
                continue
            if part > whole:
                found = []
                break
            if 0 < whole - part < least <= whole:
                found.append((lane, parts[0]) if not turned else (parts[0], lane))
        for place in found:
            yield _complement(least).at(table.cells[place][0].where)


def _at(table: PrintedTable, line: int, lane: int, *, turned: bool) -> int | None:
    return _count(table, (line, lane) if turned else (lane, line))


def _missing(table: PrintedTable, least: int) -> Iterator[Finding]:
    """Categories of one section that add up to a few fewer than the column's number."""
    numbered = _row_of_numbers(table)
    sections = list(_sections(table))
    for column, line in enumerate(table.columns):
        number = written_number(line.name) if numbered is None else _count(table, (numbered, column))
        if number is None or number < least:
            continue
        for rows in sections:
            counts = [_count(table, (row, column)) for row in rows]
            if len(rows) < 2 or any(count is None for count in counts):
                continue
            left = number - sum(count or 0 for count in counts)
            if 0 < left < least:
                yield _left_over(least).at(table.cells[rows[0], column][0].where)


def _row_of_numbers(table: PrintedTable) -> int | None:
    """The first row that says how many persons each column has."""
    named = (n for n, line in enumerate(table.rows) if line.labels == ("N",) or is_number_of_persons(line.name))
    return next(named, None)


def _sections(table: PrintedTable) -> Iterator[Sequence[int]]:
    """Rows under one heading, and all rows where there is no heading; totals and numbers left out."""
    by_heading: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, line in enumerate(table.rows):
        if not (line.total or line.labels == ("N",) or is_number_of_persons(line.name)):
            by_heading[line.labels[:-1]].append(number)
    yield from by_heading.values()


def _complement(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.BLOCK,
        Words(
            f"Ved siden af står tallet for alle; trækkes cellen fra, er der færre end {least} personer tilbage.",
            f"The number for everybody stands beside it; less the cell, fewer than {least} persons are left.",
        ),
        Words(
            "Vis kun den ene af de to grupper, eller slå rækker sammen, så mindst "
            f"{least} personer ligger imellem overalt.",
            f"Show only one of the two groups, or merge rows until at least {least} persons lie between everywhere.",
        ),
    )


def _left_over(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"Kategorierne summer til lidt under gruppens antal: færre end {least} personer mangler i dem alle.",
            f"The categories add up to a little under the group's number: fewer than {least} persons are in none.",
        ),
        Words(
            "Læg de manglende til en kategori, vis dem som `<5` med én celle mere blændet, eller brug kun personer "
            "uden manglende værdier.",
            "Count the missing in one of the categories, show them as `<5` with one more cell blanked, or use only "
            "persons with no missing values.",
        ),
    )
