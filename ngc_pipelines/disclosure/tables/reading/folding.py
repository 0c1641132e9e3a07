"""Rows and cells that print several numbers of one cell, made into one: SPSS, SAS and Stata do so.

    Female | Count           |    97 |    3
           | % within Sex    | 97.0% | 3.0%

becomes the row `Female` with `97 (97.0%)`. And cells that print the counts of
several columns (`410/80/3` under `AA/AG/GG`) become as many columns.
"""

from __future__ import annotations

from dataclasses import replace

from ngc_pipelines.disclosure.tables.printed import Line, Mark, Meaning, Printed
from ngc_pipelines.disclosure.tables.reading.filling import Cells
from ngc_pipelines.disclosure.tables.reading.layout import Layout, says_total
from ngc_pipelines.disclosure.tables.reading.words import said
from ngc_pipelines.disclosure.tables.relations.shares import SHARES


def with_rows_folded(cells: Cells, layout: Layout) -> tuple[Cells, Layout]:
    """The percentages printed in rows below their counts, put to the counts."""
    heads = _heads(layout.rows)
    if not heads:
        return cells, layout
    below = {row: head for head, rows in heads.items() for row in rows}
    kept = [row for row in range(len(layout.rows)) if row not in below]
    at = {row: number for number, row in enumerate(kept)}
    folded: Cells = {(at[row], column): printed for (row, column), printed in cells.items() if row in at}
    for (row, column), printed in sorted(cells.items()):
        if row in below:
            place = (at[below[row]], column)
            shares = tuple(one for one in printed if one.meaning in SHARES)
            folded[place] = (*(folded.get(place) or (_blank(printed[0].where),)), *shares)
    named = {layout.rows[head].labels[-1] for head in heads}
    lines = tuple(
        _of_its_own(line) if line.labels[-1] in named else line for line in (layout.rows[row] for row in kept)
    )
    return folded, replace(layout, rows=lines, body=tuple(layout.body[row] for row in kept))


def _heads(rows: tuple[Line, ...]) -> dict[int, list[int]]:
    """Rows of counts, and for each the rows below that hold percentages of the same."""
    heads: dict[int, list[int]] = {}
    head: int | None = None
    for number, line in enumerate(rows):
        if len(line.labels) < 2:
            head = None
            continue
        inner = said(line.labels[-1])
        if inner.whole is Meaning.COUNT and any(line.labels[:-1]):
            head = number
        elif head is None or line.labels[:-1] != rows[head].labels[:-1]:
            head = None
        elif inner.statistics and set(inner.statistics) <= SHARES:
            heads.setdefault(head, []).append(number)
    return heads


def _of_its_own(line: Line) -> Line:
    """A row without the name of its statistic."""
    labels = line.labels[:-1]
    return replace(line, labels=labels, total=says_total(labels))


def _blank(where: str) -> Printed:
    return Printed(Meaning.COUNT, None, where, mark=Mark(""))


def with_columns_apart(cells: Cells, layout: Layout) -> tuple[Cells, Layout]:
    """Columns whose cells hold three counts and more, as many columns as counts."""
    widths = [1] * len(layout.columns)
    for (_, column), printed in cells.items():
        if len(printed) > 2 and all(one.meaning is Meaning.COUNT for one in printed):
            widths[column] = max(widths[column], len(printed))
    if max(widths, default=1) == 1:
        return cells, layout
    starts = [sum(widths[:column]) for column in range(len(widths))]
    apart: Cells = {}
    for (row, column), printed in cells.items():
        if widths[column] == 1 or len(printed) != widths[column]:
            apart[row, starts[column]] = printed
        else:
            apart.update({(row, starts[column] + place): (one,) for place, one in enumerate(printed)})
    lines = [line for line, width in zip(layout.columns, widths, strict=True) for line in _parted(line, width)]
    numbers = [number for number, width in zip(layout.column_numbers, widths, strict=True) for _ in range(width)]
    return apart, replace(layout, columns=tuple(lines), column_numbers=tuple(numbers))


def _parted(line: Line, width: int) -> list[Line]:
    """`Cases AA/AG/GG` as `Cases AA`, `Cases AG`, `Cases GG`; else numbered."""
    if width == 1:
        return [line]
    before, _, last = line.labels[-1].rpartition(" ")
    names = [name.strip("() ") for name in last.split("/")]
    if len(names) != width:
        before, names = line.labels[-1], [f"{place + 1}" for place in range(width)]
    return [replace(line, labels=(*line.labels[:-1], f"{before} {name}".strip())) for name in names]
