"""The cheapest way to put one cell in doubt.

A move changes counts so that every relation still holds; the printed cells it
touches must be blanked for a reader not to notice. Cells whose count is zero
are never used: they look free and fall to "counts are not negative".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.tables.solving.problem import Floats, Ints, Problem

# Relations away from the cell: rectangles need two, cubes of three-way tables three.
HOPS = (2, 3, 5, 9)
# Up to here one program over everything, kept warm, beats many small ones.
ONE_PROGRAM = 40_000
# Up to here both directions are tried, and the cheaper one taken.
BOTH_WAYS = 2_000
# Of each relation so many of its cheapest cells are looked at first: half the time, at the same cost.
CHEAPEST = 6
# What moves less than this does not move; HiGHS keeps rows to 1e-7.
STILL = 1e-6


@dataclass(frozen=True, slots=True)
class Move:
    """A change of counts that keeps every relation: the cells it moves, and by how much."""

    cells: Ints
    change: Floats


@dataclass(frozen=True, slots=True)
class Ground:
    """What moves are looked for on.

    Args:
        problem: all cells and relations.
        table: a whole table that fits, printed counts included.
        cost: per cell; 0 where it is blanked already.
        fixed: cells that no move may touch.
    """

    problem: Problem
    table: Floats
    cost: Floats
    fixed: np.ndarray


class Movers:
    """Finds cheapest moves on one ground; what was blanked meanwhile costs nothing."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._columns = sparse.csc_matrix(ground.problem.matrix)
        self._cost = ground.cost.copy()
        self._kept: list[_Region] = []

    def cheapest(self, cell: int, amount: float) -> list[Move]:
        """The cheapest moves that open a range of `amount` around a cell's count; none where there are none.

        One move up, or down; where the cell cannot go so far either way, one of each.
        """
        for region in self._wider():
            moves = self._opened(region, cell, amount)
            if moves:
                return moves
        if self._kept:
            return []
        for hops in HOPS:
            near = self._near(cell, hops)
            region = _Region(self._ground, self._cost, near, self._rows(near))
            moves = self._opened(region, cell, amount)
            if moves or len(near) == self._ground.problem.unknowns:
                return moves
        return []

    def use(self, move: Move) -> None:
        """Take the cells of `move` as blanked from now on."""
        self._cost[move.cells] = 0.0
        for region in self._kept:
            region.make_free(move.cells)

    def _wider(self) -> Iterator[_Region]:
        """The programs that are kept: over the cells that moves mostly use, then over all; none of a large system."""
        unknowns = self._ground.problem.unknowns
        if unknowns > ONE_PROGRAM:
            return
        few = unknowns > BOTH_WAYS
        for number in range(1 + few):
            if number == len(self._kept):
                cells = self._cheap() if few and not number else np.arange(unknowns, dtype=np.int64)
                self._kept.append(_Region(self._ground, self._cost, cells, self._rows(cells)))
            yield self._kept[number]

    def _cheap(self) -> Ints:
        """What is blanked already, and the cheapest few cells of every relation."""
        matrix, fixed = self._ground.problem.matrix, self._ground.fixed
        chosen = np.asarray(self._cost == 0.0)
        for row in range(matrix.shape[0]):
            members = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            members = members[~fixed[members]]
            chosen[members[np.argsort(self._cost[members], kind="stable")[:CHEAPEST]]] = True
        return np.flatnonzero(chosen).astype(np.int64)

    def _opened(self, region: _Region, cell: int, amount: float) -> list[Move]:
        both = self._ground.problem.unknowns <= BOTH_WAYS
        found: list[Move] = []
        for one in (amount, -amount):
            move = region.solved(cell, one)
            found += [] if move is None else [move]
            if found and not both:
                return found
        if found:
            return [min(found, key=self._price)]
        up, down = region.room(cell)
        steps = (min(up, amount), amount - min(up, amount))
        if not all(steps) or steps[1] > down:
            return []
        halves = [region.solved(cell, steps[0]), region.solved(cell, -steps[1])]
        return [move for move in halves if move is not None] if all(halves) else []

    def _price(self, move: Move) -> float:
        return float(self._cost[move.cells].sum())

    def _near(self, cell: int, hops: int) -> Ints:
        """Cells at most `hops` relations away."""
        cells = np.array([cell], dtype=np.int64)
        for _ in range(hops):
            grown = _members(self._ground.problem.matrix, self._rows(cells))
            if len(grown) == len(cells):
                break
            cells = grown
        return cells

    def _rows(self, cells: Ints) -> Ints:
        return _members(self._columns, cells)


