"""Findings about what lies between two tables, in words.

The differences and their ranges are computed before; here it is decided which
are told, how gravely, and how.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.tables.audit import Audit
from ngc_pipelines.disclosure.tables.differences import Difference
from ngc_pipelines.disclosure.tables.naming import called
from ngc_pipelines.disclosure.tables.nesting import Kin
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.system import System

# Cells between two tables that are told with their numbers; the others are counted.
EXPLAINED = 3
NAMED = 5


def findings_between(
    answer: Audit, differences: Sequence[Difference], threshold: int, *, requested: Callable[[int], bool]
) -> Iterator[tuple[int, Finding]]:
    """Differences of fewer than `threshold` persons: a cell of the request, and what is said of it.

    Args:
        requested: whether a cell stands in the request; differences between two
            earlier releases are nothing that this request could change.
    """
    system = answer.system
    ranges = {one.cell: (one.low, one.high) for one in answer.implied}
    by_tables: dict[tuple[int, int, Kin], list[tuple[Difference, int, int]]] = defaultdict(list)
    for one in differences:
        span = _span(one, ranges)
        if span is None or not _small(system, one, span, threshold):
            continue
        if requested(one.larger) or requested(one.smaller):
            tables = system.cells[one.larger].table, system.cells[one.smaller].table
            by_tables[(*tables, one.kin)].append((one, *span))
    prover: Prover | None = None
    for (_, _, kin), found in by_tables.items():
        shown = EXPLAINED if kin is Kin.NESTED else 1
        for number, (one, low, high) in enumerate(found[:shown]):
            why = None
            if one.cell is not None:
                prover = prover or Prover(system)
                proof = prover.prove(one.cell, high, upper=True)
                why = None if proof is None else words_of(system, proof)
            rest = found[shown:] if number == shown - 1 else []
            cells = [_told_of(other, requested) for other, _, _ in [(one, low, high), *rest]]
            places = tuple(system.cells[cell].wheres[0] for cell in cells)
            message, advice = _words(system, one, (low, high), why, threshold)
            yield (
                cells[0],
                Finding(
                    rule="DC-6",
                    kind=Kind.IMPLIED_SMALL_COUNT,
                    severity=Severity.BLOCK if kin is Kin.NESTED else Severity.REVIEW,
                    where=places[0],
                    message=message,
                    advice=advice,
                    count=len(places),
                    places=places[:NAMED] if len(places) > 1 else (),
                ),
            )


def _span(one: Difference, ranges: dict[int, tuple[int, int | None]]) -> tuple[int, int] | None:
    if one.persons is not None:
        return abs(one.persons), abs(one.persons)
    low, high = ranges.get(one.cell if one.cell is not None else -1, (0, None))
    return None if high is None else (low, high)


def _small(system: System, one: Difference, span: tuple[int, int], threshold: int) -> bool:
    """Whether few persons, and somebody at least, lie between; and the marks do not say so much themselves."""
    low, high = span
    if not 0 < low <= high < threshold:
        return False
    larger, smaller = system.cells[one.larger], system.cells[one.smaller]
    if larger.mark is None and larger.low == larger.high and larger.low < threshold:
        return False  # the larger table's own cell is told as small
    said_low = max(0, larger.low - (larger.low if smaller.high is None else smaller.high))
    said_high = None if larger.high is None else larger.high - smaller.low
    return one.cell is None or said_high is None or low > max(said_low, 1) or high < said_high or low == high


def _told_of(one: Difference, requested: Callable[[int], bool]) -> int:
    return one.smaller if requested(one.smaller) else one.larger


def _words(
    system: System, one: Difference, span: tuple[int, int], why: Words | None, threshold: int
) -> tuple[Words, Words]:
    larger, smaller = system.cells[one.larger], system.cells[one.smaller]
    name = called(larger)
    count = f"{span[0]}" if span[0] == span[1] else f"{span[0]}–{span[1]}"
    if one.persons is not None:
        sum_ = f"{larger.low} − {smaller.low} = {one.persons}".replace("= -", "= −")
        why = Words(sum_, sum_)
    shown = why or Words(count, count)
    stand = "stands" if span == (1, 1) else "stand"
    a, b = larger.wheres[0], smaller.wheres[0]
    if one.kin is Kin.NESTED:
        return (
            Words(
                f"Personerne i den ene tabel er blandt dem i den anden; {count} står kun i den største under '{name}': "
                f"{shown.da} ({a} og {b}).",
                f"The persons of one table are among those of the other; {count} {stand} in the larger one only, under "
                f"'{name}': {shown.en} ({a} and {b}).",
            ),
            Words(
                "Brug samme personer i begge tabeller, udelad den ene, eller slå kategorier sammen, så mindst "
                f"{threshold} personer ligger imellem overalt.",
                "Use the same persons in both tables, leave one of them out, or merge categories until at least "
                f"{threshold} persons lie between everywhere.",
            ),
        )
    if one.kin is Kin.MOVED:
        return (
            Words(
                f"To tabeller er ens på nær få personer; '{name}' afviger: {shown.da} ({a} og {b}). Den, der ser "
                "begge, kan se, hvor de få er kommet til, gået ud eller flyttet.",
                f"Two tables are the same but for a few persons; '{name}' differs: {shown.en} ({a} and {b}). Who sees "
                "both sees where the few came, left or moved.",
            ),
            Words(
                "Brug samme udtræk i begge tabeller, eller skriv i manifestet, hvor mange der kom til og gik ud.",
                "Use the same extract in both tables, or say in the manifest how many came and how many left.",
            ),
        )
    return (
        Words(
            f"Er personerne i den ene tabel blandt dem i den anden, står {count} kun i den største under '{name}': "
            f"{shown.da} ({a} og {b}).",
            f"If the persons of one table are among those of the other, {count} {stand} in the larger one only, under "
            f"'{name}': {shown.en} ({a} and {b}).",
        ),
        Words(
            "Skriv i titlerne eller i manifestet, hvem hver tabel handler om. Er det de samme personer, så udelad den "
            "ene tabel, eller slå kategorier sammen.",
            "Say in the titles or in the manifest whom each table is about. If they are the same persons, leave one "
            "table out, or merge categories.",
        ),
    )
