"""The ranges of one connected component, by programs and whole witnesses.

The order matters for speed. Objectives over many unknowns come first, because
one vertex moves the ends of hundreds at once; then single unknowns, for the
linear ends that no vertex has reached; whole points by integer programs only
where vertices are fractional (never in two-way tables and hierarchies, nearly
always in dense three-way ones), each of them toward many ends at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
# Rounds whose vertices are only to show how far linear ends reach.
SCOUTS = 2
# So few open unknowns are cheaper asked one at a time than by objectives for many.
FEW = 16
# How far around a fractional vertex a whole point is looked for first.
BAND = 1.0
# Weights of objectives spread over this many powers of ten: the heavy unknowns
# reach their ends, the light ones decide among the tables that do so.
SPREAD = 1.0
# Seconds for a whole point near a vertex, and for one end by an integer program.
NEAR_SECONDS = 0.25
END_SECONDS = 5.0


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
        # How far vertices, fractional ones too, have reached.
        self._reached_low: Floats = np.full(problem.unknowns, np.inf)
        self._reached_high: Floats = np.full(problem.unknowns, -np.inf)
        self.complete = True

    def settle(self) -> None:
        """Find what is asked.

        Raises:
            ContradictionError: where no whole table fits.
        """
        try:
            self._vertex(np.zeros(self._problem.unknowns), largest=True)
            if self._asked.every_end:
                self._scout()
            else:
                self._widen()
            self._linear_ends()
            self._whole_ends()
        except NothingFitsError as nothing:
            raise ContradictionError(tuple(range(self._problem.matrix.shape[0]))) from nothing
        except OutOfTimeError:
            self.complete = False

    def open_unknowns(self) -> NDArray[np.bool_]:
        """Which unknowns are not settled as asked."""
        reached = (self.pool.low == self.outer_low) & (self.pool.high == self.outer_high)
        if self._asked.every_end:
            return np.asarray(~reached)
        return np.asarray(~reached & ~self._wide())

    def _wide(self) -> NDArray[np.bool_]:
        """Where two whole tables lie far enough apart to call an unknown safe."""
        return wide_enough(self.pool.low, self.pool.high, self._asked.enough)

    def _open(self, unknown: int) -> bool:
        """Whether one unknown is not settled as asked; `open_unknowns` for one."""
        low, high = self.pool.low[unknown], self.pool.high[unknown]
        if low == self.outer_low[unknown] and high == self.outer_high[unknown]:
            return False
        return self._asked.every_end or not wide_enough(low, high, self._asked.enough[unknown])

    def _open_ends(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which lower and which upper ends of open unknowns no whole table reaches yet."""
        waiting = self.open_unknowns()
        return waiting & (self.pool.low != self.outer_low), waiting & (self.pool.high != self.outer_high)

    # Objectives for many unknowns.

    def _scout(self) -> None:
        """Vertices in random directions: what they reach needs no program of its own."""
        for _ in range(SCOUTS):
            costs = self._draw.choice([-1.0, 1.0], self._problem.unknowns)
            for largest in (True, False):
                self._vertex(costs, largest=largest)

    def _widen(self) -> None:
        """Whole tables in random directions of the unknowns that are not wide enough."""
        idle = 0
        for _ in range(ROUNDS):
            narrow = ~self._wide()
            if idle == PATIENCE or (narrow.sum() <= FEW and self.pool.points):
                return
            costs = np.where(narrow, self._draw.choice([-1.0, 1.0], len(narrow)), 0.0)
            for largest in (True, False):
                self._whole_toward(costs, largest=largest)
            settled = int(narrow.sum() - (~self._wide()).sum())
            idle = 0 if settled > narrow.sum() // 50 else idle + 1

    def _whole_toward(self, costs: Floats, *, largest: bool) -> None:
        """Add a whole table far in the direction of `costs`, where one is found soon."""
        vertex = self._vertex(costs, largest=largest)
        if vertex is None or whole_point(self._problem, vertex.point) is not None:
            return
        costs = costs if largest else -costs
        if self._take_near(vertex.point, costs):
            return
        try:
            found, _ = self._programs.whole(costs, largest=True, seconds=min(1.0, self._left()), gap=0.3)
            self.pool.add(found.point)
        except NotSolvedError:
            return

    # Linear ends, one at a time.

    def _linear_ends(self) -> None:
        for unknown in np.argsort(self.pool.width, kind="stable").tolist():
            for largest in (True, False):
                if self._open(unknown) and not self._linearly_reached(unknown, largest=largest):
                    self._linear_end(unknown, largest=largest)

    def _linearly_reached(self, unknown: int, *, largest: bool) -> bool:
        """Whether some vertex reaches the end known so far: no program can tell a nearer one."""
        if largest:
            return bool(self._reached_high[unknown] >= self.outer_high[unknown] - SLACK)
        return bool(self._reached_low[unknown] <= self.outer_low[unknown] + SLACK)

    def _linear_end(self, unknown: int, *, largest: bool) -> None:
        vertex = self._vertex(self._only(unknown), largest=largest)
        if vertex is None:
            self.complete = False
        else:
            self._no_further(unknown, vertex.value, largest=largest)

    def _no_further(self, unknown: int, bound: float, *, largest: bool) -> None:
        """Note that no table has more (or less) than `bound`."""
        if largest:
            self.outer_high[unknown] = min(self.outer_high[unknown], whole_end(bound, largest=True))
        else:
            self.outer_low[unknown] = max(self.outer_low[unknown], whole_end(bound, largest=False))

    # Whole ends.

    def _whole_ends(self) -> None:
        for unknown in np.argsort(self.pool.width, kind="stable").tolist():
            for largest in (True, False):
                if self._waits(unknown, largest=largest):
                    self._whole_at(unknown, largest=largest)
                if self._waits(unknown, largest=largest):
                    self._whole_end(unknown, largest=largest)

    def _waits(self, unknown: int, *, largest: bool) -> bool:
        """Whether the unknown is open, and no whole table reaches this end."""
        return self._open(unknown) and not self._end_reached(unknown, largest=largest)

    def _whole_at(self, unknown: int, *, largest: bool) -> None:
        """Add a whole table at this end, as far toward other open ends as one gets: most need no other."""
        end = float(self.outer_high[unknown] if largest else self.outer_low[unknown])
        costs = self._toward_open_ends()
        try:
            vertex = self._programs.extreme_at(unknown, end, costs, seconds=self._left())
        except (NothingFitsError, NotSolvedError):
            return
        if not self._take(vertex.point):
            lower, higher = self._open_ends()
            at_ends = (lower & (vertex.point <= self.outer_low + SLACK)) | (
                higher & (vertex.point >= self.outer_high - SLACK)
            )
            only = np.arange(self._problem.unknowns) == unknown
            if not self._take_near(vertex.point, costs, held=at_ends | only):
                self._take_near(vertex.point, costs, held=only)

    def _toward_open_ends(self) -> Floats:
        """A random objective in which reaching any open end counts alike, near or far."""
        lower, higher = self._open_ends()
        up = higher & (~lower | self._draw.choice([True, False], len(lower)))
        farthest = self.outer_high - self.outer_low + 1.0
        missing = np.where(up, self.outer_high - self.pool.high, self.pool.low - self.outer_low)
        weights = 10.0 ** self._draw.uniform(0.0, SPREAD, len(lower)) / np.clip(missing, 1.0, farthest)
        return np.asarray(np.where(up, weights, np.where(lower, -weights, 0.0)))

    def _whole_end(self, unknown: int, *, largest: bool) -> None:
        """Settle an end by an integer program of its own."""
        try:
            found, bound = self._programs.whole(
                self._only(unknown), largest=largest, seconds=min(END_SECONDS, self._left())
            )
        except NotSolvedError:
            self.complete = False
            return
        self.pool.add(found.point)
        self._no_further(unknown, bound, largest=largest)
        if self._waits(unknown, largest=largest):
            self.complete = False

    # One program, one table.

    def _vertex(self, costs: Floats, *, largest: bool) -> Optimum | None:
        """The linear optimum, noted, and kept as a table where it is whole; None where none was found."""
        try:
            vertex = self._programs.extreme(costs, largest=largest, seconds=self._left())
        except NotSolvedError:
            return None
        np.minimum(self._reached_low, vertex.point, out=self._reached_low)
        np.maximum(self._reached_high, vertex.point, out=self._reached_high)
        self._take(vertex.point)
        return vertex

    def _take(self, point: Floats) -> bool:
        """Add the vertex where it is whole; False where it is not."""
        found = whole_point(self._problem, point)
        if found is not None:
            self.pool.add(found)
        return found is not None

    def _take_near(self, vertex: Floats, costs: Floats, held: NDArray[np.bool_] | None = None) -> bool:
        """Add a whole point within `BAND` of a fractional vertex, where there is one.

        Args:
            held: unknowns in which the point must have the vertex' whole value.
        """
        low = np.maximum(self._problem.low, np.floor(vertex + SLACK) - BAND)
        high = np.minimum(self._problem.high, np.ceil(vertex - SLACK) + BAND)
        if held is not None:
            low[held] = high[held] = np.rint(vertex[held])
        try:
            found = self._programs.whole_within(low, high, costs, seconds=min(NEAR_SECONDS, self._left()))
        except (NothingFitsError, NotSolvedError):
            return False
        self.pool.add(found.point)
        return True

    def _end_reached(self, unknown: int, *, largest: bool) -> bool:
        if largest:
            return bool(self.pool.high[unknown] == self.outer_high[unknown])
        return bool(self.pool.low[unknown] == self.outer_low[unknown])

    def _only(self, unknown: int) -> Floats:
        costs = np.zeros(self._problem.unknowns)
        costs[unknown] = 1.0
        return costs

    def _left(self) -> float:
        left = self._asked.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        return left


def wide_enough(low: Floats, high: Floats, enough: Floats) -> NDArray[np.bool_]:
    """Whether tables with `low` and with `high` leave at least `enough` values between them."""
    return np.asarray(high - low >= enough - 1)


def whole_end(bound: float, *, largest: bool) -> float:
    """The last whole number on this side of a bound, which programs give to `SLACK` only."""
    return float(np.floor(bound + SLACK) if largest else np.ceil(bound - SLACK))


class OutOfTimeError(Exception):
    """The policy's time is up; what is settled stays settled."""
