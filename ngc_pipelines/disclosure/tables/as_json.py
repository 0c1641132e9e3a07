"""The JSON of `ngc audit-table` (`ngc.table-audit/1`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ngc_pipelines.disclosure.tables.audit import Answer, Audit
from ngc_pipelines.disclosure.tables.system import SystemCell

SCHEMA = "ngc.table-audit/1"


def report_of(audit: Audit, propose: Iterable[int], threshold: int) -> dict[str, Any]:
    """The whole answer, per table.

    Args:
        propose: indexes of cells to blank in addition.
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
                "propose": [{"cell": _cell(cells[index])} for index in proposed if cells[index].table == number],
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
