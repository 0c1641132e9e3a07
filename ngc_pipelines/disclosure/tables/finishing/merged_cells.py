"""What stands in the cells of merged categories: sums, percentages computed anew, marks for all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import Place
from ngc_pipelines.disclosure.tables.finishing.document import Home, text_at
from ngc_pipelines.disclosure.tables.finishing.numbers import (
    count_text,
    decimal_sign,
    share_of,
    thousands_of,
    with_numbers,
)
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import count_in, system_of_printed
from ngc_pipelines.disclosure.tables.relations.shares import SHARES, Share, shares_of
from ngc_pipelines.disclosure.tables.repair.state import Spot
from ngc_pipelines.disclosure.tables.system import SystemCell


@dataclass(frozen=True, slots=True)
class Recount:
    """A printed table whose counts change: what is printed afterwards, by spot.

    Args:
        before: the counts printed now; spots that are blanked are missing.
        after: the counts printed then; spots that are blanked or gone are missing.
        kept: by line that goes: the line that stays for it; rows first, then columns.
    """

    before: Mapping[Spot, int]
    after: Mapping[Spot, int]
    kept: tuple[Mapping[int | str, int | str], Mapping[int | str, int | str]] = ({}, {})

    def stays(self, spot: Spot) -> Spot:
        """The spot that is printed for a spot."""
        return self.kept[0].get(spot[0], spot[0]), self.kept[1].get(spot[1], spot[1])


def printed_counts(view: Mapping[Spot, int], cells: Sequence[SystemCell]) -> dict[Spot, int]:
    """The counts that a view prints."""
    return {spot: cells[index].low for spot, index in view.items() if cells[index].known}


def recounted_texts(home: Home, grid: Table, recount: Recount, spots: Sequence[Spot], mark: str) -> dict[Place, str]:
    """What stands at the spots of a printed table whose counts changed.

    Args:
        spots: rows and columns whose cells are written anew.
        mark: for what cannot be told any more.
    """
    table = home.table
    assert isinstance(table, PrintedTable)
    thousands = thousands_sign(home, grid)
    shares = {(share.where, share.place): share for share in _shares(table)}
    texts: dict[Place, str] = {}
    for spot in spots:
        row, column = int(spot[0]), int(spot[1])
        by_place: dict[Place, list[Printed]] = {}
        for one in table.cells.get((row, column), ()):
            if one.where in home.at:
                by_place.setdefault(home.at[one.where], []).append(one)
        for place, printed in by_place.items():
            told = [_told(one, spot, recount, shares, thousands, text_at(grid, place)) for one in printed]
            texts[place] = _text(text_at(grid, place), printed, told, mark)
    return texts


def thousands_sign(home: Home, grid: Table) -> str:
    """The sign between thousands in the table's own counts."""
    table = home.table
    if not isinstance(table, PrintedTable):
        counts = [cell.count for cell in table.cells if cell.count is not None]
    else:
        found = (count_in(cell) for cell in table.cells.values())
        counts = [int(one.value) for one in found if one is not None and one.value is not None]
    return thousands_of((text_at(grid, place) for place in home.at.values()), counts)


def _shares(table: PrintedTable) -> list[Share]:
    own = system_of_printed(table)
    counts = {place: own.system.cells[index] for place, index in own.at.items() if not own.system.cells[index].implied}
    return shares_of(table, counts, own.row_sums, own.column_sums)


def _told(
    one: Printed,
    spot: Spot,
    recount: Recount,
    shares: Mapping[tuple[str, tuple[int, int]], Share],
    thousands: str,
    text: str,
) -> str | None:
    """The new number in words of the document; None where there is none."""
    if one.meaning is Meaning.COUNT:
        count = recount.after.get(spot)
        return None if count is None else count_text(count, thousands)
    share = shares.get((one.where, (int(spot[0]), int(spot[1])))) if one.meaning in SHARES else None
    if share is None or one.value is None:
        # The whole is 100 % of itself, however many it is.
        whole = one.meaning in SHARES and one.value == one.per == 100
        return f"{one.value:.{one.decimals}f}".replace(".", decimal_sign(text)) if whole else None
    old, new = recount.before.get(share.place), recount.after.get(recount.stays(share.place))
    old_base, new_base = recount.before.get(share.base), recount.after.get(recount.stays(share.base))
    if old is None or new is None or old_base is None or new_base is None:
        return None
    # Only a percentage that was computed as ours is, is computed again.
    if share_of(old, old_base, one.per, one.decimals) != one.value:
        return None
    value = share_of(new, new_base, one.per, one.decimals)
    return None if value is None else str(value).replace(".", decimal_sign(text))


def _text(template: str, printed: Sequence[Printed], told: Sequence[str | None], mark: str) -> str:
    """A cell's text with its new numbers; the count alone where only that is known."""
    known = [number for number in told if number is not None]
    written = with_numbers(template, known) if len(known) == len(told) else None
    if written is not None and all(one.value is not None for one in printed):
        return written
    counts = [number for one, number in zip(printed, told, strict=True) if one.meaning is Meaning.COUNT]
    return counts[0] if counts and counts[0] is not None else mark
