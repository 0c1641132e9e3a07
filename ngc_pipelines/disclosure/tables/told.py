"""Findings about tables, in words: rule, cell, reason, and what would clear it.

Makes findings of an audit; decides nothing about numbers. The gravest first
places are named, the rest counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Status
from ngc_pipelines.disclosure.tables.blanked_sums import small_sums_of
from ngc_pipelines.disclosure.tables.printed import Question as TableQuestion
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.system import System

# Places that are named one by one; a table of a thousand small cells needs no thousand lines.
NAMED = 5
# Disclosures that are explained with their computation.
EXPLAINED = 3

# Labels longer than this are sentences; their beginning is enough to find the cell.
LONGEST_LABEL = 60
# Ids and pseudonyms, dates, telephone numbers; variants, years and spans of ages are none of them.
_OF_A_PERSON = re.compile(r"@|(?<!\d)(?<!\brs)\d{6}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2}|\d{4}[-./]\d{2}[-./]\d{2}")

BLANK_IT = Words(
    "Slå kategorier sammen, eller blænd cellen og mindst én mere i samme række og kolonne.",
    "Merge categories, or blank the cell and at least one more in its row and column.",
)


def findings_of(answer: Audit, threshold: int) -> Iterator[Finding]:
    """Everything that an audit found, table by table."""
    for number, _ in enumerate(answer.system.tables):
        yield from _small(answer, number, threshold)
        yield from _exposed(answer, number)
        yield from _implied(answer, number, threshold)
        yield from _together(answer, number, threshold)
        yield from _undecided(answer, number)
    yield from _clashes(answer)


def asked(questions: Sequence[TableQuestion]) -> Iterator[Finding]:
    """What could not be told about tables, as findings for review."""
    for question in questions:
        yield Finding(
            rule="DC-5",
            kind=Kind.UNCLEAR_TABLE,
            severity=Severity.REVIEW,
            where=question.where,
            message=question.words,
            advice=Words(
                "Skriv i tabellen eller i manifestet, hvad tallene er, og om de tæller personer.",
                "Say in the table or in the manifest what the numbers are, and whether they count persons.",
            ),
        )


def _small(answer: Audit, table: int, threshold: int) -> Iterator[Finding]:
    places = [_where(answer.system, index) for index in answer.small if answer.system.cells[index].table == table]
    if places:
        yield Finding(
            rule="DC-5",
            kind=Kind.SMALL_CELL,
            severity=Severity.BLOCK,
            where=places[0],
            message=Words(
                f"Cellen hviler på færre end {threshold} personer.",
                f"The cell rests on fewer than {threshold} persons.",
            ),
            advice=BLANK_IT,
            count=len(places),
            places=tuple(places[:NAMED]),
        )


def _exposed(answer: Audit, table: int) -> Iterator[Finding]:
    found = [one for one in answer.exposed if answer.system.cells[one.cell].table == table]
    if not found:
        return
    prover = Prover(answer.system)
    for one in found[:EXPLAINED]:
        yield _recoverable(answer, [one], _why(prover, one))
    if found[EXPLAINED:]:
        yield _recoverable(answer, found[EXPLAINED:], None)


def _recoverable(answer: Audit, found: Sequence[Answer], why: Words | None) -> Finding:
    one = found[0]
    span = f"{one.low}" if one.low == one.high else f"{one.low}–{one.high}"
    exact = one.status is Status.EXACT
    danish = f"Den blændede celle kan regnes tilbage til {'' if exact else 'intervallet '}{span}"
    english = f"The blanked cell can be calculated back to {'' if exact else 'the range '}{span}"
    places = [_where(answer.system, other.cell) for other in found]
    return Finding(
        rule="DC-6",
        kind=Kind.RECOVERABLE_CELL,
        severity=Severity.BLOCK,
        where=places[0],
        message=Words(
            f"{danish}: {why.da}." if why else f"{danish}.", f"{english}: {why.en}." if why else f"{english}."
        ),
        advice=Words(
            "Blænd også de celler, som `ngc audit-table` foreslår, eller slå kategorier sammen.",
            "Blank the cells that `ngc audit-table` proposes as well, or merge categories.",
        ),
        count=len(places),
        places=tuple(places[:NAMED]),
    )


def _why(prover: Prover, one: Answer) -> Words | None:
    proof = None if one.high is None else prover.prove(one.cell, one.high, upper=True)
    return None if proof is None else words_of(prover.system, proof)


def _implied(answer: Audit, table: int, threshold: int) -> Iterator[Finding]:
    found = [
        one
        for one in answer.implied
        if one.high is not None
        and one.low > 0
        and one.high < threshold
        and answer.system.cells[one.cell].table == table
    ]
    if found:
        places = [_where(answer.system, one.cell) for one in found]
        yield Finding(
            rule="DC-6",
            kind=Kind.IMPLIED_SMALL_COUNT,
            severity=Severity.BLOCK,
            where=places[0],
            message=Words(
                f"Procenten og dens grundtal giver et antal under {threshold}.",
                f"The percentage and its base give a count under {threshold}.",
            ),
            advice=Words(
                "Blænd procenten, afrund den groft, eller slå kategorier sammen.",
                "Blank the percentage, round it coarsely, or merge categories.",
            ),
            count=len(places),
            places=tuple(places[:NAMED]),
        )


def _together(answer: Audit, table: int, threshold: int) -> Iterator[Finding]:
    """Blanked cells that hold a small count together; for the officer to know, as each alone is safe."""
    system = answer.system
    found = [one for one in small_sums_of(answer, threshold) if system.cells[one.cells[0]].table == table]
    if found:
        first = found[0]
        reason = system.relations[first.relation].reason
        places = [" + ".join(_where(system, cell) for cell in one.cells[:NAMED]) for one in found]
        yield Finding(
            rule="DC-6",
            kind=Kind.IMPLIED_SMALL_COUNT,
            severity=Severity.NOTE,
            where=places[0],
            message=Words(
                f"{len(first.cells)} blændede celler holder tilsammen {first.persons}, altså færre end {threshold} "
                f"personer, for {reason.da}; hver for sig er de ikke kendt.",
                f"{len(first.cells)} blanked cells hold {first.persons} together, fewer than {threshold} persons, "
                f"because {reason.en}; each by itself is not known.",
            ),
            advice=Words(
                "Blænd én celle mere i samme række eller kolonne, så summen er mindst "
                f"{threshold}, eller slå kategorier sammen.",
                f"Blank one more cell in the same row or column until the sum is at least {threshold}, "
                "or merge categories.",
            ),
            count=len(places),
            places=tuple(places[:NAMED]),
        )


def _undecided(answer: Audit, table: int) -> Iterator[Finding]:
    found = [a for a in answer.answers if a.status is Status.UNDECIDED and answer.system.cells[a.cell].table == table]
    if found:
        places = [_where(answer.system, one.cell) for one in found]
        yield Finding(
            rule="DC-6",
            kind=Kind.UNCLEAR_TABLE,
            severity=Severity.REVIEW,
            where=places[0],
            message=Words(
                "Det nåede ikke at blive afgjort, om den blændede celle kan regnes tilbage.",
                "Whether the blanked cell can be calculated back was not decided in time.",
            ),
            advice=Words(
                "Kør `ngc audit-table --seconds` med mere tid.", "Run `ngc audit-table --seconds` with more time."
            ),
            count=len(places),
            places=tuple(places[:NAMED]),
        )


def _clashes(answer: Audit) -> Iterator[Finding]:
    for group in answer.clashes:
        danish = "; ".join(dict.fromkeys(relation.reason.da for relation in group[:NAMED]))
        english = "; ".join(dict.fromkeys(relation.reason.en for relation in group[:NAMED]))
        yield Finding(
            rule="DC-6",
            kind=Kind.UNCLEAR_TABLE,
            severity=Severity.REVIEW,
            where=group[0].where,
            message=Words(
                f"Tallene passer ikke sammen, og intet er sluttet af: {danish}.",
                f"The numbers do not fit together, and nothing is concluded from: {english}.",
            ),
            advice=Words(
                "Forklar, hvorfor summen ikke passer (afrunding, manglende værdier), eller ret tabellen.",
                "Explain why the sum does not fit (rounding, missing values), or correct the table.",
            ),
        )


def _where(system: System, cell: int) -> str:
    """The cell's place, with the names of its row and column where these are names."""
    one = system.cells[cell]
    named = ", ".join(f"{line} '{shown}'" for line, label in one.label if (shown := _shown(label)))
    return f"{one.wheres[0]} ({named})" if named else one.wheres[0]


def _shown(label: str) -> str:
    """A label as it may be told again; empty where it could name a person rather than a group.

    What looks like a CPR number or is a known identifier is masked where the
    finding is taken in; here goes what is no label to begin with.
    """
    text = " ".join(label.split())
    if _OF_A_PERSON.search(text):
        return ""
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
