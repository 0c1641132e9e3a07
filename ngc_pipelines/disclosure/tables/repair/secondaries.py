"""Which further cells to blank, so that no blanked cell is exact or narrow.

Small counts first, printed or told by a percentage; then, for each exposed
cell, the cheapest move that puts it in doubt; then the audit again, until
nothing is exposed. A percentage goes with the count that it is of. Merging
categories and rounding are proposed by the modules beside.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from ngc_pipelines.disclosure.tables.audit import Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.proof.witnesses import safety_proof
from ngc_pipelines.disclosure.tables.repair.loss import weights
from ngc_pipelines.disclosure.tables.repair.moves import Ground, Movers
from ngc_pipelines.disclosure.tables.solving.problem import Floats
from ngc_pipelines.disclosure.tables.system import System, SystemCell

ROUNDS = 25
# Up to so many cells a proposal is tried with each of its cells left out.
PRUNED = 800
NEUTRAL = Mark("*")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to blank besides, and the audit of the table with it blanked.

    Args:
        cells: indexes of the system's cells, in the order of the document.
        after: the audit afterwards; `after.exposed` is empty where `protected`.
        protected: whether nothing is exposed any more.
    """

    cells: tuple[int, ...]
    after: Audit
    protected: bool


def propose(before: Audit, question: Question) -> Proposal:
    """The cells to blank besides those blanked already.

    Args:
        before: the audit of the table as it is.
        question: what was asked; `seconds` bounds the whole repair.
    """
    deadline = time.monotonic() + question.seconds
    asked = replace(question, every_end=False)
    found = _searched(before, asked, deadline, float(question.enough - 1))
    if len(before.system.cells) > PRUNED or not found.protected:
        return found
    # A range may open half up, half down: steps of one find what one long step cannot.
    stepped = _searched(before, asked, deadline, 1.0)
    tried = [_pruned(before, one, asked, deadline) for one in (found, stepped) if one.protected]
    costs = weights(before.system)
    return min(tried, key=lambda one: float(costs[list(one.cells)].sum()))


def _searched(before: Audit, asked: Question, deadline: float, first: float) -> Proposal:
    """Blank until nothing is exposed; `first` is how far a cell is to move at first."""
    chosen: set[int] = {*before.small, *told_small(before, asked.threshold)}
    now = _again(before, chosen, asked, deadline) if chosen or before.exposed else before
    amount = first
    for _ in range(ROUNDS):
        wanting = [a.cell for a in now.answers if a.status is not Status.SAFE]
        told = set(told_small(now, asked.threshold))
        if (not wanting and not told) or time.monotonic() > deadline:
            break
        added = _protect(now, wanting, amount, deadline) | told
        if not added - chosen and amount == asked.enough - 1:
            break
        chosen |= added
        amount = float(asked.enough - 1)
        now = _again(before, chosen, asked, deadline)
    return Proposal(tuple(sorted(chosen)), now, is_protected(now, asked.threshold))


def _pruned(before: Audit, found: Proposal, asked: Question, deadline: float) -> Proposal:
    """The proposal without what it does not need, the dearest tried first."""
    needed = {*before.small, *told_small(before, asked.threshold)}
    costs = weights(before.system)
    for cell in sorted(set(found.cells) - needed, key=lambda index: (-costs[index], index)):
        if time.monotonic() > deadline:
            break
        fewer = set(found.cells) - {cell}
        after = _again(before, fewer, asked, deadline)
        if is_protected(after, asked.threshold):
            found = Proposal(tuple(sorted(fewer)), after, True)
    return found


def told_small(answer: Audit, threshold: int) -> list[int]:
    """Counts that are not printed, and that percentages tell to be small."""
    return [a.cell for a in answer.implied if a.low > 0 and a.high is not None and a.high < threshold]


def is_protected(answer: Audit, threshold: int) -> bool:
    """Whether every blanked cell is safe, and no small count is printed or told by a percentage."""
    safe = all(a.status is Status.SAFE for a in answer.answers)
    return safe and answer.complete and not answer.small and not told_small(answer, threshold)


def _again(before: Audit, chosen: set[int], asked: Question, deadline: float) -> Audit:
    exposed = {a.cell for a in before.exposed}
    return audit(with_blanked(before.system, chosen, unshared=exposed), _in_time(asked, deadline))


def with_blanked(system: System, cells: Collection[int], unshared: Collection[int] = ()) -> System:
    """The system as it would be printed with these cells blanked by a neutral mark.

    Args:
        unshared: cells blanked already whose percentages go too, as those of `cells` do.
    """
    blanked = list(system.cells)
    for index in cells:
        blanked[index] = replace(blanked[index], low=0, high=None, mark=NEUTRAL, implied=False)
    silent = {*cells, *unshared}
    relations = tuple(
        relation
        for relation in system.relations
        if not relation.share or not any(cell in silent for cell, _ in relation.terms)
    )
    return replace(system, cells=tuple(blanked), relations=relations)


def _protect(now: Audit, wanting: list[int], amount: float, deadline: float) -> set[int]:
    """Cells to blank so that each of `wanting` can move by `amount`."""
    problem = now.system.problem()
    table = whole_table(now)
    movers = Movers(Ground(problem, table, weights(now.system), _untouchable(now.system, table)))
    added: set[int] = set()
    covered: set[int] = set()
    for cell in wanting:
        if cell in covered:
            continue
        if time.monotonic() > deadline:
            break
        for move in movers.cheapest(cell, min(amount, _width(now.system.cells[cell]))):
            touched = move.cells.tolist()
            added.update(index for index in touched if _printed(now.system.cells[index]))
            movers.use(move)
            moved = zip(touched, move.change.tolist(), strict=True)
            covered.update(index for index, change in moved if abs(change) >= amount)
    return added


def _printed(cell: SystemCell) -> bool:
    return not cell.blanked and not cell.implied


def _width(cell: SystemCell) -> float:
    """How far apart the ends of what the cell's own mark says are."""
    return np.inf if cell.high is None else float(cell.high - cell.low)


def whole_table(now: Audit) -> Floats:
    """Some whole table that prints what is printed."""
    proof = next((p for a in now.answers if (p := safety_proof(now.ranges, a.cell)) is not None), None)
    if proof is not None:
        return proof.first
    return np.where(np.isfinite(now.ranges.inner_low), now.ranges.inner_low, now.ranges.outer_low)


def _untouchable(system: System, table: Floats) -> np.ndarray:
    """Printed zeros."""
    printed = np.array([_printed(cell) for cell in system.cells])
    return np.asarray(printed & (table == 0))


def _in_time(question: Question, deadline: float) -> Question:
    return replace(question, seconds=max(0.1, deadline - time.monotonic()))
