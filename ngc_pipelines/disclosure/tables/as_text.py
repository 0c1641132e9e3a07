"""The answer of `ngc audit-table` for a terminal, Danish with English beside."""

from __future__ import annotations

from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Status
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.repair.secondaries import Proposal
from ngc_pipelines.disclosure.tables.system import SystemCell

# Cells of one sort that are written out; the JSON has them all.
SHOWN = 20


def text_of(answer: Audit, proposal: Proposal, threshold: int) -> str:
    """The whole answer in lines, with the computation behind each disclosure."""
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
    if proposal.cells:
        lines.append("Blænd også / blank these too:")
        lines += _listed([_name(cells[index]) for index in proposal.cells])
        if not proposal.protected:
            lines.append("  (endnu ikke nok / not enough yet)")
    if not lines:
        safe = len(answer.answers)
        lines.append(
            f"Intet kan regnes tilbage; {safe} blændede celler. / Nothing can be calculated back; {safe} blanked cells."
        )
    return "\n".join(lines) + "\n"


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
