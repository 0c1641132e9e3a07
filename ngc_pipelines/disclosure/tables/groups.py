"""Groups that are all of one kind: everybody, or all but one, in one cell.

No cell need be small for this: "all 12 carriers have the disease" tells
something about each of the twelve.
"""

from __future__ import annotations

from dataclasses import dataclass

from ngc_pipelines.disclosure.tables.system import System

# Groups of more say something of a population rather than of persons one can name.
LARGEST = 20


@dataclass(frozen=True, slots=True)
class OneKind:
    """All of the group counted in `total`, but for `besides` persons, are in `cell`."""

    total: int
    cell: int
    besides: int


def groups_of_one_kind(system: System, threshold: int) -> tuple[OneKind, ...]:
    """Groups of at least `threshold` and at most `LARGEST` persons that are all in one cell, or all but one."""
    found: list[OneKind] = []
    for relation in system.relations:
        totals = [cell for cell, factor in relation.terms if factor == -1]
        parts = [cell for cell, factor in relation.terms if factor == 1]
        if len(totals) != 1 or len(parts) < 2 or relation.low != 0 or relation.high != 0:
            continue
        whole = system.cells[totals[0]]
        if not whole.known or not threshold <= whole.low <= LARGEST:
            continue
        for part in parts:
            cell = system.cells[part]
            if cell.known and whole.low - cell.low in (0, 1):
                found.append(OneKind(totals[0], part, whole.low - cell.low))
    return tuple(found)
