"""One worksheet's part: cells changed, formulas frozen to what they show, what may hide a value taken out.

Kept are the elements named here; everything else of the part is left behind
and counted. Charts and tables of a sheet are handled by `drawings`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ngc_pipelines.disclosure.content.ooxml.cells import column_number
from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.places import column_letters
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place
from ngc_pipelines.disclosure.tables.finishing.marks import NEUTRAL_MARKS
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.finishing.xlsx.package import Element, name_of, parsed, serialised
from ngc_pipelines.disclosure.tables.finishing.xlsx.rules import clean_rules

_KEPT = frozenset(
    {
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "autoFilter",
        "mergeCells",
        "conditionalFormatting",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "ignoredErrors",
        "drawing",
        "tableParts",
    }
)
# Elements that go without a word: they hold nothing that a reader of the sheet would miss.
_SILENT = frozenset({"legacyDrawing", "legacyDrawingHF", "phoneticPr", "sheetCalcPr", "sortState", "AlternateContent"})
_CELL_KEPT = frozenset({"r", "s", "t"})
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What of a sheet is not seen: rows, columns, and formats that show nothing."""

    rows: set[int]
    columns: set[int]
    formats: frozenset[str]


@dataclass(slots=True)
class Sheet:
    """A worksheet while it is changed.

    Args:
        tree: its part.
        left: what was left behind, by its element's name.
    """

    tree: Element
    left: Counter[str] = field(default_factory=Counter)

    @classmethod
    def read(cls, data: bytes) -> Sheet:
        """The sheet of a part's bytes."""
        return cls(parsed(data))

    def data(self) -> bytes:
        """The part's bytes."""
        return serialised(self.tree)

    def change(
        self,
        changes: list[GridChanges],
        invisible: frozenset[str],
        name: str,
        followers: Collection[Place],
        secrets: Secrets,
    ) -> None:
        """Set cells, take rows and columns out, freeze formulas, empty what is not seen.

        Args:
            followers: formulas beside the tables whose values tell what is changed.
            secrets: what rules and page headers may not tell.

        Raises:
            CannotWrite: where a formula has no value.
        """
        self._drop_elements()
        clean_rules(self.tree, secrets, self.left)
        cells = self.cells()
        for place in followers:
            self.left["follows"] += 1
            cells[place] = _with_text(cells[place], NEUTRAL_MARKS[0], self._space())
        self._freeze(cells, name)
        audited = {place for one in changes for place in audited_on(one)}
        self._empty_hidden(cells, audited, self._hidden(invisible))
        self._empty_covered(cells, audited)
        for one in changes:
            for place, text in one.texts.items():
                at = _sheet_place(one, place)
                cells[at] = _with_text(cells.get(at), text, self._space())
            for strip in sorted(one.strips, key=lambda strip: -strip.at):
                _take_out(cells, one, strip.moves())
            for place, text in one.notes:
                cells[_sheet_place(one, place)] = _with_text(None, text, self._space())
        self._put(cells)

    def _space(self) -> str:
        return f"{{{etree.QName(self.tree).namespace}}}"

    def _drop_elements(self) -> None:
        for child in list(self.tree):
            name = name_of(child)
            if name not in _KEPT:
                if name not in _SILENT:
                    self.left[name] += len(child) or 1
                self.tree.remove(child)
            elif name == "autoFilter":
                for inner in list(child):
                    child.remove(inner)
            elif name == "pageSetup":
                for key in [key for key in child.attrib if key.endswith("}id")]:
                    del child.attrib[key]
            for inner in [one for one in child.iter() if name_of(one) == "extLst"]:
                inner.getparent().remove(inner)

    def _data(self) -> Element:
        return next((child for child in self.tree if name_of(child) == "sheetData"), ())

    def cells(self) -> dict[Place, Element]:
        """Cells by row and column, from 1; rows and cells without a reference follow the one before."""
        cells: dict[Place, Element] = {}
        number = 0
        for row in self._data():
            told = row.get("r", "")
            number = int(told) if told.isdigit() else number + 1
            row.set("r", str(number))
            column = 0
            for cell in row:
                match = _REFERENCE.fullmatch(cell.get("r", ""))
                column = column_number(match[1]) if match else column + 1
                at = (int(match[2]) if match else number, column)
                if at in cells:
                    raise CannotWrite(
                        Words(
                            "Et regneark har to værdier i samme celle; gem det på ny i et regneprogram.",
                            "A sheet has two values in one cell; save it again in a spreadsheet programme.",
                        )
                    )
                cells[at] = cell
        return cells

    def _freeze(self, cells: dict[Place, Element], name: str) -> None:
        """A formula would compute a blanked value again, or holds numbers of its own: its value stays."""
        empty: list[str] = []
        for (row, column), cell in cells.items():
            for key in [key for key in cell.attrib if key not in _CELL_KEPT]:
                del cell.attrib[key]
            formulas = [child for child in cell if name_of(child) == "f"]
            own = "is" if cell.get("t") == "inlineStr" else "v"
            for child in list(cell):
                if name_of(child) != own:
                    cell.remove(child)
            for inner in [one for one in cell.iter() if name_of(one) in ("rPh", "phoneticPr")]:
                inner.getparent().remove(inner)
            if formulas:
                self.left["f"] += 1
                if not any(name_of(child) == "v" and child.text for child in cell) and cell.get("t") != "str":
                    empty.append(f"{column_letters(column)}{row}")
        if empty:
            shown = ", ".join(empty[:5]) + (" …" if len(empty) > 5 else "")
            raise CannotWrite(
                Words(
                    f"Arket '{name}' har {len(empty)} formler uden værdi ({shown}): åbn og gem det i et regneprogram.",
                    f"Sheet '{name}' has {len(empty)} formulas without a value ({shown}): "
                    "open it in a spreadsheet programme and save it.",
                )
            )

    def _hidden(self, invisible: frozenset[str]) -> Hidden:
        rows = {int(row.get("r")) for row in self._data() if _true(row.get("hidden")) or row.get("ht") == "0"}
        columns: set[int] = set()
        for column in self.tree.iter(f"{self._space()}col"):
            if _true(column.get("hidden")) or column.get("width") == "0":
                columns.update(range(int(column.get("min", "1")), min(int(column.get("max", "1")), 16_384) + 1))
        return Hidden(rows, columns, invisible)

    def _empty_hidden(self, cells: dict[Place, Element], audited: set[Place], hidden: Hidden) -> None:
        """Rows and columns that nobody sees hold nothing but what was audited."""
        rows = hidden.rows - {row for row, _ in audited}
        columns = hidden.columns - {column for _, column in audited}
        last = max((column for _, column in audited), default=0)
        for at, cell in list(cells.items()):
            # In a hidden row with counts, its labels stay, and no number besides.
            beside = at[0] in hidden.rows and at not in audited and cell.get("t", "n") == "n" and at[1] > last
            unseen = (
                beside or at[0] in rows or at[1] in columns or (cell.get("s") in hidden.formats and at not in audited)
            )
            if unseen and len(cell):
                self.left["hidden"] += 1
                cells[at] = _emptied(cell)

    def _empty_covered(self, cells: dict[Place, Element], audited: set[Place]) -> None:
        """Cells under a merged one show nothing, and hold nothing that was not audited."""
        for merge in self.tree.iter(f"{self._space()}mergeCell"):
            corners = _REFERENCE.findall(merge.get("ref", ""))
            if len(corners) != 2:
                continue
            (left, top), (right, bottom) = ((column_number(letters), int(row)) for letters, row in corners)
            for at, cell in list(cells.items()):
                inside = top <= at[0] <= bottom and left <= at[1] <= right
                if inside and at != (top, left) and at not in audited and len(cell):
                    self.left["covered"] += 1
                    cells[at] = _emptied(cell)

    def _put(self, cells: Mapping[Place, Element]) -> None:
        """The cells in their rows, in order."""
        data = self._data()
        rows = {int(row.get("r")): row for row in data}
        for row in rows.values():
            for cell in list(row):
                row.remove(cell)
            row.attrib.pop("spans", None)
        for number in sorted({row for row, _ in cells} - set(rows)):
            rows[number] = etree.Element(f"{self._space()}row", r=str(number))
        for (row, column), cell in sorted(cells.items()):
            cell.set("r", f"{column_letters(column)}{row}")
            rows[row].append(cell)
        for child in list(data):
            data.remove(child)
        for number in sorted(rows):
            data.append(rows[number])


