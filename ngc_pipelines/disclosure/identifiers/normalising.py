"""Undoing disguises: characters that look like digits, that do not show, or that are escaped.

Only lines with something suspicious are touched; plain ASCII without escapes
passes at the speed of two searches.
"""

from __future__ import annotations

import html
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator

_CSS = rb"(?:\\(?:0{2,4})?[2-7][0-9A-Fa-f]\x20?){4}"
ESCAPES = _CSS + rb"|&#[0-9xX]|&[a-z]+;|%[0-9A-Fa-f]{2}|\\[uxUX][0-9A-Fa-f{]|\\[0-3][0-7]{2}|(?:=[0-9A-F]{2}){4}"
LETTERS_FOR_DIGITS = rb"(?:\A|[^0-9A-Za-z])[0-9OoIlSBZ]{6}[-\x20]?[0-9OoIlSBZ]{4}(?:[^0-9A-Za-z]|\z)"

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_UNSEEN_RUN = re.compile(f"[{_UNSEEN}\U000e0000-\U000e0fff]+")
# Everything that is neither Latin text, nor the punctuation and Greek of papers: other digits, full-width forms, …
_SUSPICIOUS = re.compile(
    f"[{_UNSEEN}\u00b2\u00b3\u00b9\u0400-\u052f\u0660-\u1fff\u2070-\u209f\u2160-\u218f\u2460-\u24ff\u2776-\u2793"
    "\u0300-\u036f\u20d0-\u20f0\u3000-\U000e0fff]"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－‧·•⁃"), "-")
_LOOKS = {"0": "ОоΟο", "1": "Іі\u04c0ǀΙ", "3": "Зз", "5": "Ѕѕ", "6": "б"}
_LIKE_DIGITS = {ord(letter): digit for digit, letters in _LOOKS.items() for letter in letters}
_CYRILLIC_AND_GREEK = "АВЕЅІЈКМНОРСТХУԌԚԜаеорсухѕіјԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_LATIN = "ABESIJKMHOPCTXYGQWaeopcyxsijdqwhABEZHIKMNOPTYXo"
_LETTERS = dict(zip(_CYRILLIC_AND_GREEK, _LATIN, strict=True))
_LIKE_LETTERS = {ord(letter): latin for letter, latin in _LETTERS.items()}
_MARKED = re.compile("(?<=[0-9-])[\u0300-\u036f\u0488\u0489\u20d0-\u20f0]+")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{6,}")
"""Variation selectors: one may follow a character; many are bytes that do not show."""
_CSS_RUN = re.compile(_CSS.decode())
_CSS_CODE = re.compile(r"\\(?:0{2,4})?([2-7][0-9A-Fa-f]) ?")
_PERCENT_DEPTH = 3
_LATIN_LIKE_DIGITS = str.maketrans("OoIlSBZ", "0011582")
_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9OoIlSBZ]{6}[- ]?[0-9OoIlSBZ]{4}(?![0-9A-Za-z])")
_CODED = re.compile(
    r"\\u\{0*([0-9A-Fa-f]{1,6})\}|\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})|\\U([0-9A-Fa-f]{8})|\\([0-3][0-7]{2})"
)
_QUOTED = re.compile(r"=([0-9A-F]{2})")
_QUOTED_RUNS = 4
"""Fewer `=30` are assignments, not quoted-printable."""


def undisguised(text: str, data: bytes, *, escaped: bool) -> Iterator[tuple[int, str]]:
    """The suspicious lines of a text as a reader would take them.

    Args:
        data: the same text in UTF-8.
        escaped: whether `ESCAPES` or `LETTERS_FOR_DIGITS` occur in it.

    Yields:
        the number of the line from 0, and the line with its disguises undone,
        where that changes it.
    """
    if not escaped and (data.isascii() or not _SUSPICIOUS.search(text)):
        return
    for number, line in enumerate(text.split("\n")):
        plain = plain_line(line)
        if plain != line:
            yield number, plain
        if not line.isascii():
            # The same letter may stand for a digit or for a letter of a code.
            lettered = plain_line(_UNSEEN_RUN.sub("", line).translate(_LIKE_LETTERS))
            if lettered not in (plain, line):
                yield number, lettered


def plain_line(line: str) -> str:
    """One line without disguises."""
    if len(_QUOTED.findall(line)) >= _QUOTED_RUNS:
        line = _QUOTED.sub(lambda match: chr(int(match[1], 16)), line)
    if "&" in line:
        line = html.unescape(html.unescape(line))
    for _ in range(_PERCENT_DEPTH):
        if "%" not in line:
            break
        line = urllib.parse.unquote(line, errors="replace")
    if "\\" in line and _CSS_RUN.search(line):
        line = _CSS_CODE.sub(lambda match: chr(int(match[1], 16)), line)
    if "\\" in line:
        line = _CODED.sub(_character, line)
    if not line.isascii():
        line = _SELECTORS.sub(_selected, _TAGS.sub(_tagged, line))
        line = _MARKED.sub("", _UNSEEN_RUN.sub("", line))
        line = unicodedata.normalize("NFKC", line).translate(_DASHES)
        line = "".join(map(_digit, line)) if not line.isascii() else line
    return _TOKEN.sub(_lettered_number, line)


def _character(match: re.Match[str]) -> str:
    for group, base in ((1, 16), (2, 16), (3, 16), (4, 16), (5, 8)):
        if match[group]:
            code = int(match[group], base)
            return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
    return match[0]


def _tagged(match: re.Match[str]) -> str:
    """Tag characters are ASCII that does not show."""
    return "".join(chr(ord(char) - 0xE0000) for char in match[0])


def _selected(match: re.Match[str]) -> str:
    data = bytes(ord(char) - (0xFE00 if char < "\U000e0100" else 0xE0100 - 16) for char in match[0])
    return data.decode("utf-8", "replace")


def _digit(char: str) -> str:
    if char < "\x80":
        return char
    value = unicodedata.decimal(char, None)
    if value is not None:
        return str(value)
    return _LIKE_DIGITS.get(ord(char), char)


def _lettered_number(match: re.Match[str]) -> str:
    """Letters for digits in what is a number otherwise; no word has six digits in it."""
    found = match[0]
    digits = sum(char.isdigit() for char in found)
    return found.translate(_LATIN_LIKE_DIGITS) if 6 <= digits < 10 else found
