"""Worksheets: cells as tables, and everything else that a sheet's part holds.

Rows written the way all programs write them are cut out by pattern before the
parser sees them, which makes large sheets affordable; a stretch that holds
anything else goes to the parser unchanged, so nothing is lost by the short cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.cells import SheetRows, as_date, column_number, number, unescape
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.content.ooxml.strings import SharedStrings
from ngc_pipelines.disclosure.content.ooxml.styles import Formats
from ngc_pipelines.disclosure.pieces import Cell, Merge, Opened, Text
from ngc_pipelines.disclosure.places import Place, column_letters

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="(n|s|str|b|e|inlineStr|d)")?'
    rb'(?:/>|>(?:<f(?: (?:t|ref|si|ca|aca)="[\w:$]*")*(?:/>|>([^<]*)</f>))?'
    rb'(?:<v>([^<]*)</v>|<v/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_ROW_ATTRIBUTES: Final = (
    rb"(?: (?:r|spans|s|customFormat|ht|hidden|customHeight|outlineLevel|collapsed|thickTop|thickBot|ph"
    rb'|x14ac:dyDescent)="[\d.:a-zE-]*")*'
)
_BETWEEN: Final = re.compile(rb"(?:\s*(?:</row>|<row" + _ROW_ATTRIBUTES + rb" ?/?>))*\s*")
_HIDDEN_ROW: Final = re.compile(rb'<row r="(\d+)"[^>]*? (?:hidden="(?:1|true)"|ht="0")')
_DATA: Final = b"<sheetData>"
_PROLOGUE: Final = 1 << 20
_LITERAL: Final = re.compile(r'"|\d{6}|\[')
_FETCHING: Final = re.compile(
    r"\b(?:WEBSERVICE|RTD|DDE|SQL\.REQUEST|HYPERLINK|IMAGE|CALL|EXEC)\(|^[A-Za-z]+\|'?", re.IGNORECASE
)
_COLUMNS: Final[dict[bytes, int]] = {}
_TEXTS: Final = frozenset(
    {
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
        "formula1",
        "formula2",
        "formula",
        "dataValidation",
        "hyperlink",
    }
)


@dataclass(slots=True)
class Workbook:
    """What a sheet needs to know of its workbook."""

    formats: Formats = field(default_factory=Formats)
    strings: SharedStrings = field(default_factory=SharedStrings)
    since_1904: bool = False


class SheetReader(PartReader):
    """Reads one worksheet's part."""

    paragraphs = _TEXTS
    place_word = "header, footer, rules"

    def __init__(self, context: Context, place: Place, workbook: Workbook, hidden: str | None) -> None:
        super().__init__(context, place)
        self.hidden = hidden
        self.rows = SheetRows(place, hidden, lambda size: context.budget.spend_bytes(size))
        self._workbook = workbook
        self._dates = {str(index).encode() for index in workbook.formats.dates}
        self._invisible = {str(index).encode() for index in workbook.formats.invisible}
        self._cells: list[Cell] = []
        self._row = 0
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] = []
        self._inside: str | None = None
        self._hidden_columns: list[str] = []
        self._formulas: list[str] = []
        self._fetching: list[str] = []
        self._lists = 0

    # -- the short cut ------------------------------------------------------

    def sieve(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Take plain rows out of the part's bytes; what is left is for the parser."""
        buffer = b""
        inside = False
        passing = False
        for chunk in chunks:
            if passing:
                yield chunk
                continue
            buffer += chunk
            if not inside:
                at = buffer.find(_DATA)
                if at < 0:
                    passing = len(buffer) > _PROLOGUE
                    if passing:
                        yield buffer
                        buffer = b""
                    continue
                inside = True
                yield buffer[: at + len(_DATA)]
                buffer = buffer[at + len(_DATA) :]
            cut = buffer.rfind(b"</row>") + 6
            if cut > 5:
                stretch, buffer = buffer[:cut], buffer[cut:]
                yield b"" if self._take_plain(stretch) else stretch
                self.ready += self.rows.take()
            if b"</sheetData>" in buffer:
                yield buffer
                buffer, passing = b"", True
        yield buffer

    def _take_plain(self, stretch: bytes) -> bool:
        parts = _CELL.split(stretch)
        gaps = [gap for gap in parts[0::8] if gap]
        if not all(map(_BETWEEN.fullmatch, gaps)):
            return False
        self._close_row()
        try:
            self._plain_cells(parts)
        except (ValueError, UnicodeDecodeError):
            self._cells = []
            return False
        self._close_row()
        for gap in gaps:
            if b"hidden" in gap or b'ht="0"' in gap:
                self.rows.hidden_rows += [int(found) for found in _HIDDEN_ROW.findall(gap)]
        return True

    def _plain_cells(self, parts: list[bytes]) -> None:
        dates, invisible, since_1904 = self._dates, self._invisible, self._workbook.since_1904
        strings, used = self._workbook.strings.values, self._workbook.strings.used
        current = b""
        cells = self._cells
        for letters, row, style, kind, formula, value, inline in zip(
            parts[1::8], parts[2::8], parts[3::8], parts[4::8], parts[5::8], parts[6::8], parts[7::8], strict=True
        ):
            if row != current:
                self._close_row()
                current, self._row, cells = row, int(row), self._cells
            if letters in _COLUMNS:
                column = _COLUMNS[letters]
            else:
                column = _COLUMNS[letters] = column_number(letters.decode())
            if formula:
                self._keep_formula(column, unescape(formula.decode()))
            if value is None:
                if inline is None:
                    continue
                cell: Cell = unescape(inline.decode())
            elif kind is None or kind == b"n":
                if not value.isdigit():
                    cell = float(value)
                elif value[0] == 48 and len(value) > 1:
                    cell = value.decode()  # a leading zero says that this is no number
                else:
                    cell = int(value)
                if style is not None and style in dates:
                    cell = as_date(float(value), since_1904=since_1904)
            elif kind == b"s":
                index = int(value)
                if 0 <= index < len(strings):
                    cell = strings[index]
                    used[index] = 1
                else:
                    cell = ""
            elif kind == b"b":
                cell = value == b"1"
            else:
                cell = unescape(value.decode())
            if column == len(cells) + 1:
                cells.append(cell)
            else:
                self._place_cell(column, cell)
                cells = self._cells
            if invisible and style in invisible:
                self.rows.unseen_cell(self._row, column)

    def _place_cell(self, column: int, cell: Cell) -> None:
        cells = self._cells
        if column <= len(cells):
            if cells[column - 1] is not None:  # two cells claim one place: both are read
                self._close_row()
                cells = self._cells
                cells.extend([None] * (column - 1))
                cells.append(cell)
            else:
                cells[column - 1] = cell
            return
        cells.extend([None] * (column - 1 - len(cells)))
        cells.append(cell)

    def _close_row(self) -> None:
        if self._cells:
            self.rows.row(self._row, self._cells)
            self._cells = []

    def _keep_formula(self, column: int, formula: str) -> None:
        if _LITERAL.search(formula):
            self._formulas.append(f"{column_letters(max(column, 1))}{self._row}: {formula}")
            if _FETCHING.search(formula):
                self._fetching.append(f"{column_letters(max(column, 1))}{self._row}")
            if len(self._formulas) > 5000:
                self._flush_formulas()

    def _flush_formulas(self) -> None:
        if self._formulas:
            self.ready.append(
                Text(
                    self.place.inside("formulas"),
                    "\n".join(self._formulas),
                    hidden=self.hidden or "formula",
                    language="formula",
                )
            )
            self._formulas = []

    # -- the thorough way ---------------------------------------------------

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t", "f"):
            self._inside = name
            if name == "f":
                self.keep_attributes(
                    name, {key: value for key, value in attributes.items() if key not in ("ref", "t", "si")}
                )
        elif name == "rPh":
            self._inside = None
        else:
            if name == "mergeCell":
                self._merge(attributes.get("ref", ""))
            elif name == "col" and (_true(attributes.get("hidden")) or attributes.get("width") == "0"):
                self._hide_columns(attributes)
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._close_row()
            self.ready += self.rows.take()
        elif name in ("v", "t", "f"):
            self._inside = None
        else:
            self._lists += name == "formula1" and "".join(self.line).startswith('"')
            super().end(name)

    def text(self, data: str) -> None:
        if self._inside == "f":
            self._formula.append(data)
        elif self._inside is not None:
            self._value.append(data)
        else:
            super().text(data)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._close_row()
        told = attributes.get("r", "")
        self._row = int(told) if told.isascii() and told.isdigit() and len(told) < 8 else self._row + 1
        self._column = 0
        if _true(attributes.get("hidden")) or attributes.get("ht") == "0":
            self.rows.hidden_rows.append(self._row)
        self.keep_attributes(
            "row", {key: value for key, value in attributes.items() if key not in ("r", "spans", "ht")}
        )

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._value, self._formula = [], []
        match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", attributes.get("r", ""))
        if match is None:
            self._column += 1
        else:
            if int(match.group(2)) != self._row:
                self._close_row()
            self._column, self._row = column_number(match.group(1)), int(match.group(2))
        self.keep_attributes("c", {key: value for key, value in attributes.items() if key not in ("r", "s", "t")})

    def _end_cell(self) -> None:
        if self._formula:
            self._keep_formula(self._column, "".join(self._formula))
        text, self._value = "".join(self._value), []
        if not text:
            return
        kind = self._attributes.get("t", "n")
        style = self._attributes.get("s", "").encode()
        cell: Cell = unescape(text) if kind in ("inlineStr", "str") else text
        if kind == "s" and text.strip().isdigit():
            cell = self._workbook.strings.get(int(text))
        elif kind == "b":
            cell = text.strip() == "1"
        elif kind == "n":
            stripped = text.strip()
            cell = stripped if stripped[:1] == "0" and stripped.isdigit() and len(stripped) > 1 else number(stripped)
            if style in self._dates and isinstance(cell, int | float):
                cell = as_date(float(cell), since_1904=self._workbook.since_1904)
        self._place_cell(max(self._column, 1), cell)
        if style in self._invisible:
            self.rows.unseen_cell(self._row, self._column)

    def _merge(self, reference: str) -> None:
        match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
        if match is not None:
            left, top, right, bottom = match.groups()
            self.rows.merges.append(Merge(int(top), column_number(left), int(bottom), column_number(right)))

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if first.isdigit() and last.isdigit() and 1 <= int(first) <= int(last) and int(first) <= 16_384:
            self._hidden_columns.append(f"{column_letters(int(first))}–{column_letters(min(int(last), 16_384))}")

    # -- the end ------------------------------------------------------------

    def finish(self) -> Iterator[Opened]:
        self._close_row()
        self._flush_formulas()
        yield from self.take()
        yield from self.rows.finish()
        yield from super().finish()
        yield from self.take()
        if self._lists:
            where = self.place.inside("validation")
            yield remarks.metadata(
                self.context, where, "lister til validering", "lists for validation", count=self._lists
            )
        if not self.rows.filled:
            return
        yield from self._remarks()

    def _remarks(self) -> Iterator[Opened]:
        rows, place, context = self.rows, self.place, self.context
        if rows.hidden_rows:
            where = place.inside(f"rows {', '.join(map(str, rows.hidden_rows[:5]))}")
            yield remarks.hidden(context, where, "skjulte rækker", "hidden rows", count=len(rows.hidden_rows))
        if self._hidden_columns:
            where = place.inside(f"columns {', '.join(self._hidden_columns[:5])}")
            yield remarks.hidden(context, where, "skjulte kolonner", "hidden columns", count=len(self._hidden_columns))
        if rows.unseen_count:
            where = place.inside(f"cells {', '.join(rows.unseen[:5])}")
            yield remarks.hidden(
                context,
                where,
                "celler, hvis format skjuler indholdet (hvid skrift, ;;;)",
                "cells whose format hides them (white, ;;;)",
                count=rows.unseen_count,
            )
        if self._fetching:
            where = place.inside(f"cells {', '.join(self._fetching[:5])}")
            yield remarks.external_link(
                context,
                where,
                "formler, der henter eller kalder noget udefra",
                "formulas that fetch or call something outside",
                count=len(self._fetching),
            )


def _true(text: str | None) -> bool:
    return text in ("1", "true")
