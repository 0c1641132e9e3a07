"""From a plan of what to blank and merge to the changes of a document's grids."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place, Strip
from ngc_pipelines.disclosure.tables.finishing.document import Document, Home, LineAt, line_at
from ngc_pipelines.disclosure.tables.finishing.marks import differ, mark_for
from ngc_pipelines.disclosure.tables.finishing.merged_cells import (
    Recount,
    printed_counts,
    recounted_texts,
    thousands_sign,
)
from ngc_pipelines.disclosure.tables.finishing.numbers import count_text
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable
from ngc_pipelines.disclosure.tables.repair.beside import beside_blanked, beside_counts
from ngc_pipelines.disclosure.tables.repair.categories import Axis
from ngc_pipelines.disclosure.tables.repair.choosing import Plan
from ngc_pipelines.disclosure.tables.repair.state import Merge, Spot


@dataclass(slots=True)
class Edits:
    """The changes of one grid while they are gathered."""

    texts: dict[Place, str] = field(default_factory=dict)
    strips: list[Strip] = field(default_factory=list)
    audited: set[Place] = field(default_factory=set)
    notes: list[tuple[Place, str]] = field(default_factory=list)

    def of(self, grid: Table) -> GridChanges:
        """The changes as writers take them."""
        strips = tuple(dict.fromkeys(self.strips))
        return GridChanges(grid, self.texts, strips, frozenset(self.audited), tuple(self.notes))


def mergeable(document: Document, axes: Sequence[Axis]) -> list[Axis]:
    """The axes whose categories can be taken out of the document's layout."""
    return [axis for axis in axes if _can_go(document, axis)]


def _can_go(document: Document, axis: Axis) -> bool:
    home = document.homes[axis.table]
    if isinstance(home.table, TidyTable):
        # Rows that are left out would take their persons with them.
        sizes = [len({cell.codes[n] for cell in home.table.cells}) for n in range(len(home.table.dimensions))]
        return math.prod(sizes) == len(home.table.cells)
    grid = document.grids[home.grid]
    return all(isinstance(n, int) and line_at(home, grid, axis.position, n) is not None for n in axis.lines)


def changes_of(document: Document, plan: Plan, exposed: frozenset[int], mark: str) -> list[GridChanges]:
    """The changes that make the document what the plan says.

    Args:
        exposed: cells blanked already whose statistics beside them go too.
        mark: the policy's mark, for tables that have none of their own.

    Raises:
        CannotWrite: where a place of the plan is not found in the document.
    """
    edits: dict[int, Edits] = defaultdict(Edits)
    beside = beside_counts([table for table in document.tables if isinstance(table, PrintedTable)])
    goes = {*plan.proposal.cells, *exposed}
    silent = {one.where for one in beside_blanked(plan.proposal.after.system, goes, beside)}
    for number, home in enumerate(document.homes):
        edits[home.grid].audited.update(home.at.values())
        _edit_table(document, plan, number, edits[home.grid], silent, mark)
    return [edits[number].of(grid) for number, grid in enumerate(document.grids)]


def _edit_table(document: Document, plan: Plan, number: int, made: Edits, silent: set[str], mark: str) -> None:
    home, grid = document.homes[number], document.grids[document.homes[number].grid]
    cells, view = plan.proposal.after.system.cells, plan.state.views[number]
    text = mark_for(home.table, mark)
    merges = [merge for merge in plan.merges if merge.table == number]
    if merges and isinstance(home.table, PrintedTable):
        _merge_printed(home, grid, plan, number, merges, made, text)
    elif merges:
        _merge_tidy(home, grid, plan, number, merges, made)
    new = set(plan.proposal.cells) | set(plan.state.merged)
    blanked = {spot: index for spot, index in view.items() if cells[index].blanked}
    changed = any(index in new for index in blanked.values()) or (bool(blanked) and differ(home.table))
    for spot, index in blanked.items():
        if changed or index in new:
            made.texts[_place(home, spot, cells[index].wheres)] = text
    _blank_statistics(home, made, silent, text)


def _place(home: Home, spot: Spot, wheres: tuple[str, ...]) -> Place:
    if isinstance(home.table, PrintedTable):
        printed = home.table.cells.get((int(spot[0]), int(spot[1])), ())
        wheres = (*(one.where for one in printed if one.meaning is Meaning.COUNT), *wheres)
    found = next((home.at[where] for where in wheres if where in home.at), None)
    if found is None:
        raise CannotWrite(
            Words(
                f"Et tal, der skal blændes, står ikke i en celle for sig ({wheres[0]}); ret det i hånden.",
                f"A number to blank does not stand in a cell of its own ({wheres[0]}); change it by hand.",
            )
        )
    return found


