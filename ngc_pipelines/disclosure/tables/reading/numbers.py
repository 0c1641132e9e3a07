"""What is printed in one cell: numbers with their decimals, signs and brackets.

Danish and English formats (`1.234,5`, `1,234.5`, `1 234`), percent signs, and
cells that hold several (`12 (4,5 %)`, `5,2 [3,1; 8,4]`). What a number means is
told by `meaning`; marks in place of numbers are read by `tables.marks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

_BLANKS = "\u00a0\u202f\u2009\u2007"
_MINUS = "-−–"
_NUMBER = re.compile(
    r"(?P<sign>[-+−–]?)"
    r"(?P<body>\d{1,3}(?:[ .,'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)"
    r"(?P<exponent>[eE][-+]?\d{1,3})?"
)
# Most cells of most tables: one number, with a percent sign or without, or `12 (4,5 %)`.
_SIMPLE = re.compile(r"(-?\d+)(?:([.,])(\d+))?( ?%)?(?: ?\( ?(\d+)(?:([.,])(\d+))?( ?%)?\))?")
_BLANK_SIGNS = str.maketrans(dict.fromkeys(_BLANKS, " "))
_WORDS = re.compile(r"pct\.?|til\b|to\b|CI\b|KI\b|SD\b|n\s*=", re.IGNORECASE)


class Decimals(StrEnum):
    """Which sign separates decimals in a table; told by its numbers together."""

    POINT = "."
    COMMA = ","
    UNKNOWN = ""


class Token(NamedTuple):
    """One number of a cell.

    Args:
        value: the number.
        decimals: digits printed after the decimal sign.
        percent: whether a percent sign follows.
        bracket: the bracket it stands in: `(`, `[` or empty.
        compared: `<`, `>`, `≤`, `≥` before it, or empty.
        position: which number of its bracket it is, from 0.
        joint: `/` or `±` where one stands before it, as in `3/120`, `52 ± 4`.
    """

    value: Decimal
    decimals: int
    percent: bool = False
    bracket: str = ""
    compared: str = ""
    position: int = 0
    joint: str = ""


def decimals_of(texts: Iterable[str]) -> Decimals:
    """Which decimal sign a table's cells use, as far as any of them tells.

    A sign followed by other than three digits separates decimals; one that is
    repeated, or followed by a different sign, separates thousands.
    """
    points = commas = 0
    for text in texts:
        if "." not in text and "," not in text:
            continue
        for match in _NUMBER.finditer(text):
            body = match["body"]
            last = max(body.rfind("."), body.rfind(","))
            if last < 0:
                continue
            sign, after = body[last], len(body) - last - 1
            both = "." in body and "," in body
            if both or after != 3 or body.startswith(("0.", "0,", ".", ",")):
                points += sign == "."
                commas += sign == ","
            elif body.count(sign) > 1:
                points += sign == ","
                commas += sign == "."
    if points == commas:
        return Decimals.UNKNOWN
    return Decimals.POINT if points > commas else Decimals.COMMA


def tokens_of(text: str, decimals: Decimals) -> tuple[Token, ...] | None:
    """The numbers of a cell in order; None where it holds words besides.

    Args:
        decimals: the table's decimal sign; where unknown, a sign with exactly
            three digits after it separates thousands.
    """
    cell = text.strip()
    if not cell or len(cell) > 80:
        return None
    plain = plain_tokens(cell, decimals)
    if plain is not None:
        return plain
    if not cell.isascii():
        cell = cell.translate(_BLANK_SIGNS)
    found: list[Token] = []
    bracket, position, at = "", 0, 0
    compared = joint = ""
    while at < len(cell):
        sign = cell[at]
        match = _NUMBER.match(cell, at)
        if match is not None and (match["sign"] in ("", "+") or _may_be_signed(cell, at)):
            token_end = match.end()
            rest = cell[token_end:].lstrip()
            percent = rest.startswith("%") or rest.casefold().startswith("pct")
            token = _token(match, decimals, percent, bracket, compared, position)
            found.append(token._replace(joint=joint) if joint else token)
            position, compared, joint, at = position + 1, "", "", token_end
            continue
        if sign in "([{":
            bracket, position = sign, 0
        elif sign in ")]}":
            bracket = ""
        elif sign in "<>≤≥":
            compared = sign
        elif sign in "/±" and found:
            joint = sign
        elif sign in "%*†‡§¹²³ ;,/:=–-−±~":
            pass
        elif (word := _WORDS.match(cell, at)) is not None:
            at = word.end() - 1
        else:
            return None
        at += 1
    return tuple(found) or None


def plain_tokens(cell: str, decimals: Decimals) -> tuple[Token, ...] | None:
    """The numbers of a cell like `12`, `4,5 %` or `12 (4,5 %)`; None where they are not told at a glance.

    Args:
        cell: without blanks around.
    """
    match = _SIMPLE.fullmatch(cell)
    if match is None:
        return None
    whole, sign, part, percent, share, share_sign, share_part, share_percent = match.groups()
    if sign is None:
        first = Token(Decimal(whole), 0, percent is not None)
    elif len(part) == 3 and sign != decimals.value:
        return None
    else:
        first = Token(Decimal(f"{whole}.{part}"), len(part), percent is not None)
    if share is None:
        return (first,)
    if share_sign is None:
        return first, Token(Decimal(share), 0, share_percent is not None, "(")
    if len(share_part) == 3 and share_sign != decimals.value:
        return None
    return first, Token(Decimal(f"{share}.{share_part}"), len(share_part), share_percent is not None, "(")


def _may_be_signed(cell: str, at: int) -> bool:
    """Whether a dash here is a minus and not the dash of a span."""
    if at == 0:
        return True
    after_number = at >= 2 and cell[at - 1] == " " and cell[at - 2].isdigit()
    return cell[at - 1] in " ([;,<>≤≥=" and not after_number


def _token(
    match: re.Match[str], decimals: Decimals, percent: bool, bracket: str, compared: str, position: int
) -> Token:
    body = match["body"]
    for blank in " '’":
        body = body.replace(blank, "")
    last = max(body.rfind("."), body.rfind(","))
    if last >= 0:
        sign, after = body[last], len(body) - last - 1
        both = "." in body and "," in body
        thousands = (
            not both
            and after == 3
            and body[: body.find(sign)].lstrip("0")[3:] == ""
            and (
                body.count(sign) > 1
                or (decimals is not Decimals.UNKNOWN and sign != decimals.value)
                or (decimals is Decimals.UNKNOWN and not body.startswith(("0", sign)))
            )
        )
        whole = body if thousands else body[:last]
        part = "" if thousands else body[last + 1 :]
        body = whole.replace(".", "").replace(",", "") + (f".{part}" if part else "")
    else:
        part = ""
    negative = bool(match["sign"]) and match["sign"] in _MINUS
    value = Decimal((body or "0") + (match["exponent"] or ""))
    return Token(-value if negative else value, len(part), percent, bracket, compared, position)
