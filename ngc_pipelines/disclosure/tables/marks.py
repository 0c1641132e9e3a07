"""What stands in place of a number, and what it says about the number.

The marks of the contract and their variants; legends in a table's notes are
read by `reading`, which passes what they say.
"""

from __future__ import annotations

import re

from ngc_pipelines.disclosure.tables.printed import Mark

_NEUTRAL = frozenset(
    {"", "*", "**", "***", ".", "..", "...", "…", "-", "–", "—", "x", "X", ":", "z", "c", "#", "•", "†"}
)
_NEUTRAL_WORDS = frozenset(
    {
        "na",
        "n/a",
        "n.a.",
        "nan",
        "none",
        "null",
        "n.s.",
        "ns",
        "suppressed",
        "hidden",
        "blændet",
        "skjult",
        "udeladt",
        "diskretioneret",
    }
)
_BELOW = re.compile(
    r"^(?:n\s*)?<\s*(\d{1,3})$|^(?:under|below|less than|færre end|mindre end)\s+(\d{1,3})$", re.IGNORECASE
)
_AT_MOST = re.compile(r"^(?:n\s*)?(?:≤|<=|=<)\s*(\d{1,3})$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{1,2})\s*(?:-|–|—|to|til)\s*(\d{1,2})$")


def mark_of(text: str, *, zero_included: bool = False) -> Mark | None:
    """The mark that `text` is; None where it is no mark.

    Args:
        text: the cell's text.
        zero_included: whether the legend says that `<5` is said of 0 too.
    """
    cell = text.strip()
    if cell in _NEUTRAL or cell.casefold() in _NEUTRAL_WORDS:
        return Mark(cell)
    least = 0 if zero_included else 1
    below = _BELOW.match(cell)
    if below is not None:
        limit = int(below.group(1) or below.group(2))
        return Mark(cell, least, limit - 1) if limit > least else None
    most = _AT_MOST.match(cell)
    if most is not None:
        return Mark(cell, least, int(most.group(1)))
    span = _SPAN.match(cell)
    if span is not None and int(span.group(1)) < int(span.group(2)) < 10:
        return Mark(cell, int(span.group(1)), int(span.group(2)))
    return None
