"""The opener of RTF: what the reader gathered, as pieces; objects and pictures opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.content.rtf.reader import Reader
from ngc_pipelines.disclosure.content.rtf.tokens import Sort, tokens_of
from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_HEX: Final = re.compile(r"[0-9A-Fa-f\s]+")
_HEX_DESTINATIONS: Final = frozenset(
    {b"pict", b"objdata", b"themedata", b"colorschememapping", b"datastore", b"fontemb", b"svb", b"datafield"}
)
_PROPERTIES: Final = frozenset(
    {
        b"title",
        b"subject",
        b"author",
        b"manager",
        b"company",
        b"operator",
        b"category",
        b"keywords",
        b"comment",
        b"doccomm",
        b"hlinkbase",
    }
)
_CUSTOM: Final = frozenset({b"propname", b"staticval", b"docvar"})
_COMMENTS: Final = frozenset({b"annotation"})
_VISIBLE: Final = {
    b"header": "header",
    b"headerl": "header",
    b"headerr": "header",
    b"headerf": "header",
    b"footer": "footer",
    b"footerl": "footer",
    b"footerr": "footer",
    b"footerf": "footer",
    b"footnote": "footnote",
}
_FETCHING: Final = re.compile(r"\b(?:DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b", re.IGNORECASE)
_BLOCK: Final = 1 << 19


def open_rtf(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that an RTF document holds."""
    data = bytes(source.view())
    context.budget.spend_bytes(len(data))
    reader = Reader()
    rest = b""
    for count, token in enumerate(tokens_of(data)):
        if not count % 4096:
            context.budget.check_time()
        reader.take(token)
        if token.sort is Sort.CLOSE and not reader.depth:
            rest = data[token.end :]
            break
    reader.finish()
    yield from _texts(reader, place, context)
    yield from _tables(reader, place)
    yield from _binaries(reader, place, context)
    if rest.strip(b"\r\n\t \0"):
        where = place.inside("after the end")
        yield remarks.hidden(context, where, "data efter dokumentets slutning", "data after the end of the document")
        yield from context.open_inside(rest.lstrip(), None, where)
    if reader.damaged:
        yield from remarks.broken(context, place, "rtf", "its groups do not close")


def _texts(reader: Reader, place: Place, context: Context) -> Iterator[Opened]:
    body = "\n".join(reader.texts.pop(b"", []))
    line = 1
    for start in range(0, len(body), _BLOCK):
        yield Text(place.inside("text"), body[max(0, start - 256) : start + _BLOCK], first_line=line)
        line += body.count("\n", start, start + _BLOCK)
    for texts, da, en in (
        (reader.hidden, "skjult eller hvid tekst", "hidden or white text"),
        (reader.deleted, "slettet tekst i rettelsessporet", "deleted text among tracked changes"),
    ):
        if any(text.strip() for text in texts):
            yield remarks.hidden(context, place, da, en, count=len(texts))
            yield Text(place.inside(en), "".join(texts), hidden=en)
    if reader.inserted:
        yield remarks.hidden(
            context, place, "rettelsesspor er ikke afsluttet", "tracked changes are not settled", count=reader.inserted
        )
    for destination, texts in reader.texts.items():
        yield from _destination(destination, texts, place, context)


def _destination(destination: bytes, texts: list[str], place: Place, context: Context) -> Iterator[Opened]:
    name = destination.decode("latin-1")
    where = place.inside(_VISIBLE.get(destination, f"\\{name}"))
    if destination == b"panose":
        return
    if destination in _HEX_DESTINATIONS:
        for number, text in enumerate(texts, 1):
            yield from _hexadecimal(text, destination, where.inside(str(number)), context)
        return
    hidden = None if destination in _VISIBLE else f"part no page shows (\\{name})"
    joined = "\n".join(texts)
    yield Text(where, joined, hidden=hidden)
    if destination in _COMMENTS:
        yield remarks.hidden(context, where, "kommentarer", "comments", count=len(texts))
    elif destination in _PROPERTIES:
        yield remarks.metadata(context, where, "dokumentets egenskaber", "document properties", count=len(texts))
    elif destination in _CUSTOM:
        yield remarks.metadata(
            context,
            where,
            "egenskaber tilføjet af brugeren",
            "properties added by a user",
            severity=Severity.REVIEW,
            count=len(texts),
        )
    elif destination == b"fldinst" and "HYPERLINK" in joined:
        yield remarks.web_link(context, where, count=joined.count("HYPERLINK"))
    if destination == b"fldinst" and _FETCHING.search(joined):
        yield remarks.external_link(
            context,
            where,
            "feltkoder, der henter udefra (DDE, LINK …)",
            "field codes that fetch from outside (DDE, LINK …)",
        )


def _hexadecimal(text: str, destination: bytes, where: Place, context: Context) -> Iterator[Opened]:
    digits = "".join(match.group() for match in _HEX.finditer(text))
    digits = re.sub(r"\s", "", digits)
    data = bytes.fromhex(digits[: len(digits) // 2 * 2])
    context.budget.spend_bytes(len(data))
    leftover = _HEX.sub(" ", text)
    if len(leftover.strip()) > 3:
        yield Text(where, text, hidden="text among hexadecimal data")
    yield from _bytes(data, destination, where, context)


def _binaries(reader: Reader, place: Place, context: Context) -> Iterator[Opened]:
    for number, (destination, data) in enumerate(reader.binaries, 1):
        where = place.inside(f"binary data {number} in \\{destination.decode('latin-1') or 'text'}")
        yield from _bytes(data, destination, where, context)


def _bytes(data: bytes, destination: bytes, where: Place, context: Context) -> Iterator[Opened]:
    if destination == b"objdata":
        yield remarks.embedded(context, where, "indlejret objekt", "embedded object")
        yield from _object(data, where, context)
    elif destination in (b"pict", b"themedata", b"colorschememapping", b"datastore"):
        yield from context.open_inside(data, None, where)
    else:
        yield from strings_in(data, where, "binary data")
        yield from files_in(data, where, context)


def _object(data: bytes, where: Place, context: Context) -> Iterator[Opened]:
    """An object of OLE 1: version, format, three names, then its native data."""
    at = 8
    for _ in range(3):
        length = int.from_bytes(data[at : at + 4], "little")
        at += 4 + length
        if at > len(data) or length > 4096:
            at = 0
            break
    size = int.from_bytes(data[at : at + 4], "little") if at else 0
    if not at or not 0 < size <= len(data) - at - 4:
        yield from strings_in(data, where, "embedded object")
        yield from files_in(data, where, context)
        return
    yield from strings_in(data[:at], where.inside("names"), "embedded object")
    native = data[at + 4 : at + 4 + size]
    if native[:2] == b"\x02\x00":
        yield from _packaged(native, where, context)
    else:
        yield from context.open_inside(native, None, where.inside("object"))
    yield from strings_in(data[at + 4 + size :], where.inside("after the object"), "embedded object")


def _packaged(native: bytes, where: Place, context: Context) -> Iterator[Opened]:
    """A file of the Packager, without the length that the stream of a compound file has."""
    from ngc_pipelines.disclosure.content.ole.opener import open_package

    yield from open_package(len(native).to_bytes(4, "little") + native, where, context)


def _tables(reader: Reader, place: Place) -> Iterator[Opened]:
    for number, rows in enumerate(reader.tables, 1):
        yield Table(place.inside(f"table {number}"), rows)
