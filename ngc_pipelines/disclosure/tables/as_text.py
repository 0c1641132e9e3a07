"""The answer of `ngc audit-table` for a terminal, Danish with English beside."""

from __future__ import annotations

from collections.abc import Sequence

from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Status
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.repair.beside import Beside
from ngc_pipelines.disclosure.tables.repair.choosing import Plan
from ngc_pipelines.disclosure.tables.repair.rounding import Rounding
from ngc_pipelines.disclosure.tables.system import SystemCell

# Cells of one sort that are written out; the JSON has them all.
SHOWN = 20


def text_of(
    answer: Audit, plan: Plan, threshold: int, beside: Sequence[Beside] = (), rounding: Rounding | None = None
) -> str:
    """The whole answer in lines, with the computation behind each disclosure.

    Args:
        plan: the repair to propose.
        beside: statistics to blank with the counts that they belong to.
        rounding: what rounding would leave, where that was asked for.
    """
    lines: list[str] = []
    cells = answer.system.cells
    lines += _clashes(answer)
    if answer.small:
        lines.append(f"{len(answer.small)} trykte celler under {threshold} / printed cells under {threshold}:")
        lines += _listed([_name(cells[index]) for index in answer.small])
    exposed = [one for one in answer.answers if one.status in (Status.EXACT, Status.NARROW)]
    if exposed:
        lines.append(f"{len(exposed)} blændede celler kan regnes tilbage / blanked cells can be calculated back:")
        prover = Prover(answer.system)
        lines += _listed([f"{_name(cells[one.cell])}: {_range(one)}{_why(prover, answer, one)}" for one in exposed])
    undecided = sum(one.status is Status.UNDECIDED for one in answer.answers)
    if undecided:
        lines.append(f"{undecided} celler blev ikke afgjort i tide / cells were not decided in time")
    lines += _rounded(rounding) if rounding is not None else _repair(plan, beside)
    if not lines:
        safe = len(answer.answers)
        lines.append(
            f"Intet kan regnes tilbage; {safe} blændede celler. / Nothing can be calculated back; {safe} blanked cells."
        )
    return "\n".join(lines) + "\n"


def _repair(plan: Plan, beside: Sequence[Beside]) -> list[str]:
    """What to merge, then what to blank."""
    lines: list[str] = []
    cells = plan.proposal.after.system.cells
    if plan.final_merges:
        lines.append("Slå sammen / merge:")
        lines += _listed([f"{' + '.join(one.labels)} → {one.into}" for one in plan.final_merges])
    if plan.proposal.cells:
        lines.append("Blænd også / blank these too:")
        lines += _listed([_name(cells[index]) for index in plan.proposal.cells])
    if beside:
        lines.append("… og procenter, rater og gennemsnit ved dem / … and percentages, rates and means beside them:")
        lines += _listed([f"{one.where} ({one.meaning.value})" for one in beside])
    if lines and not plan.proposal.protected:
        lines.append("  (endnu ikke nok / not enough yet)")
    elif lines:
        lines.append(f"  (koster / costs {plan.bits:.0f} bit)")
    return lines


def _rounded(rounding: Rounding) -> list[str]:
    base = rounding.base
    if rounding.suffices:
        return [
            f"Afrunding til {base} er nok; {rounding.misplaced} personer flyttes. / "
            f"Rounding to {base} is enough; it moves {rounding.misplaced} persons."
        ]
    cells = rounding.after.system.cells
    lines = [f"Afrunding til {base} er ikke nok; det ses stadig / rounding to {base} is not enough; still told:"]
    return lines + _listed([f"{_name(cells[one.cell])}: {_range(one)}" for one in rounding.remains])


def _clashes(answer: Audit) -> list[str]:
    lines = []
    for group in answer.clashes:
        lines.append(
            "Tallene passer ikke sammen, og intet er sluttet af / "
            "the numbers do not fit together, and nothing is concluded from:"
        )
        lines += _listed([f"{relation.where}: {relation.reason.da} / {relation.reason.en}" for relation in group])
    return lines


def _why(prover: Prover, answer: Audit, one: Answer) -> str:
    """The computation, where sums alone give it."""
    proof = None if one.high is None else prover.prove(one.cell, one.high, upper=True)
    if proof is None:
        return ""
    words = words_of(answer.system, proof)
    return f"\n    {words.da}\n    {words.en}"


def _range(one: Answer) -> str:
    if one.low == one.high:
        return f"er præcis / is exactly {one.low}"
    return f"{one.low}–{one.high}"


def _name(cell: SystemCell) -> str:
    return ", ".join(f"{dimension} {code or '–'}" for dimension, code in cell.label)


def _listed(items: list[str]) -> list[str]:
    lines = [f"  {item}" for item in items[:SHOWN]]
    if len(items) > SHOWN:
        lines.append(f"  … og {len(items) - SHOWN} til / and {len(items) - SHOWN} more (--json)")
    return lines
