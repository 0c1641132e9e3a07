"""The opener of Office's flat XML, by which dialect its root speaks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.cells import SheetRows, number
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader, read_part
from ngc_pipelines.disclosure.content.ooxml.package import CHUNK
from ngc_pipelines.disclosure.content.ooxml.words import WordReader
from ngc_pipelines.disclosure.pieces import Cell, Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_HEAD: Final = 4096
_PARTS: Final = re.compile(rb"<pkg:part\b([^>]*)>(.*?)</pkg:part>", re.DOTALL)
_NAME: Final = re.compile(rb'pkg:name="([^"]*)"')
_XML_DATA: Final = re.compile(rb"<pkg:xmlData[^>]*>(.*)</pkg:xmlData>", re.DOTALL)
_BINARY_DATA: Final = re.compile(rb"<pkg:binaryData[^>]*>(.*)</pkg:binaryData>", re.DOTALL)


def open_flat_xml(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a flat Office document holds."""
    head = bytes(source.view(0, _HEAD))
    context.budget.spend_bytes(len(source))
    chunks = (bytes(source.view(at, at + CHUNK)) for at in range(0, len(source), CHUNK))
    if b"2006/xmlPackage" in head:
        yield from _package(bytes(source.view()), place, context)
    elif b"office:spreadsheet" in head:
        yield from read_part(chunks, _SheetsReader(context, place), "xml")
    else:
        yield from read_part(chunks, _OldWordReader(context, place), "xml")


