"""What a CPR number is: dates, centuries, modulus 11, and the forms of replacements.

The rules of one number, strict and without regard to where it stands
(`spec` of the CPR office; replacement forms of SDS, the regions and STIL).
Where numbers are searched for lives in `texts` and `columns`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

Form = Literal["cpr", "x_ecpr", "d_ecpr", "kot", "day60"]

_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_SHAPE = re.compile(r"[0-9]{6}[- ]?(?:[0-9]{4}|[0-9][A-Za-z]{2}[0-9]|[A-Za-z]{3}[0-9])")
_X_CENTURY = {"1": 1900, "7": 2000}
_D_CENTURY = {"0": 1900, "6": 2000, "5": 1800}


def looks_like_cpr(text: str) -> bool:
    """Whether a token alone has the form of a CPR or replacement number, of any date."""
    return _SHAPE.fullmatch(text) is not None


def century(two_digits: int, seventh: int) -> int:
    """The century that position 7 gives a year of two digits, e.g. 1900."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if two_digits <= 36 else 1900
    return 2000 if two_digits <= 57 else 1800


def birth_date(ddmmyy: str, seventh: str) -> date | None:
    """The date in the first seven digits of a CPR number; None where there is no such day."""
    year = int(ddmmyy[4:6])
    return day_of(century(year, int(seventh)) + year, ddmmyy[2:4], ddmmyy[:2])


def day_of(year: int, month: str, day: str) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def form_of(ten: str, *, as_of: date) -> Form | None:
    """Which sort of number ten characters without separator are, or None.

    Args:
        as_of: the day of the judgement; nobody is born after it.
    """
    if not ten[:6].isascii() or not ten[:6].isdigit() or len(ten) != 10:
        return None
    tail = ten[6:]
    if tail.isdigit():
        if _past(birth_date(ten[:6], tail[0]), as_of):
            return "cpr"
        raised = f"{int(ten[0]) - 6}{ten[1:6]}" if ten[0] in "6789" else ""
        return "day60" if raised and _past(birth_date(raised, tail[0]), as_of) else None
    if not tail[3].isdigit() or not tail[1:3].isalpha():
        return None
    if tail[0] in _X_CENTURY:
        return "x_ecpr" if _lettered(ten, _X_CENTURY[tail[0]], as_of) else None
    if tail[0] in _D_CENTURY:
        return "d_ecpr" if _lettered(ten, _D_CENTURY[tail[0]], as_of) else None
    if tail[0].isalpha():
        return "kot" if _lettered(ten, 1900, as_of) or _lettered(ten, 2000, as_of) else None
    return None


def passes_modulus_11(ten: str) -> bool:
    """Whether the control digit holds; numbers issued since 2007 need not."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, ten, strict=True)) % 11 == 0


def _lettered(ten: str, base: int, as_of: date) -> bool:
    return _past(day_of(base + int(ten[4:6]), ten[2:4], ten[:2]), as_of)


def _past(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
