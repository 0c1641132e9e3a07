"""The bound on recognising members from frequencies holds for simulated cohorts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.tables.statistics.membership import independent, largest_cohort_exposed, power


def _recognised(variants: int, persons: int, false_positives: float, seed: int) -> float:
    """Share of members that the likelihood-ratio test recognises, measured on independent variants."""
    random = np.random.default_rng(seed)
    frequencies = random.uniform(0.2, 0.8, variants)
    hits = trials = 0
    for _ in range(30):
        members = random.binomial(2, frequencies, (persons, variants))
        strangers = random.binomial(2, frequencies, (400, variants))
        told = np.clip(members.mean(axis=0) / 2, 1e-6, 1 - 1e-6)
        up, down = np.log(told / frequencies), np.log((1 - told) / (1 - frequencies))
        scores = [group @ up + (2 - group) @ down for group in (members, strangers)]
        cut = np.quantile(scores[1], 1 - false_positives)
        hits += int((scores[0] > cut).sum())
        trials += persons
    return hits / trials


@pytest.mark.parametrize(("variants", "persons"), [(100, 100), (400, 100), (900, 100), (60, 30)])
def test_the_measured_power_is_that_of_the_bound(variants: int, persons: int) -> None:
    measured = _recognised(variants, persons, 0.05, seed=variants + persons)
    assert measured == pytest.approx(power(variants, persons, 0.05), abs=0.06)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 100_000), st.integers(1, 5_000))
def test_more_variants_recognise_more_and_more_persons_fewer(variants: int, persons: int, more: int) -> None:
    here = power(variants, persons)
    assert 0 <= here <= 1
    assert power(variants + more, persons) >= here
    assert power(variants, persons + more) <= here


@settings(max_examples=50, deadline=None)
@given(st.integers(10, 1_000_000))
def test_half_of_the_largest_exposed_cohort_is_recognised_and_less_of_a_larger_one(variants: int) -> None:
    largest = largest_cohort_exposed(variants)
    if largest:
        assert power(variants, largest) >= 0.5
    assert power(variants, largest + 1) < 0.5


def test_without_frequencies_the_test_does_no_better_than_chance() -> None:
    assert power(0, 100, 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize(("variants", "persons", "rate"), [(-1, 5, 0.1), (5, 0, 0.1), (5, 5, 0.0), (5, 5, 1.0)])
def test_numbers_outside_their_bounds_are_refused(variants: int, persons: int, rate: float) -> None:
    with pytest.raises(ValueError, match="persons"):
        power(variants, persons, rate)


def test_variants_that_lie_together_count_once() -> None:
    assert independent([("1", 10), ("1", 90_000), ("1", 100_010), ("2", 100_020), ("2", 100_030)]) == 3
    assert independent([]) == 0
