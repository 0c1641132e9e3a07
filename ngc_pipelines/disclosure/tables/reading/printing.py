"""From a grid of cells to printed tables: the entry of this room.

One grid may hold several tables, one below the other; each has a header, a
stub of labels and a body. What a number is, is told by `meaning`; whole numbers
that nothing explains are counts where they add up, and a question where not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable, Question
from ngc_pipelines.disclosure.tables.reading.grid import Block, GridCell, Sort, blocks_of
from ngc_pipelines.disclosure.tables.reading.layout import Layout, layout_of
from ngc_pipelines.disclosure.tables.reading.meaning import meanings_of, per_of
from ngc_pipelines.disclosure.tables.relations.sums import Ground, Lines, sums_of

_ROUNDED = re.compile(r"(?:rounded|afrundet)[^.]{0,40}?(?:nearest|til nærmeste|to)\s*(5|10|3|50|100)\b", re.IGNORECASE)
_ZERO_TOO = re.compile(
    r"(?:0\s*[-–]\s*4|including (?:zero|0)|inkl(?:usive|\.)? (?:nul|0)|0 to 4|0 til 4)", re.IGNORECASE
)
_N_IN_HEADER = re.compile(r"\(?\s*[nN]\s*=\s*(\d[\d .,]*)\)?")

Place = tuple[int, int]


def printed_tables(table: Table) -> tuple[PrintedTable, ...]:
    """The tables of one grid; none where no body of numbers is found."""
    return tuple(_read(table))


def _read(piece: Table) -> Iterator[PrintedTable]:
    titles: list[str] = [piece.title] if piece.title else []
    for block in blocks_of(piece):
        layout = layout_of(block)
        if layout is None:
            titles = [cell.text for row in block.rows for cell in row if cell.sort is Sort.TEXT][:4]
            continue
        yield _table(block, layout, " – ".join([*titles, *layout.titles]))
        titles = []


def _table(block: Block, layout: Layout, title: str) -> PrintedTable:
    notes = (*block.piece.notes, *layout.notes)
    zero_too = any(_ZERO_TOO.search(note) for note in notes)
    cells: dict[Place, tuple[Printed, ...]] = {}
    for row, block_row in enumerate(layout.body):
        for column, block_column in enumerate(layout.column_numbers):
            cell = block.rows[block_row][block_column]
            where = block.where(block_row, block_column)
            printed = _printed(cell, layout.columns[column], layout.rows[row], title, where)
            if printed:
                cells[row, column] = _with_zero(printed) if zero_too else printed
    cells = _marks_by_neighbours(cells)
    cells, questions = _unknown_counts(cells, layout, block)
    table = PrintedTable(
        block.where(layout.body[0], 0) if block.top else str(block.piece.place),
        layout.rows,
        layout.columns,
        cells,
        title or None,
        notes,
        _rounded_to((title, *notes)),
        tuple(questions),
    )
    return _with_numbers_of_headers(table)


def _printed(cell: GridCell, column: Line, row: Line, title: str, where: str) -> tuple[Printed, ...]:
    if cell.sort is Sort.MARK and cell.mark is not None:
        return (Printed(Meaning.UNKNOWN, None, where, mark=cell.mark),)
    if cell.sort is not Sort.NUMBER:
        return ()
    meanings = meanings_of(cell.tokens, column.name, row.name, title)
    per = per_of(f"{column.name} {row.name} {title}")
    return tuple(
        Printed(meaning, token.value, where, token.decimals, per=per if meaning is Meaning.RATE else 100)
        for meaning, token in zip(meanings, cell.tokens, strict=True)
    )


def _with_zero(printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
    """`<5` with a legend that says 0 is among them."""
    return tuple(
        replace(one, mark=replace(one.mark, low=0, legend=True)) if one.mark is not None and one.mark.low == 1 else one
        for one in printed
    )


def _marks_by_neighbours(cells: dict[Place, tuple[Printed, ...]]) -> dict[Place, tuple[Printed, ...]]:
    """A mark is of what the numbers of its column, or else of its row, are."""
    by_column: dict[int, Counter[Meaning]] = {}
    by_row: dict[int, Counter[Meaning]] = {}
    for (row, column), printed in cells.items():
        if printed[0].value is not None:
            by_column.setdefault(column, Counter())[printed[0].meaning] += 1
            by_row.setdefault(row, Counter())[printed[0].meaning] += 1
    told: dict[Place, tuple[Printed, ...]] = {}
    for (row, column), printed in cells.items():
        if printed[0].mark is None:
            told[row, column] = printed
            continue
        votes = by_column.get(column) or by_row.get(row) or Counter()
        meaning = (
            Meaning.COUNT if printed[0].mark.speaks else (votes.most_common(1)[0][0] if votes else Meaning.UNKNOWN)
        )
        told[row, column] = (replace(printed[0], meaning=meaning),)
    return told


def _unknown_counts(
    cells: dict[Place, tuple[Printed, ...]], layout: Layout, block: Block
) -> tuple[dict[Place, tuple[Printed, ...]], list[Question]]:
    """Whole numbers that no word explains: counts where they add up, else a question."""
    unknown = [place for place, printed in cells.items() if printed[0].meaning is Meaning.UNKNOWN]
    if not unknown:
        return cells, []
    if _adds_up(cells, layout, set(unknown)) or any(
        one.mark is not None and one.mark.speaks for printed in cells.values() for one in printed
    ):
        counted = {place: (replace(cells[place][0], meaning=Meaning.COUNT), *cells[place][1:]) for place in unknown}
        return cells | counted, []
    small = [p for p in unknown if (value := cells[p][0].value) is not None and 0 < value < 5]
    if not small or len(unknown) < 2:
        return cells, []
    where = block.where(layout.body[small[0][0]], layout.column_numbers[small[0][1]])
    words = Words(
        "Det kan ikke ses, om tabellens hele tal er antal personer; nogle af dem er under 5.",
        "It cannot be told whether the table's whole numbers count persons; some are under 5.",
    )
    return cells, [Question(where, words)]


def _adds_up(cells: dict[Place, tuple[Printed, ...]], layout: Layout, unknown: set[Place]) -> bool:
    """Whether totals by words or nesting are seen to hold among the numbers."""
    rows, columns = len(layout.rows), len(layout.columns)
    bounds: dict[Place, tuple[int, int | None]] = {}
    for place, printed in cells.items():
        one = printed[0]
        if one.meaning in (Meaning.COUNT, Meaning.UNKNOWN):
            known = one.value is not None and (place in unknown or one.value == int(one.value))
            bounds[place] = (int(one.value), int(one.value)) if known and one.value is not None else (0, None)
    down = Lines(layout.rows, [[bounds.get((r, c)) for c in range(columns)] for r in range(rows)])
    across = Lines(layout.columns, [[bounds.get((r, c)) for r in range(rows)] for c in range(columns)])
    for lines in (down, across):
        found, _ = sums_of(lines)
        if any(one.confirmed >= 1 and len(one.parts) > 1 and one.ground is not Ground.ARITHMETIC for one in found):
            return True
        if any(one.confirmed >= 2 and len(one.parts) > 1 for one in found):
            return True
    return False


def _rounded_to(texts: tuple[str, ...]) -> int:
    for text in texts:
        match = _ROUNDED.search(text or "")
        if match:
            return int(match[1])
    return 1


def _with_numbers_of_headers(table: PrintedTable) -> PrintedTable:
    """`Kvinder (n = 120)`: the number over a column becomes a row of its own, a total of the column."""
    numbers = [_N_IN_HEADER.search(line.name) for line in table.columns]
    if not any(numbers):
        return table
    row = len(table.rows)
    cells = dict(table.cells)
    for column, match in enumerate(numbers):
        if match is not None:
            digits = re.sub(r"\D", "", match[1])
            where = f"{table.where} › N over column {column + 1}"
            cells[row, column] = (Printed(Meaning.COUNT, Decimal(digits), where),)
    return replace(table, rows=(*table.rows, Line(("N",), 0, True)), cells=cells)
