"""Binary Office documents (xls, doc, ppt) with the secret in each place."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import olefile
import xlwt

from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding, compound
from ngc_pipelines_tests.disclosure_places.workbooks import workbook

_WIDE = SECRET.encode("utf-16-le")
_SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
_USER = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def workbook_stream(write: Callable[[Any, Any], object] | None = None) -> bytes:
    """The stream of a small clean workbook, with something more written by `write(book, sheet)`."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Table 1")
    for row, (region, persons) in enumerate([("Region", "Persons"), ("North", 120), ("South", 230)]):
        sheet.write(row, 0, region)
        sheet.write(row, 1, persons)
    if write is not None:
        write(book, sheet)
    out = io.BytesIO()
    book.save(out)
    with olefile.OleFileIO(io.BytesIO(out.getvalue())) as old:
        return bytes(old.openstream("Workbook").read())


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _after_first_record(stream: bytes, record: bytes) -> bytes:
    """One more record among those of the workbook as a whole."""
    length = 4 + struct.unpack_from("<H", stream, 2)[0]
    return stream[:length] + record + stream[length:]


def _hide(sheet: Any, visibility: int) -> None:
    sheet.visibility = visibility


def _xls() -> Iterator[tuple[str, bytes]]:
    def other(book: Any, visibility: int) -> None:
        sheet = book.add_sheet("Sheet 2")
        sheet.write(0, 0, SECRET)
        _hide(sheet, visibility)

    white = xlwt.easyxf("font: color white")
    nothing = xlwt.easyxf(num_format_str=";;;")
    written: tuple[tuple[str, Callable[[Any, Any], object]], ...] = (
        ("cell", lambda _, sheet: sheet.write(8, 0, SECRET)),
        ("cell far away", lambda _, sheet: sheet.write(65_535, 255, SECRET)),
        ("hidden sheet", lambda book, _: other(book, 1)),
        ("very hidden sheet", lambda book, _: other(book, 2)),
        ("hidden row", lambda _, sheet: (sheet.write(8, 0, SECRET), setattr(sheet.row(8), "hidden", True))),
        ("hidden column", lambda _, sheet: (sheet.write(1, 6, SECRET), setattr(sheet.col(6), "hidden", True))),
        ("white text", lambda _, sheet: sheet.write(8, 0, SECRET, white)),
        (";;; format", lambda _, sheet: sheet.write(8, 0, SECRET, nothing)),
        ("formula", lambda _, sheet: sheet.write(8, 0, xlwt.Formula(f'LEN("{SECRET}")'))),
        (
            "address of a link",
            lambda _, sheet: sheet.write(8, 0, xlwt.Formula(f'HYPERLINK("http://x/{SECRET}";"x")')),
        ),
        ("header", lambda _, sheet: setattr(sheet, "header_str", SECRET.encode())),
        ("footer", lambda _, sheet: setattr(sheet, "footer_str", SECRET.encode())),
        (
            "rich text over runs",
            lambda _, sheet: sheet.write_rich_text(8, 0, ("cpr 0201", ("60-9995 id PX8", white.font), "3K2M7Q4")),
        ),
    )
    for place, write in written:
        yield place, compound({"Workbook": workbook_stream(write)})
    plain = workbook_stream()
    text = struct.pack("<HB", len(SECRET), 0) + SECRET.encode()
    yield (
        "comment",
        compound(
            {"Workbook": _after_first_record(plain, _record(0x1B6, bytes(18)) + _record(0x3C, b"\0" + SECRET.encode()))}
        ),
    )
    yield (
        "defined name",
        compound({"Workbook": _after_first_record(plain, _record(0x18, bytes(14) + b"\0n\x17" + text[:1] + text[2:]))}),
    )
    yield "unknown record", compound({"Workbook": _after_first_record(plain, _record(0x1FF, _WIDE))})
    yield "pivot cache", compound({"Workbook": plain, "_SX_DB_CUR/0001": _record(0xCD, text) + _record(0x0A, b"")})
    yield from _around("Workbook", plain)


def _around(name: str, stream: bytes) -> Iterator[tuple[str, bytes]]:
    """Places that every compound file has."""
    yield "custom property", compound({name: stream, "\x05DocumentSummaryInformation": _properties(_USER, 2)})
    yield "document properties", compound({name: stream, "\x05SummaryInformation": _properties(_SUMMARY, 6)})
    yield "other stream", compound({name: stream, "Notes": SECRET.encode()})
    yield "other stream in two bytes a letter", compound({name: stream, "Store/Notes": _WIDE})
    yield (
        "picture's metadata in a stream",
        compound({name: stream, "Pictures": bytes(25) + jpeg_with_comment(SECRET) + bytes(9)}),
    )
    yield (
        "embedded workbook",
        compound({name: stream, "MBD01/Package": workbook(lambda _, sheet: sheet.write(8, 0, SECRET))}),
    )
    native = b"\x02\x00note.txt\0C:\\note.txt\0\0\0\x03\0" + (12).to_bytes(4, "little") + b"C:\\note.txt\0"
    native += len(SECRET).to_bytes(4, "little") + SECRET.encode()
    yield "embedded file", compound({name: stream, "MBD01/\x01Ole10Native": len(native).to_bytes(4, "little") + native})
    yield "sectors that no stream owns", compound({name: stream}, free=SECRET.encode())
    yield "deleted text in two bytes a letter", compound({name: stream}, free=_WIDE)
    yield "after the last sector", compound({name: stream}) + SECRET.encode()


