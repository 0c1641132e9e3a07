"""What is computed from means, frequencies and standard errors is right."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.statistics.averages import between
from ngc_pipelines.disclosure.tables.statistics.genomic import alleles_of
from ngc_pipelines.disclosure.tables.statistics.statistic import Statistic, is_everybody, is_number_of_persons
from ngc_pipelines.disclosure.tables.statistics.terms import persons_behind


def _mean(values: list[int], decimals: int) -> Statistic:
    value = Decimal(repr(round(sum(values) / len(values), decimals)))
    return Statistic(Meaning.MEAN, value, decimals, "t", len(values))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=6, max_size=60), st.integers(1, 4), st.integers(0, 3))
def test_the_persons_between_two_means_lie_within_what_is_told(values: list[int], apart: int, decimals: int) -> None:
    told = between(_mean(values, decimals), _mean(values[:-apart], decimals))
    truth = sum(values[-apart:]) / apart
    assert told.persons == apart
    assert abs(told.value - truth) <= told.open + 1e-6


def test_two_groups_of_one_size_have_nobody_between_them() -> None:
    with pytest.raises(ValueError, match="holds the second"):
        between(_mean([1, 2, 3], 1), _mean([1, 2, 4], 1))


@settings(max_examples=50, deadline=None)
@given(st.integers(10, 5_000), st.data(), st.integers(2, 5))
def test_the_alleles_of_a_frequency_hold_the_true_count(total: int, data: st.DataObject, decimals: int) -> None:
    count = data.draw(st.integers(0, total))
    printed = Decimal(repr(round(count / total, decimals)))
    found = alleles_of(printed, decimals, total)
    assert found.low - Decimal("1e-9") <= count <= found.high + Decimal("1e-9")


@pytest.mark.parametrize("category", [1, 2, 4, 7, 30])
def test_the_standard_error_of_one_category_gives_its_persons(category: int) -> None:
    random = np.random.default_rng(category)
    persons = 100
    design = np.column_stack([np.ones(persons), np.arange(persons) < category]).astype(float)
    outcome = random.normal(4, 2, persons)
    coefficients, *_ = np.linalg.lstsq(design, outcome, rcond=None)
    spread = float(np.sqrt(((outcome - design @ coefficients) ** 2).sum() / (persons - 2)))
    se = float(spread * np.sqrt(np.linalg.inv(design.T @ design)[1, 1]))
    assert persons_behind(round(spread, 3), round(se, 4), persons) == category


def test_a_standard_error_that_no_category_has_is_none() -> None:
    assert persons_behind(2.0, 9.0, 100) is None


@pytest.mark.parametrize("label", ["N", "n", "Antal", "Observations", "Number of patients", "Antal personer", "Obs."])
def test_words_for_numbers_of_persons_are_known(label: str) -> None:
    assert is_number_of_persons(label)


@pytest.mark.parametrize("label", ["Women", "Smokers, n", "Age", "n (%)", "Cases", "Sodium", "Count ratio", ""])
def test_other_labels_are_no_numbers_of_persons(label: str) -> None:
    assert not is_number_of_persons(label)


@pytest.mark.parametrize(
    ("label", "everybody"),
    [("All", True), ("Alle patienter", True), ("Total (n = 120)", True), ("Total cholesterol", False), ("Men", False)],
)
def test_names_of_everybody_are_told_from_names_of_measures(label: str, everybody: bool) -> None:
    assert is_everybody(label) is everybody
