"""Findings that several openers make, in one wording: hidden, linked, executable, unread.

The openers say where; the policy says how grave. Findings about persons' data
are the detectors' and not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.pieces import NotRead, Opened
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context


def _finding(
    context: Context,
    kind: Kind,
    default: Severity,
    place: Place,
    message: Words,
    advice: Words,
    *,
    rule: str = "DC-1",
    count: int = 1,
) -> Finding:
    return Finding(
        rule=rule,
        kind=kind,
        severity=context.policy.severity_of(kind, default),
        where=str(place),
        message=message,
        advice=advice,
        count=max(count, 1),
    )


def hidden(context: Context, place: Place, da: str, en: str, *, count: int = 1) -> Finding:
    """Something that whoever looks at the document does not see."""
    return _finding(
        context,
        Kind.HIDDEN_CONTENT,
        Severity.REVIEW,
        place,
        Words(f"Skjult indhold: {da}.", f"Hidden content: {en}."),
        Words("Slet det, eller gør det synligt.", "Delete it, or make it visible."),
        rule="DC-4",
        count=count,
    )


def metadata(
    context: Context, place: Place, da: str, en: str, *, severity: Severity = Severity.NOTE, count: int = 1
) -> Finding:
    """What a document says about itself and its makers."""
    return _finding(
        context,
        Kind.DOCUMENT_METADATA,
        severity,
        place,
        Words(f"Metadata: {da}.", f"Metadata: {en}."),
        Words(
            "Fjern dokumentets egenskaber, hvis de ikke skal ud.",
            "Remove the document's properties unless they are meant to leave.",
        ),
        rule="DC-3",
        count=count,
    )


def embedded(context: Context, place: Place, da: str, en: str, *, count: int = 1) -> Finding:
    """Data carried along with what is shown."""
    return _finding(
        context,
        Kind.EMBEDDED_DATA,
        Severity.REVIEW,
        place,
        Words(f"Indlejrede data: {da}.", f"Embedded data: {en}."),
        Words(
            "Indsæt som billede eller værdier uden de bagvedliggende data.",
            "Paste as a picture or as values, without the data behind.",
        ),
        rule="DC-8",
        count=count,
    )


def macro(context: Context, place: Place, da: str, en: str, *, count: int = 1) -> Finding:
    """Something that a program would run."""
    return _finding(
        context,
        Kind.MACRO,
        Severity.REVIEW,
        place,
        Words(f"Programkode i dokumentet: {da}.", f"Code inside the document: {en}."),
        Words("Gem dokumentet uden makroer.", "Save the document without macros."),
        count=count,
    )


def external_link(context: Context, place: Place, da: str, en: str, *, count: int = 1) -> Finding:
    """A reference to something outside the document that opening it may fetch."""
    return _finding(
        context,
        Kind.EXTERNAL_LINK,
        Severity.REVIEW,
        place,
        Words(f"Henvisning ud af dokumentet: {da}.", f"Link out of the document: {en}."),
        Words("Bryd kæden, og gem værdierne alene.", "Break the link and keep the values alone."),
        count=count,
    )


def web_link(context: Context, place: Place, *, count: int = 1) -> Finding:
    """A hyperlink a reader may follow: told, not held against the document."""
    return _finding(
        context,
        Kind.EXTERNAL_LINK,
        Severity.NOTE,
        place,
        Words("Dokumentet har hyperlinks.", "The document has hyperlinks."),
        Words("Kontrollér, at adresserne må ud.", "See that the addresses may leave."),
        count=count,
    )


def encrypted(context: Context, place: Place) -> Iterator[Opened]:
    """Content under a password: refused, and never read."""
    yield _finding(
        context,
        Kind.ENCRYPTED,
        Severity.BLOCK,
        place,
        Words("Indholdet er krypteret og kan ikke kontrolleres.", "The content is encrypted and cannot be checked."),
        Words("Gem uden adgangskode.", "Save it without a password."),
    )
    yield NotRead(place, "encrypted")


def broken(context: Context, place: Place, what: str, why: str) -> Iterator[Opened]:
    """A part that could not be read whole.

    Args:
        what: the part, in both languages' common word (`sheet1.xml`, `BIFF`).
        why: the reason in plain words, without any value read.
    """
    yield _finding(
        context,
        Kind.UNREADABLE,
        Severity.REVIEW,
        place,
        Words(f"En del kunne ikke læses helt ({what}: {why}).", f"A part could not be read whole ({what}: {why})."),
        Words(
            "Gem dokumentet på ny, og kontrollér, at det kan åbnes.", "Save the document again, and see that it opens."
        ),
    )
    yield NotRead(place, f"{what}: {why}")


def bomb(context: Context, place: Place, da: str, en: str) -> Iterator[Opened]:
    """Something made to cost whoever opens it."""
    yield _finding(
        context,
        Kind.BOMB,
        Severity.BLOCK,
        place,
        Words(f"Indholdet er lavet til at vokse ved åbning: {da}.", f"The content is made to grow when opened: {en}."),
        Words("Gem dokumentet på ny fra et almindeligt program.", "Save the document anew from an ordinary program."),
    )
    yield NotRead(place, en)