def _properties(kind: bytes, identifier: int) -> bytes:
    value = struct.pack("<II", 30, len(SECRET) + 1) + SECRET.encode() + b"\0"
    section = struct.pack("<IIII", 16 + len(value), 1, identifier, 16) + value
    return struct.pack("<HHI16sI", 0xFFFE, 0, 2, bytes(16), 1) + kind + struct.pack("<I", 48) + section


def doc(
    text: str = "", *, comment: str = "", header: str = "", wide: bool = False, properties: bytes = b""
) -> dict[str, bytes]:
    """The streams of a Word document of one piece.

    Args:
        properties: of the letters of `text`, as Word writes them.
    """
    first = "The groups do not differ.\r"
    stories = [first + text + "\r", header, comment]
    whole = "".join(stories)
    letters = whole.encode("utf-16-le" if wide else "cp1252")
    start = 2048
    stream = bytearray(start + len(letters) + 1024)
    struct.pack_into("<HH", stream, 0, 0xA5EC, 193)
    struct.pack_into("<H", stream, 0x0A, 0x0200)
    struct.pack_into("<8I", stream, 0x4C, len(stories[0]), 0, len(header), 0, len(comment), 0, 0, 0)
    stream[start : start + len(letters)] = letters
    where = start if wide else start * 2 | 0x40000000
    pieces = struct.pack("<II", 0, len(whole)) + struct.pack("<HIH", 0, where, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    table = bytearray(clx)
    struct.pack_into("<II", stream, 0x01A2, 0, len(clx))
    if properties:
        low = start + len(first) * (2 if wide else 1)
        high = low + len(text) * (2 if wide else 1)
        page = -(-(start + len(letters)) // 512)
        stream = stream.ljust((page + 1) * 512, b"\0")
        block = bytearray(512)
        struct.pack_into("<II", block, 0, low, high)
        block[8] = 100
        block[200] = len(properties)
        block[201 : 201 + len(properties)] = properties
        block[511] = 1
        stream[page * 512 : page * 512 + 512] = block
        struct.pack_into("<II", stream, 0xFA, len(table), 12)
        table += struct.pack("<III", low, high, page)
    return {"WordDocument": bytes(stream), "1Table": bytes(table)}


def _docs() -> Iterator[tuple[str, bytes]]:
    yield "text", compound(doc(SECRET))
    yield "text in two bytes a letter", compound(doc(SECRET, wide=True))
    yield "header", compound(doc(header=SECRET))
    yield "comment", compound(doc(comment=SECRET))
    yield "hidden text", compound(doc(SECRET, properties=struct.pack("<HB", 0x083C, 1)))
    yield "deleted text", compound(doc(SECRET, properties=struct.pack("<HB", 0x0800, 1)))
    yield "field code", compound(doc(f'\x13QUOTE "{SECRET}"\x14x\x15'))
    streams = doc()
    yield "table stream", compound(streams | {"1Table": streams["1Table"] + bytes(8) + _WIDE})
    yield "outside the text", compound(streams | {"WordDocument": streams["WordDocument"] + bytes(8) + SECRET.encode()})
    plain = streams["WordDocument"]
    yield from _around("WordDocument", plain)


def _atom(kind: int, body: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(body)) + body


def ppt(*more: bytes) -> bytes:
    """The stream of a presentation of one slide and what follows it."""
    return _atom(1006, _atom(4000, "Results".encode("utf-16-le")), 15) + b"".join(more)


def _ppts() -> Iterator[tuple[str, bytes]]:
    packed = b"".join((len(SECRET).to_bytes(4, "little"), zlib.compress(SECRET.encode())))
    places = (
        ("text", _atom(1006, _atom(4000, _WIDE), 15)),
        ("text in one byte a letter", _atom(1006, _atom(4008, SECRET.encode()), 15)),
        ("speaker notes", _atom(1008, _atom(4000, _WIDE), 15)),
        ("hidden slide", _atom(1006, _atom(1017, bytes(10) + b"\x04\0" + bytes(4)) + _atom(4000, _WIDE), 15)),
        ("comment", _atom(12000, _atom(4026, _WIDE), 15)),
        ("unknown record", _atom(999, _WIDE)),
        ("packed object", _atom(4113, packed, 16)),
        ("picture's metadata", _atom(998, jpeg_with_comment(SECRET))),
        ("cut-off record", struct.pack("<HHI", 0, 997, 99_999) + _WIDE),
    )
    for place, record in places:
        yield place, compound({"PowerPoint Document": ppt(record)})
    yield from _around("PowerPoint Document", ppt())


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret, of each type here."""
    yield "xls", compound({"Workbook": workbook_stream()})
    yield "xlm", compound({"Workbook": workbook_stream()})
    yield "doc", compound(doc())
    yield "ppt", compound({"PowerPoint Document": ppt()})


def hidings() -> Iterator[Hiding]:
    """Every place of the binary types."""
    for extension, made in (("xls", _xls()), ("xlm", _xls()), ("doc", _docs()), ("ppt", _ppts())):
        for place, data in made:
            yield Hiding(extension, place, data)
