"""Tables printed in running text: where they are in logs, notebooks and mails.

Lines are weighed all at once, so that a log of a hundred megabytes costs little
more than its reading; what looks like columns of numbers is then read by
`fixed_width` (R, pandas, Stata, markdown) and `stacked` (SAS PROC FREQ).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from string import ascii_letters
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.tables.reading.fixed_width import Drawn, grids_of
from ngc_pipelines.disclosure.tables.reading.flow import flows_in
from ngc_pipelines.disclosure.tables.reading.stacked import ABOVE as KEY
from ngc_pipelines.disclosure.tables.reading.stacked import is_stacked, stacked_grid

# Lines above a block of numbers that are looked at for its header and for the command that printed it.
ABOVE = 6
# Lines of one printed table; a longer run of numbers is a data set, which `rows` looks at.
LONGEST = 5_000
# A line with more signs is no line of a printed table.
WIDEST = 400

_BLANK, _DIGIT, _LETTER = 1, 2, 3


def _sorts() -> NDArray[np.uint8]:
    """By sign: blank or border, digit or what a mark begins with, letter, or other."""
    sorts = np.zeros(256, dtype=np.uint8)
    sorts[[ord(sign) for sign in " \t|"]] = _BLANK
    sorts[[ord(sign) for sign in "0123456789<*"]] = _DIGIT
    sorts[[ord(sign) for sign in ascii_letters]] = _LETTER
    return sorts


_SORTS = _sorts()
_CLOSING = np.zeros(256, dtype=np.bool_)
_CLOSING[[ord(sign) for sign in "0123456789 )|%*.\r\t]"]] = True

_COUNTING = re.compile(
    r"(?<![\w.])(?:table|xtabs|ftable|addmargins|crosstab|CrossTable|value_counts|tabyl|count)\s*\(|\.value_counts\(|"
    r"^\s*\.\s*(?:bysort .*:\s*)?ta(?:b|bu|bul|bula|bulat|bulate)?[12]?\s|proc\s+freq|dtype: int64|The FREQ Procedure|"
    r"\bName: count\b|Cell Contents|\.(?:size|crosstab)\(",
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


@dataclass(frozen=True, slots=True)
class LinesTable(Table):
    """A grid whose rows are lines of a text, not all of them following on each other.

    Args:
        lines: number of each row's line in the text, from 1.
        labels: how many leading columns hold labels.
        wrapped: first column of each part that was printed further down, and its rows' lines.
    """

    lines: tuple[int, ...] = ()
    labels: int = 1
    wrapped: tuple[tuple[int, tuple[int, ...]], ...] = ()

    def where(self, row: int, column: int) -> str:
        """The line of one cell, and which of its values it is."""
        lines, value = self.lines, column - self.labels + 1
        for first, others in self.wrapped:
            if column >= first:
                lines, value = others, column - first + 1
        return str(self.place.inside(f"line {lines[row]}, value {value}" if value > 0 else f"line {lines[row]}"))

    @property
    def part(self) -> tuple[int, ...]:
        """The lines of what was printed last of the rows."""
        return self.wrapped[-1][1] if self.wrapped else self.lines

    def joined(self, other: LinesTable, apart: int) -> LinesTable | None:
        """Both in one, where `other` goes on with further columns of the same rows; None where it does not.

        Args:
            apart: lines between both, at most.
        """
        if len(self.rows) != len(other.rows) or self.labels != other.labels or len(self.rows) < 3:
            return None
        pairs = list(zip(self.rows, other.rows, strict=True))
        if other.lines[0] - self.part[-1] > apart or any(a[: self.labels] != b[: self.labels] for a, b in pairs[1:]):
            return None
        rows = tuple((*one, *two[self.labels :]) for one, two in pairs)
        return replace(self, rows=rows, wrapped=(*self.wrapped, (len(self.rows[0]), other.lines)))


class TooManyLines(Exception):  # noqa: N818 - an answer about a text, told as a question
    """A text prints more lines of numbers than are read; names the text."""


def tables_in(piece: Text, most: int = LONGEST) -> Iterator[Table]:
    """The grids of numbers that a text prints, in order.

    Takes time linear in the text's length.

    Args:
        most: lines of tables that are read.

    Raises:
        TooManyLines: where there are more, after the tables in the first of them.
    """
    text = piece.text
    if len(text) < 12 or "\n" not in text:
        return
    flows = list(flows_in(piece))
    yield from flows
    spans = [span for span in _spans(text) if not any(_overlap(span, flow.span) for flow in flows)]
    if not spans:
        return
    lines = text.split("\n")
    held: LinesTable | None = None
    for first, last in spans:
        most -= last - first
        if most < 0:
            break
        block = [line.rstrip("\r").expandtabs() for line in lines[first:last]]
        above = lines[max(0, first - KEY) : first]
        grids = [stacked_grid(block, above)] if is_stacked(block, above) else grids_of(block)
        for grid in grids:
            if grid is None:
                continue
            table = _table(piece, lines, grid, (first, last))
            joined = held.joined(table, _goes_on(lines, held, piece)) if held is not None else None
            if joined is None and held is not None:
                yield held
            held = joined or table
    if held is not None:
        yield held
    if most < 0:
        raise TooManyLines(str(piece.place))


def _table(piece: Text, lines: list[str], grid: Drawn, block: tuple[int, int]) -> LinesTable:
    first, last = block
    return LinesTable(
        piece.place,
        grid.rows,
        addressing="line",
        title=_title(lines, first, first + grid.lines[0], last),
        hidden=piece.hidden,
        lines=tuple((piece.first_line or 1) + first + number for number in grid.lines),
        labels=grid.labels,
    )


def _goes_on(lines: list[str], table: LinesTable, piece: Text) -> int:
    """How many lines below a table its further columns may begin: at once, or after `\\` over an empty line."""
    head = table.part[0] - (piece.first_line or 1)
    return 2 if lines[head].rstrip().endswith("\\") else 1


def _overlap(lines: tuple[int, int], span: tuple[int, int]) -> bool:
    return lines[0] <= span[1] and span[0] < lines[1]


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
        if last - top < LONGEST:
            spans.append((top, last + 1))
    return spans


def _likely(signs: NDArray[np.uint8], starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.bool_]:
    """Lines that end in a number or a mark and hold more numbers than a sentence does."""
    length = ends - starts
    last = signs[np.maximum(ends - 1, 0)]
    some: NDArray[np.bool_] = _CLOSING[last] & (length < WIDEST) & (length > 3)
    some &= ~_is_dated(signs, starts)
    if not some.any():
        return some
    sorts = _SORTS[signs]
    blank, digit = sorts == _BLANK, sorts == _DIGIT
    begins = np.zeros(signs.size + 1, dtype=np.bool_)
    np.logical_and(digit[1:], blank[:-1], out=begins[1:-1])
    numbers = _per_line(begins, starts, ends)
    some &= numbers >= 1
    if not some.any():
        return some
    np.logical_and((sorts == _LETTER)[1:], blank[:-1], out=begins[1:-1])
    words = _per_line(begins, starts, ends)
    begins[:3] = False
    np.logical_and(digit[2:], blank[1:-1] & blank[:-2], out=begins[2:-1])
    gaps = _per_line(begins, starts, ends)
    # Two blanks or a bar before a number are a column's; without them only few words may stand by the numbers.
    some &= ((gaps >= 1) & (words <= 3 + numbers)) | ((words <= 1) & (numbers >= 2))
    return some


def _per_line(found: NDArray[np.bool_], starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[Any]:
    """How many signs of each line are found."""
    places = np.flatnonzero(found)
    counted: NDArray[Any] = np.searchsorted(places, ends) - np.searchsorted(places, starts)
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
