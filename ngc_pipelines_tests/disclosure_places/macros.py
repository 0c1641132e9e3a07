"""Documents with the secret in a macro: VBA projects written from nothing."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places import old_office, presentations, workbooks
from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding, compound, relation, repacked

_SOURCE = 'Attribute VB_Name = "Module1"\r\nSub Report()\r\n{}\r\nEnd Sub\r\n'


def _packed(data: bytes) -> bytes:
    """VBA's compression, with letters alone: eight of them after each flag byte."""
    container = b"\x01"
    for start in range(0, len(data), 3600):
        part = data[start : start + 3600]
        tokens = b"".join(b"\0" + part[at : at + 8] for at in range(0, len(part), 8))
        container += struct.pack("<H", 0xB000 | (len(tokens) + 2 - 3)) + tokens
    return container


def _sized(kind: int, body: bytes) -> bytes:
    return struct.pack("<HI", kind, len(body)) + body


def _directory(offset: int) -> bytes:
    """The `dir` stream of a project of one module."""
    name, empty = b"Project", b""
    project = (
        _sized(0x01, struct.pack("<I", 1))
        + _sized(0x02, struct.pack("<I", 0x409))
        + _sized(0x14, struct.pack("<I", 0x409))
    )
    project += _sized(0x03, struct.pack("<H", 1252)) + _sized(0x04, name) + _sized(0x05, empty) + _sized(0x40, empty)
    project += _sized(0x06, empty) + _sized(0x3D, empty) + _sized(0x07, bytes(4)) + _sized(0x08, bytes(4))
    project += struct.pack("<HIIH", 0x09, 4, 1, 1) + _sized(0x0C, empty) + _sized(0x3C, empty)
    module = b"Module1"
    wide = module.decode().encode("utf-16-le")
    modules = _sized(0x0F, struct.pack("<H", 1)) + _sized(0x13, struct.pack("<H", 0xFFFF))
    modules += _sized(0x19, module) + _sized(0x47, wide) + _sized(0x1A, module) + _sized(0x32, wide)
    modules += (
        _sized(0x1C, empty) + _sized(0x48, empty) + _sized(0x31, struct.pack("<I", offset)) + _sized(0x1E, bytes(4))
    )
    modules += _sized(0x2C, struct.pack("<H", 0xFFFF)) + _sized(0x21, empty) + _sized(0x2B, empty)
    return project + modules + _sized(0x10, empty)


def project(line: str, prefix: str = "") -> dict[str, bytes]:
    """The streams of a VBA project whose one macro has one line.

    Args:
        prefix: the storage that holds it, with its slash.
    """
    performance = bytes(16)
    return {
        f"{prefix}PROJECT": b'ID="{0}"\r\nModule=Module1\r\nName="Project"\r\n',
        f"{prefix}VBA/dir": _packed(_directory(len(performance))),
        f"{prefix}VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff\x00\x00\x00",
        f"{prefix}VBA/Module1": performance + _packed(_SOURCE.format(line).encode("latin-1")),
    }


_LINES = (("literal of a macro", f'    who = "{SECRET}"'), ("remark of a macro", f"    ' {SECRET}"))


def hidings() -> Iterator[Hiding]:
    """Macros in each type that may have some."""
    book, deck = workbooks.clean(), presentations.clean()
    for place, line in _LINES:
        binary = compound(project(line))
        yield Hiding(
            "xlsm",
            place,
            repacked(
                book,
                relation("xl/_rels/workbook.xml.rels", "vbaProject.bin", "vbaProject") | {"xl/vbaProject.bin": binary},
            ),
        )
        yield Hiding(
            "pptm",
            place,
            repacked(
                deck,
                relation("ppt/_rels/presentation.xml.rels", "vbaProject.bin", "vbaProject")
                | {"ppt/vbaProject.bin": binary},
            ),
        )
        yield Hiding("doc", place, compound(old_office.doc() | project(line, "Macros/")))
        streams = {"Workbook": old_office.workbook_stream()} | project(line, "_VBA_PROJECT_CUR/")
        yield Hiding("xls", place, compound(streams))
        yield Hiding("xlm", place, compound(streams))
