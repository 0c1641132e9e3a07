"""Grids out of text: data frames as R, Python, Stata, SAS and databases print them, and delimited lines.

`shapes` finds runs of lines with equally many fields; here a run gets its
header and its cells. Other shapes (records, dictionaries, `str()`) are read in
`structures`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from ngc_pipelines.disclosure.rows.grids import SAMPLE, Grid
from ngc_pipelines.disclosure.rows.shapes import Lines, Run
from ngc_pipelines.disclosure.rows.values import as_number, is_day, is_nothing, looks_like_id, profile
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of

_TYPES = re.compile(r"\s*(?:<[\w+:,/() ]{1,20}>\s*)+$")
_SKIPPED = re.compile(r"\s*(?:\.\.\.|…|---|:\s*:|⋮|#.*rows?.*)\s*$")
_BRACKETS = str.maketrans({"[": " ", "]": " "})
_CLOCK = re.compile(r"\d\d:\d\d(?::\d\d)?")
_FIELD = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
_LOOK_BACK = 4
_MANY = 20
_NAMELESS_PER_TEXT = 40
"""Runs without a header that are looked at in one block of text: logs are full of them."""


def printed_grids(text: str) -> Iterator[Grid]:
    """The grids printed in `text`; `Grid.first` counts lines from 1."""
    lines = Lines(text)
    nameless = 0
    done: list[tuple[int, int]] = []
    for run in lines.runs():
        named = _header(lines, run)
        if named is None:
            if not _worth_a_look(lines, run) or nameless >= _NAMELESS_PER_TEXT:
                continue
            nameless += 1
        grid = _grid(lines, run, named)
        if grid is not None:
            done.append((run.first, run.last))
            yield grid
    spans = set(done)
    for run in lines.numbered():
        if not any(first <= run.first + 1 and run.last <= last for first, last in spans):
            aligned = _aligned(lines, run)
            if aligned is not None:
                yield aligned


def split(line: str, separator: str) -> list[str]:
    """The fields of one line."""
    if separator == " ":
        return (
            _FIELD.findall(line.translate(_BRACKETS))
            if '"' in line or "'" in line
            else line.translate(_BRACKETS).split()
        )
    if separator == "|":
        inner = line.strip().strip("|")
        return (
            [field.strip() for field in inner.split("|")] if inner.count("|") > 1 else inner.replace("|", " ").split()
        )
    if '"' in line and len(line) < 100_000:
        return [field.strip() for field in next(csv.reader([line], delimiter=separator), [])]
    return [field.strip() for field in line.split(separator)]


def _header(lines: Lines, run: Run) -> tuple[int, list[str]] | None:
    """The line of names for a run, and the names: the run's own first line or one just above."""
    fields = split(lines.line(run.first), run.separator)
    if _reads_as_names(fields):
        return run.first, fields
    index_name = ""
    for back in range(1, _LOOK_BACK + 1):
        number = run.first - back
        if number < 0:
            break
        line = lines.line(number)
        if not line.strip() or _TYPES.match(line):
            continue
        names = split(line, run.separator)
        if len(names) == 1 and run.separator == " " and back == 1:
            index_name = names[0]
            continue
        if len(names) not in (len(fields), len(fields) - 1) or not _reads_as_names(names):
            break
        return number, ([index_name, *names] if len(names) == len(fields) - 1 else names)
    if role_of(index_name) in (Role.PERSON, Role.BARE_ID, Role.BIRTH):
        return run.first - 1, [index_name, *([""] * (len(fields) - 1))]
    return None


def _reads_as_names(fields: Sequence[str]) -> bool:
    if not fields or any(is_day(field) or _CLOCK.match(field) for field in fields):
        return False
    if sum(as_number(field) is not None for field in fields) > 0:
        return False
    known = sum(role_of(field.strip("\"'")) is not Role.OTHER for field in fields)
    return known >= 1 or all(re.fullmatch(r"[\"']?[^\W\d][\w.]{0,39}[\"']?", field) for field in fields)


