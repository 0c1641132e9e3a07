"""From a grid of cells to printed tables: the entry of this room.

One grid may hold several tables; each has a header, a stub of labels and a
body. What a number is, is told by `meaning`; whole numbers that nothing
explains are counts where they add up, and a question where not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.printed import Line, Mark, Meaning, Printed, PrintedTable, Question
from ngc_pipelines.disclosure.tables.reading.filling import (
    Cells,
    blanks_of,
    with_marks_told,
    with_numbers_of_headers,
    with_pairs_told,
    with_shares_beside,
    with_shares_told,
)
from ngc_pipelines.disclosure.tables.reading.flow import flow_on
from ngc_pipelines.disclosure.tables.reading.folding import with_columns_apart, with_rows_folded
from ngc_pipelines.disclosure.tables.reading.grid import Block, GridCell, Sort, blocks_of
from ngc_pipelines.disclosure.tables.reading.layout import Layout, layout_of
from ngc_pipelines.disclosure.tables.reading.legends import rounded_to, zero_included
from ngc_pipelines.disclosure.tables.reading.meaning import (
    Speech,
    is_count,
    meanings_of,
    per_of,
    speeches_of,
    with_counts_alone,
)
from ngc_pipelines.disclosure.tables.reading.no_counts import without_codes
from ngc_pipelines.disclosure.tables.reading.numbers import Token
from ngc_pipelines.disclosure.tables.reading.rounding import rounded_by_form
from ngc_pipelines.disclosure.tables.reading.words import Said, is_everybody, said
from ngc_pipelines.disclosure.tables.relations.shares import SHARES
from ngc_pipelines.disclosure.tables.relations.sums import Ground, Lines, sums_of

_NOT_SAID = Words(
    "Det kan ikke ses, om tabellens hele tal er antal personer; nogle af dem er under 5.",
    "It cannot be told whether the table's whole numbers count persons; some are under 5.",
)
_OF_WHAT = Words(
    "Tabellen tæller noget, men det kan ikke ses, om det er personer; nogle af tallene er under 5.",
    "The table counts something, but it cannot be told whether it is persons; some of the numbers are under 5.",
)

# Rows from which a column of unexplained decimals is data, of which nothing is concluded.
MATRIX = 1_000

# Rows that show how a column is printed.
FIRST = 50

# What a corner may say of all numbers of its table.
_OF_ALL = SHARES | {Meaning.P_VALUE, Meaning.ESTIMATE, Meaning.INTERVAL, Meaning.MEAN, Meaning.MEDIAN}


def printed_tables(table: Table) -> tuple[PrintedTable, ...]:
    """The tables of one grid; none where no body of numbers is found."""
    return tuple(_read(flow_on(table) or table))


def _read(piece: Table) -> Iterator[PrintedTable]:
    """Each block with the texts that stand before it and those that follow it."""
    titles: list[str] = [piece.title] if piece.title else []
    waiting: tuple[Block, Layout, list[str]] | None = None
    for block in blocks_of(piece):
        layout = layout_of(block)
        if layout is None:
            texts = [cell.text for row in block.rows for cell in row if cell.sort is Sort.TEXT][:8]
            titles = texts
            if waiting is not None:
                waiting[2].extend(texts)
            continue
        if waiting is not None:
            yield _table(*waiting[:2], waiting[2])
        heading = " – ".join([*titles[-3:], *layout.titles])
        waiting, titles = (block, layout, [heading]), []
    if waiting is not None:
        yield _table(*waiting[:2], waiting[2])


def _table(block: Block, layout: Layout, around: list[str]) -> PrintedTable:
    title, notes = around[0], (*block.piece.notes, *layout.notes, *around[1:])
    title_said = _said_around(title, layout.corner)
    cells = _cells(block, layout, title, title_said)
    if zero_included(notes) or zero_included([title]):
        cells = {place: _with_zero(printed) for place, printed in cells.items()}
    cells = without_codes(_without_negatives(cells), block, layout)
    cells, layout = with_rows_folded(cells, layout)
    cells, layout = with_columns_apart(cells, layout)
    cells = with_marks_told(cells)
    cells, questions = _unknown_counts(cells, layout, block, title_said)
    cells = with_shares_beside(cells, layout.columns)
    cells = with_pairs_told(blanks_of(cells, block, layout), layout.rows, layout.columns)
    table = PrintedTable(
        block.where(layout.body[0], 0) if block.top else str(block.piece.place),
        layout.rows,
        layout.columns,
        with_shares_told(cells, layout.columns),
        title or None,
        notes,
        told if (told := rounded_to((title, *notes))) > 1 else rounded_by_form(cells, layout),
        tuple(questions),
    )
    return with_numbers_of_headers(table)


def _said_around(title: str, corner: str | None) -> Said:
    """What the title says, or else the corner, where that names a statistic."""
    over, beside = said(title[:300]), said(corner or "")
    if is_everybody(title):
        over = replace(over, persons=True)
    told = set(beside.statistics) & _OF_ALL
    return beside if told and not beside.counts and not over.counts and not over.statistics else over


def _cells(block: Block, layout: Layout, title: str, title_said: Said) -> Cells:
    over, beside = speeches_of(layout.columns), speeches_of(layout.rows)
    over = with_counts_alone(over, [_first_tokens(block, layout, column) for column in layout.column_numbers])
    pers = [per_of(f"{column.name} {title}") for column in layout.columns]
    where, sort = block.wheres(), Sort.NUMBER
    # By what is said beside the row, then column and form of a lone number: what it is. Rows mostly say nothing.
    told: dict[Speech, dict[int, Meaning]] = {}
    cells: Cells = {}
    measured = _measured(block, layout, over)
    for row, block_row in enumerate(layout.body):
        per_row, speech, block_cells = per_of(layout.rows[row].name), beside[row], block.rows[block_row]
        known = told.setdefault(speech, {})
        for column, block_column in enumerate(layout.column_numbers):
            cell = block_cells[block_column]
            if (cell.sort is not sort and cell.sort is not Sort.MARK) or column in measured:
                continue
            place, per = where(block_row, block_column), per_row if per_row != 100 else pers[column]
            if cell.sort is not sort or len(cell.tokens) != 1:
                cells[row, column] = _printed(cell, over[column], speech, title_said, place, per)
                continue
            token = cell.tokens[0]
            if token.compared:
                cells[row, column] = _printed(cell, over[column], speech, title_said, place, per)
                continue
            key = 4 * column + 2 * token.percent + is_count(token)
            meaning = known.get(key)
            if meaning is None:
                meaning = known[key] = meanings_of(cell.tokens, over[column], speech, title_said)[0]
            per = per if meaning is Meaning.RATE else 100
            cells[row, column] = (Printed(meaning, token.value, place, token.decimals, per=per),)
    return cells


def _first_tokens(block: Block, layout: Layout, column: int) -> list[Token]:
    """The numbers in a column's first cells, which show how it is printed."""
    return [token for row in layout.body[:FIRST] for token in block.rows[row][column].tokens]


