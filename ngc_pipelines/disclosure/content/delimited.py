"""Tables that stand in a text as delimited lines: found, split, handed on in blocks.

A run of lines with one delimiter and the same number of fields is a table; the
text it stands in is given by `text` as well. Tables aligned with blanks are
the listings that `rows` knows; those ruled with `---+---` are read from the
text by `tables`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.places import Place

DELIMITERS = "\t;|,"
ROWS = 20_000
"""Rows of one `Table` piece; a longer table comes in several, its header repeated."""

_FEWEST_LINES = 2
_LONGEST_FIELD = 1 << 20
_WINDOW = 40
# A comma that is no decimal sign and is not followed by a blank, as in a sentence.
_PARTING_COMMA = re.compile(r"(?<!\d),(?! )|,(?![\d ])")
# `-----------+-------`: drawn under the header of a table whose columns are aligned.
_RULE = re.compile(r"\s*[-=+]*[-=]{3}[-=+]*\+[-=+]*\s*")


@dataclass(slots=True)
class _Run:
    delimiter: str
    fields: int
    first_line: int
    title: str | None
    lines: list[str] = field(default_factory=list)
    ruled: bool = False
    header: list[str] | None = None
    number: int = 0


class TableFinder:
    """Finds the tables of one text, block of lines by block of lines.

    Args:
        place: where the text is.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._run: _Run | None = None
        self._line_before: str | None = None
        self._after_rule = False

    def feed(self, first_line: int, text: str) -> Iterator[Table]:
        """The tables that ended, or filled a block, in these lines."""
        if self._run is None and not _may_hold_tables(text):
            self._line_before = None
            return
        for number, line in enumerate(text.split("\n"), start=first_line):
            yield from self._take(number, line.rstrip())

    def end(self) -> Iterator[Table]:
        """The table that the text ended in."""
        yield from self._close()

    def _take(self, number: int, line: str) -> Iterator[Table]:
        run = self._run
        if run is not None:
            if _fields(line, run.delimiter) == run.fields or _delimit_again(run, line):
                run.lines.append(line)
                if len(run.lines) >= ROWS:
                    yield from self._block(run, last=False)
                return
            run.ruled |= bool(_RULE.fullmatch(line))
            yield from self._close()
        self._begin(number, line)
        self._after_rule = self._run is None and bool(_RULE.fullmatch(line))

    def _begin(self, number: int, line: str) -> None:
        best = max(DELIMITERS, key=lambda delimiter: (_fields(line, delimiter), delimiter != ","))
        count = _fields(line, best)
        if count < 2 or len(line) > _LONGEST_FIELD:
            self._line_before = line.strip() or None
            return
        self._run = _Run(best, count, number, self._line_before, [line], ruled=self._after_rule)
        self._line_before = None

    def _close(self) -> Iterator[Table]:
        run, self._run = self._run, None
        if run is None:
            return
        if run.number == 0:
            _delimit_again(run)
            if len(run.lines) < _FEWEST_LINES:
                self._line_before = run.lines[-1].strip()
                return
            if _is_prose(run) or (run.delimiter == "|" and run.ruled):
                return
        yield from self._block(run, last=True)

    def _block(self, run: _Run, *, last: bool) -> Iterator[Table]:
        rows = _split(run.lines, run.delimiter)
        first = run.first_line
        run.first_line += len(run.lines)
        run.lines = []
        if run.number == 0:
            run.header = rows[0] if rows else None
        elif run.header is not None:
            rows = [run.header, *rows]
            first -= 1
        if rows:
            yield Table(
                self._place,
                rows,
                first_row=first,
                addressing="line",
                title=run.title,
                number=run.number,
                last=last,
            )
        run.number += 1


def _fields(line: str, delimiter: str) -> int:
    """How many fields a line has; quoted delimiters do not count."""
    count = line.count(delimiter)
    if count and '"' in line:
        inside = sum(part.count(delimiter) for part in line.split('"')[1::2])
        count -= inside
    return count + 1


def _may_hold_tables(text: str) -> bool:
    """Whether a few windows of a block show lines alike; saves the splitting of plain logs."""
    if len(text) < 1 << 14:
        return True
    step = max(1, len(text) // 4)
    for start in range(0, len(text), step):
        lines = text[start : start + 16_000].split("\n")[1 : _WINDOW + 1]
        for delimiter in DELIMITERS:
            counts = [line.count(delimiter) for line in lines]
            alike = sum(a == b > 0 for a, b in pairwise(counts))
            if alike >= 3:
                return True
    return False


def _delimit_again(run: _Run, following: str | None = None) -> bool:
    """Take a run of commas for what it is where another sign parts its fields; True where it was so.

    `Udfald;Andel, %` over `Remission;60,1`, and a title with a comma over both.

    Args:
        following: the line after the run, which is to go on with it.
    """
    if run.delimiter != "," or run.number:
        return False
    for start in (0, 1):
        lines = [*run.lines[start:], *([] if following is None else [following])]
        if len(lines) < _FEWEST_LINES:
            continue
        for delimiter in DELIMITERS.replace(",", ""):
            count = _fields(lines[0], delimiter)
            if count < 2 or any(_fields(line, delimiter) != count for line in lines):
                continue
            if not any(_PARTING_COMMA.search(line) for line in lines):
                run.title = run.lines[0].strip() if start else run.title
                run.delimiter, run.fields, run.lines = delimiter, count, run.lines[start:]
                run.first_line += start
                return True
    return False


def _is_prose(run: _Run) -> bool:
    """Sentences with a comma each are no table: long fields of words, and hardly a number."""
    if run.delimiter != ",":
        return False
    lines = [line.split(",") for line in run.lines[:50]]
    worded = sum(any(cell.strip().count(" ") >= 3 for cell in line) for line in lines)
    numbers = sum(cell.strip()[:1].isdigit() for line in lines for cell in line)
    return run.fields <= 4 and worded * 2 > len(lines) and numbers * 10 < run.fields * len(lines)


def _split(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    if not any('"' in line for line in lines):
        return [line.split(delimiter) for line in lines]
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [line.split(delimiter) for line in lines]
