"""The ranges of one connected component, by programs and whole witnesses.

The order matters for speed: random objectives first, because one vertex moves
the ends of hundreds of unknowns at once; then single unknowns that are still
not settled; whole points by integer programs only where the vertex of the
linear one is fractional (never in two-way tables and hierarchies, nearly
always in dense three-way ones).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ngc_pipelines.disclosure.tables.solving.pool import Pool
from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Floats, Problem
from ngc_pipelines.disclosure.tables.solving.programs import (
    NothingFitsError,
    NotSolvedError,
    Optimum,
    Programs,
    whole_point,
)

# A linear optimum this near below a whole number is that number.
SLACK = 1e-6
# Rounds of random objectives that settle nothing new before single ones start.
PATIENCE = 3
ROUNDS = 60
# How far around a fractional vertex a whole point is looked for first.
BAND = 1.0
# Weights of objectives spread over this many powers of ten: the heavy unknowns
# reach their ends, the light ones decide among the tables that do so.
SPREAD = 1.5
# Ends that are looked for one at a time without trying objectives for many.
FEW = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a component.

    Args:
        enough: per unknown, how many values its range must hold to be safe.
        every_end: whether both ends of every range are wanted, or only whether
            each is wide enough.
        deadline: on `time.monotonic`.
    """

    enough: Floats
    every_end: bool
    deadline: float


