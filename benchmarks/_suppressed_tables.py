"""Synthetic tables with blanked cells, made as practice makes them.

Skewed counts; primaries are counts of 1 to 4; secondaries by the usual rule
that every line has no blanked cell or at least two. Shared by benchmarks and
tests of the tables' rooms.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy, TidyCell, TidyTable
from ngc_pipelines.disclosure.tables.solving.problem import Problem


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: codes, and which codes add up to which.

    Args:
        codes: number of codes, totals included.
        sums: pairs of a parent's code and the codes of its parts.
    """

    codes: int
    sums: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def leaves(self) -> list[int]:
        """Codes that are nobody's sum, in order."""
        parents = {parent for parent, _ in self.sums}
        return [code for code in range(self.codes) if code not in parents]


def flat(size: int) -> Axis:
    """`size` codes and their total, which is code 0."""
    return Axis(size + 1, ((0, tuple(range(1, size + 1))),))


def nested(groups: int, inside: int) -> Axis:
    """A total, `groups` groups, and `inside` codes in each group."""
    parts = [tuple(range(1 + groups + g * inside, 1 + groups + (g + 1) * inside)) for g in range(groups)]
    sums = ((0, tuple(range(1, groups + 1))), *((g + 1, parts[g]) for g in range(groups)))
    return Axis(1 + groups + groups * inside, sums)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table with margins, its equations, and which cells are blanked.

    Args:
        counts: every cell, flattened in C order over the axes.
        equations: m × cells; each row's cells add up to 0 (the total with -1).
        primary, blanked: which cells are small, and which are not printed.
    """

    axes: tuple[Axis, ...]
    counts: NDArray[np.int64]
    equations: sparse.csr_matrix
    primary: NDArray[np.bool_]
    blanked: NDArray[np.bool_]


def suppressed(axes: tuple[Axis, ...], *, seed: int, mean: float = 20.0, skew: float = 0.6) -> Suppressed:
    """A table over `axes`, blanked by practice.

    Counts are Poisson around `mean` times a log-normal weight of each code, so
    that small cells gather in rare codes, as they do in registers.
    """
    draw = np.random.default_rng(seed)
    shape = tuple(axis.codes for axis in axes)
    expected = np.full(tuple(len(axis.leaves) for axis in axes), float(mean))
    for position, axis in enumerate(axes):
        weights = draw.lognormal(0.0, skew, len(axis.leaves))
        expected *= weights.reshape([-1 if place == position else 1 for place in range(len(axes))])
    counts: NDArray[np.int64] = draw.poisson(expected).astype(np.int64)
    for position, axis in enumerate(axes):
        counts = np.moveaxis(np.tensordot(_fold(axis), counts, axes=(1, position)), 0, position)
    equations = _equations(axes, shape)
    flat_counts = counts.reshape(-1)
    primary = (flat_counts > 0) & (flat_counts < 5)
    return Suppressed(axes, flat_counts, equations, primary, _secondaries(flat_counts, equations, primary))


def _fold(axis: Axis) -> NDArray[np.int64]:
    """codes × leaves: which leaves each code holds."""
    leaves = axis.leaves
    rows = np.zeros((axis.codes, len(leaves)), dtype=np.int64)
    for number, code in enumerate(leaves):
        rows[code, number] = 1
    for parent, parts in reversed(axis.sums):
        rows[parent] = rows[list(parts)].sum(axis=0)
    return rows


def _equations(axes: tuple[Axis, ...], shape: tuple[int, ...]) -> sparse.csr_matrix:
    rows, columns, values, number = [], [], [], 0
    for position, axis in enumerate(axes):
        others = [range(size) for place, size in enumerate(shape) if place != position]
        for rest in product(*others):
            for parent, parts in axis.sums:
                for code, sign in ((parent, -1), *((part, 1) for part in parts)):
                    index = [*rest[:position], code, *rest[position:]]
                    rows.append(number)
                    columns.append(int(np.ravel_multi_index(index, shape)))
                    values.append(sign)
                number += 1
    return sparse.csr_matrix((np.array(values, dtype=np.float64), (rows, columns)), shape=(number, int(np.prod(shape))))


def _secondaries(
    counts: NDArray[np.int64], equations: sparse.csr_matrix, primary: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Blank the smallest other cell of a line until no line has exactly one."""
    blanked = primary.copy()
    membership = equations.copy()
    membership.data = np.ones_like(membership.data)
    while True:
        alone = np.flatnonzero(membership @ blanked.astype(np.float64) == 1)
        if not alone.size:
            return blanked
        for line in alone:
            members = membership.indices[membership.indptr[line] : membership.indptr[line + 1]]
            if int(blanked[members].sum()) != 1:
                continue
            free = [cell for cell in members if not blanked[cell] and counts[cell] > 0]
            if free:
                blanked[min(free, key=lambda cell: int(counts[cell]))] = True
            else:
                membership.data[membership.indptr[line] : membership.indptr[line + 1]] = 0


def problem_of(made: Suppressed) -> Problem:
    """The blanked cells as unknowns, printed ones moved to the right."""
    hidden, shown = made.blanked, ~made.blanked
    rest = -(made.equations[:, shown] @ made.counts[shown].astype(np.float64))
    chosen = sparse.csr_matrix(made.equations[:, hidden])
    keep = np.flatnonzero(np.diff(chosen.indptr) > 0)
    unknowns = int(hidden.sum())
    return Problem(chosen[keep], rest[keep], rest[keep], np.zeros(unknowns), np.full(unknowns, np.inf))


def tidy(made: Suppressed, *, mark: str = "*") -> tuple[TidyTable, dict[str, list[Hierarchy]]]:
    """The table as `ngc audit-table` reads it, `mark` in the blanked cells: one row per cell, and its hierarchies."""
    shape = tuple(axis.codes for axis in made.axes)
    codes = np.array(np.unravel_index(np.arange(made.counts.size), shape)).T.tolist()
    cells = tuple(
        TidyCell(tuple(map(_code, at)), None if hidden else count, mark_of(mark) if hidden else None, f"line {number}")
        for number, (at, count, hidden) in enumerate(
            zip(codes, made.counts.tolist(), made.blanked.tolist(), strict=True), start=2
        )
    )
    names = tuple(f"d{number}" for number in range(len(made.axes)))
    sums = [{_code(parent): [_code(part) for part in parts] for parent, parts in axis.sums} for axis in made.axes]
    return TidyTable("t", names, cells), {name: [one] for name, one in zip(names, sums, strict=True)}


def _code(number: int) -> str:
    return "Total" if number == 0 else f"c{number}"
