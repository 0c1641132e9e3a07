"""Word's binary documents: the text by its piece table, and what it does not show."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_FIRST_97: Final = 101
_ENCRYPTED: Final = 0x0100
_SAVED_BY: Final = 0x02D2
_WHICH_TABLE: Final = 0x0200
_STORIES: Final = (
    "text",
    "footnotes",
    "headers and footers",
    "macros",
    "comments",
    "endnotes",
    "text boxes",
    "text boxes of headers",
)
_SPRM_DELETED, _SPRM_INSERTED, _SPRM_HIDDEN = 0x0800, 0x0801, 0x083C
_CONTROLS: Final = {
    0x07: "\t",
    0x0B: "\n",
    0x0C: "\n",
    0x0D: "\n",
    0x13: " {",
    0x14: "} ",
    0x15: " ",
    0x1E: "-",
    0x1F: "",
    0xA0: " ",
}
_OPERAND: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text: where its bytes are, and whether a letter takes one or two."""

    start: int
    length: int
    wide: bool


def read_document(data: bytes, tables: dict[str, bytes], place: Place, context: Context) -> Iterator[Opened]:
    """Stories of a document, hidden and deleted text, and strings outside them all.

    Args:
        data: the WordDocument stream.
        tables: the table streams, by name.
    """
    if len(data) < 0x20:
        yield from remarks.broken(context, place, "doc", "cut off")
        return
    _, version, flags = struct.unpack_from("<HH6xH", data)
    if flags & _ENCRYPTED:
        yield from remarks.encrypted(context, place)
        return
    if version < _FIRST_97:
        start, end = struct.unpack_from("<II", data, 0x18)
        runs = [_Run(start, max(0, min(end, len(data)) - start), wide=False)]
    else:
        try:
            runs = _runs(data, tables.get("1Table" if flags & _WHICH_TABLE else "0Table", b""))
        except (struct.error, IndexError, ValueError):
            runs = []
        if not runs:
            yield from remarks.broken(context, place, "doc", "its piece table does not parse")
    yield from _stories(data, runs, version, place, context)
    if version >= _FIRST_97 and len(data) > _SAVED_BY + 8 and struct.unpack_from("<I", data, _SAVED_BY + 4)[0] > 6:
        where = place.inside("table of who saved it")
        yield remarks.metadata(
            context,
            where,
            "hvem der har gemt dokumentet hvor",
            "who saved the document where",
            severity=Severity.REVIEW,
        )
    yield from _unseen(data, runs, tables.get("1Table" if flags & _WHICH_TABLE else "0Table", b""), place, context)
    rest = bytearray(data)
    for run in runs:
        rest[run.start : run.start + run.length] = bytes(len(rest[run.start : run.start + run.length]))
    yield from strings_in(bytes(rest), place.inside("outside the text"), "bytes that no paragraph shows")
    yield from files_in(bytes(rest), place, context)


