"""Tables on a page, found from where its characters stand.

Simple ones only: lines whose words leave the same gaps. What is not found as a
table here is still read as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = re.compile(r"[-+(<≥≤>]?\d[\d.,%)]*|\*|-|\.\.?|NA|n<\d+")
_LINES_NEEDED: Final = 3
_NUMBERS_NEEDED: Final = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and its box, in points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Grid:
    """One table found: its cells, and the line above it."""

    number: int
    rows: tuple[tuple[str, ...], ...]
    title: str | None


@dataclass(slots=True)
class _Cell:
    text: str
    left: float
    right: float


def looks_tabular(text: str) -> bool:
    """Whether enough of a page's words are numbers for a table to be looked for."""
    words = text.split()
    numbers = sum(1 for word in words if _NUMBER.fullmatch(word))
    return numbers >= _NUMBERS_NEEDED and numbers * 8 >= len(words)


def tables_of(glyphs: Sequence[Glyph]) -> list[Grid]:
    """The tables among the characters of a page, from top to bottom."""
    lines = [_cells(line) for line in _lines(glyphs)]
    found: list[Grid] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and len(lines[end]) >= 2:
            end += 1
        if end - start >= _LINES_NEEDED:
            rows = _align(lines[start:end])
            if len(rows[0]) >= 2:
                title = " ".join(cell.text for cell in lines[start - 1]) if start else None
                found.append(Grid(len(found) + 1, rows, title))
        start = max(end, start + 1)
    return found


def _lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (-(one.top + one.bottom) / 2, one.left)):
        middle = (glyph.top + glyph.bottom) / 2
        if lines:
            first = lines[-1][0]
            height = max(first.top - first.bottom, glyph.top - glyph.bottom, 4.0)
            if abs((first.top + first.bottom) / 2 - middle) < 0.6 * height:
                lines[-1].append(glyph)
                continue
        lines.append([glyph])
    return [sorted(line, key=lambda one: one.left) for line in lines]


def _cells(line: Sequence[Glyph]) -> list[_Cell]:
    """Words run together where gaps are those of a space, and apart where wider."""
    cells: list[_Cell] = []
    size = max(max(glyph.top - glyph.bottom for glyph in line), 5.0)
    blank = False
    for glyph in line:
        if glyph.text.isspace():
            blank = True  # the space of some fonts is narrower than the gap that is taken for one
            continue
        apart, blank = blank, False
        if cells and not apart and glyph.left - cells[-1].right < 0.25 * size:
            cells[-1].text += glyph.text
            cells[-1].right = max(cells[-1].right, glyph.right)
        elif cells and glyph.left - cells[-1].right < 0.9 * size:
            cells[-1].text += " " + glyph.text
            cells[-1].right = max(cells[-1].right, glyph.right)
        else:
            cells.append(_Cell(glyph.text, glyph.left, glyph.right))
    return cells


def _align(lines: Sequence[Sequence[_Cell]]) -> tuple[tuple[str, ...], ...]:
    """Columns are the stretches that cells of different lines share."""
    spans: list[list[float]] = []
    for cell in sorted((cell for line in lines for cell in line), key=lambda one: one.left):
        if spans and cell.left <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], cell.right)
        else:
            spans.append([cell.left, cell.right])
    rows = []
    for line in lines:
        row = [""] * len(spans)
        for cell in line:
            at = next((index for index, span in enumerate(spans) if span[0] <= cell.left <= span[1]), 0)
            row[at] = f"{row[at]} {cell.text}".strip()
        rows.append(row)
    _join_columns(spans, rows)
    return tuple(tuple(row) for row in rows)


def _join_columns(spans: list[list[float]], rows: list[list[str]]) -> None:
    """Join neighbours that are never filled in one line: a heading and its numbers."""
    while len(spans) > 2:
        gaps = [
            (spans[at + 1][0] - spans[at][1], at)
            for at in range(len(spans) - 1)
            if not any(row[at] and row[at + 1] for row in rows)
        ]
        if not gaps:
            return
        _, at = min(gaps)
        spans[at : at + 2] = [[spans[at][0], spans[at + 1][1]]]
        for row in rows:
            row[at : at + 2] = [row[at] or row[at + 1]]
