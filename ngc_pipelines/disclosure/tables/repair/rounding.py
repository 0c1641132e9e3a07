"""Rounding every count instead of blanking: what a reader of the rounded table still knows.

A count goes to the nearest multiple of the base, halves up, margins on their
own: shown 5 may be 3, 4, 5, 6 or 7. That the true parts add up to the true
total stays known, and can narrow a range; so the rounded table is audited like
any other, and what would remain known too well is told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.printed import Mark
from ngc_pipelines.disclosure.tables.system import System, SystemCell

BASES = (5, 10)


@dataclass(frozen=True, slots=True)
class Rounding:
    """A table with every count rounded, and the answer for it.

    Args:
        base: what counts are multiples of.
        after: the audit of the rounded table; every count in it is a range.
        remains: small or blanked counts that could still be told.
        misplaced: how many persons the rounding moves in all cells together.
    """

    base: int
    after: Audit
    remains: tuple[Answer, ...]
    misplaced: int

    @property
    def suffices(self) -> bool:
        """Whether no small count can be told."""
        return not self.remains and self.after.complete


def rounded(count: int, base: int) -> int:
    """The nearest multiple of `base`, halves up."""
    return (count + base // 2) // base * base


def span_of(shown: int, base: int) -> tuple[int, int]:
    """The smallest and largest count that is shown as `shown`."""
    low = shown - base // 2
    return max(0, low), low + base - 1


def small_or_blanked(system: System, threshold: int) -> frozenset[int]:
    """The cells that nobody may tell: counts under the threshold, and those that are not printed."""
    return frozenset(
        index
        for index, cell in enumerate(system.cells)
        if cell.blanked or cell.implied or (cell.known and 0 < cell.low < threshold)
    )


def round_all(system: System, base: int, question: Question, exact: Collection[int] = ()) -> Rounding:
    """The answer for the system with every printed count rounded.

    Args:
        exact: printed counts that the rounding does not reach.
    """
    cells = tuple(
        cell if cell.implied or cell.blanked or index in exact else _shown(cell, base)
        for index, cell in enumerate(system.cells)
    )
    return _answer(system, cells, base, small_or_blanked(system, question.threshold), question)


def rounded_as_printed(system: System, base: int, question: Question, guarded: Collection[int]) -> Rounding:
    """The answer for a table that is printed rounded.

    Args:
        guarded: the cells that nobody may tell.
    """
    cells = tuple(
        cell if cell.implied or cell.blanked or cell.low == cell.high else _range(cell, *_printed_span(cell, base))
        for cell in system.cells
    )
    return _answer(system, cells, base, guarded, question)


def _answer(
    system: System, cells: tuple[SystemCell, ...], base: int, guarded: Collection[int], question: Question
) -> Rounding:
    relations = tuple(relation for relation in system.relations if not relation.share)
    after = audit(replace(system, cells=cells, relations=relations), question)
    remains = tuple(one for one in after.answers if one.cell in guarded and one.status is not Status.SAFE)
    misplaced = sum(abs(rounded(cell.low, base) - cell.low) for cell in system.cells if cell.known)
    return Rounding(base, after, remains, misplaced)


def _shown(cell: SystemCell, base: int) -> SystemCell:
    return _range(cell, *span_of(rounded(cell.low, base), base))


def _printed_span(cell: SystemCell, base: int) -> tuple[int, int]:
    """The range of a cell that `reading` took for rounded: its middle is what is shown."""
    high = cell.low if cell.high is None else cell.high
    return span_of(rounded(max(0, high - base // 2), base), base)


def _range(cell: SystemCell, low: int, high: int) -> SystemCell:
    return replace(cell, low=low, high=high, mark=Mark(f"{low}–{high}", low, high))