def _worth_a_look(lines: Lines, run: Run) -> bool:
    """Whether a run without names may be rows of persons: many lines of codes, dates and numbers, and no log."""
    if run.last - run.first + 1 < _MANY:
        return False
    for number in (run.first, run.first + 1, (run.first + run.last) // 2):
        fields = split(lines.line(number), run.separator)
        if any(_CLOCK.search(field) for field in fields[:4]):
            return False
        told = sum(as_number(field) is not None or is_day(field) or looks_like_id(field) for field in fields)
        if told < 2 or told * 2 < len(fields):
            return False
    return True


def _grid(lines: Lines, run: Run, named: tuple[int, list[str]] | None) -> Grid | None:
    first = run.first
    names: list[str] = []
    if named is not None:
        number, names = named
        first = max(first, number + 1)
    rows = _rows(lines, run, first)
    count = run.last - first + 1
    if not rows or count < 1:
        return None
    width = max(map(len, rows))
    names = names + [""] * (width - len(names))
    listed = run.separator == " " and _row_numbers([row[0] for row in rows if row], names[0])
    cleaned = tuple(name.strip("\"'") for name in names)
    return Grid(cleaned, tuple(tuple(row) for row in rows), count, lines.number(first) + 1, listed)


def _row_numbers(cells: Sequence[str], name: str) -> bool:
    """Whether the first fields number the rows: 1, 2, 3 … or, of rows picked out, without order to their steps."""
    values = profile(cells)
    picked = not name and values.whole > 0.95 and values.distinct == 1.0 and not values.axis and len(cells) >= 3
    return picked or (values.counting and (not name or role_of(name) is Role.INDEX))


def _rows(lines: Lines, run: Run, first: int) -> list[list[str]]:
    count = run.last - first + 1
    step = max(1, count // SAMPLE)
    rows = []
    for number in range(first, run.last + 1, step):
        line = lines.line(number)
        if _SKIPPED.match(line) or _TYPES.match(line):
            continue
        fields = split(line, run.separator)
        if fields and run.separator in " |":
            fields[0] = fields[0].rstrip(":.") if as_number(fields[0].rstrip(":.")) is not None else fields[0]
        rows.append(fields)
    return rows


def _aligned(lines: Lines, run: Run) -> Grid | None:
    """A run whose columns stand under each other, with blanks inside their values."""
    header = next(
        (
            number
            for number in range(run.first - 1, max(-1, run.first - 1 - _LOOK_BACK), -1)
            if lines.line(number).strip() and not _TYPES.match(lines.line(number))
        ),
        None,
    )
    if header is None:
        return None
    numbers = range(run.first, min(run.last + 1, run.first + SAMPLE))
    body = [lines.line(number).replace("|", " ")[:2000] for number in numbers]
    top = lines.line(header).replace("|", " ")[:2000]
    cuts = _columns_of([top, *body])
    names = [top[start:end].strip() for start, end in cuts]
    if len(cuts) < 3 or sum(role_of(name) not in (Role.OTHER, Role.INDEX) for name in names) < 1:
        return None
    rows = tuple(tuple(line[start:end].strip() for start, end in cuts) for line in body)
    if is_nothing(names[0]) or role_of(names[0]) is Role.INDEX:
        rows = tuple((row[0].rstrip(":."), *row[1:]) for row in rows)
    return Grid(tuple(names), rows, run.last - run.first + 1, lines.number(run.first) + 1, listed=True)


def _columns_of(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of character positions that hold something in any line."""
    width = max(map(len, lines))
    held = bytearray(width + 1)
    for line in lines:
        for match in _FIELD.finditer(line):
            start, end = match.span()
            held[start:end] = b"\x01" * (end - start)
    return [match.span() for match in re.finditer(rb"\x01+", bytes(held))]
