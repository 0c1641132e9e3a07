"""Numbers and codes torn apart: over lines, over literals of a program, digit by digit, in words.

Finds where that may be, and puts it together; what the whole is, is judged in
`texts`. Characters that look like others are undone in `normalising`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ngc_pipelines.disclosure.byte_patterns import compiled

_PART = rb"[\"'`][0-9A-Za-z_\x20-]{1,20}[\"'`]"
_LITERALS = rb"(?:" + _PART + rb"[\x20\t\r\n]*(?:\+|\.\.?|&|\|\||<>)?[\x20\t\r\n]*){1,20}" + _PART
_PASTED = rb"(?i)(?:paste0?|str_c|concat|cat|join)(?-i)\([\x20\t]*(?:" + _PART + rb"[\x20\t]*,[\x20\t]*){1,20}" + _PART
_HYPHENATED = rb"[0-9A-Za-z]{1,12}-[\x20\t]*\r?\n[\x20\t]*[0-9A-Za-z]{1,12}(?:-[0-9]{1,6})?"
_STACKED = rb"(?:\A|\n)(?:[\x20\t]*[0-9-][\x20\t]*\r?\n){9,10}[\x20\t]*[0-9][\x20\t]*(?:\r?\n|\z)"

_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "nul": "0", "en": "1", "et": "1", "to": "2", "tre": "3", "fire": "4",
    "fem": "5", "seks": "6", "syv": "7", "otte": "8", "ni": "9",
}  # fmt: skip
_ONE_WORD = "|".join(sorted(_WORDS, key=len, reverse=True)).encode()
_IN_WORDS = (
    rb"(?i)\b(?:(?:" + _ONE_WORD + rb")(?:[\x20,-]{1,3}|\x20minus\x20|\x20dash\x20)){9}(?:" + _ONE_WORD + rb")\b"
)
_WORD = re.compile(rb"[a-z]+")

_DAY, _MONTH, _MARK = rb"(?:0[1-9]|[12][0-9]|3[01])", rb"(?:0[1-9]|1[0-2])", rb"[\x20.,'\xc2\xa0]{0,2}"
_APART = (
    rb"(?:\A|[^0-9.,])" + _DAY + _MARK + _MONTH + rb"[\x20.,-]?(?:19|20)?[0-9]" + _MARK + rb"[0-9]"
    rb"[\x20\r\n,;.:()\"'-]{1,4}[0-9]{2}[\x20.]?[0-9]{2}(?:[^0-9]|\z)"
)

PATTERNS = (_LITERALS, _PASTED, _HYPHENATED, _STACKED, _IN_WORDS, _APART)
_KEPT = re.compile(rb"[0-9A-Za-z-]+")
_CALL = re.compile(rb"^[A-Za-z_0-9]+\(")


@dataclass(frozen=True, slots=True)
class Torn:
    """Something put together.

    Args:
        start, end: in bytes of the text searched.
        whole: what it reads as.
        certain: whether a number with its hyphen is one without words that say so;
            numbers that merely stand side by side are not.
    """

    start: int
    end: int
    whole: bytes
    certain: bool


def torn(data: bytes, occurring: frozenset[int]) -> Iterator[Torn]:
    """Everything torn in a text.

    Args:
        occurring: which of `PATTERNS` occur in it.
    """
    for number in sorted(occurring):
        pattern = PATTERNS[number]
        for match in compiled(pattern).finditer(data):
            found = match.group()
            whole = _put_together(pattern, found, data[match.end() : match.end() + 4])
            if whole is not None and not (pattern is _APART and _among_numbers(data, match.start(), match.end())):
                yield Torn(match.start(), match.end(), whole, pattern is not _APART and pattern is not _STACKED)


def _among_numbers(data: bytes, start: int, end: int) -> bool:
    """Whether other numbers stand on the same line or the next to it, as in a table."""
    # What was found has a character more at either side, unless the text begins or ends there.
    start += not data[start : start + 1].isdigit()
    end -= not data[end - 1 : end].isdigit()
    before = data[max(0, start - 12) : start].rstrip(b"\r\n \t,;")
    after = data[end : end + 12].lstrip(b"\r\n \t,;")
    return before[-1:].isdigit() or after[:1].isdigit()


def _put_together(pattern: bytes, found: bytes, after: bytes) -> bytes | None:
    if pattern is _STACKED:
        # One more digit on a line of its own makes it a column of digits.
        more = re.match(rb"[ \t]*[0-9][ \t]*(?:\r?\n|$)", after)
        return None if more else b"".join(found.split())
    if pattern is _IN_WORDS:
        return "".join(_WORDS.get(word.decode(), "") for word in _WORD.findall(found.lower())).encode()
    if pattern is _HYPHENATED:
        before, _, behind = found.partition(b"\n")
        whole = before.rstrip(b"- \t\r") + behind.strip()
        return whole if any(48 <= code <= 57 for code in whole) else None
    if pattern is _APART:
        digits = b"".join(re.findall(rb"[0-9]+", found))
        # Eight digits and four: the century goes.
        return digits if len(digits) == 10 else digits[:4] + digits[6:] if len(digits) == 12 else None
    whole = b"".join(_KEPT.findall(_CALL.sub(b"", found)))
    return whole if any(48 <= code <= 57 for code in whole) else None
