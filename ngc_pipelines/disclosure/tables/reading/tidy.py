"""Recognising and reading tidy tables, and hierarchies, from rows of cells.

A tidy table has a header row, one column of counts with a name that says so,
and every other column is a dimension whose codes together name each row once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.marks import mark_of
from ngc_pipelines.disclosure.tables.printed import Question
from ngc_pipelines.disclosure.tables.reading.words import said
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy, TidyCell, TidyTable, is_total

COUNT_NAMES = frozenset(
    {"count", "counts", "n", "antal", "freq", "frequency", "frekvens", "persons", "personer", "value"}
)


_OF_WHAT = Words(
    "Tabellen tæller noget, men det kan ikke ses, om det er personer; nogle af tallene er under 5.",
    "The table counts something, but it cannot be told whether it is persons; some of the numbers are under 5.",
)


class NotTidy(Exception):  # noqa: N818 - an answer, not a fault: the table is of another form
    """The rows are no tidy table; says why."""


def tidy_table(rows: Sequence[Sequence[str]], where: str) -> TidyTable:
    """The tidy table that `rows` are, header first.

    Raises:
        NotTidy: where they are none.
    """
    if len(rows) < 2:
        raise NotTidy("fewer than two rows")
    header = [name.strip() for name in rows[0]]
    counts = [place for place, name in enumerate(header) if name.casefold() in COUNT_NAMES]
    if len(counts) != 1 or len(header) < 2 or any(not name for name in header) or len(set(header)) < len(header):
        raise NotTidy("no single column of counts among named columns")
    at = counts[0]
    if any(said(name).statistics for place, name in enumerate(header) if place != at):
        raise NotTidy("a column beside the counts holds a statistic, and is no dimension")
    cells: list[TidyCell] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise NotTidy(f"line {number} has {len(row)} fields, not {len(header)}")
        count = _whole(row[at])
        mark = None if count is not None else mark_of(row[at])
        if count is None and mark is None:
            raise NotTidy(f"line {number} has neither a count nor a mark")
        codes = tuple(cell.strip() for place, cell in enumerate(row) if place != at)
        cells.append(TidyCell(codes, count, mark, f"{where} › line {number}"))
    if not cells or len({_folded(cell.codes) for cell in cells}) < len(cells):
        raise NotTidy("the codes do not name each row once")
    dimensions = tuple(name for place, name in enumerate(header) if place != at)
    if len(dimensions) == 1 and not any(is_total(cell.codes[0]) for cell in cells):
        raise NotTidy("one dimension without a total is a list")
    return TidyTable(where, dimensions, tuple(cells))


def asked_of_tidy(table: TidyTable, header: Sequence[str]) -> Question | None:
    """What must be asked before small counts are taken for counts of persons; None where nothing need be.

    A list of genes or files may have a column `n` too, and a column `value`
    holds anything.

    Args:
        header: names of all columns, the count's among them.
    """
    small = next((cell for cell in table.cells if cell.count is not None and 0 < cell.count < 5), None)
    if small is None:
        return None
    named = [said(name) for name in header]
    totals = any(is_total(code) for cell in table.cells for code in cell.codes)
    things = any(name.thing for name in named) and not any(name.persons for name in named)
    anything = not totals and any(name.strip().casefold() == "value" for name in header)
    return Question(small.where, _OF_WHAT) if things or anything else None


def hierarchy_of(rows: Sequence[Sequence[str]]) -> dict[str, Hierarchy]:
    """Dimension → parent → parts, from rows of `dimension,code,parent`, header first.

    Raises:
        NotTidy: where columns are missing, or a code is its own ancestor.
    """
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    if not {"dimension", "code", "parent"} <= set(header):
        raise NotTidy("a hierarchy has the columns dimension, code and parent")
    places = [header.index(name) for name in ("dimension", "code", "parent")]
    found: dict[str, dict[str, list[str]]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(header):
            raise NotTidy(f"line {number} has {len(row)} fields, not {len(header)}")
        dimension, code, parent = (row[place].strip() for place in places)
        if parent:
            found.setdefault(dimension, {}).setdefault(parent, []).append(code)
    for dimension, parents in found.items():
        _refuse_circles(dimension, parents)
    return dict(found)


def _refuse_circles(dimension: str, parents: dict[str, list[str]]) -> None:
    above = {part: parent for parent, parts in parents.items() for part in parts}
    for start in above:
        code, steps = start, 0
        while code in above:
            code, steps = above[code], steps + 1
            if steps > len(above):
                raise NotTidy(f"in dimension {dimension!r} a code is its own ancestor")


def _folded(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("" if is_total(code) else code for code in codes)


def _whole(text: str) -> int | None:
    """A count as printed, thousands marked by a point, comma or blank; else None."""
    cell = text.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if (
        len(cell) > 4
        and cell.count(".") + cell.count(",")
        and all(len(g) == 3 for g in cell.replace(",", ".").split(".")[1:])
    ):
        cell = cell.replace(".", "").replace(",", "")
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == number.to_integral_value() and abs(number) < 10**12 else None
