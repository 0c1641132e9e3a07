"""The opener of PDF documents: the file's outside, its revisions, then inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.pdf.objects import ObjectWalk
from ngc_pipelines.disclosure.content.pdf.pages import read_pages
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.pieces import Opened, Raw, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_REVISIONS: Final = 20
_STREAM: Final = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_OBJECT: Final = re.compile(rb"\d+\s+\d+\s+obj\b.*?endobj", re.DOTALL)
_FRAME: Final = re.compile(
    rb"%PDF-\d\.\d|%[\x80-\xff]{2,8}\S{0,4}|\bxref\b[\d\s nf]*"
    rb"|trailer\s*<<.*?>>(?=\s*startxref)|startxref\s*\d*|%%EOF",
    re.DOTALL,
)
_COMMENT: Final = re.compile(rb"(?:^|[\r\n>\]])[ \t]*%([^\r\n]{6,})")
_ORDINARY_COMMENT: Final = re.compile(
    rb"%?(?:PDF-|%EOF|[\x80-\xff]{2,})|%\s*Page \d+|%? ?ReportLab|Writing objects"
    rb"|%? ?(?:QDF|Original object|Contents for page)",
    re.IGNORECASE,
)


def open_pdf(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a PDF holds, earlier revisions included."""
    data = bytes(source.view())
    start = max(data[:1024].find(b"%PDF-"), 0)
    if start:
        where = place.inside("before the header")
        yield remarks.hidden(context, where, "data foran PDF-filens hoved", "data before the header")
        yield Raw(where, data[:start])
    ends = [match.end() for match in re.finditer(rb"%%EOF", data)]
    if ends and data[ends[-1] :].strip(b"\r\n\t \0"):
        where = place.inside("after the end")
        yield remarks.hidden(context, where, "data efter PDF-filens slutning", "data after the end marker")
        yield from context.open_inside(data[ends[-1] :].lstrip(b"\r\n"), None, where)
    yield from _between_objects(data, place, context)
    seen: set[int] = set()
    yield from _document(data, place, context, seen, hidden=None)
    yield from _revisions(data, ends, place, context, seen)


def _document(data: bytes, place: Place, context: Context, seen: set[int], hidden: str | None) -> Iterator[Opened]:
    import io

    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        yield from remarks.encrypted(context, place)
        return
    except (pikepdf.PdfError, ValueError, RuntimeError, OverflowError, RecursionError) as fault:
        if hidden is None:
            yield from remarks.broken(context, place, "pdf", type(fault).__name__)
            yield Raw(place, data)
        return
    with pdf:
        if hidden is None:
            yield from _outside(pdf, place, context)
        walk = ObjectWalk(pdf, place, context, seen, hidden)
        yield from walk.walk()
    yield from read_pages(data, place, context, seen, hidden, walk.contents)


def _outside(pdf: object, place: Place, context: Context) -> Iterator[Opened]:
    if getattr(pdf, "is_encrypted", False):
        yield Finding(
            rule="DC-1",
            kind=Kind.ENCRYPTED,
            severity=context.policy.severity_of(Kind.ENCRYPTED, Severity.REVIEW),
            where=str(place),
            message=Words(
                "Filen er krypteret med en tom adgangskode; den er læst.",
                "The file is encrypted with an empty password; it was read.",
            ),
            advice=Words("Gem uden kryptering.", "Save it without encryption."),
        )


def _revisions(data: bytes, ends: list[int], place: Place, context: Context, seen: set[int]) -> Iterator[Opened]:
    """Each `%%EOF` ends a revision; what an earlier one held and the last does not is hidden."""
    if b"/Linearized" in data[:2048]:
        ends = ends[1:]
    earlier = ends[:-1]
    if not earlier:
        return
    where = place.inside("earlier revisions")
    yield remarks.hidden(
        context,
        where,
        "filen rummer tidligere udgaver af sig selv",
        "the file holds earlier revisions of itself",
        count=len(earlier),
    )
    for number, end in enumerate(earlier[:_REVISIONS], 1):
        context.budget.spend_part()
        context.budget.spend_bytes(end)
        yield from _document(
            data[:end], place.inside(f"revision {number} of {len(ends)}"), context, seen, hidden="earlier revision"
        )
    if len(earlier) > _REVISIONS:
        yield from remarks.broken(context, where, "pdf", f"more than {_REVISIONS} revisions")


def _between_objects(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Comments, and bytes that belong to no object."""
    bare = _STREAM.sub(b"stream endstream", data)
    notes = [note for note in _COMMENT.findall(bare) if not _ORDINARY_COMMENT.match(note)]
    if notes:
        where = place.inside("comments in the file's code")
        yield Text(where, b"\n".join(notes).decode("latin-1"), hidden="comment in the file's code")
    rest = _FRAME.sub(b" ", _OBJECT.sub(b" ", bare))
    if len(rest.strip()) > 8:
        where = place.inside("between the objects")
        yield Raw(where, rest)
        if any(len(word) > 5 for word in rest.split()) and not notes:
            yield remarks.hidden(context, where, "data mellem filens objekter", "data between the file's objects")
