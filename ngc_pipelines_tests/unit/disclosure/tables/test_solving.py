"""The solver against every whole table that fits, and on systems of its own.

Covers ranges, whole witnesses, contradictions, open ends and running out of
time; tables with labels are tested with `relations`.
"""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from benchmarks._suppressed_tables import flat, nested, problem_of, suppressed
from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Problem
from ngc_pipelines.disclosure.tables.solving.ranges import solve


def problem(rows: list[list[int]], sums: list[tuple[float, float]], low: list[int], high: list[float]) -> Problem:
    return Problem(
        sparse.csr_matrix(np.array(rows, dtype=np.float64).reshape(len(rows), len(low))),
        np.array([pair[0] for pair in sums], dtype=np.float64),
        np.array([pair[1] for pair in sums], dtype=np.float64),
        np.array(low, dtype=np.float64),
        np.array(high, dtype=np.float64),
    )


def every_solution(of: Problem) -> np.ndarray:
    spans = [range(int(low), int(high) + 1) for low, high in zip(of.low, of.high, strict=True)]
    points = np.array(list(product(*spans)), dtype=np.float64)
    sums = points @ of.matrix.toarray().T
    return points[np.all((sums >= of.row_low) & (sums <= of.row_high), axis=1)]


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    unknowns = draw(st.integers(1, 5))
    rows = draw(st.integers(1, 5))
    coefficients = st.lists(st.sampled_from([-2, -1, 0, 0, 1, 1, 1, 2, 3]), min_size=unknowns, max_size=unknowns)
    matrix = [draw(coefficients) for _ in range(rows)]
    truth = [draw(st.integers(0, 4)) for _ in range(unknowns)]
    sums: list[tuple[float, float]] = []
    for row in matrix:
        value = float(sum(a * x for a, x in zip(row, truth, strict=True)))
        slack = draw(st.sampled_from([0, 0, 0, 1]))
        sums.append((value - slack, value + draw(st.sampled_from([0, 0, 2]))))
    return problem(matrix, sums, [0] * unknowns, [draw(st.integers(4, 5)) for _ in range(unknowns)])


@settings(max_examples=80, deadline=None)
@given(small_problems())
def test_ranges_are_those_of_every_whole_solution(case: Problem) -> None:
    fits = every_solution(case)
    found = solve(case, enough=5)
    assert found.complete
    assert np.array_equal(found.outer_low, fits.min(axis=0))
    assert np.array_equal(found.outer_high, fits.max(axis=0))
    assert np.array_equal(found.inner_low, found.outer_low)
    assert np.array_equal(found.inner_high, found.outer_high)


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_deciding_agrees_with_every_whole_solution(case: Problem) -> None:
    fits = every_solution(case)
    found = solve(case, enough=4, every_end=False)
    truly_wide = fits.max(axis=0) - fits.min(axis=0) >= 3
    assert np.array_equal(found.inner_high - found.inner_low >= 3, truly_wide)
    narrow = ~truly_wide
    assert np.array_equal(found.outer_low[narrow], fits.min(axis=0)[narrow])
    assert np.array_equal(found.outer_high[narrow], fits.max(axis=0)[narrow])


@settings(max_examples=25, deadline=None)
@given(small_problems(), st.randoms(use_true_random=False))
def test_the_order_of_unknowns_and_rows_changes_no_range(case: Problem, order: random.Random) -> None:
    unknowns, rows = list(range(case.unknowns)), list(range(case.matrix.shape[0]))
    order.shuffle(unknowns)
    order.shuffle(rows)
    moved = Problem(
        sparse.csr_matrix(case.matrix[rows][:, unknowns]),
        case.row_low[rows],
        case.row_high[rows],
        case.low[unknowns],
        case.high[unknowns],
    )
    first, second = solve(case, enough=5), solve(moved, enough=5)
    assert np.array_equal(first.outer_low[unknowns], second.outer_low)
    assert np.array_equal(first.outer_high[unknowns], second.outer_high)


def test_two_cells_that_must_be_equal_halves_have_no_whole_answer() -> None:
    with pytest.raises(ContradictionError):
        solve(problem([[1, 1], [1, -1]], [(3, 3), (0, 0)], [0, 0], [9, 9]), enough=5)


def test_a_relation_between_known_cells_that_does_not_hold_is_named() -> None:
    with pytest.raises(ContradictionError) as clash:
        solve(problem([[1, 0], [0, 1]], [(3, 3), (12, 12)], [0, 0], [9, 9]), enough=5)
    assert 1 in clash.value.rows


def test_an_unknown_total_has_no_upper_end() -> None:
    found = solve(problem([[1, 1, -1]], [(0, 0)], [2, 0, 0], [2, np.inf, np.inf]), enough=5)
    assert found.outer_high[1] == np.inf
    assert found.outer_low[2] == 2


def test_nothing_left_to_find_is_settled() -> None:
    found = solve(problem([[1]], [(4, 4)], [0], [np.inf]), enough=5)
    assert (found.inner_low[0], found.inner_high[0]) == (4, 4)


def three_way(seed: int) -> tuple[Problem, np.ndarray]:
    made = suppressed((flat(6), flat(6), flat(6)), seed=seed, mean=12.0)
    return problem_of(made), made.counts[made.blanked].astype(np.float64)


@pytest.mark.parametrize("seed", range(4))
def test_every_witness_of_a_three_way_table_fits_and_reaches_its_end(seed: int) -> None:
    case, truth = three_way(seed)
    found = solve(case, enough=5)
    assert found.complete
    assert np.all((found.outer_low <= truth) & (truth <= found.outer_high))
    for members, pool in found.parts:
        for number, unknown in enumerate(members):
            assert pool.points[pool.low_at[number]][number] == found.outer_low[unknown]
            assert pool.points[pool.high_at[number]][number] == found.outer_high[unknown]


def test_running_out_of_time_is_told_and_what_is_known_stays_true() -> None:
    case, truth = three_way(1)
    found = solve(case, enough=5, seconds=0.0)
    assert not found.complete
    assert np.all((found.outer_low <= truth) & (truth <= found.outer_high))


def test_hierarchies_are_split_into_components_that_join_to_whole_tables() -> None:
    made = suppressed((nested(3, 4), nested(2, 5)), seed=3, mean=9.0)
    case = problem_of(made)
    found = solve(case, enough=5)
    whole = found.outer_low.copy()
    for members, pool in found.parts:
        whole[members] = pool.points[-1]
    assert case.fits(whole)