def _runs(data: bytes, table: bytes) -> list[_Run]:
    at, length = struct.unpack_from("<II", data, 0x01A2)
    clx = table[at : at + length]
    position = 0
    while position < len(clx) and clx[position] == 1:
        position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
    if position >= len(clx) or clx[position] != 2:
        return []
    (size,) = struct.unpack_from("<I", clx, position + 1)
    plc = clx[position + 5 : position + 5 + size]
    count = (len(plc) - 4) // 12
    edges = struct.unpack_from(f"<{count + 1}I", plc)
    runs = []
    for index in range(count):
        (where,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)
        letters = edges[index + 1] - edges[index]
        if letters < 0:
            raise ValueError("pieces run backwards")
        wide = not where & 0x40000000
        start = where & 0x3FFFFFFF
        runs.append(_Run(start if wide else start // 2, letters * (2 if wide else 1), wide))
    return runs


def _decode(data: bytes, wide: bool) -> str:
    text = data.decode("utf-16-le", "replace") if wide else data.decode("cp1252", "replace")
    return text.translate(_CONTROLS)


def _stories(data: bytes, runs: list[_Run], version: int, place: Place, context: Context) -> Iterator[Opened]:
    text = "".join(_decode(data[run.start : run.start + run.length], run.wide) for run in runs)
    raw = "".join(
        data[run.start : run.start + run.length].decode("utf-16-le" if run.wide else "cp1252", "replace")
        for run in runs
    )
    lengths = struct.unpack_from("<8I", data, 0x4C) if version >= _FIRST_97 and len(data) >= 0x6C else (len(raw),)
    at = 0
    for story, length in zip(_STORIES, lengths, strict=False):
        part = raw[at : at + length].translate(_CONTROLS)
        at += length
        if not part.strip():
            continue
        hidden = "comment" if story == "comments" else None
        if hidden:
            yield remarks.hidden(context, place.inside(story), "kommentarer", "comments")
        for start in range(0, len(part), 1 << 20):
            yield Text(
                place.inside(story),
                part[max(0, start - 256) : start + (1 << 20)],
                first_line=1 if not start else None,
                hidden=hidden,
            )
        if story == "text" and any(
            word in part for word in (" {DDE", " { DDE", "INCLUDETEXT", "INCLUDEPICTURE", " { LINK", " {LINK")
        ):
            yield remarks.external_link(
                context,
                place,
                "feltkoder, der henter udefra (DDE, LINK …)",
                "field codes that fetch from outside (DDE, LINK …)",
            )
    left = raw[at:].translate(_CONTROLS).strip()
    if len(left) > 3 or (not raw and text):
        yield Text(place.inside("after the stories"), left, hidden="text that belongs to no story")


def _unseen(data: bytes, runs: list[_Run], table: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Hidden, deleted and inserted text, by the character properties."""
    texts: dict[int, list[str]] = {_SPRM_DELETED: [], _SPRM_INSERTED: [], _SPRM_HIDDEN: []}
    try:
        for start, end, properties in _character_runs(data, table):
            for code in _sprms_set(properties):
                for run in runs:
                    low, high = max(start, run.start), min(end, run.start + run.length)
                    if low < high:
                        texts[code].append(_decode(data[low:high], run.wide))
    except (struct.error, IndexError):
        yield from remarks.broken(context, place, "doc", "its character properties do not parse")
    for code, da, en in (
        (_SPRM_DELETED, "slettet tekst i rettelsessporet", "deleted text among tracked changes"),
        (_SPRM_INSERTED, "rettelsesspor er ikke afsluttet", "tracked changes are not settled"),
        (_SPRM_HIDDEN, "skjult tekst", "hidden text"),
    ):
        if any(text.strip() for text in texts[code]):
            yield remarks.hidden(context, place, da, en, count=len(texts[code]))
            if code != _SPRM_INSERTED:
                yield Text(place.inside(en), "".join(texts[code]), hidden=en)


def _character_runs(data: bytes, table: bytes) -> Iterator[tuple[int, int, bytes]]:
    at, length = struct.unpack_from("<II", data, 0xFA)
    bins = table[at : at + length]
    count = (len(bins) - 4) // 8
    for index in range(max(count, 0)):
        (page,) = struct.unpack_from("<I", bins, 4 * (count + 1) + 4 * index)
        block = data[(page & 0x3FFFFF) * 512 : (page & 0x3FFFFF) * 512 + 512]
        if len(block) < 512:
            continue
        runs = block[511]
        if 5 * runs + 4 > 511:
            continue
        edges = struct.unpack_from(f"<{runs + 1}I", block)
        for number in range(runs):
            offset = block[4 * (runs + 1) + number] * 2
            if offset:
                yield edges[number], edges[number + 1], block[offset + 1 : offset + 1 + block[offset]]


def _sprms_set(properties: bytes) -> list[int]:
    """Which of the properties looked for are switched on."""
    found = []
    at = 0
    while at + 3 <= len(properties):
        (code,) = struct.unpack_from("<H", properties, at)
        at += 2
        if code in (_SPRM_DELETED, _SPRM_INSERTED, _SPRM_HIDDEN) and properties[at] in (1, 0x81):
            found.append(code)
        size = _OPERAND.get(code >> 13)
        at += size if size is not None else 1 + properties[at]
    return found
