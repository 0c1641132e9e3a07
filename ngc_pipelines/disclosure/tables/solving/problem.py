"""The numeric form of a system: whole unknowns, bounds and linear relations.

No labels and no words live here; `relations` makes problems from tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.tables.solving.pool import Pool

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class ContradictionError(Exception):
    """No whole numbers fit; `rows` are relations that clash, not always all."""

    def __init__(self, rows: tuple[int, ...], variable: int | None = None) -> None:
        super().__init__("no table fits the printed numbers")
        self.rows = rows
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Problem:
    """Whole numbers x with `low <= x <= high` and `row_low <= A x <= row_high`.

    Args:
        matrix: m × n, whole coefficients, stored as float64 (exact below 2**53).
        row_low, row_high: m, whole or infinite; equal for an equation.
        low, high: n, whole or (high) infinite.
    """

    matrix: sparse.csr_matrix
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        if self.row_low.shape != (rows,) or self.row_high.shape != (rows,):
            raise ValueError("a bound for each row")
        if self.low.shape != (columns,) or self.high.shape != (columns,):
            raise ValueError("a bound for each unknown")

    @property
    def unknowns(self) -> int:
        """How many unknowns there are."""
        return int(self.matrix.shape[1])

    def fits(self, point: Floats) -> bool:
        """Whether `point` (n whole numbers) satisfies everything."""
        if np.any(point < self.low) or np.any(point > self.high):
            return False
        sums = self.matrix @ point
        return bool(np.all(sums >= self.row_low) and np.all(sums <= self.row_high))


@dataclass(slots=True)
class Ranges:
    """What is known of every unknown.

    Args:
        outer_low, outer_high: no whole table that fits lies outside.
        inner_low, inner_high: the extreme values of whole tables found so far;
            `inner_low > inner_high` where none was found.
        complete: whether every unknown was settled as asked.
        parts: each component's unknowns and the whole tables found for them;
            any choice of one from each, put together, is a table that fits.
    """

    outer_low: Floats
    outer_high: Floats
    inner_low: Floats
    inner_high: Floats
    complete: bool = True
    parts: list[tuple[Ints, Pool]] = field(default_factory=list)