def _blank_statistics(home: Home, made: Edits, silent: set[str], mark: str) -> None:
    """Statistics in cells of their own get the mark; out of a count's cell that stays, they go."""
    if not isinstance(home.table, PrintedTable):
        return
    at: dict[str, list[Printed]] = defaultdict(list)
    for cell in home.table.cells.values():
        for one in cell:
            at[one.where].append(one)
    for where in sorted(silent & set(at) & set(home.at)):
        if home.at[where] not in made.texts:
            counts = [one.value for one in at[where] if one.meaning is Meaning.COUNT and one.value is not None]
            made.texts[home.at[where]] = str(int(counts[0])) if counts else mark


def _gone(merges: Sequence[Merge], position: int) -> tuple[dict[int | str, int | str], dict[int | str, str]]:
    """The lines of one axis that go, each with the one that stays for it; and the new labels."""
    kept: dict[int | str, int | str] = {}
    labels: dict[int | str, str] = {}
    for merge in (merge for merge in merges if merge.position == position):
        first = merge.lines[0]
        kept = {line: first if stays in merge.lines else stays for line, stays in kept.items()}
        kept.update((line, first) for line in merge.lines[1:])
        for line in merge.lines:
            labels.pop(line, None)
        labels[first] = merge.into
    return kept, labels


def _merge_printed(
    home: Home, grid: Table, plan: Plan, number: int, merges: Sequence[Merge], made: Edits, mark: str
) -> None:
    kept_rows, row_labels = _gone(merges, 0)
    kept_columns, column_labels = _gone(merges, 1)
    for position, kept, labels in ((0, kept_rows, row_labels), (1, kept_columns, column_labels)):
        for line in kept:
            made.strips.append(_line(home, grid, position, line).strip)
        for line, label in labels.items():
            made.texts[_line(home, grid, position, line).label] = label
    cells = plan.proposal.after.system.cells
    recount = Recount(counts_printed(home), printed_counts(plan.state.views[number], cells), (kept_rows, kept_columns))
    assert isinstance(home.table, PrintedTable)
    spots = [
        spot
        for spot in home.table.cells
        if (spot[0] in row_labels or spot[1] in column_labels)
        and spot[0] not in kept_rows
        and spot[1] not in kept_columns
    ]
    made.texts.update(recounted_texts(home, grid, recount, spots, mark))


def counts_printed(home: Home) -> Mapping[Spot, int]:
    """The counts that a printed table shows, by spot."""
    assert isinstance(home.table, PrintedTable)
    return {
        spot: int(one.value)
        for spot, cell in home.table.cells.items()
        for one in cell
        if one.meaning is Meaning.COUNT and one.value is not None
    }


def _line(home: Home, grid: Table, position: int, line: int | str) -> LineAt:
    found = line_at(home, grid, position, int(line))
    if found is None:
        raise CannotWrite(
            Words(
                "En kategori kan ikke tages ud af tabellens layout; vælg --prefer blank.",
                "A category cannot be taken out of the table's layout; choose --prefer blank.",
            )
        )
    return found


def _merge_tidy(home: Home, grid: Table, plan: Plan, number: int, merges: Sequence[Merge], made: Edits) -> None:
    table, view = home.table, plan.state.views[number]
    assert isinstance(table, TidyTable)
    cells, thousands = plan.proposal.after.system.cells, thousands_sign(home, grid)
    header = [str(cell or "").strip() for cell in grid.rows[0]]
    bottom, right = len(grid.rows) - 1, max(len(row) for row in grid.rows) - 1
    labels: dict[int, dict[int | str, str]] = {}
    for position in range(len(table.dimensions)):
        _, labels[position] = _gone(merges, position)
    for cell in table.cells:
        place = home.at[cell.where]
        index = view.get(cell.codes)
        if index is None:
            made.strips.append(Strip(True, place[0], 1, 0, bottom, right))
            continue
        for position, code in enumerate(cell.codes):
            if code in labels[position]:
                made.texts[place[0], header.index(table.dimensions[position])] = labels[position][code]
        if index in plan.state.merged and cells[index].known:
            made.texts[place] = count_text(cells[index].low, thousands)
