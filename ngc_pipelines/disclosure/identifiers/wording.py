"""What the findings about identifiers say, in one place and both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.identifiers.cpr import Form

Where = Callable[[int], str]
"""The place of an offset in the bytes searched."""

REMOVE: Final = Words(
    "Fjern identifikationen overalt, og aflever kun aggregerede resultater.",
    "Take the identifier out everywhere, and hand in aggregated results only.",
)
LOOK: Final = Words(
    "Se efter, om det er en identifikation; er det ikke, så skriv i manifestet, hvad tallene er.",
    "See whether it is an identifier; if not, say in the manifest what the numbers are.",
)

_NAMES: Final[dict[Form, Words]] = {
    "cpr": Words("CPR-nummer", "CPR number"),
    "x_ecpr": Words("erstatnings-CPR (X-eCPR)", "replacement CPR number (X-eCPR)"),
    "d_ecpr": Words("erstatnings-CPR (D-eCPR)", "replacement CPR number (D-eCPR)"),
    "kot": Words("erstatnings-CPR (KOT)", "replacement CPR number (KOT)"),
    "day60": Words("erstatnings-CPR (dag + 60)", "replacement CPR number (day + 60)"),
}


def cpr_finding(
    form: Form,
    where: str,
    masked: str,
    *,
    count: int = 1,
    places: tuple[str, ...] = (),
    sure: bool = True,
    how: Words | None = None,
) -> Finding:
    """A CPR or replacement number.

    Args:
        sure: whether shape, context or numbers leave no doubt; else a person looks.
        how: what was done to hide it, or where it was found.
    """
    name = _NAMES[form]
    tail = Words(f" {how.da}", f" {how.en}") if how else Words("", "")
    said = (
        Words(f"{name.da}{tail.da}.", f"{name.en}{tail.en}.")
        if sure
        else Words(f"Muligt {name.da}{tail.da}.", f"Possible {name.en}{tail.en}.")
    )
    return Finding(
        rule="DC-3",
        kind=Kind.CPR if form == "cpr" else Kind.REPLACEMENT_CPR,
        severity=Severity.BLOCK if sure else Severity.REVIEW,
        where=where,
        message=said,
        advice=REMOVE if sure else LOOK,
        masked=masked,
        count=count,
        places=places,
    )


def known_finding(where: str, *, count: int = 1, places: tuple[str, ...] = (), how: Words | None = None) -> Finding:
    """An identifier from the project's own list."""
    tail = Words(f" {how.da}", f" {how.en}") if how else Words("", "")
    return Finding(
        rule="DC-3",
        kind=Kind.KNOWN_ID,
        severity=Severity.BLOCK,
        where=where,
        message=Words(
            f"En identifikation fra projektets egen liste{tail.da}.",
            f"An identifier from the project's own list{tail.en}.",
        ),
        advice=REMOVE,
        count=count,
        places=places,
    )


def id_finding(where: str, said: Words, *, severity: Severity, count: int = 1, places: tuple[str, ...] = ()) -> Finding:
    """Something that identifies persons or their samples without being on a list."""
    return Finding(
        rule="DC-3",
        kind=Kind.ID_COLUMN,
        severity=severity,
        where=where,
        message=said,
        advice=REMOVE if severity is Severity.BLOCK else LOOK,
        count=count,
        places=places,
    )


def person_finding(where: str, said: Words, *, count: int = 1, places: tuple[str, ...] = ()) -> Finding:
    """Something told of one person that is no identifier by itself."""
    return Finding(
        rule="DC-4",
        kind=Kind.INDIVIDUAL_ROWS,
        severity=Severity.REVIEW,
        where=where,
        message=said,
        advice=REMOVE,
        count=count,
        places=places,
    )
