"""Where in a text something has the shape of a CPR number: one pass of re2 over bytes.

Shapes only, with the boundaries and dates that make them worth a look; whether
a candidate counts, alone or with words around it, is judged in `texts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ngc_pipelines.disclosure.byte_patterns import compiled
from ngc_pipelines.disclosure.identifiers.cpr import Form, day_of, form_of

Strength = Literal["strict", "odd", "loose", "bare", "masked"]
"""`strict`: a hit alone. `odd`: for a person to look at. `loose`, `bare`: with context or in numbers.
`masked`: a birth date still."""

_DAY = rb"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = rb"(?:0[1-9]|1[0-2])"
# Hyphen, blank, dot, slash, low line; the Unicode dashes, the minus sign, no-break and thin blanks, the soft hyphen.
_SEPARATOR = (
    rb"(?:[-\x20._/:]|\xe2\x80[\x80-\x95\xaf]|\xe2\x88\x92|\xc2\xa0|\xc2\xad|\xef\xb9\xa3|\xef\xbc\x8d"
    rb"|\x20?(?:-|\xe2\x80[\x90-\x95])\x20?)"
)
_HIDDEN = rb"(?:[0-9][Xx*#?]{3}|[0-9]{2}[Xx*#?]{2}|[0-9]{3}[Xx*#?]|[Xx*#?\xe2\x80\xa2]{4})"
_TAIL = rb"(?:[0-9]{4}|" + _HIDDEN + rb"|[0-9][A-Za-z]{2}[0-9]|[A-Za-z]{3}[0-9])"
_SIX = _DAY + _MONTH + rb"[0-9]{2}"
_PAIR = rb"[-./\x20]"
_NOT_DIGIT = rb"(?:\A|[^0-9])"

_PATTERNS: dict[str, bytes] = {
    "plain": _SIX + _SEPARATOR + rb"?" + _TAIL,
    "broken": _SIX + rb"-[\x20\t]*\r?\n[\x20\t]*[0-9]{4}",
    "paired": _DAY + _PAIR + _MONTH + _PAIR + rb"[0-9]{2}[-./\x20][0-9]{4}",
    "year_first": rb"(?:1[89]|20)[0-9]{2}" + _MONTH + _DAY + _SEPARATOR + rb"?[0-9]{4}",
    "year_first_apart": rb"(?:1[89]|20)[0-9]{2}-" + _MONTH + rb"-" + _DAY + rb"[-_/][0-9]{4}",
    "year_last_apart": _DAY + rb"[-./]" + _MONTH + rb"[-./](?:1[89]|20)[0-9]{2}[-_/][0-9]{4}",
    "year_last": _DAY + _MONTH + rb"(?:1[89]|20)[0-9]{2}" + _SEPARATOR + rb"[0-9]{4}",
    "spelled": rb"[0-9](?:[\x20._,-]{1,2}[0-9]){5}[\x20._,-]{1,3}[0-9](?:[\x20._,-]{1,2}[0-9]){3}",
    "backwards": rb"[0-9]{4}-[0-9]{2}[01][0-9][0-9]{2}",
    "nordic": rb"[0-9]{2}" + _MONTH + rb"(?:0[1-9]|[12][0-9]|3[01])-[0-9]{4}",
}
_KINDS = tuple(_PATTERNS)
PATTERN = _NOT_DIGIT + rb"(?:" + b"|".join(b"(" + pattern + b")" for pattern in _PATTERNS.values()) + rb")"
"""Everything that may be a number, its group telling which spelling."""
_HEXADECIMAL, _DIGEST = b"0123456789abcdefABCDEF", 32
_ALNUM = re.compile(rb"[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of characters that may be a CPR number.

    Args:
        start, end: in bytes of the text searched.
        strength: what it takes to make it a finding.
        form: which sort of number.
        ten: its ten characters without separator; for comparing within one file only.
    """

    start: int
    end: int
    strength: Strength
    form: Form
    ten: str


def candidates(text: bytes, *, as_of: date) -> Iterator[Candidate]:
    """Everything in a text that has a shape and a date of a CPR number."""
    for match in compiled(PATTERN).finditer(text):
        group = match.lastindex
        start, end = match.span(group)
        if _goes_on(text, start, end):
            continue
        found = _judged(_KINDS[group - 1], match.group(group), as_of)
        if found is not None:
            strength, form, ten = found
            if strength == "bare" and _in_digest(text, start, end):
                continue
            if strength == "strict" and _in_numbers(text, start, end, match.group(group)):
                strength = "loose"
            yield Candidate(start, end, strength, form, ten)


