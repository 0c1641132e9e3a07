"""Bytes into text: which encoding a text is in, and its lines in blocks.

UTF-8, -16 and -32 with and without marks, Windows-1252 (which includes
Latin-1's letters), lines of several encodings in one file, EBCDIC. Nothing is
ever skipped: what is no text in any of them comes as Latin-1, byte for byte.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ngc_pipelines.disclosure.opening import Source

BLOCK = 1 << 20
OVERLAP = 256
_SAMPLE = 1 << 16

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNITS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
_LINE_END = re.compile(rb"\r\n?|\n")
_EBCDIC_TEXT = frozenset(range(0x81, 0xAA)) | frozenset(range(0xC1, 0xEA)) | frozenset(range(0xF0, 0xFA)) | {0x40, 0x25}
_EBCDIC_SPACE = 0x40


def encoding_of(source: Source) -> tuple[str, int]:
    """The encoding of a text and the length of its mark.

    `mixed` stands for UTF-8 with lines of Windows-1252 in between.
    """
    head = bytes(source.view(0, _SAMPLE))
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    wide = _wide(head)
    if wide:
        return wide, 0
    return ("cp500" if _is_ebcdic(head) else "mixed"), 0


def _wide(head: bytes) -> str | None:
    """UTF-16 or -32 without a mark, by where its zeros stand."""
    usable = head[: len(head) // 4 * 4]
    if len(usable) < 4 or usable.count(0) < len(usable) // 5:
        return None
    zeros = [usable[at::4].count(0) * 4 / len(usable) for at in range(4)]
    if zeros[0] < 0.3 and min(zeros[1:]) > 0.8:
        return "utf-32-le"
    if zeros[3] < 0.3 and min(zeros[:3]) > 0.8:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    # Zeros in both are zeros put between letters, which are left out.
    if odd > 0.5 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.5 and odd < 0.1 else None


def _is_ebcdic(head: bytes) -> bool:
    if len(head) < 16 or head.count(_EBCDIC_SPACE) * 50 < len(head) or head.count(b" ") * 50 > len(head):
        return False
    return sum(code in _EBCDIC_TEXT for code in head) > 0.8 * len(head)


def blocks(source: Source) -> Iterator[tuple[int, str]]:
    r"""The text in blocks of whole lines, each with the number of its first line.

    Line ends come as `\n`, NUL characters are left out. A line longer than a
    block comes in pieces that overlap by `OVERLAP` characters.
    """
    encoding, start = encoding_of(source)
    number = 1
    held = ""
    for text, last in _decoded(source, encoding, start):
        text = held + text
        # What is broken over the last two lines is seen together: the end of the text needs no line end.
        cut = len(text) if last and len(text) <= 2 * BLOCK else text.rfind("\n") + 1
        if not text:
            continue
        if not cut:
            if len(text) <= BLOCK:
                held = text
                continue
            yield number, text
            held = text[-OVERLAP:]
            continue
        yield number, text[:cut]
        number += text.count("\n", 0, cut)
        held = text[cut:]
    if held:
        yield number, held


def _decoded(source: Source, encoding: str, start: int) -> Iterator[tuple[str, bool]]:
    decoder = _MixedDecoder() if encoding in ("utf-8", "mixed") else _StrictlyReplacing(encoding)
    ended_in_return = False
    size = BLOCK // 4 * _UNITS.get(encoding, 4)
    for at in range(start, len(source), size):
        last = at + size >= len(source)
        text = decoder.decode(bytes(source.view(at, at + size)), final=last)
        if ended_in_return and text.startswith("\n"):
            text = text[1:]
        ended_in_return = text.endswith("\r")
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        yield text.replace("\0", "") if "\0" in text else text, last


class _StrictlyReplacing:
    """An encoding with units of its own; what is none of it is shown as such."""

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def decode(self, data: bytes, *, final: bool) -> str:
        return self._decoder.decode(data, final)


class _MixedDecoder:
    """UTF-8, and line by line Windows-1252 where a line is no UTF-8."""

    def __init__(self) -> None:
        self._held = b""

    def decode(self, data: bytes, *, final: bool) -> str:
        data = self._held + data if self._held else data
        if data.isascii():
            self._held = b""
            return data.decode("ascii")
        cut = len(data)
        if not final:
            # A character may be cut in two; the last line waits, unless it is all there is.
            cut = data.rfind(b"\n") + 1 or _whole_characters(data)
        self._held = data[cut:]
        data = data[:cut]
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return "".join(_line(line) for line in _with_ends(data))


def _whole_characters(data: bytes) -> int:
    for back in range(1, min(4, len(data)) + 1):
        code = data[-back]
        if code < 0x80:
            break
        if code >= 0xC0:
            return len(data) - back
    return len(data)


def _with_ends(data: bytes) -> Iterator[bytes]:
    at = 0
    for match in _LINE_END.finditer(data):
        yield data[at : match.end()]
        at = match.end()
    if at < len(data):
        yield data[at:]


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
