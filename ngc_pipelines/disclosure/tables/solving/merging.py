"""Unknowns tied in pairs are one unknown: a problem with fewer, and the way back.

`x + y = 7` or `x - y = 2` leaves one of the two free. Half of the lines of a
table blanked by practice hold two blanked cells, so every program gets smaller
by a third or more. Nothing is lost: whole tables of the merged problem and of
the given one are each other's images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Ints, Problem


@dataclass(frozen=True, slots=True)
class Merged:
    """A problem and, for every unknown of the given one, its image in it.

    Args:
        problem: what is left.
        rows: which row of the given problem each row of `problem` was.
        of: n, which unknown of `problem` stands for each of the given ones.
        sign, offset: n; given unknown = offset + sign × merged unknown.
    """

    problem: Problem
    rows: Ints
    of: Ints
    sign: Floats
    offset: Floats


def merged(given: Problem) -> Merged:
    """`given` with all pairs merged, as long as there are any.

    Raises:
        ContradictionError: where a pair leaves no value for its unknowns; its
            rows are among those that clash.
    """
    n, m = given.unknowns, given.matrix.shape[0]
    found = Merged(given, np.arange(m), np.arange(n), np.ones(n), np.zeros(n))
    while (step := _step(found)) is not None:
        found = step
    return found


def _step(found: Merged) -> Merged | None:
    """One round of merging; None where no row ties just two unknowns."""
    problem = found.problem
    matrix, pairs = problem.matrix, _pairs(problem)
    if not pairs.size:
        return None
    of, sign, offset = _images(problem, pairs)
    images = int(of.max()) + 1
    low, high = np.full(images, -np.inf), np.full(images, np.inf)
    ends = sign * (problem.low - offset), sign * (problem.high - offset)
    np.maximum.at(low, of, np.minimum(*ends))
    np.minimum.at(high, of, np.maximum(*ends))
    moved = matrix @ offset
    rows = sparse.csr_matrix(matrix @ sparse.csr_matrix((sign, (np.arange(len(of)), of)), shape=(len(of), images)))
    rows.eliminate_zeros()
    row_low, row_high = problem.row_low - moved, problem.row_high - moved
    empty = np.diff(rows.indptr) == 0
    _refuse(found, np.flatnonzero(empty & ((row_low > 0) | (row_high < 0))), np.flatnonzero(low > high), of)
    keep = np.flatnonzero(~empty)
    return Merged(
        Problem(rows[keep], row_low[keep], row_high[keep], low, high),
        found.rows[keep],
        of[found.of],
        found.sign * sign[found.of],
        found.offset + found.sign * offset[found.of],
    )


def _refuse(found: Merged, rows: Ints, images: Ints, of: Ints) -> None:
    """Raise where a row says that 0 is another number, or a merged unknown has no value."""
    if images.size:
        members = np.isin(of, images).astype(np.float64)
        rows = np.union1d(rows, np.flatnonzero(abs(found.problem.matrix) @ members))
    if rows.size:
        raise ContradictionError(tuple(found.rows[rows].tolist()))


def _pairs(problem: Problem) -> Ints:
    """Equations of two unknowns whose coefficients are 1 or -1."""
    matrix = problem.matrix
    two = np.flatnonzero((np.diff(matrix.indptr) == 2) & (problem.row_low == problem.row_high))
    first = matrix.indptr[two]
    if not two.size:
        return two
    return np.asarray(two[(np.abs(matrix.data[first]) == 1) & (np.abs(matrix.data[first + 1]) == 1)])


def _images(problem: Problem, pairs: Ints) -> tuple[Ints, Floats, Floats]:
    """For each unknown: its image, and sign and offset toward it, along a forest of the pairs."""
    matrix = problem.matrix
    first = matrix.indptr[pairs]
    ones, others = matrix.indices[first].tolist(), matrix.indices[first + 1].tolist()
    # a*x + b*y = c with a and b of size 1: y = b*c - a*b*x, and x = a*c - a*b*y.
    turns = (-matrix.data[first] * matrix.data[first + 1]).tolist()
    to_other = (matrix.data[first + 1] * problem.row_low[pairs]).tolist()
    to_one = (matrix.data[first] * problem.row_low[pairs]).tolist()
    ties: dict[int, list[tuple[int, float, float]]] = {}
    for one, other, turn, there, back in zip(ones, others, turns, to_other, to_one, strict=True):
        ties.setdefault(one, []).append((other, turn, there))
        ties.setdefault(other, []).append((one, turn, back))
    root, sign, offset = np.arange(problem.unknowns), np.ones(problem.unknowns), np.zeros(problem.unknowns)
    seen: set[int] = set()
    for start in ties:
        waiting = [] if start in seen else [start]
        seen.add(start)
        while waiting:
            at = waiting.pop()
            for other, turn, shift in ties[at]:
                if other not in seen:
                    seen.add(other)
                    root[other], sign[other], offset[other] = start, turn * sign[at], shift + turn * offset[at]
                    waiting.append(other)
    _, of = np.unique(root, return_inverse=True)
    return of.astype(np.int64), sign, offset
