"""From cells as they stream in to blocks of a table, typed, with what is hidden counted.

`SheetRows` is fed by the fast and by the thorough reader of `sheets` alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from ngc_pipelines.disclosure.pieces import Cell, Merge, Table
from ngc_pipelines.disclosure.places import Place, column_letters

BLOCK_ROWS: Final = 4000
BLOCK_CELLS: Final = 200_000
GAP_ROWS: Final = 50
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's dates have no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
_LAST_SERIAL: Final = 2_958_465
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY: Final = re.compile(r"&(#x[0-9A-Fa-f]+|#\d+|amp|lt|gt|quot|apos);")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def unescape(text: str) -> str:
    """XML's entities and Excel's `_x000D_` as the characters they mean."""
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    return text


def _entity(match: re.Match[str]) -> str:
    name = match.group(1)
    if name[0] != "#":
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def column_number(letters: str) -> int:
    """`A` is 1, `AB` is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def as_date(serial: float, *, since_1904: bool) -> Cell:
    """What a serial number shown as a date means; itself where it is none."""
    if not 0 <= serial <= _LAST_SERIAL:
        return serial
    if serial < 1 and not since_1904:
        seconds = min(round(serial * 86400), 86399)
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    try:
        moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(days=serial)
    except OverflowError:
        return serial
    if moment.hour or moment.minute or moment.second:
        return moment.replace(microsecond=0)
    return date(moment.year, moment.month, moment.day)


def number(text: str) -> Cell:
    """A cell's number, whole where it is written so; its text where it is none."""
    try:
        if text.lstrip("-").isdigit() and len(text) < 19:
            return int(text)
        return float(text)
    except ValueError:
        return text


class SheetRows:
    """Gathers the rows of one sheet and hands them on in blocks.

    Args:
        place: the sheet.
        hidden: why the sheet is not seen, or None.
        spend: called with the bytes that rows take, to bound padding.
    """

    def __init__(self, place: Place, hidden: str | None, spend: Callable[[int], None]) -> None:
        self.place = place
        self.hidden = hidden
        self.merges: list[Merge] = []
        self.hidden_rows: list[int] = []
        self.unseen: list[str] = []
        self.unseen_count = 0
        self.filled = 0
        self._spend = spend
        self._rows: list[list[Cell]] = []
        self._first = 1
        self._cells = 0
        self._number = 0
        self._header: list[Cell] = []
        self._waiting: list[Table] = []
        self._waiting_cells = 0

    def row(self, number: int, cells: list[Cell]) -> None:
        """Take a row; `cells` begin in column A."""
        while cells and (cells[-1] is None or cells[-1] == ""):
            cells.pop()
        if not cells:
            return
        expected = self._first + len(self._rows)
        if not self._rows and not self._number:
            self._first = number
        elif number > expected + GAP_ROWS or number < expected:
            self._block(last=True)
            self._first = number
        else:
            self._rows.extend([] for _ in range(number - expected))
        self._rows.append(cells)
        self._cells += len(cells)
        self.filled += 1
        self._spend(8 * len(cells))
        if len(self._rows) >= BLOCK_ROWS or self._cells >= BLOCK_CELLS:
            self._block(last=False)
            self._first = number + 1

    def unseen_cell(self, row: int, column: int) -> None:
        """Note a filled cell whose format hides what is in it."""
        self.unseen_count += 1
        if len(self.unseen) < 10:
            self.unseen.append(f"{column_letters(column)}{row}")

    def take(self) -> Iterator[Table]:
        """Blocks that may go on: all but the latest, and none of a small sheet.

        A small sheet waits for its end, where its merged areas stand.
        """
        if self._waiting_cells > BLOCK_CELLS:
            going, self._waiting = self._waiting[:-1], self._waiting[-1:]
            self._waiting_cells = 0
            yield from going

    def finish(self) -> Iterator[Table]:
        """The rest, with merged areas."""
        self._block(last=True)
        going, self._waiting = self._waiting, []
        for table in going:
            first = table.first_row
            count = len(table.rows)
            merges = tuple(
                Merge(one.top - first, one.left - 1, one.bottom - first, one.right - 1)
                for one in self.merges
                if first <= one.top < first + count
            )
            yield replace(table, merges=merges) if merges and not table.number else table

    def _block(self, *, last: bool) -> None:
        if self._rows:
            rows: list[list[Cell]] = self._rows
            first = self._first
            if self._number:
                rows = [self._header, *rows]
                first -= 1
            else:
                self._header = rows[0]
            self._waiting.append(
                Table(
                    self.place,
                    rows,
                    first_row=max(first, 1),
                    addressing="sheet",
                    hidden=self.hidden,
                    number=self._number,
                    last=last,
                )
            )
            self._waiting_cells += self._cells
        elif last and self._number and self._waiting:
            self._waiting[-1] = replace(self._waiting[-1], last=True)
        self._number = 0 if last else self._number + 1
        self._rows = []
        self._cells = 0