def _true(value: str | None) -> bool:
    return value in ("1", "true")


def _sheet_place(changes: GridChanges, place: Place) -> Place:
    return changes.grid.first_row + place[0], changes.grid.first_column + place[1]


def audited_on(changes: GridChanges) -> list[Place]:
    """The audited cells, by the sheet's own rows and columns."""
    return [_sheet_place(changes, place) for place in changes.audited]


def changed_on(changes: GridChanges) -> list[Place]:
    """The cells that show something else afterwards, by the sheet's own rows and columns."""
    moved = (place for strip in changes.strips for place, _ in strip.moves())
    return [_sheet_place(changes, place) for place in (*changes.texts, *moved)]


def _emptied(cell: Element) -> Element:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    return cell


def _with_text(cell: Element | None, text: str, space: str) -> Element:
    """A cell that holds a text or a number, in the format that it had; a number in a text stays a text."""
    worded = cell is not None and cell.get("t", "n") != "n"
    cell = etree.Element(f"{space}c") if cell is None else _emptied(cell)
    if _NUMBER.fullmatch(text) and not worded:
        etree.SubElement(cell, f"{space}v").text = text
    elif text:
        cell.set("t", "inlineStr")
        inner = etree.SubElement(etree.SubElement(cell, f"{space}is"), f"{space}t")
        inner.text = text
    return cell


def _take_out(cells: dict[Place, Element], changes: GridChanges, moves: Iterator[tuple[Place, Place | None]]) -> None:
    taken: dict[Place, Element | None] = {}
    for to, source in moves:
        taken[_sheet_place(changes, to)] = cells.get(_sheet_place(changes, source)) if source else None
    for at, cell in taken.items():
        if cell is None:
            cells.pop(at, None)
        else:
            cells[at] = cell
