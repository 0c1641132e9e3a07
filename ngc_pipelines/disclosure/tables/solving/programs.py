"""Linear and integer programs over one component, warm-started.

A thin shell around HiGHS: one model stays in memory, only its costs and
bounds change, so that each program begins where the last one ended.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from ngc_pipelines.disclosure.tables.solving.problem import Floats, Problem

# Values this near a whole number are that number; HiGHS keeps rows to 1e-7.
NEAR_WHOLE = 1e-6


class NotSolvedError(Exception):
    """A program ended without an answer: out of time, or numerically stuck."""


class NothingFitsError(Exception):
    """No numbers, whole or not, satisfy the relations."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The end of one program: the value of its objective, and where."""

    value: float
    point: Floats


class Programs:
    """The programs of one problem: `extreme` over the reals, `whole` over whole numbers."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._every = np.arange(problem.unknowns, dtype=np.int32)
        self._linear = _model(problem, whole=False)
        self._integer: highspy.Highs | None = None
        self._costs = np.zeros(problem.unknowns)

    def extreme(self, costs: Floats, *, largest: bool, seconds: float) -> Optimum:
        """The largest or smallest value of `costs @ x` over the reals.

        Raises:
            NothingFitsError: where the relations clash.
            NotSolvedError: out of time, unbounded or stuck.
        """
        sign = -1.0 if largest else 1.0
        self._linear.changeColsCost(len(self._every), self._every, sign * costs)
        point, value = _run(self._linear, seconds)
        return Optimum(sign * value, point)

    def extreme_at(self, unknown: int, value: float, costs: Floats, *, seconds: float) -> Optimum:
        """The largest value of `costs @ x` where one unknown has a value.

        Raises:
            NothingFitsError, NotSolvedError: as `extreme`.
        """
        self._linear.changeColBounds(unknown, value, value)
        try:
            return self.extreme(costs, largest=True, seconds=seconds)
        finally:
            self._linear.changeColBounds(unknown, self._problem.low[unknown], self._problem.high[unknown])

    def row_duals(self) -> Floats:
        """The multiplier of every relation at the last `extreme`."""
        return np.array(self._linear.getSolution().row_dual)

    def whole(
        self,
        costs: Floats,
        *,
        largest: bool,
        seconds: float,
        gap: float = 0.0,
    ) -> tuple[Optimum, float]:
        """A whole point with a large or small `costs @ x`, and the bound on it.

        Args:
            gap: relative gap at which a point is good enough; 0 for the optimum.

        Returns:
            the point found, and a bound that no whole point passes.

        Raises:
            NothingFitsError, NotSolvedError: as `extreme`.
        """
        model = self._whole_model()
        sign = -1.0 if largest else 1.0
        model.changeColsCost(len(self._every), self._every, sign * costs)
        model.setOptionValue("mip_rel_gap", gap)
        point, value = _run(model, seconds)
        bound = model.getInfo().mip_dual_bound
        return Optimum(sign * value, np.rint(point)), sign * bound

    def whole_within(self, low: Floats, high: Floats, costs: Floats, *, seconds: float) -> Optimum:
        """The first whole point found between `low` and `high`, toward large `costs @ x`.

        Raises:
            NothingFitsError, NotSolvedError: as `extreme`, for these bounds.
        """
        model = self._whole_model()
        model.clearSolver()
        model.changeColsBounds(len(self._every), self._every, low, high)
        try:
            return self.whole(costs, largest=True, seconds=seconds, gap=1.0)[0]
        finally:
            model.changeColsBounds(len(self._every), self._every, self._problem.low, self._problem.high)

    def _whole_model(self) -> highspy.Highs:
        if self._integer is None:
            self._integer = _model(self._problem, whole=True)
        return self._integer


def whole_point(problem: Problem, point: Floats) -> Floats | None:
    """The whole point that `point` is, where it is one that fits; else None."""
    rounded = np.rint(point)
    if np.max(np.abs(rounded - point), initial=0.0) > NEAR_WHOLE or not problem.fits(rounded):
        return None
    return rounded


def _model(problem: Problem, *, whole: bool) -> highspy.Highs:
    columns = sparse.csc_matrix(problem.matrix)
    program = highspy.HighsLp()
    program.num_col_ = problem.unknowns
    program.num_row_ = problem.matrix.shape[0]
    program.col_cost_ = np.zeros(problem.unknowns)
    program.col_lower_ = problem.low
    program.col_upper_ = problem.high
    program.row_lower_ = problem.row_low
    program.row_upper_ = problem.row_high
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = columns.indptr
    program.a_matrix_.index_ = columns.indices
    program.a_matrix_.value_ = columns.data
    if whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * problem.unknowns
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # - the library has no annotations
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    if not whole:
        model.setOptionValue("presolve", "off")
        model.setOptionValue("solver", "simplex")
        model.setOptionValue("simplex_strategy", 4)  # primal: the last basis stays feasible when only costs change
    model.passModel(program)
    return model


def _run(model: highspy.Highs, seconds: float) -> tuple[Floats, float]:
    model.setOptionValue("time_limit", model.getRunTime() + max(seconds, 0.01))
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise NothingFitsError
    info = model.getInfo()
    if status != highspy.HighsModelStatus.kOptimal and info.primal_solution_status != 2:
        raise NotSolvedError(str(status))
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit):
        raise NotSolvedError(str(status))
    return np.array(model.getSolution().col_value), float(info.objective_function_value)
