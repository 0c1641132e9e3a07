"""XML of any vocabulary: its text, its records, and no declarations of entities.

Office documents written as one XML file are `flat_xml`'s. A DOCTYPE is
refused: what it declares can grow without bound or point at files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.decoding import blocks
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Cell, Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

_STEP = 1 << 18
_LONGEST_MIXED = 1 << 12
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_DEEPEST = 500
_FEWEST_RECORDS = 3
_ROWS = 20_000


class _Refused(Exception):  # noqa: N818 - the document is refused, the program did not err
    """The document declares entities, or is nested beyond reason."""


def open_xml(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """The text as it stands, and elements that repeat as a table."""
    for first_line, text in blocks(source):
        context.budget.check_time()
        yield Text(place, text, first_line, language="markup")
    reader = _Reader()
    try:
        for block in source.blocks(_STEP):
            reader.feed(bytes(block), final=False)
            yield from reader.take(place)
        reader.feed(b"", final=True)
    except _Refused as why:
        yield from remarks.bomb(context, place, "DOCTYPE med entiteter eller for dyb indlejring", str(why))
    except expat.ExpatError as fault:
        yield from remarks.broken(context, place, "XML", f"line {fault.lineno}")
    yield from reader.take(place, last=True)
    yield from reader.texts(place)
    yield from reader.pages(place, context)


@dataclass(slots=True)
class _Record:
    tag: str
    cells: dict[str, str] = field(default_factory=dict)


class _Reader:
    """Collects, for each element that repeats under one parent, its values as a row."""

    def __init__(self) -> None:
        parser: Any = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.CommentHandler = self._comment
        self._parser = parser
        self._stack: list[str] = []
        self._text: list[list[str]] = []
        self._records: dict[str, list[dict[str, str]]] = {}
        self._open: list[_Record] = []
        self._values: list[str] = []
        self._comments: list[str] = []
        self._mixed: list[list[str]] = []
        self._pages: list[str] = []

    def feed(self, block: bytes, *, final: bool) -> None:
        self._parser.Parse(block, final)

    def take(self, place: Place, *, last: bool = False) -> Iterator[Table]:
        """Tables of records whose block is full, or all of them at the end."""
        for path, records in self._records.items():
            if len(records) >= (_FEWEST_RECORDS if last else _ROWS):
                names = list(dict.fromkeys(name for record in records for name in record))
                rows: list[list[Cell]] = [list(names)]
                rows += [[record.get(name) for name in names] for record in records]
                yield Table(place.inside(path), rows, last=last)
                records.clear()

    def texts(self, place: Place) -> Iterator[Text]:
        """Values with their entities undone, which the text as it stands does not show."""
        if self._values:
            yield Text(place.inside("values"), "\n".join(self._values))
        if self._comments:
            yield Text(place.inside("comments"), "\n".join(self._comments), hidden="comment")

    def pages(self, place: Place, context: Context) -> Iterator[Opened]:
        """What is written as HTML in the text of elements."""
        if self._pages:
            written = "\n".join(self._pages).encode("utf-8", "replace")
            yield from context.open_inside(written, None, place.inside("markup in texts"), type_name="html")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= _DEEPEST:
            raise _Refused("elements nested too deep")
        name = tag.rsplit(" ", 1)[-1]
        self._stack.append(name)
        self._text.append([])
        self._mixed.append([])
        self._open.append(_Record(name))
        for attribute, value in attributes.items():
            self._open[-1].cells[attribute.rsplit(" ", 1)[-1]] = value
            if "&" in value or not value.isascii():
                self._values.append(value)

    def _end(self, _tag: str) -> None:
        path = "/".join(self._stack[-4:])
        name = self._stack.pop()
        text = "".join(self._text.pop()).strip()
        record = self._open.pop()
        whole = "".join(self._mixed.pop()).strip()
        if text:
            self._values.append(text)
            if _TAG.search(text):
                self._pages.append(text)
        if text and len(whole) > len(text):
            # Text with elements in between reads as one.
            self._values.append(whole)
        if self._mixed and len(whole) <= _LONGEST_MIXED:
            self._mixed[-1].append(whole)
        if not self._open:
            return
        if record.cells:
            if text:
                record.cells[name] = text
            if len(record.cells) > 1:
                self._records.setdefault(path, []).append(record.cells)
        elif text:
            self._open[-1].cells.setdefault(name, text)

    def _data(self, data: str) -> None:
        if self._text:
            self._text[-1].append(data)
            if not data.isspace():
                self._mixed[-1].append(data)

    def _comment(self, data: str) -> None:
        self._comments.append(data)


def _refuse_doctype(*_declared: Any) -> None:
    raise _Refused("a DOCTYPE")
