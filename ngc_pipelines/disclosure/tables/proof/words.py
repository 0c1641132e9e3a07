"""Proofs in words and numbers, Danish and English."""

from __future__ import annotations

from fractions import Fraction

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.proof.bounds import BoundProof, combined
from ngc_pipelines.disclosure.tables.system import System

# More numbers than this are not an explanation any more; the proof itself keeps all.
LONGEST = 12


def equation_of(system: System, proof: BoundProof) -> str:
    """The computation with the printed numbers, e.g. `480 − 244 − 189 = 47`."""
    sums = combined(system, dict(proof.factors))
    own = sums.pop(proof.cell, Fraction(1))
    shown: list[tuple[Fraction, int]] = []
    for cell, coefficient in sums.items():
        known = system.cells[cell]
        value = known.low if known.low == known.high else None
        if value:
            shown.append((-coefficient / own, value))
    shown.sort(key=lambda pair: (pair[0] < 0, -abs(pair[0] * pair[1])))
    left = "".join(_term(factor, value, first=number == 0) for number, (factor, value) in enumerate(shown[:LONGEST]))
    if len(shown) > LONGEST:
        left += f" … ({len(shown)} numbers)"
    return f"{left or '0'} {'=' if proof_is_exact(system, proof) else '≥' if proof.upper else '≤'} {proof.bound}"


def proof_is_exact(system: System, proof: BoundProof) -> bool:
    """Whether no cell but the proved one is left unknown in the sum."""
    sums = combined(system, dict(proof.factors))
    sums.pop(proof.cell, None)
    cells = system.cells
    return all(cells[cell].low == cells[cell].high for cell in sums) and all(
        system.relations[row].low == system.relations[row].high for row, _ in proof.factors
    )


def words_of(system: System, proof: BoundProof) -> Words:
    """The proof as a sentence with the relations it uses."""
    relations = [system.relations[row] for row, _ in proof.factors]
    danish = "; ".join(dict.fromkeys(relation.reason.da for relation in relations[:LONGEST]))
    english = "; ".join(dict.fromkeys(relation.reason.en for relation in relations[:LONGEST]))
    equation = equation_of(system, proof)
    return Words(f"{equation}, for {danish}", f"{equation}, because {english}")


def _term(factor: Fraction, value: int, *, first: bool) -> str:
    sign = "" if first and factor > 0 else "−" if first else " − " if factor < 0 else " + "
    size = abs(factor)
    return f"{sign}{'' if size == 1 else f'{size} × '}{value}"
