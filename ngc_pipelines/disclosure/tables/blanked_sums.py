"""Blanked cells whose sum is printed between the lines: `*` and `*` where both make 4.

Each of them may be safe by itself; what they count together is a small count
all the same. Ranges of single cells are `audit`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ngc_pipelines.disclosure.tables.audit import Audit


@dataclass(frozen=True, slots=True)
class BlankedSum:
    """Blanked cells of one line, none of them known by itself, and how many persons they hold together.

    Args:
        cells: indexes in the system, two at least.
        persons: the sum, exactly.
        relation: index of the sum that tells it.
    """

    cells: tuple[int, ...]
    persons: int
    relation: int


def small_sums_of(answer: Audit, threshold: int) -> tuple[BlankedSum, ...]:
    """Every such sum from 1 up to below `threshold`, each set of cells once."""
    exposed = {one.cell for one in answer.exposed}
    cells = answer.system.cells
    found: dict[tuple[int, ...], BlankedSum] = {}
    for number, relation in enumerate(answer.system.relations):
        if relation.low is None or relation.low != relation.high:
            continue
        unknown = [(cell, factor) for cell, factor in relation.terms if not cells[cell].known]
        if len(unknown) < 2 or len({factor for _, factor in unknown}) > 1 or abs(unknown[0][1]) != 1:
            continue
        if any(cell in exposed or not cells[cell].blanked for cell, _ in unknown):
            continue
        rest = relation.low - sum(factor * cells[cell].low for cell, factor in relation.terms if cells[cell].known)
        persons = rest * unknown[0][1]
        if 0 < persons < threshold:
            names = tuple(sorted(cell for cell, _ in unknown))
            found.setdefault(names, BlankedSum(names, persons, number))
    return tuple(found.values())
