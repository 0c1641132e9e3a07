"""Excel's binary workbooks: cells of every sheet, and all that is not a cell.

One pass over the records. Texts of records that no reader here knows come as
readable strings, so names, rules, objects and comments are seen in any version.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.content.ole.records import (
    Record,
    RecordError,
    records_of,
    rk_number,
    shared_strings,
    short_string,
)
from ngc_pipelines.disclosure.content.ooxml.cells import SheetRows, as_date
from ngc_pipelines.disclosure.content.ooxml.styles import is_date_format, shows_nothing
from ngc_pipelines.disclosure.pieces import Cell, Figure, Opened, Series, Text
from ngc_pipelines.disclosure.places import Place, column_letters

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_BOFS: Final = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
_EOF, _FILEPASS, _BOUNDSHEET, _SST, _FORMAT, _XF, _XF_OLD, _DATEMODE = 0x0A, 0x2F, 0x85, 0xFC, 0x41E, 0xE0, 0x43, 0x22
_NUMBER, _RK, _MULRK, _LABEL, _LABELSST, _RSTRING, _BOOLERR, _FORMULA, _STRING = (
    0x203,
    0x27E,
    0xBD,
    0x204,
    0xFD,
    0xD6,
    0x205,
    0x06,
    0x207,
)
_FORMULAS: Final = frozenset({0x06, 0x206, 0x406})
_ROW, _COLINFO, _NAME, _SUPBOOK, _NOTE, _SI_INDEX, _FONT = 0x208, 0x7D, 0x18, 0x1AE, 0x1C, 0x1065, 0x31
_CHART, _MACRO_SHEET = 0x20, 0x40
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_SX_STRING, _SX_NUMBER, _SX_INTEGER = 0xCD, 0xC9, 0xCC
_MOST_COLUMN: Final = 16_384
_WHITE: Final = frozenset({1, 9})


def read_workbook(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """All sheets of a workbook stream, and every string beside them."""
    walk = _Workbook(place, context)
    try:
        for record in records_of(data):
            yield from walk.take(record)
            if walk.encrypted:
                yield from remarks.encrypted(context, place)
                return
    except (RecordError, struct.error, IndexError) as fault:
        yield from walk.end_sheet()
        yield from remarks.broken(
            context,
            place,
            "xls",
            "a record is cut off" if isinstance(fault, RecordError) else "a record does not parse",
        )
        yield from strings_in(data, place.inside("bytes of a damaged workbook"), "bytes of a damaged workbook")
    yield from walk.finish()


def open_biff(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """A workbook of the years before compound files: its records alone."""
    yield from read_workbook(bytes(source.view()), place, context)


def read_pivot_cache(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Values of a pivot cache's stream."""
    values: list[str] = []
    try:
        for record in records_of(data):
            if record.kind == _SX_STRING:
                values.append(short_string(record.whole, 0, wide_length=True, flagged=True))
            elif record.kind == _SX_NUMBER and len(record.body) >= 8:
                values.append(f"{struct.unpack_from('<d', record.body)[0]:.15g}")
            elif record.kind == _SX_INTEGER and len(record.body) >= 2:
                values.append(str(struct.unpack_from("<h", record.body)[0]))
    except RecordError:
        yield from remarks.broken(context, place, "pivot cache", "a record is cut off")
    yield remarks.embedded(
        context, place, "rækkerne bag en pivottabel", "the rows behind a pivot table", count=max(len(values), 1)
    )
    if values:
        yield Text(place, "\n".join(values), hidden="pivot cache")
    yield from strings_in(data, place.inside("strings"), "pivot cache")


