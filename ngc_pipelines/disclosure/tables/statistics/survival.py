"""Numbers at risk and lists of event times: survival tables (DC-5).

A listing with one row for each event is a list of persons' times. Judges
tables and programs' output alike; curves are left to `figures`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Line, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.console import Listing, Row, listings_of
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason

_AT_RISK = re.compile(
    r"at[\s_.-]?risk|n\.risk|under risiko|i risiko|risikosæt|beg\.? ?total|number entering", re.IGNORECASE
)
_EVENTS = re.compile(r"^(?:n\.?event|events?|deaths?|failed|fail|døde|dødsfald|hændelser|observed)$", re.IGNORECASE)
_TIME = re.compile(r"\b(?:time|times|tid|years?|år|months?|måneder|days?|dage|weeks?|uger|follow-?up|interval)\b", re.I)
_NUMERIC = re.compile(r"^\D{0,12}\d+(?:[.,]\d+)?(?:\s*[-–]\s*\d+(?:[.,]\d+)?)?\D{0,10}$")

_COARSER = Words(
    "Vis hele år eller andre faste tidspunkter, og stop, når færre end 5 er tilbage; angiv `<5`.",
    "Show whole years or other fixed times, stop where fewer than 5 are left, and write `<5`.",
)


def judge_survival(tables: Iterable[PrintedTable], texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """What survival tables give away."""
    for table in tables:
        for places in _series(table):
            yield from _judged(places, thresholds)
        yield from _event_listing(table, thresholds)
    for text in texts:
        for listing in listings_of(text):
            if _is_survival(listing):
                yield from _of_listing(listing, thresholds)


def _is_survival(listing: Listing) -> bool:
    names = set(listing.columns)
    return bool({"survival", "risk"} & names) and bool({"risk", "left", "events"} & names)


Series = Sequence[tuple[int, str]]


def _of_listing(listing: Listing, thresholds: Thresholds) -> Iterator[Finding]:
    remaining = "risk" if "risk" in listing.columns else "left"
    series: list[tuple[int, str]] = []
    events: list[tuple[int, str]] = []
    for row in listing.rows:
        left, happened = _whole(row, remaining), _whole(row, "events")
        if series and left is not None and left > series[-1][0]:
            yield from _judged(series, thresholds)  # the next group's rows begin
            series = []
        if left is not None:
            series.append((left, row.where))
        if happened is not None:
            events.append((happened, row.where))
    yield from _judged(series, thresholds)
    yield from _listed(events, thresholds)


def _whole(row: Row, name: str) -> int | None:
    number = row.first(name)
    return int(number) if number is not None and number == int(number) and number >= 0 else None


def _series(table: PrintedTable) -> Iterator[Series]:
    """Numbers at risk in order of time: along the rows or down a column."""
    about = f"{table.title or ''} {' '.join(table.notes)}"
    titled = _AT_RISK.search(about) is not None
    for number, line in enumerate(table.columns):
        if _AT_RISK.search(line.name):
            yield from _in_time(table, [(row, number) for row in range(len(table.rows))])
    times = sum(_NUMERIC.match(_inner(line)) is not None for line in table.columns)
    if times < 2 or 2 * times < len(table.columns):
        return
    for number, line in enumerate(table.rows):
        if titled or _AT_RISK.search(f"{line.name} {line.dimension or ''}"):
            yield _counts(table, [(number, column) for column in range(len(table.columns))])


def _in_time(table: PrintedTable, places: Sequence[tuple[int, int]]) -> Iterator[Series]:
    """The column cut where it begins anew, as tables of several groups do."""
    series: list[tuple[int, str]] = []
    for one in _counts(table, places):
        if series and one[0] > series[-1][0]:
            yield series
            series = []
        series.append(one)
    yield series


def _counts(table: PrintedTable, places: Sequence[tuple[int, int]]) -> Series:
    found = []
    for place in places:
        cell = table.cells.get(place)
        value = cell[0].value if cell else None
        if cell and value is not None and not cell[0].decimals and value >= 0 and value == int(value):
            found.append((int(value), cell[0].where))
    return found


def _inner(line: Line) -> str:
    return next((label for label in reversed(line.labels) if label), "")


def _judged(series: Series, thresholds: Thresholds) -> Iterator[Finding]:
    """Numbers at risk in order: too few of them, and steps of few."""
    for number, where in series:
        if 0 < number < thresholds.cell:
            yield _few_at_risk(thresholds.cell).at(where)
    for (before, _), (after, where) in pairwise(series):
        if 0 < before - after < thresholds.cell and after >= thresholds.cell:
            yield _small_step(thresholds.cell).at(where)


def _event_listing(table: PrintedTable, thresholds: Thresholds) -> Iterator[Finding]:
    columns = [n for n, line in enumerate(table.columns) if _EVENTS.match(_inner(line))]
    risks = any(_AT_RISK.search(line.name) for line in table.columns)
    rows = [_inner(line) for line in table.rows]
    in_time = _TIME.search(" ".join(filter(None, (line.dimension for line in table.rows[:1])))) is not None
    if not columns or not (risks or in_time) or not all(_NUMERIC.match(label) for label in rows if label):
        return
    yield from _listed(_counts(table, [(row, columns[0]) for row in range(len(rows))]), thresholds)


def _listed(events: Series, thresholds: Thresholds) -> Iterator[Finding]:
    """A listing in which most rows are the time of one to four persons."""
    few = [where for number, where in events if 0 < number < thresholds.cell]
    if len(few) >= thresholds.rows and 2 * len(few) > len(events):
        yield _times_listed(thresholds.cell).at(few[0])
    else:
        for where in few:
            yield _few_events(thresholds.cell).at(where)


def _few_at_risk(least: int) -> Reason:
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(f"Færre end {least} personer er under risiko.", f"Fewer than {least} persons are at risk."),
        _COARSER,
    )


def _few_events(least: int) -> Reason:
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(
            f"Færre end {least} personer har hændelsen på dette tidspunkt eller i dette interval.",
            f"Fewer than {least} persons have the event at this time or in this interval.",
        ),
        _COARSER,
    )


def _small_step(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"Antallet under risiko falder med færre end {least} personer fra ét tidspunkt til det næste.",
            f"The number at risk falls by fewer than {least} persons from one time to the next.",
        ),
        Words(
            "Vis færre tidspunkter, så hvert fald er på mindst 5 personer, eller afrund antallene.",
            "Show fewer times, so that each step is of at least 5 persons, or round the numbers.",
        ),
    )


def _times_listed(least: int) -> Reason:
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(
            f"Overlevelsestabellen har en linje for hvert hændelsestidspunkt; de fleste har under {least} personer.",
            f"The survival table has a line for each event time; most are those of fewer than {least} persons.",
        ),
        _COARSER,
    )
