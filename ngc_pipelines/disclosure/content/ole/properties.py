"""Property sets: who wrote a document, and what a user noted beside it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_USER_DEFINED: Final = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")
_SUMMARY: Final = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_THUMBNAIL: Final = 17
_PERSONAL: Final = frozenset({2, 3, 4, 5, 6, 8})
_MOST: Final = 2000


def read_properties(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Values of one property set stream; whatever does not parse comes as strings."""
    try:
        lines, custom, personal, thumbnail = _sections(data)
    except (struct.error, IndexError, ValueError, OverflowError):
        lines, custom, personal, thumbnail = [], 0, 0, False
        yield from remarks.broken(context, place, "properties", "the property set does not parse")
    if lines:
        yield Text(place, "\n".join(lines), hidden="document property")
    yield from strings_in(data, place.inside("strings"), "document property")
    if custom:
        yield remarks.metadata(
            context,
            place,
            "egenskaber tilføjet af brugeren",
            "properties added by a user",
            severity=Severity.REVIEW,
            count=custom,
        )
    elif personal:
        yield remarks.metadata(context, place, "dokumentets egenskaber", "document properties", count=personal)
    if thumbnail:
        yield remarks.hidden(context, place, "miniature af en tidligere side", "thumbnail of some earlier page")
        yield from files_in(data, place, context)


def _sections(data: bytes) -> tuple[list[str], int, int, bool]:
    lines: list[str] = []
    custom = personal = 0
    thumbnail = False
    (count,) = struct.unpack_from("<I", data, 24)
    for index in range(min(count, 8)):
        kind = data[28 + 20 * index : 44 + 20 * index]
        (start,) = struct.unpack_from("<I", data, 44 + 20 * index)
        _, properties = struct.unpack_from("<II", data, start)
        for at in range(min(properties, _MOST)):
            identifier, offset = struct.unpack_from("<II", data, start + 8 + 8 * at)
            if identifier in (0, 1) or identifier >= 0x80000000:
                continue
            thumbnail |= identifier == _THUMBNAIL and kind == _SUMMARY
            value = _value(data, start + offset)
            if value:
                lines.append(value)
                custom += kind == _USER_DEFINED
                personal += identifier in _PERSONAL and kind == _SUMMARY
    return lines, custom, personal, thumbnail


def _value(data: bytes, at: int) -> str:
    (kind,) = struct.unpack_from("<I", data, at)
    kind &= 0xFFFF
    if kind in (30, 31):
        (length,) = struct.unpack_from("<I", data, at + 4)
        if kind == 31:
            return data[at + 8 : at + 8 + 2 * length].decode("utf-16-le", "replace").rstrip("\0")
        return data[at + 8 : at + 8 + length].decode("latin-1").rstrip("\0")
    if kind in (3, 22):
        return str(struct.unpack_from("<i", data, at + 4)[0])
    if kind in (19, 23):
        return str(struct.unpack_from("<I", data, at + 4)[0])
    if kind == 20:
        return str(struct.unpack_from("<q", data, at + 4)[0])
    if kind == 5:
        return f"{struct.unpack_from('<d', data, at + 4)[0]:.15g}"
    if kind == 64:
        (ticks,) = struct.unpack_from("<Q", data, at + 4)
        moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        return moment.date().isoformat() if ticks > 10**16 else ""
    return ""
