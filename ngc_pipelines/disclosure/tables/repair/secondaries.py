"""Which further cells to blank, so that no blanked cell is exact or narrow.

Small printed cells first; then, for each exposed cell, the cheapest move that
puts it in doubt; then the audit again, until nothing is exposed. Merging
categories and rounding are proposed by the modules beside.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ngc_pipelines.disclosure.tables.audit import Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.proof.witnesses import safety_proof
from ngc_pipelines.disclosure.tables.repair.moves import Ground, Movers
from ngc_pipelines.disclosure.tables.solving.problem import Floats
from ngc_pipelines.disclosure.tables.system import System

# Blanking a total costs its readers more than any of its parts.
TOTAL_COSTS = 8.0
ROUNDS = 25
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
    chosen: set[int] = set(before.small)
    now = audit(with_blanked(before.system, chosen), _in_time(asked, deadline)) if chosen else before
    for _ in range(ROUNDS):
        wanting = [a.cell for a in now.answers if a.status in (Status.EXACT, Status.NARROW, Status.UNDECIDED)]
        if not wanting or time.monotonic() > deadline:
            break
        added = _protect(now, wanting, question, deadline)
        if not added - chosen:
            break
        chosen |= added
        now = audit(with_blanked(before.system, chosen), _in_time(asked, deadline))
    protected = not any(a.status is not Status.SAFE for a in now.answers)
    return Proposal(tuple(sorted(chosen)), now, protected)


def with_blanked(system: System, cells: Iterable[int]) -> System:
    """The system as it would be printed with these cells blanked by a neutral mark."""
    blanked = list(system.cells)
    for index in cells:
        blanked[index] = replace(blanked[index], low=0, high=None, mark=NEUTRAL)
    return replace(system, cells=tuple(blanked))


def _protect(now: Audit, wanting: list[int], question: Question, deadline: float) -> set[int]:
    """Cells to blank so that each of `wanting` can move as far as the policy asks."""
    problem = now.system.problem()
    table = _whole_table(now)
    movers = Movers(Ground(problem, table, _costs(now.system), _untouchable(now.system, table)))
    added: set[int] = set()
    covered: set[int] = set()
    amount = float(question.enough - 1)
    for cell in wanting:
        if cell in covered:
            continue
        if time.monotonic() > deadline:
            break
        move = movers.cheapest(cell, amount)
        if move is None:
            continue
        touched = move.cells.tolist()
        added.update(index for index in touched if not now.system.cells[index].blanked)
        movers.use(move)
        covered.update(
            index for index, change in zip(touched, move.change.tolist(), strict=True) if abs(change) >= amount
        )
    return added


def _whole_table(now: Audit) -> Floats:
    """Some whole table that prints what is printed."""
    proof = next((p for a in now.answers if (p := safety_proof(now.ranges, a.cell)) is not None), None)
    if proof is not None:
        return proof.first
    return np.where(np.isfinite(now.ranges.inner_low), now.ranges.inner_low, now.ranges.outer_low)


def _costs(system: System) -> Floats:
    """What blanking costs: the persons no longer told, on a scale where few small cells beat one large."""
    counts = np.array([0.0 if cell.blanked else float(cell.low) for cell in system.cells])
    total = np.zeros(len(counts), dtype=np.bool_)
    for relation in system.relations:
        total[[cell for cell, factor in relation.terms if factor < 0]] = True
    weights = np.log2(2.0 + counts) * np.where(total, TOTAL_COSTS, 1.0)
    return np.where([cell.blanked for cell in system.cells], 0.0, weights)


def _untouchable(system: System, table: Floats) -> np.ndarray:
    """Printed zeros, and what is neither printed nor blanked."""
    printed = np.array([not cell.blanked for cell in system.cells])
    implied = np.array([cell.implied for cell in system.cells])
    return np.asarray((printed & (table == 0)) | implied)


def _in_time(question: Question, deadline: float) -> Question:
    return replace(question, seconds=max(0.1, deadline - time.monotonic()))
