"""The integer search for 2×2 tables finds what every table of whole numbers says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.tables.statistics.two_by_two import (
    Fitting,
    PrintedRatio,
    Ratio,
    Rounded,
    tables_that_print,
)


def _numbers(ratio: Ratio, a: int, c: int, n1: int, n0: int) -> tuple[float, float, float]:
    """The ratio and its 95 % interval, by the textbook."""
    b, d = n1 - a, n0 - c
    if ratio is Ratio.ODDS:
        estimate, variance = a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d
    else:
        estimate, variance = (a / n1) / (c / n0), 1 / a - 1 / n1 + 1 / c - 1 / n0
    reach = math.exp(1.959963984540054 * math.sqrt(variance))
    return estimate, estimate / reach, estimate * reach


def _print(ratio: Ratio, a: int, c: int, n1: int, n0: int, decimals: int) -> PrintedRatio:
    estimate, lower, upper = (Rounded(round(x, decimals), decimals) for x in _numbers(ratio, a, c, n1, n0))
    return PrintedRatio(ratio, estimate, lower, upper, n1, n0)


def _every_table(printed: PrintedRatio) -> set[Fitting]:
    """By trying all of them; the interval written with 1.96 is another print of few of them."""
    found = set()
    for a in range(1, printed.first):
        for c in range(1, printed.second):
            numbers = _numbers(printed.ratio, a, c, printed.first, printed.second)
            if all(
                one.low - 1e-9 <= number <= one.high + 1e-9
                for one, number in zip((printed.estimate, printed.lower, printed.upper), numbers, strict=True)
            ):
                found.add(Fitting(a, printed.first - a, c, printed.second - c))
    return found


SIZES = st.integers(3, 34)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(Ratio), SIZES, SIZES, st.data(), st.integers(1, 3))
def test_the_search_finds_every_table_that_prints_the_ratio(
    ratio: Ratio, n1: int, n0: int, data: st.DataObject, decimals: int
) -> None:
    a, c = data.draw(st.integers(1, n1 - 1)), data.draw(st.integers(1, n0 - 1))
    printed = _print(ratio, a, c, n1, n0, decimals)
    found = tables_that_print(printed)
    assert found is not None
    every = _every_table(printed)
    assert Fitting(a, n1 - a, c, n0 - c) in found
    assert every <= set(found)
    # What the search has besides differs by how 1.96 is written, which moves the ends by under a thousandth.
    for extra in set(found) - every:
        numbers = _numbers(ratio, extra.first_with, extra.second_with, n1, n0)
        for one, number in zip((printed.estimate, printed.lower, printed.upper), numbers, strict=True):
            assert one.low - 1e-3 * number <= number <= one.high + 1e-3 * number
    assert len(found) == len(set(found))


@settings(max_examples=30, deadline=None)
@given(SIZES, SIZES, st.data())
def test_the_number_of_both_leaves_only_tables_that_add_up(n1: int, n0: int, data: st.DataObject) -> None:
    a, c = data.draw(st.integers(1, n1 - 1)), data.draw(st.integers(1, n0 - 1))
    printed = _print(Ratio.ODDS, a, c, n1, n0, 2)
    found, all_of_them = tables_that_print(printed, both=a + c), tables_that_print(printed)
    assert found is not None
    assert all_of_them is not None
    assert set(found) == {one for one in all_of_them if one.first_with + one.second_with == a + c}


def test_a_ratio_of_two_large_groups_with_one_decimal_leaves_many_tables() -> None:
    found = tables_that_print(_print(Ratio.ODDS, 620, 1180, 1400, 3800, 1))
    assert found is None or len(found) > 1000


def test_more_tables_than_can_be_tried_are_not_tried() -> None:
    wide = PrintedRatio(Ratio.ODDS, Rounded(1, 0), Rounded(1, 0), Rounded(1, 0), 100_000, 100_000)
    assert tables_that_print(wide) is None


@pytest.mark.parametrize(
    ("estimate", "lower", "upper", "first"), [(0.5, 0.6, 0.9, 10), (0.5, 0.1, 0.4, 10), (1, 1, 1, 0)]
)
def test_a_ratio_outside_its_interval_or_of_nobody_is_none(
    estimate: float, lower: float, upper: float, first: int
) -> None:
    with pytest.raises(ValueError, match="ratio"):
        PrintedRatio(Ratio.ODDS, Rounded(estimate, 1), Rounded(lower, 1), Rounded(upper, 1), first, 10)
