"""Tables printed in running text: where they are in logs, notebooks and mails.

Lines are weighed all at once, so that a log of a hundred megabytes costs little
more than its reading; what looks like columns of numbers is then read by
`fixed_width` (R, pandas, Stata, markdown) and `stacked` (SAS PROC FREQ).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.tables.reading.fixed_width import grids_of
from ngc_pipelines.disclosure.tables.reading.stacked import is_stacked, stacked_grid

# Lines above a block of numbers that are looked at for its header and for the command that printed it.
ABOVE = 6
# Lines of one printed table; what is longer is read in parts.
LONGEST = 5_000
# A line with more signs is no line of a printed table.
WIDEST = 400

_COUNTING = re.compile(
    r"(?<![\w.])(?:table|xtabs|ftable|addmargins|crosstab|CrossTable|value_counts|tabyl|count)\s*\(|\.value_counts\(|"
    r"^\s*\.\s*(?:bysort .*:\s*)?ta(?:b|bu|bul|bula|bulat|bulate)?[12]?\s|proc\s+freq|dtype: int64|The FREQ Procedure|"
    r"\bName: count\b|Cell Contents|\.size\(\)",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_COUNTING = re.compile(
    r"prop\.table|proportions\s*\(|normalize\s*=\s*(?:True|'|\")|tapply|aggregate\(|summary\(|describe\(|\bmean\(|read\.table|"
    r"write\.table|data\.table",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^\s*(?:>|\+|\.\s|In ?\[\d*\]:|>>>|\$|proc\b|tables\b|Name:|dtype:)|dtype:|The FREQ Procedure", re.IGNORECASE
)


def tables_in(piece: Text) -> Iterator[Table]:
    """The grids of numbers that a text prints, in order.

    Takes time linear in the text's length.
    """
    text = piece.text
    if len(text) < 12 or "\n" not in text:
        return
    spans = _spans(text)
    if not spans:
        return
    lines = text.split("\n")
    for first, last in spans:
        block = [line.rstrip("\r").expandtabs() for line in lines[first:last]]
        if is_stacked(block):
            grids = [(0, grid)] if (grid := stacked_grid(block)) is not None else []
        else:
            grids = grids_of(block)
        for offset, grid in grids:
            yield Table(
                piece.place,
                grid,
                first_row=(piece.first_line or 1) + first + offset,
                addressing="line",
                title=_title(lines, first, first + offset, last),
                hidden=piece.hidden,
            )


def _title(lines: list[str], first: int, start: int, last: int) -> str | None:
    """What stands above the numbers, and whether a command that counts printed them."""
    above = [line.strip() for line in lines[max(0, first - ABOVE) : start]]
    commands = [line.strip() for line in lines[max(0, first - ABOVE) : start + 4] if _COMMAND.search(line)][-2:]
    said = " ".join([*commands, *(line for line in lines[start : last + 2] if "dtype:" in line or "FREQ" in line)])[
        :300
    ]
    words = next((line for line in reversed(above) if any(sign.isalpha() for sign in line)), "")
    title = " – ".join(dict.fromkeys(part for part in (words[:200], said) if part))
    if _COUNTING.search(f"{said} {words}") and not _NOT_COUNTING.search(f"{said} {words}"):
        return f"Counts of {title}"
    return title or None


def _spans(text: str) -> list[tuple[int, int]]:
    """First line and the line after the last of every run of lines that hold columns of numbers."""
    signs = np.frombuffer(text.encode("latin-1", "replace"), dtype=np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    if not ends.size or ends[-1] != signs.size - 1:
        ends = np.append(ends, signs.size)
    starts = np.concatenate([np.zeros(1, dtype=ends.dtype), ends[:-1] + 1])
    likely = np.flatnonzero(_likely(signs, starts, ends))
    if not likely.size:
        return []
    empty = ends - starts <= 1
    empties = np.cumsum(empty)
    # Few lines between, none of them empty: one block.
    apart = (np.diff(likely) > 6) | (np.diff(empties[likely]) > 0)
    firsts = np.concatenate([likely[:1], likely[1:][apart]]).tolist()
    lasts = np.concatenate([likely[:-1][apart], likely[-1:]]).tolist()
    spans: list[tuple[int, int]] = []
    for first, last in zip(firsts, lasts, strict=True):
        top = _top(empty, first, spans[-1][1] if spans else 0)
        spans += [(at, min(at + LONGEST, last + 1)) for at in range(top, last + 1, LONGEST)]
    return spans


def _likely(signs: NDArray[np.uint8], starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.bool_]:
    """Lines that end in a number or a mark and hold more numbers than a sentence does."""
    blank = (signs == ord(" ")) | (signs == ord("\t")) | (signs == ord("|"))
    before = np.empty_like(blank)
    before[0], before[1:] = True, blank[:-1]
    lower = signs | 32
    digits = (signs >= ord("0")) & (signs <= ord("9"))
    numbers = _per_line(digits & before, starts)
    length = ends - starts
    some: NDArray[np.bool_] = (numbers >= 1) & (length < WIDEST) & (length > 3)
    last = signs[np.maximum(ends - 1, 0)]
    closed: NDArray[np.bool_] = (last >= ord("0")) & (last <= ord("9")) | np.isin(
        last, np.frombuffer(b" )|%*.\r\t]", dtype=np.uint8)
    )
    some &= closed & ~_is_dated(signs, starts)
    if not some.any():
        return some
    words = _per_line((lower >= ord("a")) & (lower <= ord("z")) & before, starts)
    some &= words <= 3 + numbers
    return some


def _per_line(found: NDArray[np.bool_], starts: NDArray[Any]) -> NDArray[np.int32]:
    """How many signs of each line are found."""
    counted: NDArray[np.int32] = np.bincount(
        np.searchsorted(starts, np.flatnonzero(found), side="right") - 1, minlength=starts.size
    ).astype(np.int32)
    return counted


def _is_dated(signs: NDArray[np.uint8], starts: NDArray[Any]) -> NDArray[np.bool_]:
    """Lines that begin with a day or an hour, as a log's do."""
    padded = np.concatenate([signs, np.zeros(8, dtype=np.uint8)])
    day = (padded[starts + 4] == ord("-")) & (padded[starts + 7] == ord("-"))
    hour = (padded[starts + 2] == ord(":")) & (padded[starts + 5] == ord(":"))
    dated: NDArray[np.bool_] = day | hour | (padded[starts] == ord("["))
    return dated


def _top(empty: NDArray[np.bool_], first: int, bound: int) -> int:
    """The first line of the block's header: up to an empty line, or over one that divides it from its numbers."""
    top = first
    while top > bound and first - top < ABOVE and not empty[top - 1]:
        top -= 1
    if top == first and top - 2 >= bound and not empty[top - 2]:
        top -= 2
        while top > bound and first - top < ABOVE and not empty[top - 1]:
            top -= 1
    return top
