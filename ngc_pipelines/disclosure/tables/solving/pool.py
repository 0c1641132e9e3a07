"""Whole tables found so far, and how far apart they lie in each unknown."""

from __future__ import annotations

from copy import copy

import numpy as np

from ngc_pipelines.disclosure.tables.solving.problem import Floats, Ints, Problem


class Pool:
    """Whole points that fit one problem; each moved an end when it came in.

    Attributes:
        low, high: n, the extreme values of the points; `low > high` while empty.
        low_at, high_at: n, which point reaches the end; -1 while empty.
        points: the points.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.low: Floats = np.full(problem.unknowns, np.inf)
        self.high: Floats = np.full(problem.unknowns, -np.inf)
        self.low_at: Ints = np.full(problem.unknowns, -1, dtype=np.int64)
        self.high_at: Ints = np.full(problem.unknowns, -1, dtype=np.int64)
        self.points: list[Floats] = []

    def add(self, point: Floats) -> bool:
        """Take `point` in where it moves an end; False where it moves none.

        Raises:
            ValueError: where the point does not fit; a wrong witness proves nothing.
        """
        if not self._problem.fits(point):
            raise ValueError("a witness fits the problem")
        lower, higher = point < self.low, point > self.high
        if not (lower.any() or higher.any()):
            return False
        number = len(self.points)
        self.points.append(point)
        self.low[lower], self.low_at[lower] = point[lower], number
        self.high[higher], self.high_at[higher] = point[higher], number
        return True

    def seen_as(self, image: Ints, sign: Floats, offset: Floats) -> Pool:
        """The same tables for other unknowns, each `offset + sign × image`; sign 1 or -1."""
        seen, along = copy(self), sign > 0
        seen.points = [offset + sign * point[image] for point in self.points]
        seen.low = offset + sign * np.where(along, self.low[image], self.high[image])
        seen.high = offset + sign * np.where(along, self.high[image], self.low[image])
        seen.low_at = np.where(along, self.low_at[image], self.high_at[image])
        seen.high_at = np.where(along, self.high_at[image], self.low_at[image])
        return seen

    @property
    def width(self) -> Floats:
        """How far the points lie apart in each unknown; -inf while empty."""
        return self.high - self.low