def _package(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """A package written as one file: the parts are put into a zip and opened as one."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for attributes, content in _PARTS.findall(data):
            name = _NAME.search(attributes)
            path = name.group(1).decode("utf-8", "replace").lstrip("/") if name else f"part{len(archive.namelist())}"
            markup, binary = _XML_DATA.search(content), _BINARY_DATA.search(content)
            if markup is not None:
                archive.writestr(zipfile.ZipInfo(path), markup.group(1).strip())
            elif binary is not None:
                try:
                    archive.writestr(zipfile.ZipInfo(path), base64.b64decode(binary.group(1)))
                except (binascii.Error, ValueError):
                    yield from remarks.broken(
                        context, place.inside(f"part {path}"), "binary part", "its base64 does not decode"
                    )
    rest = _PARTS.sub(b"", data)
    if b"<!DOCTYPE" in rest or b"<!ENTITY" in rest:
        yield from remarks.bomb(context, place, "XML med DOCTYPE eller entiteter", "XML with a DOCTYPE or entities")
    yield Text(
        place.inside("between the parts"),
        rest.decode("utf-8", "replace"),
        hidden="between the parts",
        language="markup",
    )
    from ngc_pipelines.disclosure.content.ooxml.opener import open_ooxml
    from ngc_pipelines.disclosure.opening import Source

    yield from open_ooxml(Source(out.getvalue()), place, context)


class _SheetsReader(PartReader):
    """SpreadsheetML 2003."""

    paragraphs = frozenset({"Comment", "Author", "NamedRange", "Value"})
    place_word = "properties, names, rules"

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self._rows: SheetRows | None = None
        self._row = 0
        self._column = 0
        self._cells: list[Cell] = []
        self._kind = ""
        self._value: list[str] | None = None
        self._comment = 0
        self._sheet = ""
        self._counts: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "Worksheet":
            self._sheet = told.get("Name", "")
            self._rows = SheetRows(
                self.place.inside(f"sheet '{self._sheet}'"), None, lambda size: self.context.budget.spend_bytes(size)
            )
            self._row = 0
        elif name == "Row":
            self._row = _index(told, self._row + 1)
            self._column = 0
            self._cells = []
            if told.get("Hidden") == "1" and self._rows is not None:
                self._rows.hidden_rows.append(self._row)
        elif name == "Column" and told.get("Hidden") == "1":
            self._count("hidden columns")
        elif name == "Cell":
            self._column = _index(told, self._column + 1)
            self._formula(told)
        elif name == "Data" and not self._comment:
            self._kind = told.get("Type", "String")
            self._value = []
        elif name == "Comment":
            self._comment += 1
            self._count("comments")
        super().start(name, attributes)

    def _formula(self, told: dict[str, str]) -> None:
        formula = told.get("Formula", "")
        if re.search(r'"|\d{6}|\[|\|', formula):
            where = self.place.inside(f"sheet '{self._sheet}'", "formulas")
            self.ready.append(Text(where, formula, hidden="formula", language="formula"))
            if "|" in formula or ("[" in formula and "!" in formula):
                self._count("fetching")
        if told.get("HRef"):
            self._count("links")

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1

    def text(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)
        else:
            super().text(data)

    def end(self, name: str) -> None:
        if name == "Data" and self._value is not None:
            self._put("".join(self._value))
            self._value = None
        elif name == "Comment":
            self._comment = max(0, self._comment - 1)
        elif name == "Row" and self._rows is not None:
            self._rows.row(self._row, self._cells)
            self._cells = []
            self.ready += self._rows.take()
        elif name == "Visible" and "".join(self.line).strip() in ("SheetHidden", "SheetVeryHidden"):
            where = self.place.inside(f"sheet '{self._sheet}'")
            self.ready.append(remarks.hidden(self.context, where, "skjult ark", "hidden sheet"))
        elif name == "Worksheet" and self._rows is not None:
            self._end_sheet(self._rows)
        super().end(name)
        if name not in ("B", "I", "U", "S", "Font", "Sub", "Sup", "Span"):
            self.end_line()

    def _put(self, text: str) -> None:
        value: Cell = text
        if self._kind == "Number":
            value = number(text.strip())
        elif self._kind == "Boolean":
            value = text.strip() == "1"
        elif self._kind == "DateTime":
            try:
                value = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
            except ValueError:
                value = text
        if 1 <= self._column <= 16_384:
            self._cells.extend([None] * (self._column - 1 - len(self._cells)))
            self._cells.append(value)

    def _end_sheet(self, rows: SheetRows) -> None:
        self.ready += rows.finish()
        if rows.hidden_rows:
            where = rows.place.inside(f"rows {', '.join(map(str, rows.hidden_rows[:5]))}")
            self.ready.append(
                remarks.hidden(self.context, where, "skjulte rækker", "hidden rows", count=len(rows.hidden_rows))
            )
        self._rows = None

    def finish(self) -> Iterator[Opened]:
        if self._rows is not None:
            self._end_sheet(self._rows)
        yield from super().finish()
        yield from self.take()
        counts, place, context = self._counts, self.place, self.context
        if "hidden columns" in counts:
            yield remarks.hidden(context, place, "skjulte kolonner", "hidden columns", count=counts["hidden columns"])
        if "comments" in counts:
            yield remarks.hidden(context, place, "kommentarer", "comments", count=counts["comments"])
        if "fetching" in counts:
            yield remarks.external_link(
                context,
                place,
                "formler, der henter eller kalder noget udefra",
                "formulas that fetch or call something outside",
                count=counts["fetching"],
            )
        if "links" in counts:
            yield remarks.web_link(context, place, count=counts["links"])


def _index(told: dict[str, str], default: int) -> int:
    text = told.get("Index", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= 1_048_576 else default


class _OldWordReader(WordReader):
    """Word 2003: Word's own markup, with binary data in base64 beside it."""

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self._binary: list[str] | None = None
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("binData", "docSuppData", "docOleData"):
            self._binary = []
            self._name = next((value for key, value in attributes.items() if key.endswith("name")), name)
        elif name == "annotation" and "Deletion" in "".join(attributes.values()):
            super().start("del", {})
            return
        elif name == "annotation" and "Comment" in "".join(attributes.values()):
            self.ready.append(remarks.hidden(self.context, self.place, "kommentarer", "comments"))
        super().start(name, attributes)

    def text(self, data: str) -> None:
        if self._binary is not None:
            self._binary.append(data)
        else:
            super().text(data)

    def end(self, name: str) -> None:
        if name in ("binData", "docSuppData", "docOleData") and self._binary is not None:
            text, self._binary = "".join(self._binary), None
            if text.strip():
                self._open(text)
        super().end(name)
        if name not in ("t", "r", "instrText", "delText", "p") and not self._stack:
            self.end_line()

    def _open(self, text: str) -> None:
        where = self.place.inside(f"binary data '{self._name}'")
        if "mso" in self._name.lower() or "ole" in self._name.lower():
            self.ready.append(remarks.embedded(self.context, where, "indlejrede data", "embedded data"))
        try:
            data = base64.b64decode(text)
        except (binascii.Error, ValueError):
            self.ready.append(Text(where, text, hidden="binary data"))
            return
        self.ready.extend(self.context.open_inside(data, None, where))
