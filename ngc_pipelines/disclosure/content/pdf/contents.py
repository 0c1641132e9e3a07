"""Text out of a content stream without drawing it: for what no page shows.

Fonts are read only as far as their ToUnicode map goes; everything else is
taken as Latin-1, which is what simple fonts mostly are.
"""

from __future__ import annotations

import re
from typing import Any, Final

_TOKEN: Final = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\)|<[0-9A-Fa-f\s]*>|/[^\s/\[\]()<>{}%]+|\[|\]|<<|>>|[-+]?\d*\.?\d+|[A-Za-z'\"*]+",
    re.DOTALL,
)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_PAIR: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_WIDE_GAP: Final = -200.0


def string_bytes(token: bytes) -> bytes:
    """The bytes that a literal or hexadecimal string means."""
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return re.sub(rb"\\([0-7]{1,3}|.)", _escape, token[1:-1], flags=re.DOTALL)


def _escape(match: re.Match[bytes]) -> bytes:
    code = match.group(1)
    if code.isdigit():
        return bytes([int(code, 8) & 255])
    return _ESCAPES.get(code, code)


def unicode_map(cmap: bytes) -> dict[bytes, str]:
    """Codes and what they mean, from a ToUnicode map; at most 65,536 of them."""
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in _PAIR.findall(block):
            found[_bytes(code)] = _bytes(text).decode("utf-16-be", "replace")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, first, listed in _RANGE.findall(block):
            start, end, width = int(low, 16), int(high, 16), (len(low) + 1) // 2
            texts = [_bytes(one).decode("utf-16-be", "replace") for one in re.findall(rb"<([0-9A-Fa-f\s]+)>", listed)]
            base = _bytes(first) if first else b""
            for offset in range(min(end - start + 1, 65_536 - len(found))):
                code = (start + offset).to_bytes(width, "big") if start + offset < 1 << (8 * width) else b""
                if texts:
                    found[code] = texts[offset] if offset < len(texts) else ""
                elif base:
                    value = int.from_bytes(base, "big") + offset
                    found[code] = value.to_bytes(len(base) + 1, "big")[-len(base) :].decode("utf-16-be", "replace")
    return found


def _bytes(digits: bytes) -> bytes:
    digits = re.sub(rb"\s", b"", digits)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _decode(data: bytes, mapping: dict[bytes, str]) -> str:
    if not mapping:
        return data.decode("latin-1")
    width = len(next(iter(mapping)))
    return "".join(mapping.get(data[at : at + width], "") for at in range(0, len(data), max(width, 1)))


def font_maps(resources: Any) -> dict[bytes, dict[bytes, str]]:
    """The ToUnicode maps of the fonts in a resource dictionary, by their names."""
    import pikepdf

    maps: dict[bytes, dict[bytes, str]] = {}
    try:
        fonts = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
        for name, font in (fonts or {}).items():
            cmap = font.get("/ToUnicode")
            if isinstance(cmap, pikepdf.Stream):
                maps[str(name).encode()] = unicode_map(cmap.read_bytes())
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError):
        return maps
    return maps


def shown_text(content: bytes, resources: Any) -> str:
    """The text that a content stream would show, line by line as far as told."""
    maps = font_maps(resources)
    lines: list[str] = []
    line: list[str] = []
    mapping: dict[bytes, str] = {}
    stack: list[bytes] = []
    for match in _TOKEN.finditer(content):
        token = match.group()
        first = token[:1]
        if first.isalpha() or first in (b"'", b'"'):
            if token == b"Tf" and len(stack) >= 2:
                mapping = maps.get(stack[-2], {})
            elif token in (b"Tj", b"TJ", b"'", b'"'):
                if token in (b"'", b'"'):
                    lines.append("".join(line))
                    line = []
                line += _pieces(stack, mapping)
            elif token in (b"Td", b"TD", b"T*", b"Tm", b"ET") and line:
                lines.append("".join(line))
                line = []
            elif token in (b"BDC", b"DP"):
                lines += [_decode_text(string_bytes(one)) for one in stack if one[:1] == b"(" and len(one) > 5]
            stack = []
        else:
            stack.append(token)
            if len(stack) > 5000:
                stack = stack[-2500:]
    lines.append("".join(line))
    return "\n".join(text for text in lines if text.strip())


def _pieces(stack: list[bytes], mapping: dict[bytes, str]) -> list[str]:
    pieces: list[str] = []
    for one in stack:
        if one[:1] == b"(" or (one[:1] == b"<" and one != b"<<"):
            pieces.append(_decode(string_bytes(one), mapping))
        elif one[:1] == b"-" and len(one) < 12 and pieces and float(one) < _WIDE_GAP:
            pieces.append(" ")
    return pieces


def _decode_text(data: bytes) -> str:
    """A text string of PDF: UTF-16 with its mark, UTF-8 with its mark, or one byte each."""
    if data.startswith(b"\xfe\xff"):
        return data[2:].decode("utf-16-be", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    return data.decode("latin-1")