def _judged(kind: str, found: bytes, as_of: date) -> tuple[Strength, Form, str] | None:
    kept = b"".join(_ALNUM.findall(found)).decode("ascii")
    match kind:
        case "plain":
            return _plain(found, kept, as_of)
        case "broken" | "paired":
            form = form_of(kept, as_of=as_of)
            tidy = kind == "broken" or found.count(b"-") == 3
            return form and ("strict" if tidy else "loose", form, kept)
        case "year_first":
            return _long(found, kept[8:], kept[:4], kept[4:6], kept[6:8], as_of)
        case "year_first_apart":
            return _long_apart(kept[8:], kept[:4], kept[4:6], kept[6:8], as_of)
        case "year_last_apart":
            return _long_apart(kept[8:], kept[4:8], kept[2:4], kept[:2], as_of)
        case "year_last":
            return _long(found, kept[8:], kept[4:8], kept[2:4], kept[:2], as_of)
        case "spelled":
            form = form_of(kept, as_of=as_of) if len(kept) == 10 else None
            # Ten single digits are a row of any matrix; with one hyphen after the sixth, a number spelled apart.
            apart = found.count(b"-") == 1 and len(_ALNUM.findall(found.split(b"-")[0])) == 6
            return form and ("strict" if apart else "loose", form, kept)
        case "backwards":
            form = form_of(kept[::-1], as_of=as_of)
            return form and ("odd", form, kept[::-1])
        case _:
            turned = kept[4:6] + kept[2:4] + kept[:2] + kept[6:]
            form = form_of(turned, as_of=as_of)
            return form and ("loose", form, turned)


def _plain(found: bytes, kept: str, as_of: date) -> tuple[Strength, Form, str] | None:
    if not found[-1:].isdigit() or len(kept) < 10 or kept[6:].upper() == "XXXX":
        six = kept[:6]
        return (
            ("masked", "cpr", six) if form_of(f"{six}0000", as_of=as_of) or form_of(f"{six}4000", as_of=as_of) else None
        )
    form = form_of(kept, as_of=as_of)
    if form is None:
        return None
    separated = len(found) > 10
    if form in ("cpr", "day60"):
        return ("strict" if separated else "bare"), form, kept
    # Letters in capitals hardly ever come up by chance; small ones stand in hexadecimal digests.
    certain = separated or kept[6:].upper() == kept[6:]
    return ("strict" if certain else "loose"), form, kept


def _long(found: bytes, serial: str, year: str, month: str, day: str, as_of: date) -> tuple[Strength, Form, str] | None:
    born = day_of(int(year), month, day)
    if born is None or born > as_of:
        return None
    ten = f"{day}{month}{year[2:]}{serial}"
    like_a_time = int(serial[:2]) < 24 and int(serial[2:]) < 60
    separated = len(found) > 12
    # 20240115-1234 is a time stamp in most logs, and 12 digits alone any number.
    certain = separated and not (like_a_time and born.year >= 1990)
    return ("strict" if certain else "loose"), "cpr", ten


def _long_apart(serial: str, year: str, month: str, day: str, as_of: date) -> tuple[Strength, Form, str] | None:
    """A date written out with four digits behind; not where these are a time, a year or a part of a date."""
    born = day_of(int(year), month, day)
    like_a_time = int(serial[:2]) < 24 and int(serial[2:]) < 60
    if born is None or born > as_of or like_a_time or 1850 <= int(serial) <= 2099:
        return None
    return "strict", "cpr", f"{day}{month}{year[2:]}{serial}"


def _goes_on(text: bytes, start: int, end: int) -> bool:
    """Whether the run stands inside a longer number, or behind a decimal point."""
    if end < len(text) and 48 <= text[end] <= 57:
        return True
    if not text[start:end].isdigit():
        return False
    before = text[max(0, start - 3) : start]
    if before[-1:] == b"+":
        return True
    # `5,0201609995` is two fields of a line, `0,0201609995` a fraction; with a point both are fractions.
    return before[-2:-1].isdigit() and (before[-1:] == b"." or (before[-2:] == b"0," and not before[:-2].isdigit()))


def _in_digest(text: bytes, start: int, end: int) -> bool:
    """Whether ten digits stand inside a hexadecimal digest, where they come up by chance."""
    before, after = text[max(0, start - 64) : start], text[end : end + 64]
    left = len(before) - len(before.rstrip(_HEXADECIMAL))
    return left + 10 + len(after) - len(after.lstrip(_HEXADECIMAL)) >= _DIGEST


def _in_numbers(text: bytes, start: int, end: int, found: bytes) -> bool:
    """Whether a number split by a blank or a dot stands among other numbers, as in a printed table."""
    if not any(mark in found for mark in (b" ", b".", b"/", b":", b"\xc2\xa0")):
        return False
    if b"-" in found:
        return False
    before = text[max(0, start - 12) : start].split(b"\n")[-1].rstrip(b" \t.")
    after = text[end : end + 12].split(b"\n")[0].lstrip(b" \t")
    return before[-1:].isdigit() or after[:1].isdigit() or b"." in found
