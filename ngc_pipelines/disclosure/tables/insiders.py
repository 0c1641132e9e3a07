"""What somebody who is in the table can compute: persons who know their own cell.

A person who is alone in a blanked cell knows its count; where a relation has
just one other unknown, that person knows the other too.
"""

from __future__ import annotations

from dataclasses import dataclass

from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Status

# Somebody who is one of so few may know all of them.
FEW = 2


@dataclass(frozen=True, slots=True)
class Insider:
    """Persons of `cell`, where they are `FEW` or fewer, can compute `other`."""

    cell: int
    other: int
    relation: int


def insiders_of(answer: Audit) -> tuple[Insider, ...]:
    """Pairs of blanked cells of which the persons in one can compute the other.

    Only cells that may hold one or two persons, and only others that are safe
    from everybody else: what all can compute is told as such.
    """
    of_cell = {one.cell: one for one in answer.answers}
    cells = answer.system.cells
    found: dict[tuple[int, int], Insider] = {}
    for number, relation in enumerate(answer.system.relations):
        if relation.low != relation.high:
            continue
        unknown = [cell for cell, _ in relation.terms if not cells[cell].known and not _exact(of_cell, cell)]
        if len(unknown) != 2:
            continue
        for cell, other in (unknown, unknown[::-1]):
            one, two = of_cell.get(cell), of_cell.get(other)
            if one is None or two is None or two.status is not Status.SAFE:
                continue
            if one.low <= FEW and (one.high is None or one.high >= 1):
                found.setdefault((cell, other), Insider(cell, other, number))
    return tuple(found.values())


def _exact(of_cell: dict[int, Answer], cell: int) -> bool:
    answer = of_cell.get(cell)
    return answer is not None and answer.status is Status.EXACT
