"""Where a block's title, header, labels, body and notes are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ngc_pipelines.disclosure.tables.printed import Line, Meaning
from ngc_pipelines.disclosure.tables.reading.grid import Block, GridCell, Row, Sort, names_columns
from ngc_pipelines.disclosure.tables.reading.words import said
from ngc_pipelines.disclosure.tables.relations.tidy import TOTAL_WORDS, is_total

# Rows of a header; rows of texts further above a body of numbers are a list of its own.
DEEPEST = 6
_TOTAL_OF = re.compile(
    r"^(?:sub-?total|delsum|mellemsum|total|i alt|ialt|sum)\b|\b(?:total|i alt|ialt|samlet)$", re.IGNORECASE
)
# Measures whose name begins as a total's does.
_NO_TOTAL = re.compile(
    r"cholest|kolest|bilirub|protein|score|ig[aegm]\b|time|dose|dosis|cost|reads|rna|calcium", re.IGNORECASE
)
_WITH_N = re.compile(r"[(\[,]?\s*\bn\s*(?:=\s*[\d .,]*)?[)\]]?$|\(%\)$|\(100 ?%\)$", re.IGNORECASE)
# What a label below another one says of the print alone.
_PRINTED = frozenset({Meaning.COUNT, Meaning.PERCENT, Meaning.PERCENT_OF_ROW, Meaning.PERCENT_OF_COLUMN})
_LETTERS = frozenset({"x", "X", "z", "c", "na", "NA", "ns", "NS", "none", "None"})


@dataclass(frozen=True, slots=True)
class Layout:
    """A block's parts.

    Args:
        titles, notes: texts before and after the table.
        header: rows of the header, from 0 in the block.
        stub: how many leading columns hold labels.
        body: rows of the body that hold numbers or marks.
        labelled: rows of the body that hold a label and nothing else.
        rows, columns: a line for each body row and each column after the stub.
        column_numbers: the block's column of each of `columns`.
        corner: the word over the labels.
    """

    titles: tuple[str, ...]
    notes: tuple[str, ...]
    header: tuple[int, ...]
    stub: int
    body: tuple[int, ...]
    labelled: tuple[int, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    column_numbers: tuple[int, ...]
    corner: str | None


def layout_of(block: Block) -> Layout | None:
    """The parts of a block; None where it has no body of numbers."""
    rows = block.rows
    first, last = 0, len(rows)
    titles: list[str] = []
    while first < last and _lone_text(rows[first]) and not _starts_section(rows, first):
        titles.append(_first_text(rows[first]))
        first += 1
    notes: list[str] = []
    while last > first and _lone_text(rows[last - 1]):
        notes.insert(0, _first_text(rows[last - 1]))
        last -= 1
    stub = _stub(rows[first:last])
    header_end = _header_end(rows, first, last, stub)
    body = [number for number in range(header_end, last) if _has_values(rows[number], stub)]
    if not body:
        return None
    body = sorted([*body, *_blanked_rows(rows, body, range(header_end, last), stub)])
    header = tuple(range(max(first, header_end - DEEPEST), header_end))
    used = [c for c in range(stub, len(rows[0])) if any(rows[r][c].sort is not Sort.EMPTY for r in (*header, *body))]
    wanted = set(body)
    labelled = tuple(n for n in range(header_end, last) if n not in wanted and _lone_text(rows[n]))
    corner = _corner(rows, header)
    return Layout(
        tuple(titles),
        tuple(notes),
        header,
        stub,
        tuple(body),
        labelled,
        row_lines(rows, range(header_end, last), wanted, stub, corner),
        tuple(_column_line(rows, header, column, stub) for column in used),
        tuple(used),
        corner,
    )


def _lone_text(row: Row) -> bool:
    filled = [cell for cell in row if cell.sort is not Sort.EMPTY]
    return bool(filled) and all(cell.sort is Sort.TEXT for cell in filled) and len({cell.text for cell in filled}) == 1


def _first_text(row: Row) -> str:
    return next(cell.text for cell in row if cell.sort is not Sort.EMPTY)


def _starts_section(rows: Sequence[Row], at: int) -> bool:
    """Whether a lone text is the label of numbers that follow at once, with no header between."""
    return at + 1 < len(rows) and at > 0 and _has_values(rows[at + 1], 1)


def _has_values(row: Row, stub: int) -> bool:
    values = [cell for cell in row[stub:] if cell.sort is not Sort.EMPTY]
    spoken = [cell for cell in values if cell.sort in (Sort.NUMBER, Sort.MARK)]
    return bool(spoken) and 2 * len(spoken) >= len(values)


def _blanked_rows(rows: Sequence[Row], body: Sequence[int], span: range, stub: int) -> list[int]:
    """Rows with nothing but a label that are blanked, and no headings: without them the total is not reached."""
    valued = set(body)
    lone = [number for number in span if number not in valued and _lone_text(rows[number])]
    totals = [number for number in body if says_total([cell.text for cell in rows[number][:stub]])]
    if not lone or len(totals) != 1 or any(rows[number][stub - 1].sort is Sort.EMPTY for number in lone):
        return []
    indents = {rows[number][stub - 1].indent for number in (*lone, *body) if number not in totals}
    wanting = 0
    for column in range(stub, len(rows[0])):
        total = rows[totals[0]][column].tokens
        parts = [rows[number][column].tokens for number in body if number != totals[0]]
        if not total or any(len(part) > 1 and not part[1].bracket for part in parts):
            continue
        reached = sum((part[0].value for part in parts if part), Decimal(0))
        if any(token[0].decimals for token in (total, *parts) if token):
            continue
        if reached >= total[0].value:
            return []
        wanting += 1
    return lone if wanting and len(indents) == 1 else []


def _stub(rows: Sequence[Row]) -> int:
    """How many leading columns are labels: mostly texts below the header; one at least."""
    width, below = len(rows[0]) if rows else 0, rows[1:]
    stub = 0
    for column in range(width - 1):
        cells = [row[column] for row in below if row[column].sort is not Sort.EMPTY]
        texts = sum(cell.sort is Sort.TEXT for cell in cells)
        if cells and 2 * texts <= len(cells) and not (column == 0 and _are_names(cells)):
            break
        if column and _is_last_before_text(rows, column):
            break
        stub = column + 1
    return max(1, stub)


def _is_last_before_text(rows: Sequence[Row], column: int) -> bool:
    """Whether only texts follow too: then the first column alone is label."""
    return not any(cell.sort is Sort.NUMBER for row in rows[1:] for cell in row[column + 1 :])


def _are_names(cells: list[GridCell]) -> bool:
    """Whether the numbers of a first column name its rows: all different, as years and codes are."""
    texts = [cell.text for cell in cells]
    return len(set(texts)) == len(texts) and all(len(cell.tokens) <= 2 for cell in cells)


def _header_end(rows: Sequence[Row], first: int, last: int, stub: int) -> int:
    """The first row after the header: where numbers begin that name no columns."""
    for number in range(first, last):
        row = rows[number]
        if not _has_values(row, stub):
            continue
        if number + 1 < last and _names_columns(rows, number, first, stub):
            continue
        return number
    return last


def _names_columns(rows: Sequence[Row], number: int, first: int, stub: int) -> bool:
    """Whether a row of numbers or letters names columns: years, ages, or steps one by one."""
    cells = rows[number][stub:]
    corner = rows[number][0]
    # A corner that is merged over the header's rows says nothing of this one.
    free = corner.sort is Sort.EMPTY or (number > first and corner is rows[number - 1][0])
    filled = [cell for cell in cells if cell.sort is not Sort.EMPTY]
    if number == first and all(
        cell.sort is Sort.TEXT or (cell.sort is Sort.MARK and cell.text in _LETTERS) for cell in filled
    ):
        return True
    if names_columns(cells) and (number == first or free):
        return not _alone(rows, number, stub)
    values = [cell.tokens[0].value for cell in cells if cell.sort is Sort.NUMBER and len(cell.tokens) == 1]
    codes = number == first or (free and bool(values) and values[0] in (0, 1))
    if not codes or len(values) < 2 or any(value != int(value) for value in values):
        return False
    rising = all(b - a == 1 for a, b in pairwise(values))
    return (
        rising
        and corner.sort is not Sort.NUMBER
        and any(_has_values(row, stub) for row in rows[number + 1 : number + 3])
    )


def _alone(rows: Sequence[Row], number: int, stub: int) -> bool:
    """Whether the row's years could be values: a lone one in a row with a label of its own."""
    filled = [cell for cell in rows[number][stub:] if cell.sort is not Sort.EMPTY]
    return len(filled) < 2 and rows[number][0].sort is Sort.TEXT and len(rows[number]) - stub > 1


