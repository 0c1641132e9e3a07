"""The range of every unknown of a problem: the entry of this room.

Takes out what propagation settles, merges pairs, splits the rest into parts,
answers the simple ones in closed form and hands the others to `component`.
Every whole table that is kept is held against the problem as it was given.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.tables.solving.component import Asked, Component
from ngc_pipelines.disclosure.tables.solving.merging import Merged, merged
from ngc_pipelines.disclosure.tables.solving.pool import Pool
from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Ints, Problem, Ranges
from ngc_pipelines.disclosure.tables.solving.propagation import propagate
from ngc_pipelines.disclosure.tables.solving.splitting import Part, parts_of, tied_rows

# Time for propagation, however little is left for the rest.
LEAST_SECONDS = 1.0


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
    # The first sweeps are cheap, and what they settle is the answer where time is short.
    low, high = propagate(problem, deadline=max(deadline, time.monotonic() + LEAST_SECONDS))
    cap = _cap(problem, low, high)
    ranges = Ranges(low.copy(), high.copy(), np.full(len(low), np.inf), np.full(len(low), -np.inf))
    settled = low == high
    ranges.inner_low[settled] = ranges.inner_high[settled] = low[settled]
    free, rows, rest = _unsettled(problem, low, np.minimum(high, cap))
    try:
        for part in parts_of(_tightened(merged(rest))):
            _settle(ranges, part, free[part.given], Asked(part.most(wanted[free]), every_end, deadline))
    except ContradictionError as clash:
        raise ContradictionError(tuple(rows[tied_rows(rest, clash.rows)].tolist())) from clash
    _refuse_wrong_tables(problem, ranges)
    # What only the cap holds back lies near it, less a few printed numbers.
    ranges.outer_high[ranges.outer_high > cap / 2] = np.inf
    ranges.inner_high[ranges.inner_high > cap / 2] = np.inf
    return ranges


def _cap(problem: Problem, low: Floats, high: Floats) -> float:
    """A number no sensible count reaches, in place of infinity in the programs."""
    finite = [values[np.isfinite(values)] for values in (problem.row_low, problem.row_high, low, high)]
    largest = max((float(np.max(np.abs(values))) for values in finite if values.size), default=0.0)
    return 10.0 * largest + 1_000_000.0


def _unsettled(problem: Problem, low: Floats, high: Floats) -> tuple[Ints, Ints, Problem]:
    """Unknowns that are not settled, the rows that tie them, and the problem that these are."""
    settled = low == high
    free = np.flatnonzero(~settled)
    columns = sparse.csr_matrix(problem.matrix[:, free])
    rows = np.flatnonzero(np.diff(columns.indptr))
    moved = (problem.matrix @ np.where(settled, low, 0.0))[rows]
    rest = Problem(columns[rows], problem.row_low[rows] - moved, problem.row_high[rows] - moved, low[free], high[free])
    return free, rows, rest


def _tightened(less: Merged) -> Merged:
    """Merging makes relations shorter; what they say alone by now is put into the bounds."""
    try:
        low, high = propagate(less.problem)
    except ContradictionError as clash:
        raise ContradictionError(tuple(less.rows[list(clash.rows)].tolist())) from clash
    return replace(less, problem=replace(less.problem, low=low, high=high))


def _settle(ranges: Ranges, part: Part, members: Ints, asked: Asked) -> None:
    if part.problem.matrix.shape[0] == 0:
        pool = _every_value(part.problem)
        low, high = part.problem.low, part.problem.high
    else:
        component = Component(part.problem, asked)
        try:
            component.settle()
        except ContradictionError as clash:
            raise ContradictionError(tuple(part.rows.tolist())) from clash
        ranges.complete &= component.complete
        pool, low, high = component.pool, component.outer_low, component.outer_high
    told = pool.seen_as(part.image, part.sign, part.offset)
    ranges.outer_low[members], ranges.outer_high[members] = part.bounds(low, high)
    ranges.inner_low[members], ranges.inner_high[members] = told.low, told.high
    ranges.parts.append((members, told))


def _every_value(problem: Problem) -> Pool:
    """The tables that show the ranges of unknowns that no relation ties: all lowest, all highest."""
    pool = Pool(problem)
    pool.add(problem.low)
    pool.add(problem.high)
    return pool


def _refuse_wrong_tables(problem: Problem, ranges: Ranges) -> None:
    """Hold every whole table that was found against the problem as given.

    Raises:
        ValueError: where one does not fit; a wrong witness proves nothing.
    """
    known = np.isfinite(ranges.inner_low)
    rows = np.flatnonzero(abs(problem.matrix) @ (~known).astype(np.float64) == 0)
    part = Problem(problem.matrix[rows], problem.row_low[rows], problem.row_high[rows], problem.low, problem.high)
    table = np.where(known, ranges.inner_low, problem.low)
    for layer in range(max((len(pool.points) for _, pool in ranges.parts), default=0)):
        for members, pool in ranges.parts:
            if pool.points:
                table[members] = pool.points[min(layer, len(pool.points) - 1)]
        if not part.fits(table):
            raise ValueError("a witness fits the problem")
