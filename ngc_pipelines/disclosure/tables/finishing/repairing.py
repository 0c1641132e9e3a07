"""The answer of `ngc audit-table` for a document: the audit, the repair to propose, and the finished table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.as_json import repair_of, report_of, rounding_of, written_of
from ngc_pipelines.disclosure.tables.audit import Audit, audit
from ngc_pipelines.disclosure.tables.finishing.document import Document
from ngc_pipelines.disclosure.tables.finishing.editing import mergeable
from ngc_pipelines.disclosure.tables.finishing.finish import Asked, finish_blanked, finish_rounded
from ngc_pipelines.disclosure.tables.finishing.writing import Goal
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines.disclosure.tables.repair.beside import Beside, beside_blanked, beside_counts
from ngc_pipelines.disclosure.tables.repair.categories import axes_of
from ngc_pipelines.disclosure.tables.repair.choosing import Choice, Prefer, choose
from ngc_pipelines.disclosure.tables.repair.rounding import Rounding, round_all
from ngc_pipelines.disclosure.tables.repair.state import state_of


@dataclass(slots=True)
class Repair:
    """What was found in a document, what is proposed, and what was written.

    Args:
        beside: by a cell that is or is to be blanked: the statistics to blank with it.
        rounding: the answer for rounding, where that was asked for.
    """

    document: Document
    asked: Asked
    prefer: str | None
    before: Audit
    choice: Choice
    beside_cells: dict[int, list[Beside]]
    rounding: Rounding | None = None
    left_behind: tuple[Words, ...] = ()
    written_to: Path | None = None
    _report: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Whether there is anything to tell of the document."""
        before = self.before
        return bool(before.exposed or before.small or before.clashes or self.beside_cells) or not before.complete

    @property
    def needed(self) -> bool:
        """Whether the document must be changed before it may leave."""
        return self.told or bool(self.choice.plan.proposal.cells) or self.rounding is not None

    @property
    def beside(self) -> Sequence[Beside]:
        """The statistics to blank by the preferred repair, in the order of the document."""
        plan = self.choice.plan
        if not plan.merges:
            return [one for ones in self.beside_cells.values() for one in ones]
        of_counts = beside_counts([table for table in self.document.tables if isinstance(table, PrintedTable)])
        return beside_blanked(plan.proposal.after.system, plan.proposal.cells, of_counts)

    def write(self, goal: Goal) -> None:
        """Write the finished document.

        Raises:
            CannotWrite: where it cannot be written safely.
            OSError: where the disk does not take it.
        """
        if self.rounding is not None:
            done = finish_rounded(self.document, self.before, self.rounding, goal, self.asked)
        else:
            done = finish_blanked(self.document, self.before, self.choice.plan, goal, self.asked)
        self.left_behind, self.written_to = done.left_behind, goal.path

    def report(self) -> dict[str, Any]:
        """The machine-readable answer; `propose` is enough by itself, whatever repair is preferred."""
        threshold = self.asked.question.threshold
        report = report_of(self.before, self.choice.blanking.proposal.cells, threshold, self.beside_cells)
        report["repair"] = repair_of(self.choice.plan, self.prefer or "least cost")
        if self.rounding is not None:
            report["round"] = rounding_of(self.rounding)
        if self.written_to is not None:
            report["written"] = written_of(str(self.written_to), self.left_behind)
        return report


def repair(document: Document, asked: Asked, prefer: str | None, base: int | None) -> Repair:
    """Audit a document and find its repair.

    Args:
        prefer: `merge`, `blank` or `round`; None for what costs least.
        base: what counts are rounded to, where rounding is asked for.
    """
    system = system_of(document.tables, asked.hierarchies)
    before = audit(system, asked.question)
    axes = [] if prefer in ("blank", "round") else mergeable(document, axes_of(document.tables, asked.hierarchies))
    wanted = Prefer(prefer) if prefer in ("merge", "blank") else Prefer.CHEAPEST
    choice = choose(before, state_of(before.system, document.tables), axes, asked.question, wanted)
    goes = sorted({*choice.blanking.proposal.cells, *(one.cell for one in before.exposed)})
    of_counts = beside_counts([table for table in document.tables if isinstance(table, PrintedTable)])
    beside = {index: ones for index in goes if (ones := beside_blanked(before.system, [index], of_counts))}
    rounding = None if base is None else round_all(before.system, base, asked.question, _not_cells(document, before))
    return Repair(document, asked, prefer, before, choice, beside, rounding)


def _not_cells(document: Document, before: Audit) -> list[int]:
    """Counts that stand in no cell: numbers of persons in headers."""
    places = {where for home in document.homes for where in home.at}
    return [index for index, cell in enumerate(before.system.cells) if places.isdisjoint(cell.wheres)]
