"""Where a block's title, header, labels, body and notes are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ngc_pipelines.disclosure.tables.printed import Line
from ngc_pipelines.disclosure.tables.reading.grid import Block, GridCell, Sort
from ngc_pipelines.disclosure.tables.relations.tidy import is_total

YEARS = range(1850, 2101)


@dataclass(frozen=True, slots=True)
class Layout:
    """A block's parts.

    Args:
        titles, notes: texts before and after the table.
        header: rows of the header, from 0 in the block.
        stub: how many leading columns hold labels.
        body: rows of the body that hold numbers or marks.
        rows, columns: a line for each body row and each column after the stub.
        column_numbers: the block's column of each of `columns`.
    """

    titles: tuple[str, ...]
    notes: tuple[str, ...]
    header: tuple[int, ...]
    stub: int
    body: tuple[int, ...]
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    column_numbers: tuple[int, ...]


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
    body = [number for number in range(header_end, last) if _has_numbers(rows[number], stub)]
    if not body:
        return None
    header = tuple(range(first, header_end))
    used = [c for c in range(stub, len(rows[0])) if any(rows[r][c].sort is not Sort.EMPTY for r in (*header, *body))]
    return Layout(
        tuple(titles),
        tuple(notes),
        header,
        stub,
        tuple(body),
        _row_lines(rows, range(header_end, last), body, stub, _corner(rows, header)),
        tuple(_column_line(rows, header, column) for column in used),
        tuple(used),
    )


def _lone_text(row: tuple[GridCell, ...]) -> bool:
    filled = [cell for cell in row if cell.sort is not Sort.EMPTY]
    return bool(filled) and all(cell.sort is Sort.TEXT for cell in filled) and len({cell.text for cell in filled}) == 1


def _first_text(row: tuple[GridCell, ...]) -> str:
    return next(cell.text for cell in row if cell.sort is not Sort.EMPTY)


def _starts_section(rows: tuple[tuple[GridCell, ...], ...], at: int) -> bool:
    """Whether a lone text is the label of numbers that follow at once, with no header between."""
    return at + 1 < len(rows) and at > 0 and _has_numbers(rows[at + 1], 1)


def _has_numbers(row: tuple[GridCell, ...], stub: int) -> bool:
    values = [cell for cell in row[stub:] if cell.sort is not Sort.EMPTY]
    spoken = [cell for cell in values if cell.sort in (Sort.NUMBER, Sort.MARK)]
    return bool(spoken) and 2 * len(spoken) >= len(values)


def _stub(rows: tuple[tuple[GridCell, ...], ...]) -> int:
    """How many leading columns are labels: mostly texts below the header; one at least."""
    width, below = len(rows[0]) if rows else 0, rows[1:]
    stub = 0
    for column in range(width - 1):
        cells = [row[column] for row in below if row[column].sort is not Sort.EMPTY]
        texts = sum(cell.sort is Sort.TEXT for cell in cells)
        if cells and 2 * texts <= len(cells) and not (column == 0 and _are_names(cells)):
            break
        stub = column + 1
    return max(1, stub)


def _are_names(cells: list[GridCell]) -> bool:
    """Whether the numbers of a first column name its rows: all different, as years and codes are."""
    texts = [cell.text for cell in cells]
    return len(set(texts)) == len(texts) and all(len(cell.tokens) <= 2 for cell in cells)


def _header_end(rows: tuple[tuple[GridCell, ...], ...], first: int, last: int, stub: int) -> int:
    """The first row after the header: where numbers begin that are no years or categories of a header."""
    for number in range(first, last):
        if not _has_numbers(rows[number], stub):
            continue
        if number == first and _numeric_header(rows, number, stub):
            continue
        return number
    return last


def _numeric_header(rows: tuple[tuple[GridCell, ...], ...], number: int, stub: int) -> bool:
    """Whether a first row of numbers names columns: years, or steps that go up one by one."""
    values = [
        cell.tokens[0].value for cell in rows[number][stub:] if cell.sort is Sort.NUMBER and len(cell.tokens) == 1
    ]
    if len(values) < 2 or any(value != int(value) for value in values):
        return False
    whole = [int(value) for value in values]
    rising = all(b - a == 1 for a, b in pairwise(whole))
    corner = rows[number][0]
    return all(value in YEARS for value in whole) or (
        rising and corner.sort is not Sort.NUMBER and len(rows) > number + 1
    )


def _corner(rows: tuple[tuple[GridCell, ...], ...], header: tuple[int, ...]) -> str | None:
    """The word over the labels, which names what they are codes of."""
    for number in reversed(header):
        if rows[number] and rows[number][0].sort is Sort.TEXT:
            return rows[number][0].text
    return None


def _row_lines(
    rows: tuple[tuple[GridCell, ...], ...], span: range, body: list[int], stub: int, corner: str | None
) -> tuple[Line, ...]:
    """A line for each body row: its labels, its nesting, the section that it stands in."""
    lines: list[Line] = []
    section = ""
    held = [""] * stub
    indents = sorted({rows[number][stub - 1].indent for number in body})
    wanted = set(body)
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
        labels = (section, *held) if section else tuple(held)
        total = is_total(next((label for label in reversed(labels) if label), "")) or _says_total(held)
        lines.append(Line(labels, indent, total, section or corner))
        if section and row[stub - 1].indent < indents[-1] and indent == 0 and len(indents) > 1:
            section = ""
    return tuple(lines)


def _column_line(rows: tuple[tuple[GridCell, ...], ...], header: tuple[int, ...], column: int) -> Line:
    """The labels over a column, from the top; an upper label reaches right to the next one."""
    labels: list[str] = []
    for number in header:
        cell = rows[number][column]
        if cell.sort is Sort.EMPTY and number != header[-1]:
            left = column
            while left > 0 and rows[number][left].sort is Sort.EMPTY:
                left -= 1
            cell = rows[number][left] if left > 0 else cell
        if cell.text and (not labels or labels[-1] != cell.text):
            labels.append(cell.text)
    return Line(tuple(labels) or ("",), 0, _says_total(labels))


def _says_total(labels: list[str]) -> bool:
    """Whether the innermost label is a word for a total, a number of persons beside it allowed."""
    inner = next((label for label in reversed(labels) if label), "")
    return is_total(inner.split("(")[0].strip(" :,;."))