class Component:
    """The work on one component; `settle` once, then read the ends.

    Attributes:
        pool: whole tables that fit.
        outer_low, outer_high: no whole table lies outside.
        complete: whether everything asked was settled in time.
    """

    def __init__(self, problem: Problem, asked: Asked) -> None:
        self._problem = problem
        self._asked = asked
        self._programs = Programs(problem)
        self._draw = np.random.default_rng(20_201)
        self.pool = Pool(problem)
        self.outer_low: Floats = problem.low.copy()
        self.outer_high: Floats = problem.high.copy()
        self.complete = True

    def settle(self) -> None:
        """Find what is asked.

        Raises:
            ContradictionError: where no whole table fits.
        """
        try:
            self._first_point()
            self._by_random_objectives()
            self._linear_ends()
            self._ends_by_weighted_objectives()
            self._whole_ends()
        except NothingFitsError as nothing:
            raise ContradictionError(tuple(range(self._problem.matrix.shape[0]))) from nothing
        except OutOfTimeError:
            self.complete = False

    def open_unknowns(self) -> np.ndarray:
        """Which unknowns are not settled as asked."""
        reached = (self.pool.low == self.outer_low) & (self.pool.high == self.outer_high)
        if self._asked.every_end:
            return np.asarray(~reached)
        return np.asarray(~reached & (self.pool.width < self._asked.enough - 1))

    def _first_point(self) -> None:
        costs = np.zeros(self._problem.unknowns)
        vertex = self._programs.extreme(costs, largest=True, seconds=self._left())
        if not self._take(vertex.point) and not self._take_near(vertex.point, costs):
            point, _ = self._programs.whole(costs, largest=True, seconds=self._left(), gap=1.0)
            self.pool.add(point.point)

    def _by_random_objectives(self) -> None:
        idle = 0
        for _ in range(ROUNDS):
            narrow = self.pool.width < self._asked.enough - 1
            if idle == PATIENCE or not narrow.any():
                return
            costs = np.where(narrow, self._draw.choice([-1.0, 1.0], len(narrow)), 0.0)
            self._toward(costs)
            settled = int(narrow.sum() - (self.pool.width < self._asked.enough - 1).sum())
            idle = 0 if settled > narrow.sum() // 50 else idle + 1

    def _toward(self, costs: Floats, *, against: bool = True) -> None:
        """Add whole points in the direction of `costs`, and `against` it."""
        for largest in (True, False) if against else (True,):
            try:
                vertex = self._programs.extreme(costs, largest=largest, seconds=self._left())
            except NotSolvedError:
                continue
            if self._take(vertex.point) or self._take_near(vertex.point, costs if largest else -costs):
                continue
            try:
                found, _ = self._programs.whole(costs, largest=largest, seconds=min(1.0, self._left()), gap=0.3)
                self.pool.add(found.point)
            except NotSolvedError:
                continue

    def _linear_ends(self) -> None:
        for unknown in np.argsort(self.pool.width, kind="stable"):
            if self._open(int(unknown)):
                self._linear_end(int(unknown), largest=True)
                self._linear_end(int(unknown), largest=False)

    def _ends_by_weighted_objectives(self) -> None:
        """Reach many ends with one whole point: objectives toward ends not reached yet."""
        idle = 0
        while idle < PATIENCE:
            waiting = self.open_unknowns()
            lower = (self.pool.low != self.outer_low) & waiting
            higher = (self.pool.high != self.outer_high) & waiting
            before = int(lower.sum() + higher.sum())
            if before <= FEW:
                return
            toward = np.where(higher, np.where(lower, self._draw.choice([-1.0, 1.0], len(waiting)), 1.0), -1.0 * lower)
            self._toward(toward * 10.0 ** self._draw.uniform(0.0, SPREAD, len(waiting)), against=False)
            waiting = self.open_unknowns()
            after = int(((self.pool.low != self.outer_low) & waiting).sum())
            after += int(((self.pool.high != self.outer_high) & waiting).sum())
            idle = 0 if before - after > 1 else idle + 1

    def _whole_ends(self) -> None:
        for unknown in np.argsort(self.pool.width, kind="stable"):
            for largest in (True, False):
                if self._open(int(unknown)):
                    self._whole_end(int(unknown), largest=largest)

    def _open(self, unknown: int) -> bool:
        """Whether one unknown is not settled as asked; `open_unknowns` for one."""
        low, high = self.pool.low[unknown], self.pool.high[unknown]
        if low == self.outer_low[unknown] and high == self.outer_high[unknown]:
            return False
        return self._asked.every_end or bool(high - low < self._asked.enough[unknown] - 1)

    def _linear_end(self, unknown: int, *, largest: bool) -> None:
        if self._end_reached(unknown, largest=largest):
            return
        try:
            vertex = self._programs.extreme(self._only(unknown), largest=largest, seconds=self._left())
        except NotSolvedError:
            self.complete = False
            return
        if largest:
            self.outer_high[unknown] = min(self.outer_high[unknown], np.floor(vertex.value + SLACK))
        else:
            self.outer_low[unknown] = max(self.outer_low[unknown], np.ceil(vertex.value - SLACK))
        self._take(vertex.point)

    def _whole_end(self, unknown: int, *, largest: bool) -> None:
        if self._end_reached(unknown, largest=largest) or self._reached_near_vertex(unknown, largest=largest):
            return
        try:
            found, bound = self._programs.whole(self._only(unknown), largest=largest, seconds=min(5.0, self._left()))
        except NotSolvedError:
            self.complete = False
            return
        self.pool.add(found.point)
        if largest:
            self.outer_high[unknown] = min(self.outer_high[unknown], np.floor(bound + SLACK))
        else:
            self.outer_low[unknown] = max(self.outer_low[unknown], np.ceil(bound - SLACK))
        if self._open(unknown) and not self._end_reached(unknown, largest=largest):
            self.complete = False

    def _reached_near_vertex(self, unknown: int, *, largest: bool) -> bool:
        """Whether a whole point near the linear optimum reaches the end; it mostly does."""
        end = self.outer_high[unknown] if largest else self.outer_low[unknown]
        try:
            vertex = self._programs.extreme(self._only(unknown), largest=largest, seconds=self._left())
        except NotSolvedError:
            return False
        return self._take_near(vertex.point, self._only(unknown), held=(unknown, float(end)))

    def _end_reached(self, unknown: int, *, largest: bool) -> bool:
        if largest:
            return bool(self.pool.high[unknown] == self.outer_high[unknown])
        return bool(self.pool.low[unknown] == self.outer_low[unknown])

    def _only(self, unknown: int) -> Floats:
        costs = np.zeros(self._problem.unknowns)
        costs[unknown] = 1.0
        return costs

    def _take(self, point: Floats) -> bool:
        """Add the vertex where it is whole; False where it is not."""
        found = whole_point(self._problem, point)
        if found is not None:
            self.pool.add(found)
        return found is not None

    def _take_near(self, vertex: Floats, costs: Floats, held: tuple[int, float] | None = None) -> bool:
        """Add a whole point within `BAND` of a fractional vertex, where there is one.

        Args:
            held: one unknown and the value that the point must have there.
        """
        low = np.maximum(self._problem.low, np.floor(vertex) - BAND)
        high = np.minimum(self._problem.high, np.ceil(vertex) + BAND)
        if held is not None:
            low[held[0]] = high[held[0]] = held[1]
        near = Problem(self._problem.matrix, self._problem.row_low, self._problem.row_high, low, high)
        try:
            found: Optimum = Programs(near).whole(costs, largest=True, seconds=min(0.5, self._left()), gap=1.0)[0]
        except (NothingFitsError, NotSolvedError):
            return False
        self.pool.add(found.point)
        return True

    def _left(self) -> float:
        left = self._asked.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        return left


class OutOfTimeError(Exception):
    """The policy's time is up; what is settled stays settled."""
