"""What is proposed protects, costs little, and never uses zeros."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks._suppressed_tables import Axis, flat, nested, suppressed, tidy
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.relations.tidy import system_of_tidy
from ngc_pipelines.disclosure.tables.repair.secondaries import propose, with_blanked


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("axes", [(flat(7), flat(6)), (flat(5), flat(4), flat(3)), (nested(2, 3), nested(2, 3))])
def test_what_is_proposed_leaves_nothing_exposed(axes: tuple[Axis, ...], seed: int) -> None:
    made = suppressed(axes, seed=seed, mean=14.0)
    table, hierarchies = tidy(replace(made, blanked=made.primary))
    question = Question()
    before = audit(system_of_tidy([table], hierarchies), question)
    proposal = propose(before, question)
    assert proposal.protected
    again = audit(with_blanked(before.system, proposal.cells), question)
    assert not again.exposed
    assert again.complete
    for cell in proposal.cells:
        assert made.counts[cell] > 0
        assert not made.blanked[cell] or cell not in [a.cell for a in before.answers]


def test_nothing_is_proposed_where_nothing_is_exposed() -> None:
    made = suppressed((flat(8), flat(8)), seed=1, mean=40.0)
    table, hierarchies = tidy(replace(made, blanked=made.primary & False))
    before = audit(system_of_tidy([table], hierarchies), Question(threshold=1))
    assert propose(before, Question(threshold=1)).cells == ()


def test_small_printed_cells_are_among_what_is_proposed() -> None:
    made = suppressed((flat(6), flat(6)), seed=4, mean=14.0)
    table, hierarchies = tidy(replace(made, blanked=made.primary & False))
    before = audit(system_of_tidy([table], hierarchies), Question())
    assert before.small
    assert set(before.small) <= set(propose(before, Question()).cells)


def test_no_total_is_blanked_where_inner_cells_do() -> None:
    made = suppressed((flat(8), flat(8)), seed=2, mean=14.0)
    table, hierarchies = tidy(replace(made, blanked=made.primary))
    before = audit(system_of_tidy([table], hierarchies), Question())
    totals = [
        cell for cell in propose(before, Question()).cells if "Total" in dict(before.system.cells[cell].label).values()
    ]
    assert not totals