def _corner(rows: Sequence[Row], header: tuple[int, ...]) -> str | None:
    """The word over the labels, which names what they are codes of."""
    for number in reversed(header):
        if rows[number] and rows[number][0].sort is Sort.TEXT:
            return rows[number][0].text
    return None


def row_lines(rows: Sequence[Row], span: range, wanted: set[int], stub: int, corner: str | None) -> tuple[Line, ...]:
    """A line for each body row: its labels, its nesting, the section that it stands in."""
    lines: list[Line] = []
    section = ""
    held = [""] * stub
    indents = sorted({rows[number][stub - 1].indent for number in wanted})
    for number in span:
        row = rows[number]
        if number not in wanted:
            if _lone_text(row):
                section, held = _first_text(row), [""] * stub
            continue
        for place in range(stub):
            if row[place].sort is not Sort.EMPTY:
                held[place:] = [row[place].text, *[""] * (stub - place - 1)]
        indent = indents.index(row[stub - 1].indent)
        total = says_total(held)
        if section and len(indents) > 1 and indent == 0:
            section = ""
        if section and total and stub == 1 and _closes(rows, number, span, wanted):
            section = ""
        labels = (section, *held) if section else tuple(held)
        lines.append(Line(labels, indent, total, section or corner))
    return tuple(lines)


