"""The record parts of xlsb: strings and numbers out of BIFF12, without formulas.

Such workbooks are not allowed to leave; they are met inside other documents,
where what they hold must be seen all the same.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.cells import SheetRows, column_number
from ngc_pipelines.disclosure.pieces import Cell, Opened, Raw, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_STRING_ITEM: Final = 19
_ROW: Final = 0
_SHEET: Final = 156
_COLUMNS_MAX: Final = column_number("XFD")


def is_records(data: bytes) -> bool:
    """Whether bytes read as a run of BIFF12 records from their beginning to the end."""
    at = count = 0
    while at < len(data) and count < 64:
        _, size, start = _header(data, at)
        if start < 0 or start + size > len(data):
            return False
        at = start + size
        count += 1
    return count > 1


def read_records(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Cells of a sheet, shared strings and any other text of one record part."""
    rows = SheetRows(place, None, lambda size: context.budget.spend_bytes(size))
    strings: list[str] = []
    cells: dict[int, Cell] = {}
    row = 0
    at = 0
    while at < len(data):
        kind, size, start = _header(data, at)
        if start < 0 or start + size > len(data):
            yield from remarks.broken(context, place, "BIFF12", "a record is cut off")
            break
        body = data[start : start + size]
        at = start + size
        if kind == _ROW and size >= 4:
            rows.row(row + 1, _dense(cells))
            cells = {}
            row = struct.unpack_from("<I", body)[0] & 0xFFFFF
        elif 1 <= kind <= 11 and size >= 8:
            column = struct.unpack_from("<I", body)[0]
            value = _cell(kind, body[8:])
            if value is not None and column < _COLUMNS_MAX:
                cells[column] = value
        elif kind == _SHEET and size > 12 and body[0] in (1, 2):
            yield remarks.hidden(context, place, "skjult ark", "hidden sheet")
            yield Raw(place.inside("hidden sheet"), body)
        elif kind == _STRING_ITEM:
            strings.append(_wide(body[1:]))
        else:
            text = body.decode("utf-16-le", "ignore") if size > 12 else ""
            if any(run.isprintable() and len(run) > 5 for run in text.split("\0")):
                yield Raw(place.inside(f"record {kind}"), body)
    rows.row(row + 1, _dense(cells))
    yield from rows.finish()
    for first in range(0, len(strings), 10_000):
        yield Text(place, "\n".join(strings[first : first + 10_000]), first_line=first + 1)


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """Kind, size and start of a record's body; start is -1 where it is cut off."""
    try:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
    except IndexError:
        return 0, 0, -1
    return kind, size, at


def _dense(cells: dict[int, Cell]) -> list[Cell]:
    return [cells.get(column) for column in range(max(cells) + 1)] if cells else []


def _cell(kind: int, body: bytes) -> Cell:
    try:
        if kind == 2:
            raw = struct.unpack_from("<i", body)[0]
            packed = struct.pack("<q", (raw & ~3) << 32)
            value: float = raw >> 2 if raw & 2 else struct.unpack("<d", packed)[0]
            value = value / 100 if raw & 1 else value
            return int(value) if value == int(value) else value
        if kind in (5, 9):
            value = struct.unpack_from("<d", body)[0]
            return int(value) if value == value and abs(value) < 1e15 and value == int(value) else value
        if kind in (6, 8):
            return _wide(body)
        if kind in (4, 10):
            return bool(body[0])
    except (struct.error, IndexError, OverflowError):
        return None
    return None


def _wide(body: bytes) -> str:
    if len(body) < 4:
        return ""
    length = struct.unpack_from("<I", body)[0]
    return body[4 : 4 + 2 * length].decode("utf-16-le", "replace")
