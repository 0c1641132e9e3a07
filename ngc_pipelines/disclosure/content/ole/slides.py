"""PowerPoint's binary presentations: text of slides and notes, objects inside."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_SLIDE, _NOTES, _MASTER = 1006, 1008, 1016
_SHOW_INFO: Final = 1017
_WIDE_TEXT, _NARROW_TEXT, _STRING = 4000, 4008, 4026
_OBJECT: Final = 4113
_COMMENT: Final = 12000
_CRYPT: Final = 0x2F14
_DEEPEST: Final = 32
_HEADER: Final = 8


def read_slides(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Texts by slide, notes and comments, embedded objects, and strings elsewhere."""
    yield from _Walk(place, context).walk(data)


class _Walk:
    def __init__(self, place: Place, context: Context) -> None:
        self._place = place
        self._context = context
        self._slides = 0
        self._notes = 0
        self._said: set[str] = set()
        self._rest = bytearray()

    def walk(self, data: bytes) -> Iterator[Opened]:
        yield from self._records(data, self._place, 0, None)
        rest = bytes(self._rest)
        yield from strings_in(rest, self._place.inside("other records"), None)
        yield from files_in(rest, self._place, self._context)

    def _records(self, data: bytes, where: Place, depth: int, hidden: str | None) -> Iterator[Opened]:
        at = 0
        while at + _HEADER <= len(data):
            version, kind, length = struct.unpack_from("<HHI", data, at)
            body = data[at + _HEADER : at + _HEADER + length]
            at += _HEADER + length
            if len(body) < length:
                yield from remarks.broken(self._context, where, "ppt", "a record is cut off")
            if kind == _CRYPT:
                yield from remarks.encrypted(self._context, self._place)
            elif version & 0xF == 0xF and depth < _DEEPEST:
                yield from self._container(kind, body, where, depth, hidden)
            else:
                yield from self._atom(kind, version >> 4, body, where, hidden)
        if 0 < len(data) - at < _HEADER or (at < len(data)):
            self._rest += data[at:] + b"\0\0"

    def _container(self, kind: int, body: bytes, where: Place, depth: int, hidden: str | None) -> Iterator[Opened]:
        if kind == _SLIDE:
            self._slides += 1
            where = self._place.inside(f"slide {self._slides}")
        elif kind == _NOTES:
            self._notes += 1
            where, hidden = self._place.inside(f"notes {self._notes}"), "speaker notes"
            yield from self._once(where, "talernoter", "speaker notes")
        elif kind == _MASTER:
            where = self._place.inside("master")
        elif kind == _COMMENT:
            where, hidden = where.inside("comment"), "comment"
            yield from self._once(where, "kommentarer", "comments")
        yield from self._records(body, where, depth + 1, hidden)

    def _once(self, where: Place, da: str, en: str) -> Iterator[Opened]:
        if en not in self._said:
            self._said.add(en)
            yield remarks.hidden(self._context, where, da, en)

    def _atom(self, kind: int, instance: int, body: bytes, where: Place, hidden: str | None) -> Iterator[Opened]:
        if kind in (_WIDE_TEXT, _STRING):
            text = body.decode("utf-16-le", "replace")
        elif kind == _NARROW_TEXT:
            text = body.decode("cp1252", "replace")
        elif kind == _SHOW_INFO and len(body) >= 12 and struct.unpack_from("<H", body, 10)[0] & 0x4:
            yield remarks.hidden(self._context, where, "skjult dias", "hidden slide")
            return
        elif kind == _OBJECT:
            yield from self._object(instance, body, where)
            return
        else:
            self._rest += body + b"\0\0"
            return
        text = text.replace("\r", "\n").replace("\x0b", "\n")
        if text.strip():
            yield Text(where, text, hidden=hidden)

    def _object(self, instance: int, body: bytes, where: Place) -> Iterator[Opened]:
        """An embedded object or a VBA project, plain or deflated."""
        data = body
        if instance == 1 and len(body) > 4:
            (size,) = struct.unpack_from("<I", body)
            try:
                unpacker = zlib.decompressobj()
                data = unpacker.decompress(body[4:], min(size, self._context.budget.limits.expanded_bytes) + 1)
            except zlib.error:
                yield from remarks.broken(self._context, where, "embedded object", "its packed bytes are damaged")
                return
            self._context.budget.spend_bytes(len(data), packed=len(body))
        yield remarks.embedded(self._context, where, "indlejret objekt", "embedded object")
        yield from self._context.open_inside(data, None, where.inside("embedded object"))
