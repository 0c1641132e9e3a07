"""The solver against bounds of scipy's linear programs, on random tables, hierarchies and linked pairs.

In two-way tables and hierarchies along one axis every corner is whole, so linear
bounds are the exact answer; elsewhere they are bounds that no answer may leave.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from benchmarks._suppressed_tables import Axis, Suppressed, flat, nested, problem_of, suppressed
from ngc_pipelines.disclosure.tables.solving.problem import Problem
from ngc_pipelines.disclosure.tables.solving.ranges import solve

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def linear_bounds(case: Problem) -> Ends:
    """Both ends of every unknown, each by a program of its own that starts cold."""
    ends = []
    for sign in (1.0, -1.0):
        found = []
        for unknown in range(case.unknowns):
            costs = np.zeros(case.unknowns)
            costs[unknown] = sign
            done = linprog(costs, A_eq=case.matrix, b_eq=case.row_low, bounds=(0, None), method="highs")
            assert done.status in (0, 3)
            found.append(sign * done.fun if done.status == 0 else np.inf)
        ends.append(np.array(found))
    return np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)


def truth_of(made: Suppressed) -> NDArray[np.float64]:
    return made.counts[made.blanked].astype(np.float64)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("axes", [(flat(6), flat(7)), (nested(3, 3), flat(5))], ids=["flat", "hierarchy"])
def test_ranges_are_the_linear_bounds_where_corners_are_whole(axes: tuple[Axis, ...], seed: int) -> None:
    made = suppressed(axes, seed=seed, mean=8.0)
    case = problem_of(made)
    low, high = linear_bounds(case)
    found = solve(case, enough=5)
    assert found.complete
    assert np.array_equal(found.outer_low, low)
    assert np.array_equal(found.outer_high, high)
    assert np.array_equal(found.inner_low, low)
    assert np.array_equal(found.inner_high, high)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "axes", [(flat(4), flat(4), flat(4)), (nested(2, 3), nested(3, 2))], ids=["three-way", "two hierarchies"]
)
def test_ranges_lie_within_the_linear_bounds_and_hold_the_truth(axes: tuple[Axis, ...], seed: int) -> None:
    made = suppressed(axes, seed=seed, mean=8.0)
    case = problem_of(made)
    low, high = linear_bounds(case)
    found = solve(case, enough=5)
    assert found.complete
    assert np.all((low <= found.outer_low) & (found.outer_high <= high))
    assert np.all((found.outer_low <= truth_of(made)) & (truth_of(made) <= found.outer_high))
    assert np.array_equal(found.inner_low, found.outer_low)
    assert np.array_equal(found.inner_high, found.outer_high)


def linked(seed: int) -> tuple[Problem, NDArray[np.float64]]:
    """Two prints of one table that hide different cells: what both hide, and what one of them prints."""
    made = suppressed((flat(6), flat(6)), seed=seed, mean=8.0)
    draw = np.random.default_rng(seed)
    hidden = np.flatnonzero(made.blanked)
    again = hidden[draw.random(hidden.size) < 0.75]
    unknowns = hidden.size + again.size
    rows = made.equations[:, hidden]
    shown = np.setdiff1d(np.arange(made.counts.size), hidden)
    shown_again = np.setdiff1d(np.arange(made.counts.size), again)
    rights = [-(made.equations[:, part] @ made.counts[part].astype(np.float64)) for part in (shown, shown_again)]
    places = np.searchsorted(hidden, again)
    ties = sparse.lil_matrix((again.size, unknowns))
    ties[np.arange(again.size), places] = 1.0
    ties[np.arange(again.size), hidden.size + np.arange(again.size)] = -1.0
    matrix = sparse.vstack([sparse.block_diag([rows, made.equations[:, again]]), ties], format="csr")
    right = np.concatenate([*rights, np.zeros(again.size)])
    used = np.flatnonzero(np.diff(matrix.indptr))
    truth = np.concatenate([made.counts[hidden], made.counts[again]]).astype(np.float64)
    return Problem(
        sparse.csr_matrix(matrix[used]), right[used], right[used], np.zeros(unknowns), np.full(unknowns, np.inf)
    ), truth


@pytest.mark.parametrize("seed", range(4))
def test_a_linked_pair_gives_the_linear_bounds_and_one_range_a_cell(seed: int) -> None:
    case, truth = linked(seed)
    low, high = linear_bounds(case)
    found = solve(case, enough=5)
    assert found.complete
    assert np.all((low <= found.outer_low) & (found.outer_high <= high))
    assert np.all((found.outer_low <= truth) & (truth <= found.outer_high))
    ties = case.matrix[case.row_low == 0]
    pairs = [row.indices for row in ties if sorted(row.data.tolist()) == [-1.0, 1.0]]
    assert pairs
    for one, other in pairs:
        assert (found.outer_low[one], found.outer_high[one]) == (found.outer_low[other], found.outer_high[other])


@pytest.mark.parametrize("seed", range(4))
def test_deciding_and_bounding_say_the_same(seed: int) -> None:
    case = problem_of(suppressed((flat(5), flat(5), flat(5)), seed=seed, mean=9.0))
    bounded, decided = solve(case, enough=5), solve(case, enough=5, every_end=False)
    narrow = bounded.outer_high - bounded.outer_low < 4
    assert np.array_equal(decided.inner_high - decided.inner_low < 4, narrow)
    assert np.array_equal(decided.outer_low[narrow], bounded.outer_low[narrow])
    assert np.array_equal(decided.outer_high[narrow], bounded.outer_high[narrow])