def _members(of: sparse.csr_matrix | sparse.csc_matrix, lines: Ints) -> Ints:
    """Every index that stands in one of the lines of a compressed matrix."""
    chosen = np.zeros(of.shape[1] if of.format == "csr" else of.shape[0], dtype=np.bool_)
    for line in lines.tolist():
        chosen[of.indices[of.indptr[line] : of.indptr[line + 1]]] = True
    return np.flatnonzero(chosen).astype(np.int64)


class _Region:
    """A linear program over some cells: changes up, then changes down, at least cost."""

    def __init__(self, ground: Ground, cost: Floats, cells: Ints, rows: Ints) -> None:
        problem, table = ground.problem, ground.table[cells]
        self._cells = cells
        hidden = cost[cells] == 0
        # A printed cell, once blanked, may be anything; a blanked one keeps what its mark says.
        self._up = np.where(ground.fixed[cells], 0.0, np.where(hidden, problem.high[cells] - table, np.inf))
        self._down = np.where(ground.fixed[cells], 0.0, np.where(hidden, table - problem.low[cells], table))
        part = sparse.csc_matrix(problem.matrix[rows][:, cells])
        sums = problem.matrix[rows] @ ground.table
        self._model = _model(
            np.tile(cost[cells], 2),
            sparse.hstack([part, -part], format="csc"),
            (problem.row_low[rows] - sums, problem.row_high[rows] - sums),
            np.concatenate([self._up, self._down]),
        )

    def make_free(self, cells: Ints) -> None:
        """Moves may use these cells at no cost."""
        at = np.flatnonzero(np.isin(self._cells, cells)).astype(np.int32)
        both = np.concatenate([at, at + np.int32(len(self._cells))])
        self._model.changeColsCost(len(both), both, np.zeros(len(both)))

    def room(self, cell: int) -> tuple[float, float]:
        """How far a cell can go up, and down."""
        at = int(np.searchsorted(self._cells, cell))
        return float(self._up[at]), float(self._down[at])

    def solved(self, cell: int, amount: float) -> Move | None:
        """The cheapest move by `amount`; the bounds are put back afterwards."""
        at, size = int(np.searchsorted(self._cells, cell)), len(self._cells)
        up, down = self.room(cell)
        if (up if amount > 0 else down) < abs(amount):
            return None
        self._model.changeColBounds(at, max(amount, 0.0), max(amount, 0.0))
        self._model.changeColBounds(at + size, max(-amount, 0.0), max(-amount, 0.0))
        self._model.run()
        solved = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        answer = np.array(self._model.getSolution().col_value) if solved else np.zeros(2 * size)
        self._model.changeColBounds(at, 0.0, up)
        self._model.changeColBounds(at + size, 0.0, down)
        if not solved:
            return None
        change = answer[:size] - answer[size:]
        moved = np.abs(change) > STILL
        return Move(self._cells[moved], change[moved])


def _model(cost: Floats, matrix: sparse.csc_matrix, rows: tuple[Floats, Floats], high: Floats) -> highspy.Highs:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = matrix.shape[1], matrix.shape[0]
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, np.zeros(matrix.shape[1]), high
    program.row_lower_, program.row_upper_ = rows
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
    program.a_matrix_.value_ = matrix.data
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # - the library has no annotations
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("presolve", "off")
    model.setOptionValue("simplex_strategy", 1)  # dual: the last basis stays dual feasible when only bounds change
    model.passModel(program)
    return model
