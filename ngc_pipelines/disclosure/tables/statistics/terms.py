"""Categories of a regression that hold for fewer than five, told by their standard errors (DC-6).

In a model of one category and a constant, the standard error gives the number
of persons in it exactly: se² = s²·(1/k + 1/(n−k)). With more terms it is a hint,
for a person. Only terms that programs mark as categories are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.tables.statistics.lines import LONGEST_OUTPUT, Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason

_BEGIN = re.compile(
    r"^Call:|OLS Regression Results|Logit Regression Results|^\s*(?:Linear|Logistic) regression|^\s*Source \|", re.I
)
_LOGISTIC = re.compile(r"family\s*=\s*[\"']?binomial|Logit Regression|Logistic regression", re.IGNORECASE)
_DF = re.compile(r"Residual standard error:\s*([\d.eE+-]+) on\s+(\d+) degrees? of freedom")
_ROOT_MSE = re.compile(r"Root MSE\s*=\s*([\d.]+)")
_OBSERVED = re.compile(r"(?:Number of obs\s*=|No\. Observations:)\s*([\d,]+)")
_CATEGORY = re.compile(
    r"^\s*(?P<name>(?:as\.)?factor\([^)]*\)\S+|C\([^)]*\)\[T\.[^\]]+\])\s+(?P<b>-?[\d.]+(?:e[-+]\d+)?)\s+"
    r"(?P<se>\d[\d.]*(?:e[-+]\d+)?)\s"
)
_TERM = re.compile(
    r"^\s*(?:\(Intercept\)|Intercept|const|[\w.():\[\]]+)\s+-?\d[\d.]*(?:e[-+]\d+)?\s+\d[\d.]*(?:e[-+]\d+)?\s+-?\d"
)


# Lines of one model's summary that are read at most.
_LONGEST = 500


@dataclass(slots=True)
class _Model:
    logistic: bool = False
    spread: float | None = None
    observed: int | None = None
    terms: int = 0
    categories: list[tuple[str, float]] = field(default_factory=list)


def few_behind_terms(lines: Lines, least: int) -> Iterator[Finding]:
    """Categories of a text's models that hold for fewer than `least` persons, or may."""
    begins = [number for number in lines.telling if _BEGIN.search(lines.all[number][:LONGEST_OUTPUT])]
    for begin, after in pairwise([*begins, len(lines.all)]):
        model = _Model()
        for number in range(begin, min(after, begin + _LONGEST)):
            if len(lines.all[number]) <= LONGEST_OUTPUT:
                _read(model, lines.where(number), lines.all[number])
        yield from _judged(model, least)


def _read(model: _Model, where: str, line: str) -> None:
    model.logistic |= _LOGISTIC.search(line) is not None
    if (spread := _DF.search(line)) is not None:
        model.spread = float(spread[1])
        model.observed = int(spread[2]) + model.terms
    if (root := _ROOT_MSE.search(line)) is not None:
        model.spread = float(root[1])
    if (observed := _OBSERVED.search(line)) is not None:
        model.observed = int(observed[1].replace(",", ""))
    if (category := _CATEGORY.match(line)) is not None:
        model.categories.append((where, float(category["se"])))
    if _TERM.match(line) is not None:
        model.terms += 1


def persons_behind(spread: float, se: float, observed: int) -> int | None:
    """How many of `observed` are in the category of a model of one category and a constant.

    Args:
        spread: residual standard error; 2 times the inverse root for none.
        se: standard error of the category's term.

    Returns the smaller of the category and the rest; None where none fits to 1 %.
    """
    best = min(range(1, observed // 2 + 1), key=lambda k: abs(_se(spread, k, observed) - se), default=None)
    return best if best is not None and abs(_se(spread, best, observed) - se) <= 0.01 * se else None


def _se(spread: float, k: int, n: int) -> float:
    return float(spread * (1 / k + 1 / (n - k)) ** 0.5)


def _judged(model: _Model, least: int) -> Iterator[Finding]:
    for where, se in model.categories:
        if se <= 0:
            continue
        if model.logistic:
            # The variance is at least 1/a + 1/b + 1/c + 1/d, so the smallest of the four is at most 4 / se²
            # where nothing else is in the model.
            if 4 / se**2 < least:
                yield _hint(least).at(where)
        elif model.spread and model.observed and model.terms == 2:
            behind = persons_behind(model.spread, se, model.observed)
            if behind is not None and behind < least:
                yield _few(least).at(where)
        elif model.spread and (model.spread / se) ** 2 < least * 0.9:
            yield _hint(least).at(where)


_MERGE = Words("Slå kategorien sammen med en anden, eller udelad leddet.", "Merge the category or omit the term.")


def _few(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.BLOCK,
        Words(
            f"Leddets standardfejl viser, at kategorien har færre end {least} personer.",
            f"The term's standard error tells that its category holds fewer than {least} persons.",
        ),
        _MERGE,
    )


def _hint(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"Leddets standardfejl er så stor, at kategorien kan have færre end {least} personer.",
            f"The term's standard error is so large that its category may hold fewer than {least} persons.",
        ),
        Words(
            "Oplys antallet i kategorien i manifestet, eller slå den sammen med en anden.",
            "Say in the manifest how many the category holds, or merge it with another.",
        ),
    )
