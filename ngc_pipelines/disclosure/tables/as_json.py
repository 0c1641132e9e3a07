"""The JSON of `ngc audit-table` (`ngc.table-audit/1`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.audit import Answer, Audit
from ngc_pipelines.disclosure.tables.repair.beside import Beside
from ngc_pipelines.disclosure.tables.repair.choosing import Plan
from ngc_pipelines.disclosure.tables.repair.rounding import Rounding
from ngc_pipelines.disclosure.tables.system import SystemCell

SCHEMA = "ngc.table-audit/1"


def report_of(
    audit: Audit, propose: Iterable[int], threshold: int, beside: Mapping[int, Sequence[Beside]] | None = None
) -> dict[str, Any]:
    """The whole answer, per table.

    Args:
        propose: indexes of cells to blank in addition.
        beside: by a blanked cell's index, the statistics that are to go with it.
    """
    proposed = list(propose)
    cells = audit.system.cells
    tables = []
    for number, outline in enumerate(audit.system.tables):
        equations = sum(1 for r in audit.system.relations if r.table == number and r.low == r.high)
        tables.append(
            {
                "where": outline.where,
                "rows": outline.rows,
                "columns": outline.columns,
                "equations": equations,
                "blanked": [_blanked(cells, answer) for answer in audit.answers if cells[answer.cell].table == number],
                "implied": [_blanked(cells, answer) for answer in audit.implied if cells[answer.cell].table == number],
                "small": [
                    {"cell": _cell(cells[index]), "value": cells[index].low}
                    for index in audit.small
                    if cells[index].table == number
                ],
                "propose": [
                    *({"cell": _cell(cells[index])} for index in proposed if cells[index].table == number),
                    *(
                        {"cell": _cell(cells[index]), "what": one.meaning.value, "where": one.where}
                        for index, ones in (beside or {}).items()
                        if cells[index].table == number
                        for one in ones
                    ),
                ],
            }
        )
    return {
        "schema": SCHEMA,
        "threshold": threshold,
        "complete": audit.complete,
        "tables": tables,
        "clashes": [
            [{"where": relation.where, "da": relation.reason.da, "en": relation.reason.en} for relation in group]
            for group in audit.clashes
        ],
    }


def repair_of(choice: Plan, prefer: str) -> dict[str, Any]:
    """The proposed repair: categories to merge, then cells to blank, and what it costs."""
    cells, outlines = choice.proposal.after.system.cells, choice.proposal.after.system.tables
    return {
        "prefer": prefer,
        "protected": choice.proposal.protected,
        "bits_lost": round(choice.bits, 1),
        "merge": [
            {"where": outlines[one.table].where, "axis": one.axis, "categories": list(one.labels), "into": one.into}
            for one in choice.final_merges
        ],
        "blank": [
            {"where": outlines[cells[index].table].where, "cell": _cell(cells[index])}
            for index in choice.proposal.cells
        ],
    }


def rounding_of(rounding: Rounding) -> dict[str, Any]:
    """What rounding every count would leave."""
    cells = rounding.after.system.cells
    return {
        "to": rounding.base,
        "suffices": rounding.suffices,
        "persons_moved": rounding.misplaced,
        "remains": [_blanked(cells, answer) for answer in rounding.remains],
    }


def written_of(path: str, left_behind: Sequence[Words]) -> dict[str, Any]:
    """The finished table that was written."""
    return {"file": path, "left_behind": [{"da": words.da, "en": words.en} for words in left_behind]}


def _blanked(cells: tuple[SystemCell, ...], answer: Answer) -> dict[str, Any]:
    return {
        "cell": _cell(cells[answer.cell]),
        "low": answer.low,
        "high": answer.high,
        "status": answer.status.value,
        "certain": answer.certain,
    }


def _cell(cell: SystemCell) -> dict[str, str]:
    return dict(cell.label)