def _measured(block: Block, layout: Layout, over: Sequence[Speech]) -> set[int]:
    """Columns of a matrix of data: thousands of lone numbers with decimals that no word explains."""
    if len(layout.body) < MATRIX:
        return set()
    return {
        column
        for column, block_column in enumerate(layout.column_numbers)
        if not over[column].told and all(_is_measured(block.rows[row][block_column]) for row in layout.body)
    }


def _is_measured(cell: GridCell) -> bool:
    return cell.sort is Sort.EMPTY or (len(cell.tokens) == 1 and cell.tokens[0].decimals > 0)


def _printed(cell: GridCell, column: Speech, row: Speech, title: Said, where: str, per: int) -> tuple[Printed, ...]:
    if cell.sort is Sort.MARK and cell.mark is not None:
        beside = tuple(_number(one, Meaning.PERCENT, where, 100) for one in cell.tokens)
        return (Printed(Meaning.COUNT if beside else Meaning.UNKNOWN, None, where, mark=cell.mark), *beside)
    meanings = meanings_of(cell.tokens, column, row, title)
    return tuple(_number(token, meaning, where, per) for meaning, token in zip(meanings, cell.tokens, strict=True))


def _number(token: Token, meaning: Meaning, where: str, per: int) -> Printed:
    """One number; a percentage that is only said to be below another stands as a mark that says so."""
    if token.compared and meaning in SHARES:
        return Printed(meaning, None, where, token.decimals, mark=Mark(f"{token.compared}{token.value}"))
    return Printed(meaning, token.value, where, token.decimals, per=per if meaning is Meaning.RATE else 100)