def _closes(rows: Sequence[Row], number: int, span: range, wanted: set[int]) -> bool:
    """Whether a total is the last row of several sections, and so of all of them."""
    sections = sum(1 for other in span if other not in wanted and _lone_text(rows[other]))
    totals = [other for other in wanted if says_total([rows[other][0].text])]
    return sections > 1 and number == max(wanted) and len(totals) == 1


def _column_line(rows: Sequence[Row], header: tuple[int, ...], column: int, stub: int) -> Line:
    """The labels over a column, from the top; an upper label reaches right to the next one."""
    labels: list[str] = []
    for number in header:
        cell = rows[number][column]
        if cell.sort is Sort.EMPTY and number != header[-1]:
            left = column
            while left > stub and rows[number][left].sort is Sort.EMPTY:
                left -= 1
            cell = rows[number][left] if _reaches(rows, header, number, left, column) else cell
        if cell.text and (not labels or labels[-1] != cell.text):
            labels.append(cell.text)
    return Line(tuple(labels) or ("",), 0, says_total(labels))


def _reaches(rows: Sequence[Row], header: tuple[int, ...], number: int, left: int, column: int) -> bool:
    """Whether an upper label goes for a column to its right: columns between are named below it."""
    return all(any(rows[n][c].text for n in header if n > number) for c in range(left, column + 1))


def says_total(labels: Sequence[str]) -> bool:
    """Whether the innermost label is a word for a total, a number of persons beside it allowed.

    `N` and `%` below a label only say what is printed: the label above them tells.
    """
    named = [label for label in labels if label]
    while len(named) > 1 and said(named[-1]).whole in _PRINTED:
        named.pop()
    inner = named[-1] if named else ""
    bare = _WITH_N.sub("", inner.split("(")[0]).strip(" :,;.-–*_")
    if is_total(bare):
        return True
    if _TOTAL_OF.search(bare) is None or _NO_TOTAL.search(bare) is not None or len(bare.split()) > 4:
        return False
    return bare.casefold() not in TOTAL_WORDS
