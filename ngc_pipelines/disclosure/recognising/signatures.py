"""What the first bytes say: magic numbers, and whether bytes are text at all.

Nothing here parses a container; that is `structure`.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

HEAD: Final = 8192

MAGICS: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"II+\x00", "tiff"),
    (0, b"MM\x00+", "tiff"),
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rt", "rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PK\x07\x08PK\x03\x04", "zip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"MSCF\x00\x00\x00\x00", "cab"),
    (257, b"ustar", "tar"),
    (0, b"SQLite format 3\x00", "sqlite"),
    (0, b"\x89HDF\r\n\x1a\n", "hdf5"),
    (0, b"PAR1", "parquet"),
    (0, b"CRAM", "cram"),
    (0, b"Obj\x01", "avro"),
    (0, b"\x7fELF", "elf"),
    (0, b"\x09\x00\x04\x00\x00\x00\x10\x00", "biff"),
    (0, b"\x09\x02\x06\x00\x00\x00\x10\x00", "biff"),
    (0, b"\x09\x04\x06\x00\x00\x00\x10\x00", "biff"),
    (0, b"\x09\x04\x06\x00\x00\x00\x40\x00", "biff"),
    (0, b"\x09\x08\x08\x00\x00\x05\x05\x00", "biff"),
    (0, b"\x09\x08\x10\x00\x00\x06\x05\x00", "biff"),
    (0, b"\xd7\xcd\xc6\x9a", "wmf"),
    (40, b" EMF", "emf"),
    (0, b"RDX2\n", "rds"),
    (0, b"RDX3\n", "rds"),
)
"""Offset, bytes and type. BAM, BCF and R's gzipped data are gzip outside."""

_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\x0c\x1b\x08")
_BINARY_CONTROL: Final = bytes(code for code in range(32) if code not in _TEXT_CONTROLS)
_BOMS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def magic(head: bytes) -> str | None:
    """The type whose signature stands in `head`, or None.

    Args:
        head: the first bytes of a file, `HEAD` of them where there are as many.
    """
    for offset, signature, kind in MAGICS:
        if head.startswith(signature, offset):
            return kind
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head[:2] == b"BM" and _is_bitmap(head):
        return "bmp"
    if len(head) > 2 and head[0] == 0x80 and head[1] in (2, 3, 4, 5) and head[2:3] in b"}]c\x95(":
        return "pickle"
    return None


def _is_bitmap(head: bytes) -> bool:
    """Two letters prove little; the size of the header that follows is known."""
    return len(head) >= 26 and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124)


def text_encoding(head: bytes) -> str | None:
    """The encoding in which `head` is text, or None where it is not.

    UTF-16 and UTF-32 without a mark are told by where their zero bytes stand.
    One control character in a hundred is forgiven: logs hold some.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if not head:
        return "utf-8"
    if b"\x00" in head:
        return _wide_encoding(head)
    controls = len(head) - len(head.translate(None, _BINARY_CONTROL))
    if controls * 100 > len(head):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # may break off inside a letter
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _wide_encoding(head: bytes) -> str | None:
    length = len(head) - len(head) % 4
    if length < 8:
        return None
    zeros = [head[at:length:4].count(0) / (length // 4) for at in range(4)]
    if min(zeros[2:]) > 0.95 and zeros[0] < 0.2:
        return "utf-32-le"
    if min(zeros[:2]) > 0.95 and zeros[3] < 0.2:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    if even > 0.6 and odd < 0.1:
        return "utf-16-be"
    return None


_MARKUP: Final = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+([a-z]+)[^>\[]*(?:\[.*?\])?[^>]*>\s*)?"
    r"(?:<!--.*?-->\s*)*(?:<\?[^>]*\?>\s*)*(?:<([a-z_][\w.:-]*))?",
    re.IGNORECASE | re.DOTALL,
)
_HTML_STARTS: Final = frozenset({"html", "head", "body", "script", "style", "title", "div", "table", "meta", "p"})


def markup_type(text: str) -> str | None:
    """`svg`, `html`, `xml` … from a text's beginning, or None where it is no markup."""
    text = text.lstrip("\ufeff")
    stripped = text.lstrip()
    if not stripped.startswith("<"):
        return None
    match = _MARKUP.match(text)
    doctype, root = ((match.group(1) or "").lower(), match.group(2) or "") if match else ("", "")
    local = root.rpartition(":")[2].lower()
    if local == "svg" or doctype == "svg":
        return "svg"
    if doctype == "html" or local in _HTML_STARTS:
        return "html"
    if "schemas.microsoft.com/office/2006/xmlpackage" in text or "mso-application" in text:
        return "flat_xml"
    if "urn:schemas-microsoft-com:office:spreadsheet" in text and local == "workbook":
        return "flat_xml"
    if "schemas.microsoft.com/office/word/2003/wordml" in text:
        return "flat_xml"
    return "xml" if root or stripped[:9].lower().startswith(("<?xml", "<!doctype")) else None