class _Workbook:
    """What is known while the records go by."""

    def __init__(self, place: Place, context: Context) -> None:
        self._place = place
        self._context = context
        self.encrypted = False
        self._eight = True
        self._names: list[tuple[str, int, int]] = []
        self._sheet = -1
        self._nesting = 0
        self._strings: list[str] = []
        self._used: set[int] = set()
        self._formats: dict[int, str] = {}
        self._styles: list[tuple[int, int]] = []
        self._fonts: list[int] = []
        self._since_1904 = False
        self._rows: SheetRows | None = None
        self._cells: dict[int, Cell] = {}
        self._row = -1
        self._pending: tuple[int, int] | None = None
        self._hidden_columns: list[str] = []
        self._beside = bytearray()
        self._chart: dict[int, list[float]] | None = None
        self._series: list[Series] = []
        self._seen: set[str] = set()

    # -- records -------------------------------------------------------------

    def take(self, record: Record) -> Iterator[Opened]:
        kind, body = record.kind, record.body
        if kind in _BOFS:
            yield from self._begin(kind, body)
        elif kind == _EOF:
            yield from self._end()
        elif kind == _FILEPASS:
            self.encrypted = True
        elif kind == _BOUNDSHEET and len(body) > 7:
            self._names.append((short_string(body, 6, wide_length=False, flagged=self._eight), body[4] & 3, body[5]))
            yield from self._remark_sheet()
        elif kind == _SST:
            self._strings = shared_strings(record)
        elif kind == _DATEMODE:
            self._since_1904 = body[:1] == b"\1"
        elif kind == _FORMAT and len(body) > 4:
            self._formats[struct.unpack_from("<H", body)[0]] = short_string(
                body, 2, wide_length=self._eight, flagged=self._eight
            )
            self._beside += body + b"\0\0"
        elif kind in (_XF, _XF_OLD) and len(body) >= 4:
            font, number = struct.unpack_from("<HH", body)
            self._styles.append((font, number))
        elif kind == _FONT and len(body) >= 6:
            self._fonts.append(struct.unpack_from("<H", body, 4)[0])
        elif not self._cell(record):
            yield from self._other(record)

    def _begin(self, kind: int, body: bytes) -> Iterator[Opened]:
        self._nesting += 1
        version, what = struct.unpack_from("<HH", body.ljust(4, b"\0"))
        self._eight = version >= 0x0600 if kind == 0x0809 else False
        if self._nesting > 1 or what == _CHART:
            self._chart = {}
            if self._nesting > 1:
                return
        if kind == 0x0809 and what == 0x0005:
            return
        self._sheet += 1
        name, state, sort = (
            self._names[self._sheet] if self._sheet < len(self._names) else (f"sheet {self._sheet + 1}", 0, 0)
        )
        hidden = {1: "hidden sheet", 2: "very hidden sheet"}.get(state)
        self._rows = SheetRows(
            self._place.inside(f"sheet '{name}'"), hidden, lambda size: self._context.budget.spend_bytes(size)
        )
        self._hidden_columns = []
        if what == _MACRO_SHEET or sort == 1:
            yield remarks.macro(
                self._context, self._rows.place, "ark med makroer fra Excel 4", "sheet of Excel 4 macros"
            )

    def _remark_sheet(self) -> Iterator[Opened]:
        name, state, _ = self._names[-1]
        where = self._place.inside(f"sheet '{name}'")
        if state == 1:
            yield remarks.hidden(self._context, where, "skjult ark", "hidden sheet")
        elif state == 2:
            yield remarks.hidden(
                self._context,
                where,
                "ark, som Excel ikke viser i sin liste (meget skjult)",
                "very hidden sheet, not shown in Excel's own list",
            )

    def _end(self) -> Iterator[Opened]:
        self._nesting = max(0, self._nesting - 1)
        if self._chart is not None:
            self._end_chart()
        if not self._nesting:
            yield from self.end_sheet()

    def _end_chart(self) -> None:
        for column, values in sorted((self._chart or {}).items()):
            self._series.append(
                Series(f"series {column + 1}", "line", tuple(map(float, range(1, len(values) + 1))), tuple(values))
            )
        self._chart = None

    # -- cells ---------------------------------------------------------------

    def _cell(self, record: Record) -> bool:
        """Take a record that is a cell, a row or a column; False for any other."""
        kind, body = record.kind, record.body
        if kind == _ROW and len(body) >= 16:
            if struct.unpack_from("<H", body, 12)[0] & 0x20 and self._rows is not None:
                self._rows.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
            return True
        if kind == _COLINFO and len(body) >= 10:
            first, last, width, _, flags = struct.unpack_from("<HHHHH", body)
            if flags & 1 or not width:
                self._hidden_columns.append(f"{column_letters(first + 1)}–{column_letters(min(last, 16_383) + 1)}")
            return True
        if kind == _STRING and self._pending is not None:
            row, column = self._pending
            self._pending = None
            self._put(row, column, short_string(record.whole, 0, wide_length=True, flagged=self._eight), None)
            return True
        if len(body) < 6 or (kind not in _CELLS and kind not in _FORMULAS):
            return False
        row, column, style = struct.unpack_from("<HHH", body)
        if kind == _NUMBER and len(body) >= 14:
            self._put(row, column, _tidy(struct.unpack_from("<d", body, 6)[0]), style)
        elif kind == _RK and len(body) >= 10:
            self._put(row, column, rk_number(struct.unpack_from("<I", body, 6)[0]), style)
        elif kind == _MULRK:
            for index in range((len(body) - 6) // 6):
                format_, raw = struct.unpack_from("<HI", body, 4 + 6 * index)
                self._put(row, column + index, rk_number(raw), format_)
        elif kind == _LABELSST and len(body) >= 10:
            index = struct.unpack_from("<I", body, 6)[0]
            self._used.add(index)
            self._put(row, column, self._strings[index] if index < len(self._strings) else "", style)
        elif kind in (_LABEL, _RSTRING):
            self._put(row, column, short_string(record.whole, 6, wide_length=True, flagged=self._eight), style)
        elif kind == _BOOLERR and len(body) >= 8:
            self._put(row, column, bool(body[6]) if not body[7] else None, style)
        elif kind in _FORMULAS and len(body) >= 14:
            self._formula(row, column, style, body)
        return True

    def _formula(self, row: int, column: int, style: int, body: bytes) -> None:
        if body[12:14] == b"\xff\xff":
            if body[6] == 0:
                self._pending = (row, column)
            elif body[6] == 1:
                self._put(row, column, bool(body[8]), style)
        else:
            self._put(row, column, _tidy(struct.unpack_from("<d", body, 6)[0]), style)
        self._beside += body[14:] + b"\0\0"

    def _put(self, row: int, column: int, value: Cell, style: int | None) -> None:
        if self._chart is not None:
            if isinstance(value, int | float) and column < 4000:
                self._chart.setdefault(column, []).append(float(value))
            elif isinstance(value, str):
                self._beside += value.encode("utf-16-le", "replace") + b"\0\0"
            return
        if self._rows is None or value is None or column >= _MOST_COLUMN:
            return
        if row != self._row or column in self._cells:
            self._close_row()
            self._row = row
        font, number = self._styles[style] if style is not None and style < len(self._styles) else (0, 0)
        code = self._formats.get(number, "")
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and (number in _BUILT_IN_DATES or is_date_format(code))
        ):
            value = as_date(float(value), since_1904=self._since_1904)
        if (code and shows_nothing(code)) or self._is_white(font):
            self._rows.unseen_cell(row + 1, column + 1)
        self._cells[column] = value

    def _is_white(self, font: int) -> bool:
        index = font - 1 if font > 4 else font  # font 4 was left out of the format
        return index < len(self._fonts) and self._fonts[index] in _WHITE

    def _close_row(self) -> None:
        if self._cells and self._rows is not None:
            self._rows.row(self._row + 1, [self._cells.get(column) for column in range(max(self._cells) + 1)])
        self._cells = {}

    # -- the rest ------------------------------------------------------------

    def _other(self, record: Record) -> Iterator[Opened]:
        kind, body = record.kind, record.whole
        if kind == _NOTE:
            yield from self._once("kommentarer", "comments")
        elif kind == _NAME and len(body) > 14:
            if struct.unpack_from("<H", body)[0] & 1 and not struct.unpack_from("<H", body)[0] & 0x20:
                yield from self._once("skjulte navne", "hidden names")
        elif (
            kind == _SUPBOOK
            and len(body) > 4
            and body[2:4] not in (b"\x01\x04", b"\x01\x3a")
            and "link" not in self._seen
        ):
            self._seen.add("link")
            yield remarks.external_link(
                self._context, self._place, "kæde til en anden projektmappe", "link to another workbook"
            )
        # A continuation repeats a flag byte; the strings are whole in the body alone or after it.
        self._beside += record.body + b"\0\0" + b"\0\0".join(record.more) + b"\0\0"
        if len(self._beside) > 1 << 22:
            yield from self._flush()

    def _once(self, da: str, en: str) -> Iterator[Opened]:
        if en not in self._seen:
            self._seen.add(en)
            yield remarks.hidden(self._context, self._place, da, en)

    def end_sheet(self) -> Iterator[Opened]:
        """The sheet in hand is complete."""
        self._close_row()
        rows = self._rows
        if rows is None:
            return
        yield from rows.finish()
        self._rows = None
        if rows.hidden_rows and rows.filled:
            where = rows.place.inside(f"rows {', '.join(map(str, rows.hidden_rows[:5]))}")
            yield remarks.hidden(self._context, where, "skjulte rækker", "hidden rows", count=len(rows.hidden_rows))
        if self._hidden_columns and rows.filled:
            where = rows.place.inside(f"columns {', '.join(self._hidden_columns[:5])}")
            yield remarks.hidden(
                self._context, where, "skjulte kolonner", "hidden columns", count=len(self._hidden_columns)
            )
        if rows.unseen_count:
            where = rows.place.inside(f"cells {', '.join(rows.unseen[:5])}")
            yield remarks.hidden(
                self._context,
                where,
                "celler, hvis format skjuler indholdet (hvid skrift, ;;;)",
                "cells whose format hides them (white, ;;;)",
                count=rows.unseen_count,
            )

    def _flush(self) -> Iterator[Opened]:
        data = bytes(self._beside)
        self._beside = bytearray()
        where = self._place.inside("names, comments, rules, objects")
        yield from strings_in(data, where, None)
        yield from files_in(data, where, self._context)

    def finish(self) -> Iterator[Opened]:
        """What is known only at the end of all records."""
        yield from self.end_sheet()
        yield from self._flush()
        if self._series:
            yield Figure(self._place.inside("charts"), tuple(self._series))
        unused = [text for index, text in enumerate(self._strings) if index not in self._used and text.strip()]
        if unused:
            where = self._place.inside("strings that no cell uses")
            yield remarks.hidden(
                self._context, where, "tekster, som ingen celle bruger", "strings that no cell uses", count=len(unused)
            )
            yield Text(where, "\n".join(unused), hidden="string that no cell uses")


_CELLS: Final = frozenset({_NUMBER, _RK, _MULRK, _LABEL, _LABELSST, _RSTRING, _BOOLERR})


def _tidy(value: float) -> float | int:
    return int(value) if value == value and abs(value) < 1e15 and value == int(value) else value
