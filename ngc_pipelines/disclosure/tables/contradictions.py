"""Which relations clash, where no table fits the printed numbers: a smallest set."""

from __future__ import annotations

import time

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Ints, Problem
from ngc_pipelines.disclosure.tables.solving.programs import NothingFitsError, NotSolvedError, Programs
from ngc_pipelines.disclosure.tables.solving.propagation import propagate
from ngc_pipelines.disclosure.tables.system import Relation, System

# A test of one subset; most are settled by propagation at once.
SECONDS = 2.0


def clashing_relations(system: System, clash: ContradictionError, *, seconds: float = 60.0) -> tuple[Relation, ...]:
    """A smallest set of relations that cannot hold together.

    Args:
        clash: what the solver said; its rows hold a clash, mostly with others.
        seconds: time for making the set small.

    Returns:
        relations none of which can be left out without the rest fitting; where
        that could not be settled in time, a set that clashes all the same.
    """
    deadline = time.monotonic() + seconds
    problem = system.problem()
    rows = np.array(clash.rows, dtype=np.int64)
    if _fits(problem, rows):
        rows = np.arange(len(system.relations), dtype=np.int64)
    return tuple(system.relations[row] for row in _smallest(problem, rows, deadline).tolist())


def _smallest(problem: Problem, rows: Ints, deadline: float) -> Ints:
    """Leave out ever smaller blocks of rows as long as the rest still clashes, and time is left."""
    block = max(1, len(rows) // 2)
    while True:
        start = 0
        while start < len(rows):
            if time.monotonic() > deadline:
                return rows
            without = np.concatenate([rows[:start], rows[start + block :]])
            if without.size and not _fits(problem, without):
                rows = without
            else:
                start += block
        if block == 1:
            return rows
        block = max(1, block // 2)


def _fits(problem: Problem, rows: Ints) -> bool:
    """Whether some whole table satisfies the relations `rows`; True where not told in time."""
    part = Problem(problem.matrix[rows], problem.row_low[rows], problem.row_high[rows], problem.low, problem.high)
    try:
        low, high = propagate(part)
        used = np.flatnonzero((np.diff(part.matrix.tocsc().indptr) > 0) & (low < high))
        fixed = np.where(low == high, low, 0.0)
        moved = part.matrix @ fixed
        small = Problem(part.matrix[:, used], part.row_low - moved, part.row_high - moved, low[used], high[used])
        if used.size:
            Programs(small).whole(np.zeros(used.size), largest=True, seconds=SECONDS, gap=1.0)
    except (ContradictionError, NothingFitsError):
        return False
    except NotSolvedError:
        return True
    return True
