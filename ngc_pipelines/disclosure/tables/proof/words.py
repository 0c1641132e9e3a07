"""Proofs in words and numbers, Danish and English."""

from __future__ import annotations

from fractions import Fraction

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.proof.bounds import BoundProof, bound_given, combined
from ngc_pipelines.disclosure.tables.system import System

# More numbers than this are not an explanation any more; the proof itself keeps all.
LONGEST = 12


def equation_of(system: System, proof: BoundProof) -> str:
    """The computation with the printed numbers, e.g. `480 − 244 − 189 = 47`.

    Open cells stand at the end of their range that counts. A fraction is taken
    to the next whole number of persons: `0.035 × 140 = 4.9 → 4`. Empty where no
    other count takes part.
    """
    shown, constant = _parts(system, proof)
    if not shown:
        return ""
    left = "".join(_term(factor, value, first=number == 0) for number, (factor, value) in enumerate(shown[:LONGEST]))
    if len(shown) > LONGEST:
        left += f" … ({len(shown)} numbers)"
    elif constant:
        left += f" {'−' if constant < 0 else '+'} {_decimal(abs(constant))}"
    given = bound_given(system, proof.cell, dict(proof.factors), upper=proof.upper)
    rounded = "" if given is None or given == proof.bound else f" = {_decimal(given)} →"
    return f"{left}{rounded or ' ='} {proof.bound}"


def _parts(system: System, proof: BoundProof) -> tuple[list[tuple[Fraction, int]], Fraction]:
    """Factor and number of every count that takes part, the added ones first; and what the relations add."""
    sums = combined(system, dict(proof.factors))
    own = sums.pop(proof.cell, Fraction(1))
    shown: list[tuple[Fraction, int]] = []
    for cell, coefficient in sums.items():
        factor = -coefficient / own
        known = system.cells[cell]
        value = known.high if (factor > 0) == proof.upper else known.low
        if value:
            shown.append((factor, value))
    shown.sort(key=lambda pair: (pair[0] < 0, -abs(pair[0] * pair[1])))
    given = bound_given(system, proof.cell, dict(proof.factors), upper=proof.upper)
    constant = Fraction(0) if given is None else given - sum(factor * value for factor, value in shown)
    return shown, constant


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
    equation, exact = equation_of(system, proof), proof_is_exact(system, proof)
    da, en = ("", "") if exact else ("højst ", "at most ") if proof.upper else ("mindst ", "at least ")
    if not equation:
        return Words(f"{danish}, og det giver {da}{proof.bound}", f"{english}, which gives {en}{proof.bound}")
    return Words(f"{da}{equation}, for {danish}", f"{en}{equation}, because {english}")


def _term(factor: Fraction, value: int, *, first: bool) -> str:
    sign = "" if first and factor > 0 else "−" if first else " − " if factor < 0 else " + "
    size = abs(factor)
    return f"{sign}{'' if size == 1 else f'{_decimal(size)} × '}{value}"


def _decimal(number: Fraction) -> str:
    """A fraction as people print it; thirds and the like to four digits."""
    return f"{float(number):.4g}" if number.denominator > 1 else str(number.numerator)
