"""What lies between two tables: the persons of one who are not in the other (DC-6).

Counts, blanked cells and percentages alike: every difference is a cell of the
system, bounded by both tables' sums, and never negative where one table's
persons are among the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.nesting import Kin, Kinship
from ngc_pipelines.disclosure.tables.system import CellName, Relation, System, SystemCell

# Differences of blanked cells that are computed; beyond it only printed ones are.
MOST_COMPUTED = 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell of two tables, and the persons between them.

    Args:
        kin: how sure it is that these are persons of one table only.
        larger, smaller: the cell in both tables.
        cell: index of the difference in the system; None where both are printed.
        persons: how many, where both are printed; negative where the smaller table has more here.
        many: how many differences of one label lie between the two tables.
    """

    kin: Kin
    larger: int
    smaller: int
    cell: int | None
    persons: int | None


def with_differences(system: System, kinships: Sequence[Kinship]) -> tuple[System, tuple[Difference, ...]]:
    """The system with the differences of nested tables as cells, and every difference there is."""
    cells, relations = list(system.cells), list(system.relations)
    found: list[Difference] = []
    for one in kinships:
        for a, b in one.pairs:
            larger, smaller = system.cells[a], system.cells[b]
            if _told(larger) and _told(smaller):
                if larger.low != smaller.low:
                    found.append(Difference(one.kin, a, b, None, larger.low - smaller.low))
            elif one.kin is Kin.NESTED and len(cells) - len(system.cells) < MOST_COMPUTED:
                found.append(Difference(one.kin, a, b, len(cells), None))
                relations.append(_between(len(cells), a, b, one))
                cells.append(_cell(larger, smaller))
    return replace(system, cells=tuple(cells), relations=tuple(relations)), tuple(found)


def _told(cell: SystemCell) -> bool:
    return cell.mark is None and cell.low == cell.high


def _cell(larger: SystemCell, smaller: SystemCell) -> SystemCell:
    """Nobody is in the smaller table and not in the larger."""
    least = 0 if smaller.high is None else max(0, larger.low - smaller.high)
    most = None if larger.high is None else larger.high - smaller.low
    if most is not None and most < least:
        least, most = 0, None
    name = CellName(larger.name.codes, f"{larger.wheres[0]} − {smaller.wheres[0]}")
    return SystemCell(name, least, most, larger.wheres, larger.label, larger.table, None, implied=True)


def _between(index: int, larger: int, smaller: int, kinship: Kinship) -> Relation:
    reason = Words(
        f"personerne i {kinship.smaller.where} er blandt dem i {kinship.larger.where}",
        f"the persons of {kinship.smaller.where} are among those of {kinship.larger.where}",
    )
    return Relation(((larger, 1), (smaller, -1), (index, -1)), 0, 0, reason, kinship.smaller.where)
