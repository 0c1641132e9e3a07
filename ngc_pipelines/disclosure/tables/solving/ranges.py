"""The range of every unknown of a problem: the entry of this room.

Splits the problem into connected components, answers the simple ones in
closed form and hands the others to `component`.
"""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from ngc_pipelines.disclosure.tables.solving.component import Asked, Component
from ngc_pipelines.disclosure.tables.solving.pool import Pool
from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Ints, Problem, Ranges
from ngc_pipelines.disclosure.tables.solving.propagation import propagate


def solve(problem: Problem, *, enough: Floats | int, every_end: bool = True, seconds: float = 60.0) -> Ranges:
    """The ranges of all unknowns.

    Args:
        enough: how many values a range must hold to be safe, for all or each.
        every_end: whether exact ends are wanted of safe ranges too; without,
            a range counts as settled once two whole tables that fit lie
            `enough - 1` apart, which is several times faster.
        seconds: time for everything; what is not settled by then is left
            open and `Ranges.complete` is False.

    Raises:
        ContradictionError: where no whole numbers fit.
    """
    deadline = time.monotonic() + seconds
    wanted = np.broadcast_to(np.asarray(enough, dtype=np.float64), (problem.unknowns,))
    low, high = propagate(problem)
    cap = _cap(problem, low, high)
    capped = Problem(problem.matrix, problem.row_low, problem.row_high, low, np.minimum(high, cap))
    ranges = Ranges(low.copy(), high.copy(), np.full(len(low), np.inf), np.full(len(low), -np.inf))
    for members, rows in _components(capped, low == high):
        part = _part(capped, members, rows, low)
        asked = Asked(wanted[members], every_end, deadline)
        _settle(ranges, part, members, rows, asked)
    settled = low == high
    ranges.inner_low[settled] = ranges.inner_high[settled] = low[settled]
    # What only the cap holds back lies near it, less a few printed numbers.
    ranges.outer_high[ranges.outer_high > cap / 2] = np.inf
    ranges.inner_high[ranges.inner_high > cap / 2] = np.inf
    return ranges


def _cap(problem: Problem, low: Floats, high: Floats) -> float:
    """A number no sensible count reaches, in place of infinity in the programs."""
    finite = [values[np.isfinite(values)] for values in (problem.row_low, problem.row_high, low, high)]
    largest = max((float(np.max(np.abs(values))) for values in finite if values.size), default=0.0)
    return 10.0 * largest + 1_000_000.0


def _components(problem: Problem, settled: np.ndarray) -> list[tuple[Ints, Ints]]:
    """Unknowns and rows of every component, settled unknowns left out; smallest first."""
    pattern = sparse.csc_matrix(problem.matrix)
    free = np.flatnonzero(~settled)
    if not free.size:
        return []
    entries = pattern[:, free].tocoo()
    rows = problem.matrix.shape[0]
    graph = sparse.coo_matrix(
        (np.ones(len(entries.row)), (entries.row, rows + entries.col)), shape=(rows + len(free), rows + len(free))
    )
    _, label = csgraph.connected_components(graph, directed=False)
    of_row, of_unknown = label[:rows], label[rows:]
    order_unknowns, order_rows = np.argsort(of_unknown, kind="stable"), np.argsort(of_row, kind="stable")
    found = []
    for name in np.unique(of_unknown):
        first, last = np.searchsorted(of_unknown[order_unknowns], [name, name + 1])
        start, end = np.searchsorted(of_row[order_rows], [name, name + 1])
        found.append((free[order_unknowns[first:last]], order_rows[start:end]))
    return sorted(found, key=lambda pair: len(pair[0]))


def _part(problem: Problem, members: Ints, rows: Ints, low: Floats) -> Problem:
    """The component as a problem of its own, settled unknowns moved to the right."""
    chosen = problem.matrix[rows]
    rest = np.ones(problem.unknowns, dtype=np.bool_)
    rest[members] = False
    moved = chosen @ np.where(rest, low, 0.0)
    own = sparse.csr_matrix(chosen[:, members])
    row_low, row_high = problem.row_low[rows] - moved, problem.row_high[rows] - moved
    keep = _distinct(own, row_low, row_high)
    return Problem(own[keep], row_low[keep], row_high[keep], problem.low[members], problem.high[members])


def _distinct(matrix: sparse.csr_matrix, row_low: Floats, row_high: Floats) -> Ints:
    """Rows that say something no other row says."""
    seen: dict[tuple[bytes, bytes, float, float], int] = {}
    for row in range(matrix.shape[0]):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        order = np.argsort(matrix.indices[start:end])
        key = (
            matrix.indices[start:end][order].tobytes(),
            matrix.data[start:end][order].tobytes(),
            float(row_low[row]),
            float(row_high[row]),
        )
        seen.setdefault(key, row)
    return np.array(sorted(seen.values()), dtype=np.int64)


def _settle(ranges: Ranges, part: Problem, members: Ints, rows: Ints, asked: Asked) -> None:
    if part.matrix.shape[0] == 0:
        _take(ranges, members, part.low, part.high, part.low, part.high)
        return
    component = Component(part, asked)
    try:
        component.settle()
    except ContradictionError as clash:
        raise ContradictionError(tuple(int(row) for row in rows)) from clash
    ranges.complete &= component.complete
    _take(ranges, members, component.outer_low, component.outer_high, component.pool.low, component.pool.high)
    _remember(ranges, members, component.pool)


def _take(ranges: Ranges, members: Ints, low: Floats, high: Floats, inner_low: Floats, inner_high: Floats) -> None:
    ranges.outer_low[members], ranges.outer_high[members] = low, high
    ranges.inner_low[members], ranges.inner_high[members] = inner_low, inner_high


def _remember(ranges: Ranges, members: Ints, pool: Pool) -> None:
    ranges.parts.append((members, pool))
