"""Small systems of whole numbers with every solution, and what the solver says wrongly of them.

A fixed set: some made by hand so that each shortcut of the solver is taken,
the rest drawn from a fixed seed. Held against every whole solution; no test
lives here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Problem, Ranges
from ngc_pipelines.disclosure.tables.solving.ranges import solve

# An unknown without a printed end is enumerated up to here; no system below reaches it.
FAR = 12


@dataclass(frozen=True, slots=True)
class SmallSystem:
    """A problem, how many values each range must hold, and its every whole solution."""

    name: str
    problem: Problem
    enough: Floats
    solutions: Floats

    def faults(self) -> Iterator[str]:
        """What the solver says otherwise than the solutions do."""
        for every_end in (True, False):
            mode = "every end" if every_end else "decision"
            try:
                found = solve(self.problem, enough=self.enough, every_end=every_end)
            except ContradictionError:
                if len(self.solutions):
                    yield f"{self.name}, {mode}: contradiction"
            except (ValueError, IndexError) as loud:
                yield f"{self.name}, {mode}: {type(loud).__name__}"
            else:
                if not len(self.solutions):
                    yield f"{self.name}, {mode}: no contradiction"
                else:
                    yield from (f"{self.name}, {mode}: {fault}" for fault in self._compared(found, every_end))

    def _compared(self, found: Ranges, every_end: bool) -> Iterator[str]:
        least, most = self.solutions.min(axis=0), self.solutions.max(axis=0)
        if not found.complete:
            yield "not complete"
        if np.any(found.outer_low > least) or np.any(found.outer_high < most):
            yield "a solution lies outside"
        if np.any(found.inner_low < least) or np.any(found.inner_high > most):
            yield "a table that does not fit"
        asked = most - least < self.enough - 1
        if np.any((found.inner_high - found.inner_low >= self.enough - 1) == asked):
            yield "wrongly wide"
        asked |= every_end
        ends = (found.outer_low, least), (found.inner_low, least), (found.outer_high, most), (found.inner_high, most)
        if any(not np.array_equal(told[asked], true[asked]) for told, true in ends):
            yield "an end that is not exact"


def small(
    name: str,
    rows: list[list[int]],
    sums: Sequence[tuple[float, float]],
    high: list[float],
    enough: list[int] | int = 5,
    low: list[int] | None = None,
) -> SmallSystem:
    """A system with `low` (0 where not given) `<= x <= high`."""
    matrix = np.array(rows, dtype=np.float64).reshape(len(rows), len(high))
    row_low, row_high = np.array(sums, dtype=np.float64).reshape(len(rows), 2).T
    floor = np.zeros(len(high)) if low is None else np.array(low, dtype=np.float64)
    problem = Problem(sparse.csr_matrix(matrix), row_low, row_high, floor, np.array(high, dtype=np.float64))
    spans = [range(int(a), int(min(b, FAR)) + 1) for a, b in zip(problem.low, problem.high, strict=True)]
    points = np.array(list(product(*spans)), dtype=np.float64)
    values = points @ matrix.T
    fitting = points[np.all((values >= row_low) & (values <= row_high), axis=1)]
    return SmallSystem(name, problem, np.broadcast_to(np.array(enough, dtype=np.float64), (len(high),)), fitting)


def by_hand() -> list[SmallSystem]:
    """Systems that take one shortcut each."""
    endless = np.inf
    square = [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    cube = [[int(c // 4 == 0 and c % 4 == k) + int(c // 4 == 1 and c % 4 == k) for c in range(8)] for k in range(4)]
    cube += [[int(c % 2 == a and c // 4 == b) for c in range(8)] for a in (0, 1) for b in (0, 1)]
    cube += [[int(c // 2 == k) for c in range(8)] for k in range(4)]
    odd = [[1, 1, 0, 1, 0], [0, 1, 1, 0, 1], [1, 0, 1, 1, 0], [0, 1, 0, 1, 1]]
    return [
        small("one line", [[1, 1, 1]], [(7, 7)], [endless] * 3),
        small("a line of two", [[1, 1]], [(6, 6)], [endless] * 2),
        small("a difference of two", [[1, -1]], [(2, 2)], [9, 9]),
        small("pairs in a ring", square, [(5, 5), (6, 6), (4, 4), (7, 7)], [endless] * 4),
        small("pairs in an odd ring", [[1, 1, 0], [0, 1, 1], [1, 0, 1]], [(5, 5), (6, 6), (7, 7)], [9] * 3),
        small("an odd ring that is half", [[1, 1, 0], [0, 1, 1], [1, 0, 1]], [(5, 5), (6, 6), (6, 6)], [9] * 3),
        small("a pair of which one is told", [[1, 1]], [(8, 8)], [endless, 4], [5, 4]),
        small("a pair asked differently", [[1, 1, 0], [0, 1, 1]], [(3, 3), (3, 3)], [9] * 3, [2, 7, 3]),
        small("a cube of two", cube, [(3, 3)] * 4 + [(3, 3)] * 4 + [(3, 3)] * 4, [3] * 8, 3),
        small("fractional corners", odd, [(5, 5), (5, 5), (5, 5), (5, 5)], [4] * 5, 3),
        small("an odd sum of even numbers", [[2, 2, 4]], [(5, 5)], [3] * 3),
        small("steps of two", [[2, 1, 0], [0, 1, 2]], [(5, 5), (7, 7)], [6] * 3, 3),
        small("the same unknowns, two sums", [[1, 1, 1], [1, 1, 1]], [(2, 6), (5, 9)], [7] * 3),
        small("two parts", [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]], [(3, 3), (6, 6)], [4] * 6, 4),
        small("an unknown nobody ties", [[1, 1, 0]], [(4, 4)], [9, 9, 6], [5, 5, 8]),
        small("a total with a known part", [[1, 1, 1, -1]], [(0, 0)], [6, 3, 3, 9], 4, [6, 0, 0, 0]),
        small("a percentage", [[10, -1, 0], [1, 1, 1]], [(-4, 5), (9, 9)], [9] * 3, 4),
        small("exactly enough", [[1, 1, 1]], [(4, 4)], [9] * 3),
        small("one too few", [[1, 1, 1]], [(3, 3)], [9] * 3),
        small("far above what is printed", [[1, -1, 1]], [(0, 0)], [3, 11, 8]),
    ]


def drawn(number: int, seed: int = 5) -> Iterator[SmallSystem]:
    """Random systems; most have a solution."""
    draw = np.random.default_rng(seed)
    for index in range(number):
        unknowns, rows = int(draw.integers(2, 6)), int(draw.integers(1, 5))
        coefficients = [-2, -1, 0, 0, 1, 1, 1, 2, 3] if index % 2 else [-1, 0, 0, 1, 1]
        matrix = draw.choice(coefficients, size=(rows, unknowns))
        truth = draw.integers(0, 5, unknowns)
        values = matrix @ truth + (draw.integers(0, 3, rows) if index % 7 == 6 else 0)
        sums = [(float(v - draw.choice([0, 0, 1])), float(v + draw.choice([0, 0, 2]))) for v in values]
        high = [float(end) for end in draw.integers(4, 6, unknowns)]
        yield small(f"drawn {index}", matrix.tolist(), sums, high, draw.integers(2, 6, unknowns).tolist())
