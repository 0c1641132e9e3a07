"""The proof that a cell is at most, or at least, some number.

A sum of the system's relations, each times a factor, in which the cell stands
once: "480 - 244 - 189 = 47". Factors come from the dual of a linear program,
made into fractions; whether they prove anything is checked without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import Problem
from ngc_pipelines.disclosure.tables.solving.programs import NothingFitsError, NotSolvedError, Programs
from ngc_pipelines.disclosure.tables.solving.propagation import propagate
from ngc_pipelines.disclosure.tables.system import System

# Tables' duals are small fractions; 1/720 covers percentages at one decimal.
LARGEST_DENOMINATOR = 5040


@dataclass(frozen=True, slots=True)
class BoundProof:
    """That a cell is at most (`upper`) or at least a bound.

    Args:
        cell: index in the system.
        factors: pairs of a relation's index and what it is multiplied with.
        bound: the whole number that follows.
    """

    cell: int
    upper: bool
    bound: int
    factors: tuple[tuple[int, Fraction], ...]

    def holds(self, system: System) -> bool:
        """Whether the factors give the bound; checked in fractions."""
        given = bound_given(system, self.cell, dict(self.factors), upper=self.upper)
        if given is None:
            return False
        return math.floor(given) <= self.bound if self.upper else math.ceil(given) >= self.bound


def combined(system: System, factors: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Coefficient of every cell in the sum of the relations times their factors."""
    sums: dict[int, Fraction] = {}
    for relation, factor in factors.items():
        for cell, coefficient in system.relations[relation].terms:
            sums[cell] = sums.get(cell, Fraction(0)) + factor * coefficient
    return {cell: total for cell, total in sums.items() if total}


def bound_given(system: System, cell: int, factors: Mapping[int, Fraction], *, upper: bool) -> Fraction | None:
    """The bound on `cell` that the sum of relations gives; None where it gives none."""
    sums = combined(system, factors)
    own = sums.pop(cell, Fraction(0))
    if not own:
        return _print_of(system, cell, upper=upper) if not sums else None
    ends = [_end(system, relation, factor, upper=upper == (own > 0)) for relation, factor in factors.items()]
    if any(end is None for end in ends):
        return None
    total = sum((end for end in ends if end is not None), Fraction(0))
    for other, coefficient in sums.items():
        # own*x <= total - coefficient*other, so the other at its smallest product bounds x from above.
        at_low = (coefficient > 0) == (upper == (own > 0))
        value = system.cells[other].low if at_low else system.cells[other].high
        if value is None:
            return None
        total -= coefficient * value
    return total / own


def _print_of(system: System, cell: int, *, upper: bool) -> Fraction | None:
    value = system.cells[cell].high if upper else system.cells[cell].low
    return None if value is None else Fraction(value)


def _end(system: System, relation: int, factor: Fraction, *, upper: bool) -> Fraction | None:
    end = system.relations[relation].high if upper == (factor > 0) else system.relations[relation].low
    return None if end is None else factor * end


class Prover:
    """Finds bound proofs in one system; programs are kept between calls."""

    def __init__(self, system: System) -> None:
        self.system = system
        problem = system.problem()
        low, high = propagate(problem)
        self._problem = problem
        self._columns = problem.matrix.tocsc()
        self._of_cell: dict[int, tuple[Programs, list[int], list[int]]] = {}
        self._high = high
        self._low = low

    def prove(self, cell: int, bound: int, *, upper: bool, seconds: float = 10.0) -> BoundProof | None:
        """A proof of the bound, from one relation where one is enough; None where whole numbers alone settle it."""
        simple = self._of_one_relation(cell, bound, upper=upper)
        if simple is not None:
            return simple
        programs, cells, rows = self._programs(cell)
        costs = np.zeros(len(cells))
        costs[cells.index(cell)] = 1.0
        try:
            programs.extreme(costs, largest=upper, seconds=seconds)
        except (NothingFitsError, NotSolvedError):
            return None
        factors = {
            row: factor
            for row, dual in zip(rows, programs.row_duals(), strict=True)
            if (factor := Fraction(float(dual)).limit_denominator(LARGEST_DENOMINATOR))
        }
        for sign in (1, -1):
            proof = BoundProof(
                cell, upper, bound, tuple((row, sign * factor) for row, factor in sorted(factors.items()))
            )
            if proof.holds(self.system):
                return proof
        return None

    def _of_one_relation(self, cell: int, bound: int, *, upper: bool) -> BoundProof | None:
        """The proof a reader would find first: the shortest sum that the cell stands in gives the bound by itself."""
        start, end = self._columns.indptr[cell : cell + 2]
        rows = self._columns.indices[start:end].tolist()
        for row in sorted(rows, key=lambda row: (len(self.system.relations[row].terms), row)):
            for factor in (Fraction(1), Fraction(-1)):
                proof = BoundProof(cell, upper, bound, ((row, factor),))
                if proof.holds(self.system):
                    return proof
        return None

    def _programs(self, cell: int) -> tuple[Programs, list[int], list[int]]:
        """The program over everything tied to a cell that is not printed."""
        if cell not in self._of_cell:
            cells, rows = self._tied(cell)
            matrix = self._problem.matrix[rows]
            rest = np.ones(self._problem.unknowns, dtype=np.bool_)
            rest[cells] = False
            moved = matrix @ np.where(rest, self._problem.low, 0.0)
            part = Problem(
                matrix[:, cells],
                self._problem.row_low[rows] - moved,
                self._problem.row_high[rows] - moved,
                self._problem.low[cells],
                self._problem.high[cells],
            )
            made = (Programs(part), cells, rows)
            for member in cells:
                self._of_cell[member] = made
        return self._of_cell[cell]

    def _tied(self, cell: int) -> tuple[list[int], list[int]]:
        """Cells without an exact print that are tied to `cell`, and the relations that tie them."""
        matrix, columns = self._problem.matrix, self._columns
        open_cell = self._problem.low != self._problem.high
        cells, rows, waiting = {cell}, set[int](), [cell]
        while waiting:
            at = waiting.pop()
            for row in columns.indices[columns.indptr[at] : columns.indptr[at + 1]].tolist():
                if row in rows:
                    continue
                rows.add(row)
                for other in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist():
                    if open_cell[other] and other not in cells:
                        cells.add(other)
                        waiting.append(other)
        return sorted(cells), sorted(rows)
