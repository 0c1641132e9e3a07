"""A printed table as cells and sums.

One table at a time; ties between tables are made in `together`, percentages in
`shares`. What cannot be told is a question of the table, never a guess.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.means import weighed_means_of
from ngc_pipelines.disclosure.tables.relations.quotients import quotients_of
from ngc_pipelines.disclosure.tables.relations.shares import NUMBERS, Share, shares_of
from ngc_pipelines.disclosure.tables.relations.sums import Bounds, Lines, NotASum, Sum, sums_of
from ngc_pipelines.disclosure.tables.system import CellName, Relation, System, SystemCell, TableOutline

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TableSystem:
    """One table's system, and what was noticed on the way.

    Args:
        at: the system's cell of each place of the table.
        not_sums: lines that call themselves totals and sum nothing beside them.
    """

    system: System
    at: dict[Place, int]
    row_sums: tuple[Sum, ...]
    column_sums: tuple[Sum, ...]
    not_sums: tuple[str, ...]


def system_of_printed(table: PrintedTable, number: int = 0) -> TableSystem:
    """The cells and relations of one table.

    Args:
        number: the table's index in the folder's system.
    """
    counts = {place: count for place, cell in table.cells.items() if (count := count_in(cell)) is not None}
    names = _names(table)
    beside, above = [("row", line.name) for line in table.rows], [("column", line.name) for line in table.columns]
    cells: list[SystemCell] = []
    at: dict[Place, int] = {}
    for place in sorted(counts):
        at[place] = len(cells)
        low, high = _bounds(counts[place], table.rounded_to)
        label = (beside[place[0]], above[place[1]])
        mark = counts[place].mark
        cells.append(SystemCell(names[place], low, high, (counts[place].where,), label, number, mark))
    bounds = {place: (cells[index].low, cells[index].high) for place, index in at.items()}
    rows, columns = len(table.rows), len(table.columns)
    down = _lines(table.rows, [[bounds.get((r, c)) for c in range(columns)] for r in range(rows)], table)
    across = _lines(table.columns, [[bounds.get((r, c)) for r in range(rows)] for c in range(columns)], table)
    row_sums, not_rows = sums_of(down)
    column_sums, not_columns = sums_of(across)
    relations = [
        *_relations(table, number, at, row_sums, columns, turned=False),
        *_relations(table, number, at, column_sums, rows, turned=True),
    ]
    counted = {place: cells[index] for place, index in at.items()}
    for told in (*shares_of(table, counted, row_sums, column_sums), *quotients_of(table, counted)):
        if isinstance(told, Share):
            _add_share(told, table, number, names, at, cells, relations)
        else:
            reason = _printed_of(told.printed, told.of)
            lone = ((at[told.place], 1),)
            relations.append(Relation(lone, told.low, told.high, reason, told.where, number, share=True))
    for mean in weighed_means_of(table, counted, row_sums, column_sums):
        reason = Words(
            f"gennemsnittene af '{mean.name}' giver gennemsnittet for alle",
            f"the means of '{mean.name}' make the mean of all",
        )
        terms = tuple((at[place], weight) for place, weight in mean.terms if weight)
        relations.append(Relation(terms, mean.low, mean.high, reason, mean.where, number, share=True))
    return TableSystem(
        System(
            tuple(cells),
            tuple(relations),
            (TableOutline(table.where, rows, columns, table.title),),
            tuple(_contradicted(table, number, at, not_rows, not_columns)),
        ),
        at,
        tuple(row_sums),
        tuple(column_sums),
        (*_said(table.rows, not_rows), *_said(table.columns, not_columns)),
    )


def count_in(cell: tuple[Printed, ...]) -> Printed | None:
    """The count that a cell prints or blanks, where it does."""
    for printed in cell:
        if printed.meaning is Meaning.COUNT and (printed.value is None or printed.value == int(printed.value)):
            return printed
    return None


def _bounds(count: Printed, rounded_to: int) -> tuple[int, int | None]:
    if count.value is None:
        mark = count.mark
        return (0, None) if mark is None else (mark.low, mark.high)
    value = int(count.value)
    # Rounding to an odd base hides half of it each way; to an even one, half
    # either way, as halves go up in some programs and to the even in others.
    reach = rounded_to // 2 if rounded_to > 1 else 0
    return max(0, value - reach), value + reach


def _lines(lines: tuple[Line, ...], lanes: list[list[Bounds]], table: PrintedTable) -> Lines:
    return Lines(lines, lanes, table.rounded_to // 2 if table.rounded_to > 1 else 0)


def _names(table: PrintedTable) -> dict[Place, CellName]:
    """A name for every place; labels that stand twice are told apart by their order."""
    rows, columns = _codes(table.rows, "row"), _codes(table.columns, "column")
    return {
        (r, c): CellName(tuple(sorted((*rows[r], *columns[c]))), table.where)
        for r in range(len(rows))
        for c in range(len(columns))
    }


def _codes(lines: tuple[Line, ...], fallback: str) -> list[tuple[tuple[str, str], ...]]:
    again: Counter[str] = Counter()
    found: list[tuple[tuple[str, str], ...]] = []
    for line in lines:
        again[line.name] += 1
        name = line.name if again[line.name] == 1 else f"{line.name} #{again[line.name]}"
        found.append(
            () if line.total and again[line.name] == 1 and not _outer(line) else ((line.dimension or fallback, name),)
        )
    return found


def _outer(line: Line) -> bool:
    """Whether a total stands inside something: the total of a section, not of all."""
    return any(label for label in line.labels[:-1])


def _relations(
    table: PrintedTable, number: int, at: dict[Place, int], sums: list[Sum], lanes: int, *, turned: bool
) -> list[Relation]:
    lines, crossing = (table.columns, table.rows) if turned else (table.rows, table.columns)
    found = []
    for one in sums:
        for lane in range(lanes):
            places = [(lane, line) if turned else (line, lane) for line in (one.total, *one.parts)]
            if places[0] not in at or not any(place in at for place in places[1:]):
                continue
            missing = any(place not in at for place in places[1:])
            terms = tuple((at[place], -1 if n == 0 else 1) for n, place in enumerate(places) if place in at)
            total, beside = lines[one.total].name or "total", crossing[lane].name
            reason = Words(
                f"delene af '{total}' summer til den ({beside})", f"the parts of '{total}' add up to it ({beside})"
            )
            found.append(Relation(terms, None if missing else 0, 0, reason, table.where, number))
    return found


def _add_share(
    share: Share,
    table: PrintedTable,
    number: int,
    names: dict[Place, CellName],
    at: dict[Place, int],
    cells: list[SystemCell],
    relations: list[Relation],
) -> None:
    """Take one percentage in, with a cell for its count where none is printed."""
    if share.base not in at:
        return
    if share.place not in at:
        at[share.place] = len(cells)
        row, column = table.rows[share.place[0]], table.columns[share.place[1]]
        label = (("row", row.name), ("column", column.name))
        name = names[share.place]
        cells.append(SystemCell(name, 0, None, (share.where,), label, number, None, implied=True))
    elif cells[at[share.place]].known and cells[at[share.base]].known:
        return
    part, base = at[share.place], at[share.base]
    reason = _printed_of(share.printed, share.of)
    for low, high, (of_part, of_base) in share.inequalities():
        relations.append(
            Relation(((part, of_part), (base, of_base)), low, high, reason, share.where, number, share=True)
        )


def _printed_of(share: str, base: str) -> Words:
    """That a share is printed; its percent sign as the document has it."""
    return Words(f"der er trykt {share} af '{base}'", f"{share} of '{base}' is printed")


def _contradicted(
    table: PrintedTable, number: int, at: dict[Place, int], rows: list[NotASum], columns: list[NotASum]
) -> Iterator[Relation]:
    """Totals by name that are the sum of nothing beside them: named, and nothing concluded from them."""
    for lines, wanting, turned in ((table.rows, rows, False), (table.columns, columns, True)):
        for one in wanting:
            if sum(not line.total and line.labels != NUMBERS for line in lines) < 2:
                continue  # beside one part, the rest of a total is whoever is not in it
            name = lines[one.total].name
            cells = [index for place, index in sorted(at.items()) if place[turned] == one.total]
            reason = Words(
                f"'{name}' er ikke summen af det, der står ved den", f"'{name}' is not the sum of what stands beside it"
            )
            yield Relation(tuple((cell, 1) for cell in cells), None, None, reason, table.where, number)


def _said(lines: tuple[Line, ...], not_sums: list[NotASum]) -> tuple[str, ...]:
    return tuple(lines[one.total].name for one in not_sums)


def renumbered(system: System, offset: int) -> System:
    """The system with its cells' indexes moved by `offset`, to be put behind another."""
    if not offset:
        return system
    moved = tuple(
        replace(relation, terms=tuple((cell + offset, factor) for cell, factor in relation.terms))
        for relation in system.relations
    )
    left_out = tuple(
        replace(relation, terms=tuple((cell + offset, factor) for cell, factor in relation.terms))
        for relation in system.left_out
    )
    return replace(system, relations=moved, left_out=left_out)
