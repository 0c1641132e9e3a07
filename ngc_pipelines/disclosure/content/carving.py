"""What lies in bytes of no known format: readable strings, and whole files inside.

For streams whose format is not worth a reader: slack, drawings, private
records. Cutting out is generous; what was cut is opened by its own opener.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_LETTERS: Final = rb"\x09\x0a\x0d\x20-\x7e\xc5\xc6\xd8\xe5\xe6\xf8\xc4\xd6\xdc\xe4\xf6\xfc"
_NARROW: Final = re.compile(rb"[" + _LETTERS + rb"]{5,}")
_WIDE: Final = re.compile(rb"(?:[" + _LETTERS + rb"\xa0]\x00|[\x10-\x15]\x20){4,}")
_FILES: Final = re.compile(
    rb"%PDF-1\.|PK\x03\x04|\x89PNG\r\n\x1a\n|\xff\xd8\xff[\xe0\xe1\xdb\xee]|GIF8[79]a|\{\\rtf1|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)
_NAMES: Final = {
    b"%PD": "pdf",
    b"PK\x03": "zip",
    b"\x89PN": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF": "gif",
    b"{\\r": "rtf",
    b"\xd0\xcf\x11": "ole",
}
_BLOCK: Final = 1 << 20


def strings_in(data: bytes, place: Place, hidden: str | None) -> Iterator[Text]:
    """Readable runs of one-byte and of two-byte letters, a run a line."""
    for pattern, encoding in ((_WIDE, "utf-16-le"), (_NARROW, "latin-1")):
        lines: list[str] = []
        length = 0
        number = 1
        for match in pattern.finditer(data):
            run = match.group().decode(encoding, "replace").strip()
            if len(run) < 4:
                continue
            lines.append(run)
            length += len(run)
            if length > _BLOCK:
                yield Text(place, "\n".join(lines), first_line=number, hidden=hidden)
                number += len(lines)
                lines, length = [], 0
        if lines:
            yield Text(place, "\n".join(lines), first_line=number, hidden=hidden)


def files_in(data: bytes, place: Place, context: Context, *, start: int = 0) -> Iterator[Opened]:
    """Whole files found in `data` from `start` on, each opened one level deeper."""
    at = start
    while True:
        match = _FILES.search(data, at)
        if match is None:
            return
        end = _end_of(data, match.start())
        kind = _NAMES[match.group()[:3]]
        if end is None:
            at = match.end()
            continue
        yield from context.open_inside(
            data[match.start() : end], f"carved.{kind}", place.inside(f"{kind} at byte {match.start()}")
        )
        at = end


def _end_of(data: bytes, at: int) -> int | None:
    """Where the file that begins at `at` ends, or None where it is none."""
    head = data[at : at + 3]
    if head == b"\x89PN":
        end = data.find(b"IEND\xaeB`\x82", at)
        return end + 8 if end >= 0 else None
    if head == b"\xff\xd8\xff":
        return _jpeg_end(data, at)
    if head == b"PK\x03":
        end = data.rfind(b"PK\x05\x06")
        return end + 22 + int.from_bytes(data[end + 20 : end + 22], "little") if end > at else None
    if head == b"%PD":
        end = data.rfind(b"%%EOF")
        return end + 5 if end > at else len(data)
    if head == b"{\\r":
        return _rtf_end(data, at)
    if head == b"GIF":
        end = data.find(b"\x00\x3b", at)
        return end + 2 if end >= 0 else None
    return len(data)


def _jpeg_end(data: bytes, at: int) -> int | None:
    position = at + 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return None
        marker = data[position + 1]
        if marker == 0xDA:
            end = data.find(b"\xff\xd9", position)
            return end + 2 if end >= 0 else len(data)
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None


def _rtf_end(data: bytes, at: int) -> int:
    depth = 0
    for match in re.finditer(rb"[{}]", data[at:]):
        depth += 1 if match.group() == b"{" else -1
        if not depth:
            return at + match.end()
    return len(data)
