"""Means, sds and sums: on too few persons, or apart by few (DC-5, DC-6).

The difference of two sums is the sum of the persons between them: a mean of all
120 and one of 119 of them give the value of the last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import Statistic, is_everybody

_AVERAGES = frozenset({Meaning.MEAN, Meaning.SD, Meaning.SUM, Meaning.ESTIMATE})
_APART = re.compile(
    r"\b(?:excl\w*|without|except|minus|ekskl\w*|uden|undtagen|complete cases?|sensitivity|sensitivitet\w*|"
    r"after removal|removed|fraregnet)\b",
    re.IGNORECASE,
)
# The value between two means is given away where rounding leaves less than this share of it open.
_SHARP = 0.25
# Means of one variable that are compared with each other at most.
_MOST_COMPARED = 60

_CLEAR = Words(
    "Udelad tallet, eller slå grupper sammen.",
    "Leave the number out, or merge groups.",
)


def judge_averages(statistics: Iterable[Statistic], thresholds: Thresholds) -> Iterator[Finding]:
    """Averages on too few, and pairs of them that give a person's value."""
    known = list(statistics)
    for one in known:
        if one.meaning in _AVERAGES and one.persons is not None and 0 < one.persons < thresholds.cell:
            yield on_few(thresholds.cell).at(one.where)
        elif one.meaning is Meaning.SD and one.value == 0 and one.persons is None:
            yield _no_spread().at(one.where)
        elif one.meaning is Meaning.SD and one.mark in ("NA", "NaN", "nan", ".") and one.persons is None:
            yield _no_sd().at(one.where)
    yield from _differences([one for one in known if one.meaning is Meaning.MEAN], thresholds)


@dataclass(frozen=True, slots=True)
class Between:
    """What two means tell of the persons in one group and not in the other.

    Args:
        persons: how many they are.
        value: their mean.
        open: how far it may lie from that, by the rounding of both.
    """

    persons: int
    value: float
    open: float


def between(larger: Statistic, smaller: Statistic) -> Between:
    """The persons between two groups of which one holds the other.

    Raises:
        ValueError: where a mean or a number of persons is missing, or the first is not the larger.
    """
    if None in (larger.value, smaller.value, larger.persons, smaller.persons):
        raise ValueError("both means and both numbers of persons are needed")
    n1, n2 = int(larger.persons or 0), int(smaller.persons or 0)
    if n1 <= n2:
        raise ValueError("the first group holds the second")
    value = (n1 * float(larger.value or 0) - n2 * float(smaller.value or 0)) / (n1 - n2)
    halves = n1 * 0.5 * 10.0**-larger.decimals + n2 * 0.5 * 10.0**-smaller.decimals
    return Between(n1 - n2, value, halves / (n1 - n2))


def _differences(means: Sequence[Statistic], thresholds: Thresholds) -> Iterator[Finding]:
    """Pairs of one variable in two groups, of which the groups may be columns or rows."""
    by_variable: dict[tuple[str, str], list[tuple[str, Statistic]]] = defaultdict(list)
    for one in means:
        if one.persons is not None and one.persons >= thresholds.cell and one.value is not None:
            by_variable["row", _folded(one.variable)].append((one.group, one))
            by_variable["column", _folded(one.group)].append((one.variable, one))
    for same in by_variable.values():
        for first, second in combinations(same[:_MOST_COMPARED], 2):
            (over, larger), (under, smaller) = sorted((first, second), key=lambda pair: -(pair[1].persons or 0))
            apart = (larger.persons or 0) - (smaller.persons or 0)
            if not 0 < apart < thresholds.cell or not _one_holds_other(over, larger, under, smaller):
                continue
            told = between(larger, smaller)
            if told.open < _SHARP * abs(told.value):
                yield _difference(larger, smaller, apart).at(smaller.where)


def _one_holds_other(over: str, larger: Statistic, under: str, smaller: Statistic) -> bool:
    """Whether the smaller group is the larger one without some: by words, or named alike in two tables."""
    if _APART.search(under) or is_everybody(over):
        return True
    return larger.where.split(" › ")[:-1] != smaller.where.split(" › ")[:-1] and (
        _folded(larger.group) == _folded(smaller.group) and _folded(larger.variable) == _folded(smaller.variable)
    )


def _folded(name: str) -> str:
    return re.sub(r"\W+", " ", re.sub(r"\(?\bn\s*=\s*[\d.,]+\)?", "", _APART.split(name)[0])).casefold().strip()


def on_few(least: int) -> Reason:
    """A mean, sd, sum or estimate of fewer than `least` persons."""
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(
            f"Gennemsnittet, spredningen, summen eller estimatet hviler på færre end {least} personer.",
            f"The mean, sd, sum or estimate rests on fewer than {least} persons.",
        ),
        _CLEAR,
    )


def _no_spread() -> Reason:
    return Reason(
        "DC-7",
        Kind.EXTREME_VALUE,
        Severity.REVIEW,
        Words(
            "Spredningen er 0: alle har samme værdi, eller der er kun én person.",
            "The sd is 0: all have the same value, or there is only one person.",
        ),
        Words("Oplys, hvor mange personer der er, eller udelad tallet.", "Say how many persons there are, or omit it."),
    )


def _no_sd() -> Reason:
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.REVIEW,
        Words(
            "Spredningen kunne ikke regnes ud; det sker, hvor der kun er én person.",
            "The sd could not be computed, which happens where there is only one person.",
        ),
        Words("Oplys, hvor mange personer der er, eller udelad rækken.", "Say how many persons there are, or omit it."),
    )


def _difference(larger: Statistic, smaller: Statistic, apart: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.RECOVERABLE_CELL,
        Severity.BLOCK,
        Words(
            f"To gennemsnit af {larger.persons} og {smaller.persons} personer giver værdien for de {apart} imellem: "
            f"({larger.persons}·m₁ − {smaller.persons}·m₂) / {apart}; det første står ved {larger.where}.",
            f"Two means of {larger.persons} and {smaller.persons} persons give the value of the {apart} between them: "
            f"({larger.persons}·m₁ − {smaller.persons}·m₂) / {apart}; the first stands at {larger.where}.",
        ),
        Words(
            "Vis kun det ene gennemsnit, eller afrund begge, så forskellen ikke siger noget.",
            "Show only one of the means, or round both until their difference tells nothing.",
        ),
    )