def _with_zero(printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
    """`<5` with a legend that says 0 is among them."""
    return tuple(
        replace(one, mark=replace(one.mark, low=0, legend=True)) if one.mark is not None and one.mark.low == 1 else one
        for one in printed
    )


def _without_negatives(cells: Cells) -> Cells:
    """A column with a negative number holds differences, and counts nobody."""
    negative = {column for (_, column), printed in cells.items() if _is_negative(printed[0])}
    if not negative:
        return cells
    return {
        place: tuple(
            replace(one, meaning=Meaning.OTHER) if one.meaning in (Meaning.COUNT, Meaning.UNKNOWN) else one
            for one in printed
        )
        if place[1] in negative
        else printed
        for place, printed in cells.items()
    }


def _is_negative(one: Printed) -> bool:
    return one.value is not None and one.value < 0 and one.meaning in (Meaning.COUNT, Meaning.UNKNOWN, Meaning.OTHER)


def _unknown_counts(cells: Cells, layout: Layout, block: Block, title: Said) -> tuple[Cells, list[Question]]:
    """Whole numbers that no word explains: counts where they add up, else a question."""
    speaks = any(one.mark is not None and one.mark.speaks for printed in cells.values() for one in printed)
    things = not speaks and _of_things(layout, title)
    if things:
        cells = {place: _as_unknown(printed) for place, printed in cells.items()}
    unknown = [place for place, printed in cells.items() if printed[0].meaning is Meaning.UNKNOWN]
    if not unknown:
        return cells, []
    if not things and (speaks or _adds_up(cells, layout, set(unknown))):
        counted = {place: (replace(cells[place][0], meaning=Meaning.COUNT), *cells[place][1:]) for place in unknown}
        return cells | counted, []
    small = [p for p in unknown if (value := cells[p][0].value) is not None and 0 < value < 5]
    if not small or len(unknown) < 2:
        return cells, []
    where = block.where(layout.body[small[0][0]], layout.column_numbers[small[0][1]])
    return cells, [Question(where, _OF_WHAT if things else _NOT_SAID)]


def _of_things(layout: Layout, title: Said) -> bool:
    """Whether the table counts, by its words, and names only things and no persons."""
    around = [title, said(layout.corner or "")]
    labels = [said(label) for line in (*layout.columns, *layout.rows[:200]) for label in line.labels if label]
    return any(one.thing for one in around) and not any(one.persons for one in (*around, *labels))


def _as_unknown(printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
    return tuple(replace(one, meaning=Meaning.UNKNOWN) if one.meaning is Meaning.COUNT else one for one in printed)


def _adds_up(cells: Cells, layout: Layout, unknown: set[tuple[int, int]]) -> bool:
    """Whether totals by words or nesting are seen to hold among the numbers."""
    rows, columns = len(layout.rows), len(layout.columns)
    if not (_may_sum(layout.rows) or _may_sum(layout.columns)):
        return False
    bounds: dict[tuple[int, int], tuple[int, int | None]] = {}
    for place, printed in cells.items():
        one = printed[0]
        if one.meaning in (Meaning.COUNT, Meaning.UNKNOWN):
            known = one.value is not None and (place in unknown or one.value == int(one.value))
            bounds[place] = (int(one.value), int(one.value)) if known and one.value is not None else (0, None)
    down = Lines(layout.rows, [[bounds.get((r, c)) for c in range(columns)] for r in range(rows)])
    across = Lines(layout.columns, [[bounds.get((r, c)) for r in range(rows)] for c in range(columns)])
    return _sums_hold(down) or _sums_hold(across)


def _may_sum(lines: Sequence[Line]) -> bool:
    """Whether lines are few, or some of them call themselves totals: a matrix of data is neither."""
    return len(lines) <= 200 or any(line.total or line.level for line in lines)


def _sums_hold(lines: Lines) -> bool:
    if not _may_sum(lines.lines):
        return False
    found, _ = sums_of(lines)
    return any(len(one.parts) > 1 and one.confirmed >= (2 if one.ground is Ground.ARITHMETIC else 1) for one in found)
