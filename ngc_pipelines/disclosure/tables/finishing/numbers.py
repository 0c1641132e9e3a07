"""A number written as its neighbours in the document are: decimals, decimal sign, thousands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_ANY = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"^\d{1,3}([ .,'’\u00a0\u202f])\d{3}(?:\1\d{3})*$")


def thousands_of(texts: Iterable[str], counts: Iterable[int]) -> str:
    """The sign between thousands in a table's counts; empty for none."""
    large = {str(count) for count in counts if count >= 1000}
    for text in texts:
        match = _THOUSANDS.match(text.strip())
        if match is not None and re.sub(r"\D", "", text) in large:
            return match[1]
    return ""


def count_text(count: int, thousands: str) -> str:
    """A count with the table's sign between thousands."""
    return f"{count:,}".replace(",", thousands) if thousands else str(count)


def share_of(count: int, base: int, per: int, decimals: int) -> Decimal | None:
    """A percentage or rate as it would be printed; None over nobody."""
    if base <= 0:
        return None
    return (Decimal(count) * per / base).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def with_numbers(template: str, numbers: Iterable[str]) -> str | None:
    """A text whose numbers are replaced, in their order; None where it has another number of them."""
    new = list(numbers)
    pieces = _ANY.split(template)
    if len(pieces) != len(new) + 1:
        return None
    return "".join(f"{piece}{number}" for piece, number in zip(pieces, [*new, ""], strict=True))


def decimal_sign(text: str) -> str:
    """The decimal sign in a text with a decimal number; a point where it has none."""
    match = re.search(r"\d([.,])\d{1,2}(?!\d)", text) or re.search(r"\d([.,])\d+\D*$", text)
    return match[1] if match is not None else "."
