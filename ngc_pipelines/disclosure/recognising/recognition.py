"""Putting name and bytes together: the type to open, and what speaks against it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.recognising.signatures import HEAD, magic, markup_type, text_encoding
from ngc_pipelines.disclosure.recognising.structure import compound_type, zip_type
from ngc_pipelines.disclosure.recognising.types import EXTENSIONS, TEXT_EXTENSIONS, type_name

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Source


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file's bytes are.

    Args:
        type: name of the type, a key of `content.OPENERS` or `unknown`.
        findings: the name says another type; two types at once.
    """

    type: str
    findings: tuple[Finding, ...] = ()


_SECOND_HEADERS: Final = (
    (b"%PDF-1.", "pdf"),
    (b"{\\rtf1", "rtf"),
)
_COMPOUND: Final = frozenset({"ole", "doc", "xls", "ppt", "encrypted_ooxml"})
_SCRIPT: Final = re.compile(rb"<(?:script|html|svg|iframe)[\s>]", re.IGNORECASE)
_READ_AS: Final = {**TEXT_EXTENSIONS, "html": "html", "htm": "html", "xml": "xml"}
_TAIL: Final = 65_557  # a zip's end record and its longest comment


def recognise(source: Source, extension: str | None, place: Place | None = None) -> Recognised:
    """The type of `source` by content, and findings where its name says another.

    Args:
        source: the bytes.
        extension: of the file's name, lower case without the dot; None for
            embedded things, whose name (if any) promises nothing.
        place: where it is, for the findings.
    """
    where = place or Place()
    kind = _type_by_content(source, extension)
    findings: list[Finding] = []
    if extension is not None:
        findings += _against_the_name(kind, extension, where)
    findings += _second_types(source, kind, where)
    return Recognised("ole" if kind == "encrypted_ooxml" else kind, tuple(findings))


def _type_by_content(source: Source, extension: str | None) -> str:
    head = bytes(source.view(0, HEAD))
    kind = magic(head)
    if kind == "zip":
        return zip_type(source)
    if kind == "ole":
        return compound_type(source)
    if kind is None and (b"PDF-" in head[:1024] and re.search(rb"%PDF-\d\.\d", head[:1024])):
        return "pdf"  # readers accept a header within the first KiB; the opener reports what precedes it
    if kind is None and _zip_directory(source) and text_encoding(head) is None:
        return zip_type(source)
    if kind is None and extension is None and _is_zlib(head):
        return "zlib"
    if kind is not None:
        return kind
    return _text_type(source, head, extension)


def _is_zlib(head: bytes) -> bool:
    """Two bytes prove little; the stream has to begin to unpack as well."""
    if len(head) < 8 or head[0] != 0x78 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        zlib.decompressobj().decompress(head, 1 << 16)
    except zlib.error:
        return False
    return True


def _text_type(source: Source, head: bytes, extension: str | None) -> str:
    encoding = text_encoding(head)
    if encoding is None:
        # Text that begins with a few odd bytes is text all the same: EBCDIC, a NUL in a log.
        return _READ_AS.get(extension or "", "unknown") if _mostly_text(source) else "unknown"
    text = head.decode(encoding, "replace")
    if extension in ("py", "r"):
        return TEXT_EXTENSIONS[extension]
    markup = markup_type(text)
    if markup is not None:
        return "html" if extension in ("html", "htm") and markup == "xml" else markup
    if extension in ("html", "htm") and ("<" in text and ">" in text):
        return "html"
    begins = text.lstrip("\ufeff \t\r\n")[:1]
    if extension is None and begins in ("{", "["):
        return "json"
    return "text"


def _mostly_text(source: Source) -> bool:
    sample = bytes(source.view(0, 1 << 16))
    return bool(sample) and sum(32 <= code < 127 or code in b"\t\r\n" or code >= 0xA0 for code in sample) > 0.9 * len(
        sample
    )


def _against_the_name(kind: str, extension: str, place: Place) -> list[Finding]:
    wanted = EXTENSIONS.get(extension)
    if wanted is None:
        return []  # whether such files leave at all is the policy's to say
    if kind in wanted or kind == "encrypted_ooxml":
        return []
    return [_mismatch(place, f".{extension}", type_name(kind))]


def _mismatch(place: Place, says: str, holds: str) -> Finding:
    return Finding(
        rule="DC-1",
        kind=Kind.TYPE_MISMATCH,
        severity=Severity.BLOCK,
        where=str(place),
        message=Words(
            f"Navnet siger {says}, men indholdet er noget andet ({holds}).",
            f"The name says {says}, the bytes are {holds}.",
        ),
        advice=Words(
            "Gem filen i den type, navnet siger, eller giv den det rigtige navn.",
            "Save the file as what its name says, or name it for what it is.",
        ),
    )


def _second_types(source: Source, kind: str, place: Place) -> list[Finding]:
    """Polyglots: bytes that a second program would read as another document."""
    seconds = []
    head = bytes(source.view(0, 1024))
    binary = kind not in ("text", "python", "r", "html", "xml", "json", "svg", "flat_xml")
    if binary and not _is_zip(kind) and _zip_directory(source, exact=kind in _COMPOUND):
        seconds.append("zip")
    seconds += [second for signature, second in _SECOND_HEADERS if second != kind and binary and signature in head]
    if kind in ("png", "jpeg", "gif", "bmp", "tiff") and _SCRIPT.search(head):
        seconds.append("html")
    return [
        Finding(
            rule="DC-1",
            kind=Kind.TYPE_MISMATCH,
            severity=Severity.BLOCK,
            where=str(place),
            message=Words(
                f"Filen kan læses som to typer på én gang: {type_name(kind)} og {type_name(second)}.",
                f"The file can be read as two types at once: {type_name(kind)} and {type_name(second)}.",
            ),
            advice=Words(
                "Gem filen på ny fra det program, der lavede den.", "Save the file anew from the program that made it."
            ),
        )
        for second in seconds
    ]


def _is_zip(kind: str) -> bool:
    return kind in ("zip", "ooxml", "xlsx", "xlsm", "xlsb", "docx", "docm", "pptx", "pptm")


def _zip_directory(source: Source, *, exact: bool = False) -> bool:
    """Whether a zip's end record stands at the file's end, pointing at a directory.

    Args:
        exact: nothing may follow it; compound files keep zips in their sectors.
    """
    size = len(source)
    tail = bytes(source.view(max(0, size - _TAIL), size))
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        return False
    if exact and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") != len(tail):
        return False
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    start = size - len(tail) + at - length
    return start >= 0 and bytes(source.view(start, start + 4)) == b"PK\x01\x02"
