"""A problem as parts that have nothing to do with each other.

Knows how a part's answers are those of the given unknowns; finds no answers.
Components are split because programs grow faster than their problems, and the
small ones put together again, because a program has a price of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from ngc_pipelines.disclosure.tables.solving.merging import Merged
from ngc_pipelines.disclosure.tables.solving.problem import Floats, Ints, Problem

# Components are put together as long as they have no more unknowns than this.
# Measured on hierarchies of 14,000 and 182,000 cells: a half of the time of none.
BUNDLE = 256


@dataclass(frozen=True, slots=True)
class Part:
    """One connected component, or several small ones.

    Args:
        problem: of its own; no rows where each unknown is a component.
        rows: which rows of the given problem its rows were.
        given: which given unknowns it answers for.
        image: for each of them, its unknown in `problem`.
        sign, offset: for each of them: value = offset + sign × that unknown.
    """

    problem: Problem
    rows: Ints
    given: Ints
    image: Ints
    sign: Floats
    offset: Floats

    def bounds(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Bounds of the given unknowns, from those of the part's own."""
        one, other = self.offset + self.sign * low[self.image], self.offset + self.sign * high[self.image]
        return np.where(self.sign > 0, one, other), np.where(self.sign > 0, other, one)

    def most(self, wanted: Floats) -> Floats:
        """Per unknown of the part: the most that is wanted of a given unknown it stands for."""
        found = np.full(self.problem.unknowns, -np.inf)
        np.maximum.at(found, self.image, wanted[self.given])
        return found


def parts_of(less: Merged) -> Iterator[Part]:
    """The components of a merged problem, smallest first: time is least where it may run out."""
    problem = less.problem
    count, of_row, of_unknown = _labels(problem)
    bundle = _bundles(np.bincount(of_unknown, minlength=count), np.bincount(of_row, minlength=count))
    bundles = int(bundle.max(initial=-1)) + 1
    unknowns, rows = _by_label(bundle[of_unknown], bundles), _by_label(bundle[of_row], bundles)
    given = _by_label(bundle[of_unknown[less.of]], bundles)
    place = np.empty(problem.unknowns, dtype=np.int64)
    for own, its_rows, its_given in zip(unknowns, rows, given, strict=True):
        if not own.size:
            continue
        place[own] = np.arange(own.size)
        yield Part(
            _own_problem(problem, own, place, its_rows),
            less.rows[its_rows],
            its_given,
            place[less.of[its_given]],
            less.sign[its_given],
            less.offset[its_given],
        )


def _bundles(unknowns: Ints, rows: Ints) -> Ints:
    """The part each component goes to: those without rows first, then by size."""
    part = np.zeros(len(unknowns), dtype=np.int64)
    tied = np.flatnonzero(rows)
    order = tied[np.argsort(unknowns[tied], kind="stable")]
    number, held = 1, 0
    for name in order.tolist():
        if held and held + unknowns[name] > BUNDLE:
            number, held = number + 1, 0
        part[name] = number
        held += int(unknowns[name])
    return part


def tied_rows(problem: Problem, rows: Sequence[int]) -> Ints:
    """All rows that are tied to `rows` by common unknowns; themselves included."""
    _, of_row, _ = _labels(problem)
    return np.flatnonzero(np.isin(of_row, of_row[np.asarray(rows, dtype=np.int64)]))


def _labels(problem: Problem) -> tuple[int, Ints, Ints]:
    """How many components there are, and each row's and each unknown's."""
    entries = problem.matrix.tocoo()
    rows, unknowns = problem.matrix.shape
    graph = sparse.coo_matrix(
        (np.ones(len(entries.row)), (entries.row, rows + entries.col)), shape=(rows + unknowns, rows + unknowns)
    )
    count, label = csgraph.connected_components(graph, directed=False)
    labels = np.array(label, dtype=np.int64)
    return int(count), labels[:rows], labels[rows:]


def _by_label(label: Ints, count: int) -> list[Ints]:
    order = np.argsort(label, kind="stable")
    return np.split(order, np.searchsorted(label[order], np.arange(1, count)))


def _own_problem(problem: Problem, unknowns: Ints, place: Ints, rows: Ints) -> Problem:
    """Some rows as a problem of their own; all their unknowns are among `unknowns`."""
    matrix = problem.matrix
    starts, ends = matrix.indptr[rows], matrix.indptr[rows + 1]
    lengths = ends - starts
    entries = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) + np.arange(lengths.sum())
    own = sparse.csr_matrix(
        (matrix.data[entries], place[matrix.indices[entries]], np.concatenate([[0], np.cumsum(lengths)])),
        shape=(len(rows), len(unknowns)),
    )
    row_low, row_high = problem.row_low[rows], problem.row_high[rows]
    keep = _distinct(own, row_low, row_high)
    if len(keep) < len(rows):
        own, row_low, row_high = sparse.csr_matrix(own[keep]), row_low[keep], row_high[keep]
    return Problem(own, row_low, row_high, problem.low[unknowns], problem.high[unknowns])


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
