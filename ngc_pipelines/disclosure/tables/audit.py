"""The audit of a system: what a reader can compute of every blanked cell.

Additivity is tested first: a relation between printed numbers that does not
hold is left out and named, nothing is concluded from it. Then the ranges.
Whole folders, earlier releases and words about findings live beside.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.contradictions import clashing_relations
from ngc_pipelines.disclosure.tables.solving.problem import ContradictionError, Ranges
from ngc_pipelines.disclosure.tables.solving.ranges import solve
from ngc_pipelines.disclosure.tables.system import Relation, System, SystemCell


class Status(StrEnum):
    """What a range says of a blanked cell."""

    SAFE = "safe"
    NARROW = "narrow"
    EXACT = "exact"
    UNDECIDED = "undecided"  # not settled in the time given


@dataclass(frozen=True, slots=True)
class Answer:
    """One blanked cell: the smallest and largest count it can hold; high None: no end.

    `certain` says whether whole tables reach both ends; without it the cell is
    safe all the same where `status` says so, but its range may be a little
    narrower than told.
    """

    cell: int
    low: int
    high: int | None
    status: Status
    certain: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a system.

    Args:
        threshold: counts of 1 up to below it are small (DC-5).
        enough: how many values a blanked cell's range must hold to be safe.
        every_end: exact ends of safe ranges too; slower.
        seconds: time for the whole answer.
    """

    threshold: int = 5
    enough: int = 5
    every_end: bool = True
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Audit:
    """The answer for a system.

    Args:
        answers: one per blanked cell, in the order of the system's cells.
        implied: one per count that is only told as a percentage.
        small: indexes of printed cells under the threshold.
        clashes: relations that were left out because they do not hold, each
            group a smallest set that cannot hold together.
        ranges: the numeric answer, for proofs; by the system's cells.
        system: the system that was answered for, clashes left out.
    """

    system: System
    answers: tuple[Answer, ...]
    implied: tuple[Answer, ...]
    small: tuple[int, ...]
    clashes: tuple[tuple[Relation, ...], ...]
    ranges: Ranges
    complete: bool

    @property
    def exposed(self) -> tuple[Answer, ...]:
        """The answers that are exact or narrow."""
        return tuple(answer for answer in self.answers if answer.status in (Status.EXACT, Status.NARROW))


def audit(system: System, question: Question) -> Audit:
    """Answer for every blanked cell of `system`; what `question.seconds` were too few for is undecided."""
    deadline = time.monotonic() + question.seconds
    kept, clashes = _additive(system)
    while True:
        try:
            ranges = solve(
                kept.problem(),
                enough=np.array([_enough(cell, question) for cell in kept.cells], dtype=np.float64),
                every_end=question.every_end,
                seconds=_left(deadline),
            )
            break
        except ContradictionError as clash:
            group = clashing_relations(kept, clash, seconds=_left(deadline))
            clashes = (*clashes, group)
            kept = replace(kept, relations=tuple(r for r in kept.relations if r not in group))
    answers = tuple(_answer(index, cell, ranges, question) for index, cell in enumerate(kept.cells) if cell.blanked)
    small = tuple(i for i, cell in enumerate(kept.cells) if cell.known and 0 < cell.low < question.threshold)
    implied = tuple(_answer(index, cell, ranges, question) for index, cell in enumerate(kept.cells) if cell.implied)
    return Audit(kept, answers, implied, small, clashes, ranges, bool(ranges.complete))


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _additive(system: System) -> tuple[System, tuple[tuple[Relation, ...], ...]]:
    """The system without what its printed numbers contradict."""
    system, clashes = _one_number_each(system)
    clashes += [(relation,) for relation in system.left_out]
    kept = []
    for relation in system.relations:
        low = sum(f * _end(system.cells[c], f > 0, low=True) for c, f in relation.terms)
        high = sum(f * _end(system.cells[c], f > 0, low=False) for c, f in relation.terms)
        known = not any(system.cells[c].blanked or system.cells[c].implied for c, _ in relation.terms)
        if known and not _overlap(low, high, relation):
            clashes.append((relation,))
        else:
            kept.append(relation)
    return replace(system, relations=tuple(kept)), tuple(clashes)


def _one_number_each(system: System) -> tuple[System, list[tuple[Relation, ...]]]:
    """Cells that are printed with two different numbers are taken as not known."""
    cells = list(system.cells)
    clashes: list[tuple[Relation, ...]] = []
    for index, cell in enumerate(cells):
        if cell.high is not None and cell.low > cell.high:
            reason = Words("samme celle er trykt med to forskellige tal", "the same cell is printed with two numbers")
            clashes.append((Relation(((index, 1),), None, None, reason, " / ".join(cell.wheres), cell.table),))
            cells[index] = replace(cell, low=0, high=None)
    return replace(system, cells=tuple(cells)), clashes


def _end(cell: SystemCell, positive: bool, *, low: bool) -> float:
    if positive == low:
        return float(cell.low)
    return math.inf if cell.high is None else float(cell.high)


def _overlap(low: float, high: float, relation: Relation) -> bool:
    return (relation.high is None or low <= relation.high) and (relation.low is None or high >= relation.low)


def _enough(cell: SystemCell, question: Question) -> float:
    """How wide the range must be: never wider than what the mark itself tells."""
    if cell.mark is None or cell.mark.high is None:
        return float(question.enough)
    return float(min(question.enough, cell.mark.high - cell.mark.low + 1))


def _answer(index: int, cell: SystemCell, ranges: Ranges, question: Question) -> Answer:
    low, high = float(ranges.outer_low[index]), float(ranges.outer_high[index])
    inside = float(ranges.inner_high[index] - ranges.inner_low[index])
    certain = bool(low == ranges.inner_low[index] and high == ranges.inner_high[index])
    enough = _enough(cell, question)
    if low == high:
        status = Status.EXACT
    elif high - low < enough - 1:
        status = Status.NARROW
    elif inside >= enough - 1:
        status = Status.SAFE
    else:
        status = Status.UNDECIDED
    return Answer(index, int(low), None if math.isinf(high) else int(high), status, certain)
