"""Minima, maxima, medians and percentiles: values that may be one person's (DC-7, G §8.2).

An endpoint is somebody's own value unless at least five share it, which no
table tells: it is for a person. What rests on too few is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import Statistic

ENDPOINTS = frozenset({Meaning.MINIMUM, Meaning.MAXIMUM})
POSITIONS = ENDPOINTS | {Meaning.MEDIAN, Meaning.PERCENTILE}

# Measures of programs and machines are nobody's.
_OF_MACHINES = re.compile(
    r"\b(?:run ?time|wall ?time|cpu-\w+|seconds|memory|ram|cpu|gpu|"
    r"iterations?|epochs?|threads?|learning rate|file ?size|tree depth|"
    r"køretid|hukommelse|sekunder|iterationer|filstørrelse|temperature?|nedbør|rainfall|sensitivity|specificity|"
    r"reference (?:range|interval)|referenceinterval|referenceområde|normal range|normalområde|"
    r"possible range|score range|ma(?:x|ks|ximum)\.? score|score max|skala|"
    r"theoretical|range of motion|lod|loq|detection)\b",
    re.IGNORECASE,
)


def judge_positions(statistics: Iterable[Statistic], thresholds: Thresholds) -> Iterator[Finding]:
    """What endpoints and percentiles give away."""
    for one in statistics:
        if one.meaning not in POSITIONS or one.persons == 0 or one.value is None:
            continue
        if _OF_MACHINES.search(f"{one.variable} {one.group}"):
            continue
        if one.persons is not None and one.persons < thresholds.position:
            yield on_few(thresholds.position).at(one.where)
        elif one.meaning in ENDPOINTS:
            yield endpoint(thresholds.position).at(one.where)
        elif _beyond(one) is not None and Decimal(_beyond(one) or 0) < thresholds.position:
            yield _tail(thresholds.position).at(one.where)


def _beyond(one: Statistic) -> float | None:
    """How many persons lie beyond an outer percentile; None within the quartiles or where n is not told."""
    if one.persons is None or one.percentile is None or 10 < one.percentile < 90:
        return None
    return float(one.persons * min(one.percentile, 100 - one.percentile) / 100)


def endpoint(least: int) -> Reason:
    """A minimum or maximum."""
    return Reason(
        "DC-7",
        Kind.EXTREME_VALUE,
        Severity.REVIEW,
        Words(
            f"Et minimum eller maksimum er en enkelt persons værdi, medmindre mindst {least} deler den; "
            "det kan ikke ses af tabellen.",
            f"A minimum or maximum is one person's value unless at least {least} share it; the table does not tell.",
        ),
        Words(
            f"Vis 5.- og 95.-percentil eller kvartiler i stedet, eller oplys i manifestet, at mindst {least} personer "
            "har værdien.",
            f"Show the 5th and 95th percentile or quartiles instead, or say in the manifest that at least {least} "
            "persons have the value.",
        ),
    )


def on_few(least: int) -> Reason:
    """A position of fewer than `least` persons."""
    return Reason(
        "DC-7",
        Kind.EXTREME_VALUE,
        Severity.BLOCK,
        Words(
            f"Medianen, percentilen eller yderpunktet hviler på færre end {least} personer.",
            f"The median, percentile or endpoint rests on fewer than {least} persons.",
        ),
        Words(
            f"Udelad tallet, eller slå grupper sammen, så mindst {least} personer ligger bag.",
            f"Leave the number out, or merge groups until at least {least} persons are behind it.",
        ),
    )


def _tail(least: int) -> Reason:
    return Reason(
        "DC-7",
        Kind.EXTREME_VALUE,
        Severity.REVIEW,
        Words(
            f"Færre end {least} personer ligger uden for percentilen, som derfor kan være en enkelts værdi.",
            f"Fewer than {least} persons lie beyond the percentile, which may thus be one person's value.",
        ),
        Words(
            f"Vis en percentil nærmere midten, så mindst {least} personer ligger uden for den.",
            f"Show a percentile nearer the middle, with at least {least} persons beyond it.",
        ),
    )
