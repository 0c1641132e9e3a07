"""Bounds that follow from one relation at a time, repeated until none moves.

Cheap, exact in whole numbers, and enough for most ordinary tables. What needs
several relations at once is left to the linear programs.
"""

from __future__ import annotations

import math
import time

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Problem

# Chains of tables need as many sweeps as they are long; a sweep that moves
# bounds by one person at a time is cut here, the programs finish the work.
SWEEPS = 60


def propagate(problem: Problem, *, deadline: float = math.inf) -> tuple[Floats, Floats]:
    """The bounds of every unknown after propagation.

    Args:
        deadline: on `time.monotonic`; no sweep begins after it.

    Returns:
        low and high, n each, whole (or infinite), never wider than given.

    Raises:
        ContradictionError: where a relation cannot hold within the bounds.
    """
    coo = problem.matrix.tocoo()
    row, column, coefficient = coo.row, coo.col, coo.data
    rows, columns = problem.matrix.shape
    low, high = problem.low.copy(), problem.high.copy()
    positive = coefficient > 0
    if np.any(low > high):
        raise ContradictionError(_rows_of(problem, int(np.argmax(low > high))), int(np.argmax(low > high)))
    for _ in range(SWEEPS):
        if time.monotonic() > deadline:
            break
        at_low = np.where(positive, low[column], high[column]) * coefficient
        at_high = np.where(positive, high[column], low[column]) * coefficient
        least, least_open = _sums(at_low, row, rows)
        most, most_open = _sums(at_high, row, rows)
        _refuse_impossible(problem, least, least_open, most, most_open)
        upper = _room(problem.row_high, least, least_open, at_low, row)
        lower = _room(problem.row_low, most, most_open, at_high, row)
        new_high = np.full(columns, np.inf)
        new_low = np.full(columns, -np.inf)
        with np.errstate(invalid="ignore"):
            from_upper, from_lower = upper / coefficient, lower / coefficient
        ceiling = np.floor(np.where(positive, from_upper, from_lower) + 1e-9)
        floor = np.ceil(np.where(positive, from_lower, from_upper) - 1e-9)
        np.fmin.at(new_high, column, ceiling)  # NaN: this relation says nothing
        np.fmax.at(new_low, column, floor)
        new_high, new_low = np.minimum(new_high, high), np.maximum(new_low, low)
        if np.any(new_low > new_high):
            raise ContradictionError(
                _rows_of(problem, int(np.argmax(new_low > new_high))), int(np.argmax(new_low > new_high))
            )
        if np.array_equal(new_high, high) and np.array_equal(new_low, low):
            break
        low, high = new_low, new_high
    return low, high


def _sums(terms: Floats, row: np.ndarray, rows: int) -> tuple[Floats, Floats]:
    """Per row: the sum of its finite terms, and how many are infinite."""
    endless = np.isinf(terms)
    finite = np.where(endless, 0.0, terms)
    return (
        np.bincount(row, weights=finite, minlength=rows).astype(np.float64),
        np.bincount(row, weights=endless.astype(np.float64), minlength=rows).astype(np.float64),
    )


def _room(bound: Floats, sums: Floats, endless: Floats, own: Floats, row: np.ndarray) -> Floats:
    """Per entry: the row's bound less what all other entries take at least."""
    own_endless = np.isinf(own)
    others_endless = endless[row] - own_endless
    others = sums[row] - np.where(own_endless, 0.0, own)
    room: Floats = np.where(others_endless > 0, np.nan, bound[row] - others)
    return room


def _refuse_impossible(problem: Problem, least: Floats, least_open: Floats, most: Floats, most_open: Floats) -> None:
    too_much = (least_open == 0) & (least > problem.row_high)
    too_little = (most_open == 0) & (most < problem.row_low)
    wrong = np.flatnonzero(too_much | too_little)
    if wrong.size:
        raise ContradictionError(tuple(int(index) for index in wrong[:8]))


def _rows_of(problem: Problem, variable: int) -> tuple[int, ...]:
    column = problem.matrix.getcol(variable)
    return tuple(int(index) for index in column.nonzero()[0][:8])
