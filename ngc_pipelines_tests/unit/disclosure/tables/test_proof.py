"""Every answer of the audit is proved: disclosures by sums, safety by two tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks._suppressed_tables import Axis, flat, nested, suppressed, tidy
from ngc_pipelines.disclosure.tables.audit import Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.witnesses import safety_proof
from ngc_pipelines.disclosure.tables.proof.words import equation_of, words_of
from ngc_pipelines.disclosure.tables.relations.tidy import TidyCell, TidyTable, system_of_tidy
from ngc_pipelines.disclosure.tables.system import System


def example() -> System:
    rows = [("A", 244), ("B", None), ("C", 189), ("Total", 480)]
    cells = tuple(TidyCell((name,), count, None if count is not None else mark_of("*"), name) for name, count in rows)
    return system_of_tidy([TidyTable("t", ("group",), cells)], {})


def test_a_single_blanked_cell_is_computed_as_a_person_would() -> None:
    answer = audit(example(), Question())
    (only,) = answer.answers
    assert (only.low, only.high, only.status) == (47, 47, Status.EXACT)
    proof = Prover(answer.system).prove(only.cell, 47, upper=True)
    assert proof is not None
    assert proof.holds(answer.system)
    assert equation_of(answer.system, proof) == "480 − 244 − 189 = 47"
    assert "add up" in words_of(answer.system, proof).en


def test_of_several_proofs_the_one_with_the_shortest_sum_is_given() -> None:
    rows = {"A": (40, None, 52), "B": (31, 25, 56), "C": (None, None, 9), "Total": (75, 42, 117)}
    cells = tuple(
        TidyCell((row, column), count, None if count is not None else mark_of("*"), f"{row} {column}")
        for row, counts in rows.items()
        for column, count in zip(("men", "women", "Total"), counts, strict=True)
    )
    answer = audit(system_of_tidy([TidyTable("t", ("group", "sex"), cells)], {}), Question())
    proofs = [Prover(answer.system).prove(answer.answers[0].cell, 12, upper=upper) for upper in (False, True)]
    assert [equation_of(answer.system, proof) for proof in proofs if proof] == ["52 − 40 = 12"] * 2


def test_a_proof_of_too_much_does_not_hold() -> None:
    answer = audit(example(), Question())
    proof = Prover(answer.system).prove(answer.answers[0].cell, 47, upper=True)
    assert proof is not None
    assert not replace(proof, bound=46).holds(answer.system)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("axes", [(flat(6), flat(7)), (flat(4), flat(4), flat(4)), (nested(2, 3), nested(2, 3))])
def test_every_answer_is_proved(axes: tuple[Axis, ...], seed: int) -> None:
    made = suppressed(axes, seed=seed, mean=6.0)
    table, hierarchies = tidy(made)
    answer = audit(system_of_tidy([table], hierarchies), Question())
    assert answer.complete
    assert answer.answers
    prover = Prover(answer.system)
    for one in answer.answers:
        truth = int(made.counts[one.cell])
        assert one.low <= truth <= (one.high if one.high is not None else truth)
        prove(answer, prover, one.cell)


def prove(answer: Audit, prover: Prover, cell: int) -> None:
    one = next(a for a in answer.answers if a.cell == cell)
    if one.status is Status.SAFE:
        proof = safety_proof(answer.ranges, cell)
        assert proof is not None
        assert proof.holds(answer.system, 5)
        return
    for bound, upper in ((one.low, False), (one.high, True)):
        assert bound is not None
        bound_proof = prover.prove(cell, bound, upper=upper)
        if bound_proof is not None:
            assert bound_proof.holds(answer.system)


def test_two_way_disclosures_are_always_proved_by_sums() -> None:
    exposed = 0
    for seed in range(12):
        made = suppressed((flat(7), flat(7)), seed=seed, mean=16.0)
        table, hierarchies = tidy(replace(made, blanked=made.primary))
        answer = audit(system_of_tidy([table], hierarchies), Question())
        prover = Prover(answer.system)
        for one in answer.exposed:
            assert one.high is not None
            assert prover.prove(one.cell, one.low, upper=False) is not None
            assert prover.prove(one.cell, one.high, upper=True) is not None
            exposed += 1
    assert exposed >= 5


def test_marks_that_speak_give_more_away_than_neutral_ones() -> None:
    made = suppressed((flat(6), flat(6)), seed=2, mean=6.0)
    neutral, hierarchies = tidy(made)
    speaking, _ = tidy(replace(made, blanked=made.primary), mark="<5")
    told = {cell.codes: cell.mark for cell in speaking.cells}
    mixed = replace(
        neutral, cells=tuple(replace(c, mark=told[c.codes] or c.mark) if c.mark else c for c in neutral.cells)
    )
    with_neutral = audit(system_of_tidy([neutral], hierarchies), Question())
    with_speaking = audit(system_of_tidy([mixed], hierarchies), Question())
    widths = [sum((a.high or 0) - a.low for a in answer.answers) for answer in (with_neutral, with_speaking)]
    assert widths[1] < widths[0]
