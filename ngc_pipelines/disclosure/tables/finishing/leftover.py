"""What stands around the tables of a written document and still tells a value that left them.

Numbers that stand alone in a sheet's cells get the mark; of a sentence, only
its author knows how to say it without the number: it is named and refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place
from ngc_pipelines.disclosure.tables.finishing.document import Document, text_at
from ngc_pipelines.disclosure.tables.finishing.marks import NEUTRAL_MARKS
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.printed import PrintedTable

# Headers stand so many rows above the counts at most.
_HEADER_ROWS = 12


def mark_numbers_beside(
    document: Document, changes: Sequence[GridChanges], secrets: Secrets
) -> tuple[list[GridChanges], int]:
    """The changes with those numbers marked too that stand alone beside the tables; and how many they are."""
    found: list[GridChanges] = []
    marked = 0
    for number, one in enumerate(changes):
        labels = _labels(document, number)
        texts = {
            place: NEUTRAL_MARKS[0]
            for place, text in _others(one.grid, _labelled(document, number), one.texts)
            if one.grid.addressing == "sheet"
            and (place not in labels or place in one.audited)
            and _alone(text)
            and secrets.is_value(text)
        }
        marked += len(texts)
        found.append(replace(one, texts=one.texts | texts) if texts else one)
    return found, marked


def refuse_told(back: Document, secrets: Secrets) -> None:
    """No cell beside the tables, and no sum written out in one of theirs, tells what left them.

    Raises:
        CannotWrite: names the cells that do.
    """
    where: list[str] = []
    for number, grid in enumerate(back.grids):
        labels, labelled = _labels(back, number), _labelled(back, number)
        for place, text in _others(grid, (), ()):
            if place in labelled:
                told = secrets.summed_in(text)
            else:
                beside = place not in labels and secrets.told_in(text)
                told = beside or secrets.summed_in(text) or secrets.counted_in(text)
            where += [grid.where(*place).partition(" › ")[2] or grid.where(*place)] if told else []
    if where:
        raise CannotWrite(told_words(where))


def told_words(where: Sequence[str]) -> Words:
    """What is said of texts that tell a value which left the tables; the texts themselves are not repeated."""
    shown = "; ".join(where[:5]) + (" …" if len(where) > 5 else "")
    return Words(
        f"Ved siden af tabellen står tal, som en blændet celle kan regnes ud af ({shown}): skriv dem ud af originalen.",
        f"Beside the table stand numbers that tell a blanked cell ({shown}): take them out of the original.",
    )


def _others(grid: Table, audited: Iterable[Place], changed: Iterable[Place]) -> list[tuple[Place, str]]:
    """The texts of a grid's cells that are no counts and no statistics of its tables."""
    known = {*audited, *changed}
    return [
        ((row, column), text)
        for row, cells in enumerate(grid.rows)
        for column in range(len(cells))
        if (row, column) not in known and (text := text_at(grid, (row, column)))
    ]


def _labelled(document: Document, number: int) -> set[Place]:
    """The places of counts and statistics whose row and column have a name; of others nobody knows what they are."""
    found: set[Place] = set()
    for home in (home for home in document.homes if home.grid == number):
        table = home.table
        if not isinstance(table, PrintedTable):
            found.update(home.at.values())
            continue
        named = any(line.name for line in table.rows), any(line.name for line in table.columns)
        for spot, cell in table.cells.items():
            if (table.rows[spot[0]].name or not named[0]) and (table.columns[spot[1]].name or not named[1]):
                found.update(home.at[one.where] for one in cell if one.where in home.at)
    return found


def _alone(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


def _labels(document: Document, number: int) -> set[Place]:
    """The places of the tables' labels: left of their counts, and the header's rows above them."""
    grid = document.grids[number]
    found: set[Place] = set()
    for home in document.homes:
        if home.grid != number or not home.at:
            continue
        rows, columns = [place[0] for place in home.at.values()], [place[1] for place in home.at.values()]
        top, first, bottom, right = min(rows), min(columns), max(rows), max(columns)
        left = first
        while left > 0 and any(text_at(grid, (row, left - 1)) for row in range(top, bottom + 1)):
            left -= 1
        high = top
        while high > max(0, top - _HEADER_ROWS) and _filled(grid, high - 1, left, right) > 1:
            high -= 1
        found.update((row, column) for row in range(high, top) for column in range(left, right + 1))
        found.update((row, column) for row in range(top, bottom + 1) for column in range(left, first))
    return found


def _filled(grid: Table, row: int, left: int, right: int) -> int:
    return sum(bool(text_at(grid, (row, column))) for column in range(left, right + 1))
