"""One file's tables repaired as asked and written: what the command and its tests call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.audit import Audit, Question, audit
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Written
from ngc_pipelines.disclosure.tables.finishing.document import Document
from ngc_pipelines.disclosure.tables.finishing.editing import changes_of
from ngc_pipelines.disclosure.tables.finishing.rounded import rounding_changes
from ngc_pipelines.disclosure.tables.finishing.writing import Goal, write_finished
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy
from ngc_pipelines.disclosure.tables.repair.choosing import Plan, Prefer, choose
from ngc_pipelines.disclosure.tables.repair.rounding import Rounding, rounded_as_printed, small_or_blanked
from ngc_pipelines.disclosure.tables.repair.secondaries import is_protected
from ngc_pipelines.disclosure.tables.repair.state import state_of
from ngc_pipelines.disclosure.tables.system import System

Hierarchies = Mapping[str, Sequence[Hierarchy]]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a document is to be finished.

    Args:
        question: what the audit asks.
        hierarchies: of tidy tables.
        mark: the policy's mark.
    """

    question: Question
    hierarchies: Hierarchies
    mark: str = "*"


def finish_blanked(document: Document, before: Audit, plan: Plan, goal: Goal, asked: Asked) -> Written:
    """Write the document as the plan says.

    Raises:
        CannotWrite: where something in the document cannot be told or kept
            safely, or the result is not protected.
        OSError: where the disk does not take it.
    """
    refuse_unclear(document, before)
    if not plan.proposal.protected:
        raise CannotWrite(
            Words(
                "Der blev ikke fundet noget, der beskytter tabellen; intet er skrevet.",
                "Nothing was found that protects the table; nothing was written.",
            )
        )
    exposed = frozenset(one.cell for one in before.exposed)
    changes = changes_of(document, plan, exposed, asked.mark)
    told = [one.low for one in before.exposed if one.low == one.high]
    return write_finished(document, changes, goal, lambda back: _further(back, asked), told=told)


def _further(back: Document, asked: Asked) -> Sequence[GridChanges] | None:
    """What must still be changed in a document that was read back; None where it is protected."""
    answer = audit(system_of(back.tables, asked.hierarchies), replace(asked.question, every_end=False))
    refuse_unclear(back, answer)
    if is_protected(answer, asked.question.threshold):
        return None
    plan = choose(answer, state_of(answer.system, back.tables), (), asked.question, Prefer.BLANK).plan
    return changes_of(back, plan, frozenset(one.cell for one in answer.exposed), asked.mark)


def finish_rounded(document: Document, before: Audit, rounding: Rounding, goal: Goal, asked: Asked) -> Written:
    """Write the document with every count rounded.

    Raises:
        CannotWrite: as `finish_blanked`; also where rounding does not suffice.
        OSError: where the disk does not take it.
    """
    refuse_unclear(document, before)
    if not rounding.suffices:
        raise CannotWrite(
            Words(
                f"Afrunding til {rounding.base} er ikke nok: {len(rounding.remains)} celler kan stadig regnes ud.",
                f"Rounding to {rounding.base} is not enough: {len(rounding.remains)} cells can still be told.",
            )
        )
    changes = rounding_changes(document, rounding.base, asked.question.threshold, asked.mark)
    guarded = _spots(document, before.system, small_or_blanked(before.system, asked.question.threshold))

    def audited_again(back: Document) -> Sequence[GridChanges] | None:
        system = system_of(back.tables, asked.hierarchies)
        if any(isinstance(table, PrintedTable) and table.rounded_to != rounding.base for table in back.tables):
            raise CannotWrite(
                Words("Noten om afrunding blev ikke læst igen.", "The note on rounding was not read back.")
            )
        cells = {
            index
            for number, view in enumerate(state_of(system, back.tables).views)
            for spot, index in view.items()
            if (number, spot) in guarded
        }
        return None if rounded_as_printed(system, rounding.base, asked.question, cells).suffices else []

    return write_finished(document, changes, goal, audited_again, rounds=1)


def _spots(document: Document, system: System, cells: frozenset[int]) -> set[tuple[int, tuple[int | str, ...]]]:
    return {
        (number, spot)
        for number, view in enumerate(state_of(system, document.tables).views)
        for spot, index in view.items()
        if index in cells
    }


def refuse_unclear(document: Document, answer: Audit) -> None:
    """Nothing is written of a document that could not be understood whole.

    Raises:
        CannotWrite: names the first point.
    """
    questions = [one for table in document.tables if isinstance(table, PrintedTable) for one in table.questions]
    if questions:
        words = questions[0].words
        raise CannotWrite(
            Words(f"{questions[0].where}: {words.da} Intet er skrevet.", f"{words.en} Nothing was written.")
        )
    if answer.clashes:
        reason = answer.clashes[0][0].reason
        raise CannotWrite(
            Words(
                f"Tallene passer ikke sammen ({reason.da}); ret tabellen først.",
                f"The numbers do not fit together ({reason.en}); correct the table first.",
            )
        )
    if not answer.complete:
        raise CannotWrite(
            Words("Tabellen blev ikke afgjort i tide.", "The table was not decided in time; give --seconds more.")
        )
