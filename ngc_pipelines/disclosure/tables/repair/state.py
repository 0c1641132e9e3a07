"""A system of tables while its repair is tried out: which cell is printed at which place.

Merged categories are modelled as what a reader of the merged table has: the
parts are not printed, their sum is. The parts stay in the system as unknowns
with every relation that ties them, so that the audit answers whether any of
them can be computed after all, from this table or from another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.audit import Audit, Status
from ngc_pipelines.disclosure.tables.printed import Mark, PrintedTable
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable
from ngc_pipelines.disclosure.tables.system import CellName, Relation, System, SystemCell

# Where a cell stands in its table: (row, column) numbers, or the codes of a tidy table.
Spot = tuple[int | str, ...]
Table = PrintedTable | TidyTable
NEUTRAL = Mark("*")


@dataclass(frozen=True, slots=True)
class Merge:
    """Categories of one axis that are printed as one.

    Args:
        table: the table's number.
        position: which part of a spot names the category: 0 rows, 1 columns;
            of a tidy table, the dimension.
        axis: the axis by name: `row`, `column`, or the dimension.
        lines: the categories, as they stand in spots; the first one's place is kept.
        labels: their labels.
        into: the label of the whole.
    """

    table: int
    position: int
    axis: str
    lines: tuple[int | str, ...]
    labels: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class State:
    """A system, and the cell that each table prints at each spot.

    Args:
        base: how many cells the system had before anything was merged.
        merged: by a merged cell: the cells that it is the sum of.
    """

    system: System
    views: tuple[Mapping[Spot, int], ...]
    base: int
    merges: tuple[Merge, ...]
    merged: Mapping[int, tuple[int, ...]]


def state_of(system: System, tables: Sequence[Table]) -> State:
    """The state of a system in which nothing is merged yet."""
    by_where = {where: index for index, cell in enumerate(system.cells) for where in cell.wheres}
    return State(system, tuple(_view(table, by_where) for table in tables), len(system.cells), (), {})


def _view(table: Table, by_where: Mapping[str, int]) -> dict[Spot, int]:
    if isinstance(table, TidyTable):
        return {cell.codes: by_where[cell.where] for cell in table.cells if cell.where in by_where}
    return {
        place: by_where[one.where]
        for place, cell in table.cells.items()
        for one in reversed(cell)
        if one.where in by_where
    }


def merged(state: State, merge: Merge, threshold: int) -> State:
    """The state in which some categories are printed as one."""
    cells, relations = list(state.system.cells), list(state.system.relations)
    view, parts_of = dict(state.views[merge.table]), dict(state.merged)
    lanes: dict[Spot, list[int]] = {}
    for line in merge.lines:
        for spot in [spot for spot in view if spot[merge.position] == line]:
            lanes.setdefault(_across(spot, merge.position), []).append(view.pop(spot))
    hidden: set[int] = set()
    for lane, parts in lanes.items():
        spot = (*lane[: merge.position], merge.lines[0], *lane[merge.position :])
        if all(cells[part].known and not cells[part].low for part in parts):
            view[spot] = parts[0]  # zeros together are a zero, and no secret
            continue
        view[spot] = len(cells)
        parts_of[len(cells)] = tuple(parts)
        cells.append(_sum_of([cells[part] for part in parts], merge))
        reason = Words(f"'{merge.into}' er lagt sammen", f"'{merge.into}' is merged")
        terms = (*((part, 1) for part in parts), (view[spot], -1))
        relations.append(Relation(terms, 0, 0, reason, cells[parts[0]].wheres[0], merge.table))
        hidden.update(parts)
    for part in hidden:
        cells[part] = _unprinted(cells[part], threshold)
    kept = tuple(r for r in relations if not r.share or not any(cell in hidden for cell, _ in r.terms))
    views = tuple(view if number == merge.table else other for number, other in enumerate(state.views))
    system = replace(state.system, cells=tuple(cells), relations=kept)
    return State(system, views, state.base, (*state.merges, merge), parts_of)


def _across(spot: Spot, position: int) -> Spot:
    return spot[:position] + spot[position + 1 :]


def _sum_of(parts: Sequence[SystemCell], merge: Merge) -> SystemCell:
    first = parts[0]
    codes = tuple(sorted({*first.name.codes, (merge.axis, merge.into)}))
    label = tuple((axis, merge.into if axis == merge.axis else code) for axis, code in first.label)
    known = all(part.known for part in parts)
    total = sum(part.low for part in parts)
    name = CellName(codes, first.name.population)
    if known:
        return SystemCell(name, total, total, first.wheres[:1], label, merge.table)
    return SystemCell(name, 0, None, first.wheres[:1], label, merge.table, NEUTRAL)


def _unprinted(cell: SystemCell, threshold: int) -> SystemCell:
    """A part of a merged cell: few persons must stay unknown, many may be told by other tables."""
    if cell.blanked:
        return replace(cell, low=0, high=None, mark=NEUTRAL)
    small = cell.known and 0 < cell.low < threshold
    return replace(cell, low=0, high=None, mark=NEUTRAL if small else None, implied=not small)


def with_sums_told(state: State, answer: Audit, threshold: int) -> State:
    """Merged cells that anyone can compute, and that are not small, are printed."""
    cells = list(state.system.cells)
    for one in answer.answers:
        told = one.status is Status.EXACT and (one.low == 0 or one.low >= threshold)
        if told and one.cell in state.merged:
            cells[one.cell] = replace(cells[one.cell], low=one.low, high=one.low, mark=None)
    return replace(state, system=replace(state.system, cells=tuple(cells)))
