"""What to propose: merge categories first where that protects at no greater cost, else blank.

Costs are the bits of `loss`. Every proposal is the audit's own answer: a merge
is taken only where the system with it, and with what is blanked besides, was
audited and nothing in it is exposed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from ngc_pipelines.disclosure.tables.audit import Audit, Question, audit
from ngc_pipelines.disclosure.tables.repair.categories import Axis
from ngc_pipelines.disclosure.tables.repair.loss import bits_lost
from ngc_pipelines.disclosure.tables.repair.secondaries import Proposal, propose, whole_table
from ngc_pipelines.disclosure.tables.repair.state import Merge, State, merged, with_sums_told
from ngc_pipelines.disclosure.tables.solving.problem import Floats

# Merges are tried out one by one, each with an audit of its own.
LARGEST = 3_000
CANDIDATES = 10
MERGES = 12


class Prefer(StrEnum):
    """What is tried first."""

    CHEAPEST = "cheapest"  # merging where it costs no more than blanking
    MERGE = "merge"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Plan:
    """A repair of the whole system.

    Args:
        state: the system with categories merged, nothing blanked besides yet.
        proposal: what to blank in it, and the audit afterwards.
        bits: the information that persons lose by it.
    """

    state: State
    proposal: Proposal
    bits: float

    @property
    def merges(self) -> tuple[Merge, ...]:
        """The merges in the order in which they were made."""
        return self.state.merges

    @property
    def final_merges(self) -> tuple[Merge, ...]:
        """The categories that are printed as one in the end, with all that went into each."""
        found: dict[tuple[int, int, int | str], Merge] = {}
        for merge in self.state.merges:
            for line in merge.lines:
                found.pop((merge.table, merge.position, line), None)
            found[merge.table, merge.position, merge.lines[0]] = merge
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """The repair to propose, and the one that blanks cells alone."""

    plan: Plan
    blanking: Plan


def choose(before: Audit, state: State, axes: Sequence[Axis], question: Question, prefer: Prefer) -> Choice:
    """The repair to propose.

    Args:
        before: the audit of `state.system`, in which nothing is merged.
        axes: categories that may be merged.
        question: what was asked; `seconds` bounds the whole search.
    """
    state = replace(state, system=before.system)
    deadline = time.monotonic() + question.seconds
    table = whole_table(before)
    plan = _blanked(before, before, state, table, question)
    needed = bool(plan.proposal.cells) or bool(before.exposed) or not plan.proposal.protected
    small_enough = len(before.system.cells) <= LARGEST
    if prefer is Prefer.BLANK or not axes or not needed or not (small_enough or prefer is Prefer.MERGE):
        return Choice(plan, plan)
    search = _Search(before, table, question, deadline)
    if prefer is Prefer.MERGE:
        return Choice(search.merged_until_safe(plan, state, axes), plan)
    return Choice(search.while_cheaper(plan, axes), plan)


@dataclass(frozen=True, slots=True)
class _Search:
    before: Audit
    table: Floats
    question: Question
    deadline: float

    def while_cheaper(self, plan: Plan, axes: Sequence[Axis]) -> Plan:
        """Merge as long as the whole costs no more for it."""
        for _ in range(MERGES):
            best = plan
            for state in self._merged(plan.state, axes):
                found = self._plan(state)
                better = found.proposal.protected and (not best.proposal.protected or found.bits <= best.bits)
                best = found if better else best
            if best is plan:
                break
            plan = best
        return plan

    def merged_until_safe(self, plan: Plan, state: State, axes: Sequence[Axis]) -> Plan:
        """Merge until nothing need be blanked; what merging cannot do is blanked."""
        answer, best = self.before, plan
        for _ in range(MERGES * len(axes)):
            if not _sensitive(state, answer) or time.monotonic() > self.deadline:
                break
            tried = [(self._audited(one), one) for one in self._merged(state, axes)]
            if not tried:
                break
            answer, state = min(tried, key=lambda pair: self._rank(*pair, before=len(_sensitive(state, answer))))
        if state.merges:
            found = self._plan(state)
            if found.proposal.protected or not best.proposal.protected:
                best = found
        return best

    def _rank(self, answer: Audit, state: State, *, before: int) -> tuple[float, float]:
        """Bits for each cell that need not be blanked any more."""
        done = before - len(_sensitive(state, answer))
        bits = self._bits(state, set())
        return (bits / done, bits) if done > 0 else (np.inf, bits)

    def _merged(self, state: State, axes: Sequence[Axis]) -> Iterator[State]:
        """States with one merge more, the likeliest few."""
        answer = self._audited(state) if state.merges else self.before
        sensitive = _sensitive(state, answer)
        tried: list[tuple[float, Merge]] = []
        for axis in axes:
            tried += _candidates(axis, state, sensitive, self.table)
        tried.sort(key=lambda pair: pair[0])
        for _, merge in tried[:CANDIDATES]:
            if time.monotonic() > self.deadline:
                return
            made = merged(state, merge, self.question.threshold)
            unknown = any(made.system.cells[cell].blanked for cell in made.merged)
            yield with_sums_told(made, self._audited(made), self.question.threshold) if unknown else made

    def _audited(self, state: State) -> Audit:
        asked = replace(self.question, every_end=False, seconds=max(0.1, self.deadline - time.monotonic()))
        return audit(state.system, asked)

    def _plan(self, state: State) -> Plan:
        return _blanked(self._audited(state), self.before, state, self.table, self.question)

    def _bits(self, state: State, blanked: set[int]) -> float:
        return _bits(self.before, state, self.table, blanked)


def _blanked(answer: Audit, before: Audit, state: State, table: Floats, question: Question) -> Plan:
    proposal = propose(answer, question)
    return Plan(
        replace(state, system=answer.system),
        proposal,
        _bits(before, state, table, set(proposal.cells)),
    )


def _bits(before: Audit, state: State, table: Floats, blanked: set[int]) -> float:
    """What is lost besides what was blanked from the start."""
    at_first = {index for index, cell in enumerate(before.system.cells) if cell.blanked}
    within: dict[int, float] = {}
    hidden = set(at_first) | {cell for cell in blanked if cell < state.base}
    for whole, parts in state.merged.items():
        members = _base_parts(state, parts)
        hidden.update(members)
        if whole not in blanked and not state.system.cells[whole].blanked:
            persons = float(sum(table[part] for part in members))
            within.update((part, max(persons, within.get(part, 0.0))) for part in members)
    lost = bits_lost(before.system, table, hidden, within)
    return lost - bits_lost(before.system, table, at_first, {})


def _base_parts(state: State, parts: Sequence[int]) -> list[int]:
    found: list[int] = []
    for part in parts:
        found += _base_parts(state, state.merged[part]) if part in state.merged else [part]
    return found


def _sensitive(state: State, answer: Audit) -> set[int]:
    """Cells that must be blanked, or that others must be blanked for."""
    printed = {index for view in state.views for index in view.values()}
    return {*(cell for cell in answer.small if cell in printed), *(one.cell for one in answer.exposed)}


def _candidates(axis: Axis, state: State, sensitive: set[int], table: Floats) -> Iterator[tuple[float, Merge]]:
    """Merges of one category that holds sensitive cells with a neighbour, or with a small one."""
    view = state.views[axis.table]
    there = [n for n, line in enumerate(axis.lines) if any(spot[axis.position] == line for spot in view)]
    if len(there) < 3:
        return
    persons: dict[int, float] = {}
    wanting: dict[int, int] = {}
    for number in there:
        cells = [cell for spot, cell in view.items() if spot[axis.position] == axis.lines[number]]
        persons[number] = sum(_persons(state, cell, table) for cell in cells)
        wanting[number] = sum(not sensitive.isdisjoint(_with_parts(state, cell)) for cell in cells)
    for place, number in enumerate(there):
        if not wanting[number]:
            continue
        if axis.ordinal:
            others = [there[near] for near in (place - 1, place + 1) if 0 <= near < len(there)]
        else:
            # One `other` for an axis: what is merged later joins it.
            earlier = [one for one in there if one != number and axis.lines[one] in _kept(axis, state)]
            others = earlier or sorted((one for one in there if one != number), key=lambda one: persons[one])[:2]
        for other in others:
            gain = wanting[number] + wanting[other]
            yield min(persons[number], persons[other]) / gain, _joined(axis, state, (number, other))


def _kept(axis: Axis, state: State) -> set[int | str]:
    return {merge.lines[0] for merge in state.merges if (merge.table, merge.position) == (axis.table, axis.position)}


def _with_parts(state: State, cell: int) -> set[int]:
    return {cell, *_base_parts(state, state.merged.get(cell, ()))}


def _persons(state: State, cell: int, table: Floats) -> float:
    return float(sum(table[part] for part in _base_parts(state, [cell])))


def _joined(axis: Axis, state: State, numbers: Sequence[int]) -> Merge:
    """The merge of categories, those that were merged into them before told in its labels."""
    lines = {axis.lines[number]: number for number in numbers}
    all_numbers = set(numbers)
    for earlier in state.merges:
        if (earlier.table, earlier.position) == (axis.table, axis.position) and earlier.lines[0] in lines:
            all_numbers.update(axis.lines.index(line) for line in earlier.lines if line in axis.lines)
    whole = axis.merge(sorted(all_numbers))
    kept = tuple(line for line in whole.lines if line in lines)
    return replace(whole, lines=kept)
