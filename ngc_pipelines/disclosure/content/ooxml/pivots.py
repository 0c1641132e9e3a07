"""Pivot caches and the caches of external links: data sets behind what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.cells import SheetRows, column_number, number
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.pieces import Cell, Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_ITEMS: Final = frozenset({"s", "n", "d", "b", "e", "m", "x"})


def _item(name: str, attributes: dict[str, str]) -> Cell:
    value = attributes.get("v", "")
    if name == "n":
        return number(value)
    return None if name == "m" else value


class CacheDefinitionReader(PartReader):
    """Reads a cache's fields and their shared items; `fields` is right at the end."""

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self.fields: list[tuple[str, list[Cell]]] = []
        self._shared = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cacheField":
            self.fields.append((attributes.get("name", ""), []))
        elif name == "sharedItems":
            self._shared = True
        elif self._shared and name in _ITEMS and self.fields:
            self.fields[-1][1].append(_item(name, attributes))
            return
        super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "sharedItems":
            self._shared = False
        super().end(name)

    def finish(self) -> Iterator[Opened]:
        yield from super().finish()
        yield from self.take()
        count = 0
        for field, items in self.fields:
            if items:
                count += len(items)
                yield Text(
                    self.place.inside(f"values of field '{field}'"),
                    "\n".join(f"{field}: {item}" for item in items),
                    hidden="pivot cache",
                )
        if count:
            yield remarks.embedded(
                self.context, self.place, "pivottabellens fælles værdier", "shared values of a pivot table", count=count
            )


class CacheRecordsReader(PartReader):
    """Reads a cache's records: the rows that the pivot table was made of."""

    def __init__(self, context: Context, place: Place, fields: list[tuple[str, list[Cell]]]) -> None:
        super().__init__(context, place)
        self._fields = fields
        self._row: list[Cell] | None = None
        self._rows = SheetRows(place, "pivot cache", lambda size: context.budget.spend_bytes(size))
        self._count = 1
        if fields:
            self._rows.row(1, [name for name, _ in fields])

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "r":
            self._row = []
        elif self._row is not None and name in _ITEMS:
            if name == "x":
                self._row.append(self._shared(len(self._row), attributes.get("v", "")))
            else:
                self._row.append(_item(name, attributes))
        else:
            super().start(name, attributes)

    def _shared(self, column: int, index: str) -> Cell:
        items = self._fields[column][1] if column < len(self._fields) else []
        return items[int(index)] if index.isdigit() and int(index) < len(items) else index

    def end(self, name: str) -> None:
        if name == "r" and self._row is not None:
            self._count += 1
            self._rows.row(self._count, self._row)
            self._row = None
            self.ready += self._rows.take()
        else:
            super().end(name)

    def finish(self) -> Iterator[Opened]:
        yield from self._rows.finish()
        yield from super().finish()
        yield from self.take()
        if self._count > 1:
            yield remarks.embedded(
                self.context,
                self.place,
                "rækkerne bag en pivottabel",
                "the rows behind a pivot table",
                count=self._count - 1,
            )


class ExternalBookReader(PartReader):
    """Reads what a workbook remembers of another one."""

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self._sheet: list[list[Cell]] = []
        self._at = 0
        self._value: list[str] | None = None
        self._tables: list[list[list[Cell]]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("sheetData", "ddeItem", "values"):
            self._sheet = []
        elif name == "row":
            self._sheet.append([])
        elif name == "cell":
            letters = "".join(letter for letter in attributes.get("r", "A")[:4] if "A" <= letter <= "Z")
            self._at = min(column_number(letters[:3] or "A"), 16_384)
        elif name in ("v", "val"):
            self._value = []
        super().start(name, attributes)

    def text(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)
        else:
            super().text(data)

    def end(self, name: str) -> None:
        if name in ("v", "val") and self._value is not None:
            if not self._sheet:
                self._sheet.append([])
            row = self._sheet[-1]
            row.extend([None] * (max(self._at, 1) - 1 - len(row)))
            row.append(number("".join(self._value)))
            self._value = None
        elif name in ("sheetData", "values") and any(self._sheet):
            self._tables.append(self._sheet)
            self._sheet = []
        super().end(name)

    def finish(self) -> Iterator[Opened]:
        yield from super().finish()
        yield from self.take()
        if any(self._sheet):
            self._tables.append(self._sheet)
        for index, rows in enumerate(self._tables, 1):
            yield Table(self.place.inside(f"sheet {index}"), rows, hidden="values remembered of another workbook")
        cells = sum(len(row) for rows in self._tables for row in rows)
        if cells:
            yield remarks.embedded(
                self.context,
                self.place,
                "celler husket fra en anden projektmappe",
                "cells remembered of another workbook",
                count=cells,
            )
        yield remarks.external_link(
            self.context, self.place, "kæde til en anden projektmappe", "link to another workbook"
        )
