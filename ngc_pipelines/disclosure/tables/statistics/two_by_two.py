"""The 2×2 tables that a printed ratio, its interval and the group sizes leave.

An odds ratio of 3.2 (1.1–9.0) among 40 and 380 persons is printed by few
tables of whole numbers: they are all found here. Ratios that were adjusted for
other things fit none, and nothing is concluded from them. Reading ratios out of
documents lives in `ratios`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Tables that are tried at most; beyond it nothing is said of the ratio.
MOST_TRIED = 4_000_000
# The normal quantile of 95 %, as programs and as people write it.
_QUANTILES = (1.959963984540054, 1.96)
_SLACK = 1e-9


class Ratio(StrEnum):
    """Which ratio is printed."""

    ODDS = "OR"
    RISK = "RR"


@dataclass(frozen=True, slots=True)
class Rounded:
    """A printed number: the true one lies within half a unit of its last decimal."""

    value: float
    decimals: int

    @property
    def low(self) -> float:
        """The least value that prints so."""
        return self.value - 0.5 * 10.0**-self.decimals

    @property
    def high(self) -> float:
        """The largest value that prints so."""
        return self.value + 0.5 * 10.0**-self.decimals


@dataclass(frozen=True, slots=True)
class PrintedRatio:
    """A ratio with its 95 % interval, and the sizes of the two groups that it compares."""

    ratio: Ratio
    estimate: Rounded
    lower: Rounded
    upper: Rounded
    first: int
    second: int

    def __post_init__(self) -> None:
        if self.first < 1 or self.second < 1:
            raise ValueError("a ratio compares two groups of at least one person")
        if not 0 <= self.lower.value <= self.estimate.value <= self.upper.value:
            raise ValueError("a ratio lies within its interval")


@dataclass(frozen=True, slots=True, order=True)
class Fitting:
    """One table that prints the ratio: how many of each group have the trait, and how many have not."""

    first_with: int
    first_without: int
    second_with: int
    second_without: int

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """The four counts."""
        return self.first_with, self.first_without, self.second_with, self.second_without


def tables_that_print(printed: PrintedRatio, both: int | None = None) -> tuple[Fitting, ...] | None:
    """Every table of whole numbers above 0 that prints the ratio; None where too many had to be tried.

    Args:
        both: how many of both groups together have the trait, where that is told.
    """
    with_trait = np.arange(1, printed.first, dtype=np.float64)
    low, high = _second_between(printed, with_trait)
    if both is not None:
        rest = both - with_trait
        fits = (rest >= low) & (rest <= high)
        low = high = rest
        with_trait, low, high = with_trait[fits], low[fits], high[fits]
    widths = np.maximum(0, high - low + 1).astype(np.int64)
    if int(widths.sum()) > MOST_TRIED:
        return None
    first = np.repeat(with_trait, widths)
    starts = np.repeat(np.cumsum(widths) - widths, widths)
    second = np.repeat(low, widths) + (np.arange(len(first)) - starts)
    kept = _prints(printed, first, second)
    return tuple(
        Fitting(int(a), printed.first - int(a), int(c), printed.second - int(c))
        for a, c in zip(first[kept], second[kept], strict=True)
    )


def _second_between(printed: PrintedRatio, first: Floats) -> tuple[Floats, Floats]:
    """The ends between which the second group's count must lie, for the estimate alone."""
    n1, n0 = float(printed.first), float(printed.second)
    least, most = max(printed.estimate.low, 1e-12), max(printed.estimate.high, 1e-12)
    if printed.ratio is Ratio.RISK:
        share = first / n1
        low, high = n0 * share / most, n0 * share / least
    else:
        odds = first / (n1 - first)
        low, high = n0 * odds / (most + odds), n0 * odds / (least + odds)
    return np.maximum(1, np.floor(low)), np.minimum(n0 - 1, np.ceil(high))


def _prints(printed: PrintedRatio, a: Floats, c: Floats) -> NDArray[np.bool_]:
    n1, n0 = float(printed.first), float(printed.second)
    b, d = n1 - a, n0 - c
    if printed.ratio is Ratio.RISK:
        estimate, variance = (a / n1) / (c / n0), 1 / a - 1 / n1 + 1 / c - 1 / n0
    else:
        estimate, variance = (a * d) / (b * c), 1 / a + 1 / b + 1 / c + 1 / d
    kept = _rounds_to(estimate, printed.estimate)
    intervals = np.zeros(len(a), dtype=np.bool_)
    for quantile in _QUANTILES:
        reach = np.exp(quantile * np.sqrt(variance))
        intervals |= _rounds_to(estimate / reach, printed.lower) & _rounds_to(estimate * reach, printed.upper)
    return kept & intervals


def _rounds_to(numbers: Floats, printed: Rounded) -> NDArray[np.bool_]:
    return (numbers >= printed.low - _SLACK) & (numbers <= printed.high + _SLACK)
