"""Every shortcut of the solver, made wrong on purpose, is noticed by every-solution comparison.

What makes the solver fast is what could make it lie. For each such place a
plausible mistake is patched in; the fixed set of small systems must then show
a wrong or inexact answer, and shows none of the solver as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from ngc_pipelines.disclosure.tables.solving import component, merging, programs, propagation, ranges, splitting
from ngc_pipelines.disclosure.tables.solving.component import Component
from ngc_pipelines.disclosure.tables.solving.pool import Pool
from ngc_pipelines.disclosure.tables.solving.problem import Problem
from ngc_pipelines.disclosure.tables.solving.splitting import Part
from ngc_pipelines_tests.unit.disclosure.tables.small_systems import SmallSystem, by_hand, drawn


@cache
def systems() -> tuple[SmallSystem, ...]:
    return (*by_hand(), *drawn(40))


def first_fault() -> str | None:
    """The first wrong answer; loud failures count as well."""
    return next((fault for system in systems() for fault in system.faults()), None)


def test_the_solver_as_it_is_agrees_with_every_whole_solution() -> None:
    assert [fault for system in systems() for fault in system.faults()] == []


def test_the_small_systems_hold_what_shortcuts_are_taken_for() -> None:
    assert sum(len(system.solutions) == 0 for system in systems()) >= 3
    assert sum(len(system.solutions) == 1 for system in systems()) >= 3
    assert sum(bool(np.isinf(system.problem.high).any()) for system in systems()) >= 3
    assert sum(len(np.unique(system.enough)) > 1 for system in systems()) >= 10


@dataclass(frozen=True)
class Mistake:
    """One function of the solver, and a wrong one in its place, made from the right one."""

    name: str
    room: Any
    function: str
    wrong: Callable[[Any], Any]


def _one_less(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(problem: Problem, **options: Any) -> Any:
        low, high = right(problem, **options)
        return low, np.where(high > low, high - 1, high)

    return wrong


def _without_last_row(right: Callable[..., Problem]) -> Callable[..., Problem]:
    def wrong(*args: Any) -> Problem:
        part = right(*args)
        keep = slice(0, max(1, part.matrix.shape[0] - 1))
        return replace(part, matrix=part.matrix[keep], row_low=part.row_low[keep], row_high=part.row_high[keep])

    return wrong


def _signless(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(*args: Any) -> Any:
        of, sign, offset = right(*args)
        return of, np.abs(sign), offset

    return wrong


def _shifted(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(*args: Any) -> Any:
        of, sign, offset = right(*args)
        return of, sign, offset + (sign < 0)

    return wrong


def _no_settled_values(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda problem, low, high: right(problem, np.where(low == high, 0.0, low), np.where(low == high, 0.0, high))


def _first_rows_of_alike(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda matrix, row_low, row_high: right(matrix, np.zeros_like(row_low), np.zeros_like(row_high))


def _any_rounding(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda _, point: np.rint(point)


def _unchecked(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(pool: Pool, point: Any) -> bool:
        held = pool._problem  # the check alone is taken away
        pool._problem = replace(held, row_low=np.full_like(held.row_low, -np.inf), row_high=held.row_high + np.inf)
        try:
            return bool(right(pool, point + 1.0 * (point < held.high)))
        finally:
            pool._problem = held

    return wrong


def _ends_crossed(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(pool: Pool, image: Any, sign: Any, offset: Any) -> Any:
        return right(pool, image, np.abs(sign), offset)

    return wrong


def _least_of_those_merged(_: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(part: Part, wanted: Any) -> Any:
        found = np.full(part.problem.unknowns, np.inf)
        np.minimum.at(found, part.image, wanted[part.given])
        return found

    return wrong


def _nowhere_far(_: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(part: Problem) -> Pool:
        pool = Pool(part)
        pool.add(part.low)
        return pool

    return wrong


def _vertices_are_tables(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(work: Component, unknown: int, *, largest: bool) -> bool:
        return bool(right(work, unknown, largest=largest)) and not work._linearly_reached(unknown, largest=largest)

    return wrong


def _one_end_is_both(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(work: Component, unknown: int) -> bool:
        low, high = work.pool.low[unknown], work.pool.high[unknown]
        return bool(right(work, unknown)) and low != work.outer_low[unknown] and high != work.outer_high[unknown]

    return wrong


def _not_near_is_not_there(_: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(work: Component, unknown: int, *, largest: bool) -> None:
        work.pool.add(work._programs.whole(work._only(unknown), largest=largest, seconds=5.0, gap=1.0)[0].point)
        end = work.pool.high[unknown] if largest else work.pool.low[unknown]
        work._no_further(unknown, float(end) - (1 if largest else -1), largest=largest)

    return wrong


def _found_is_best(right: Callable[..., Any]) -> Callable[..., Any]:
    def wrong(work: Component, costs: Any, *, largest: bool) -> Any:
        vertex = right(work, costs, largest=largest)
        return None if vertex is None else replace(vertex, value=vertex.value - (0.6 if largest else -0.6))

    return wrong


def _own_room(bound: Any, sums: Any, endless: Any, own: Any, row: Any) -> Any:
    return bound[row] - sums[row]


def _rows_of_two(problem: Problem) -> Any:
    return np.flatnonzero(np.diff(problem.matrix.indptr) == 2)


def _one_value_fewer(low: Any, high: Any, enough: Any) -> Any:
    return np.asarray(high - low >= enough - 2)


def _cut_short(bound: float, *, largest: bool) -> float:
    return float(np.floor(bound - 0.1) if largest else np.ceil(bound + 0.1))


def _let_out(bound: float, *, largest: bool) -> float:
    return float(np.floor(bound + 1.0) if largest else np.ceil(bound - 1.0))


def _never_whole(right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda problem, **_: right(problem, whole=False)


MISTAKES = (
    Mistake("propagation goes one too far", ranges, "propagate", _one_less),
    Mistake("propagation leaves out what others take", propagation, "_room", lambda _: _own_room),
    Mistake("a merged pair loses its sign", merging, "_images", _signless),
    Mistake("a merged pair is off by one", merging, "_images", _shifted),
    Mistake("differences count as sums of pairs", merging, "_pairs", lambda _: _rows_of_two),
    Mistake("settled numbers are forgotten", ranges, "_unsettled", _no_settled_values),
    Mistake("a part loses a relation", splitting, "_own_problem", _without_last_row),
    Mistake("relations of the same unknowns are taken for one", splitting, "_distinct", _first_rows_of_alike),
    Mistake("the least that is asked of a pair will do", Part, "most", _least_of_those_merged),
    Mistake("an untied unknown has its lowest value", ranges, "_every_value", _nowhere_far),
    Mistake("ends of a merged pair are not turned", Pool, "seen_as", _ends_crossed),
    Mistake("a rounded corner is a table", component, "whole_point", _any_rounding),
    Mistake("the pool takes what does not fit", Pool, "add", _unchecked),
    Mistake("two tables one value nearer will do", component, "wide_enough", lambda _: _one_value_fewer),
    Mistake("a linear end is a whole one", Component, "_waits", _vertices_are_tables),
    Mistake("one end reached is both", Component, "_open", _one_end_is_both),
    Mistake("what was found last is the end", Component, "_whole_end", _not_near_is_not_there),
    Mistake("an end that is not the optimum", Component, "_vertex", _found_is_best),
    Mistake("too little tolerance", component, "whole_end", lambda _: _cut_short),
    Mistake("too much tolerance", component, "whole_end", lambda _: _let_out),
    Mistake("infinity comes too early", ranges, "_cap", lambda _: lambda *_: 3.0),
    Mistake("integer programs are not integer", programs, "_model", _never_whole),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_in_a_shortcut_is_noticed(mistake: Mistake, monkeypatch: pytest.MonkeyPatch) -> None:
    right = getattr(mistake.room, mistake.function)
    monkeypatch.setattr(mistake.room, mistake.function, mistake.wrong(right))
    assert first_fault() is not None
