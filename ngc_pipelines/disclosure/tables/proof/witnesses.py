"""The proof that a cell is safe: two whole tables that print the same.

They differ in the cell by as much as the policy asks, and every printed number
and every relation holds in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import Floats, Ranges
from ngc_pipelines.disclosure.tables.system import System


@dataclass(frozen=True, slots=True)
class SafetyProof:
    """Two whole tables, by the system's cells, that differ widely in one of them."""

    cell: int
    first: Floats
    second: Floats

    def holds(self, system: System, enough: int) -> bool:
        """Whether both tables print what is printed, and lie `enough - 1` apart in the cell."""
        apart = abs(float(self.first[self.cell] - self.second[self.cell]))
        return apart >= enough - 1 and prints_the_same(system, self.first) and prints_the_same(system, self.second)


def prints_the_same(system: System, table: Floats) -> bool:
    """Whether a whole table agrees with every print and relation of the system."""
    for value, cell in zip(table.tolist(), system.cells, strict=True):
        if value != int(value) or value < cell.low or (cell.high is not None and value > cell.high):
            return False
    for relation in system.relations:
        total = sum(factor * int(table[cell]) for cell, factor in relation.terms)
        if (relation.low is not None and total < relation.low) or (relation.high is not None and total > relation.high):
            return False
    return True


def safety_proof(ranges: Ranges, cell: int) -> SafetyProof | None:
    """The two tables found for a cell; None where the solver kept none."""
    settled = np.where(np.isfinite(ranges.inner_low), ranges.inner_low, 0.0)
    first, second = settled.copy(), settled.copy()
    found = False
    for members, pool in ranges.parts:
        if not pool.points:
            return None
        at = np.flatnonzero(members == cell)
        low, high = (pool.low_at[at[0]], pool.high_at[at[0]]) if at.size else (0, 0)
        found |= bool(at.size)
        first[members], second[members] = pool.points[int(low)], pool.points[int(high)]
    return SafetyProof(cell, first, second) if found else None
