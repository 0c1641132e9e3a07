"""Word's parts: paragraphs, tables, what was deleted, hidden and computed.

The body, headers, footers, notes, comments and the glossary all speak the same
markup and are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.content.titles import title_above
from ngc_pipelines.disclosure.pieces import Cell, Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_FETCHING: Final = re.compile(r"\b(?:DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD)\b", re.IGNORECASE)
_ORDINARY_FIELDS: Final = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|TOC|PAGEREF|REF|SEQ|STYLEREF|TIME|DATE|SAVEDATE|XE|NOTEREF)\b[^\d]{0,60}\d{0,8}[^\d]{0,40}",
    re.IGNORECASE,
)
_TECHNICAL_ELEMENTS: Final = frozenset(
    {"posOffset", "pctWidth", "pctHeight", "align", "pctPosHOffset", "pctPosVOffset", "relationshipPresent"}
)
BLOCK_ROWS: Final = 4000


class WordReader(PartReader):
    """Reads one part of WordprocessingML.

    Args:
        hidden_styles: ids of styles whose text is not shown.
    """

    place_word = "paragraphs"

    def __init__(
        self, context: Context, place: Place, hidden: str | None = None, hidden_styles: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(context, place)
        self.hidden = hidden
        self._hidden_styles = hidden_styles
        self._tables: list[_Grid] = []
        self._table_count = 0
        self._above: str | None = None
        self._stack: list[list[str]] = []
        self._inside: list[str] = []
        self._run_hidden = False
        self._paragraph_hidden = False
        self._deleted = 0
        self._skip = 0
        self._secret: dict[str, list[str]] = {"deleted text": [], "hidden text": [], "field code": []}
        self._counts: dict[str, int] = {"deleted": 0, "inserted": 0}
        self._field: list[str] = []
        self._fetching = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes:
            self.keep_attributes(name, attributes)
        self._inside.append(name)
        if name == "p":
            self._stack.append(self.line)
            self.line = []
            self._paragraph_hidden = False
        elif name == "r":
            self._run_hidden = self._paragraph_hidden
        elif name in ("vanish", "webHidden", "specVanish"):
            self._hide(attributes)
        elif (
            (name == "color" and _value(attributes).upper() == "FFFFFF" and "rPr" in self._inside[-3:])
            or (name == "sz" and _value(attributes) in ("1", "2") and "rPr" in self._inside[-3:])
            or (name in ("rStyle", "pStyle") and _value(attributes) in self._hidden_styles)
        ):
            self._hide({})
        elif name == "tbl":
            self.end_line()
            self._tables.append(_Grid(None if self._tables else self._above))
            self._above = None
        elif name in ("tr", "tc"):
            if self._tables:
                self._tables[-1].open(name)
        elif name == "gridSpan" and self._tables:
            self._tables[-1].span(_value(attributes))
        elif name in ("del", "moveFrom"):
            self._deleted += 1
            self._counts["deleted"] += 1
        elif name in ("ins", "moveTo"):
            self._counts["inserted"] += 1
        elif name == "fldSimple":
            self._keep_field(next((value for key, value in attributes.items() if key.endswith("instr")), ""))
        elif name in _TECHNICAL_ELEMENTS:
            self._skip += 1
        elif name == "tab" and "r" in self._inside[-2:-1]:
            self.line.append("\t")
        elif name in ("br", "cr"):
            self.line.append("\n")

    def end(self, name: str) -> None:
        if self._inside:
            self._inside.pop()
        if name == "p":
            self._end_paragraph()
        elif name == "r":
            self._run_hidden = False
        elif name == "fldChar" or name == "instrText":
            pass
        elif name == "tbl" and self._tables:
            self._end_table(self._tables.pop())
        elif name == "tr" and self._tables and len(self._tables[-1].rows) >= BLOCK_ROWS:
            self._hand_on(self._tables[-1], last=False)
        elif name in ("del", "moveFrom"):
            self._deleted = max(0, self._deleted - 1)
        elif name in _TECHNICAL_ELEMENTS:
            self._skip = max(0, self._skip - 1)

    def text(self, data: str) -> None:
        if self._skip or (not data.strip() and "\n" in data):
            return
        element = self._inside[-1] if self._inside else ""
        if element == "instrText" or element == "delInstrText":
            self._field.append(data)
            return
        if element == "delText" or self._deleted:
            self._secret["deleted text"].append(data)
        elif self._run_hidden or self._paragraph_hidden:
            self._secret["hidden text"].append(data)
        self.line.append(data)

    def _hide(self, attributes: dict[str, str]) -> None:
        if _value(attributes) in ("0", "false", "off"):
            return
        if "pPr" in self._inside and "r" not in self._inside[-3:]:
            # The mark of a paragraph alone may be hidden; its style hides all of it.
            self._paragraph_hidden = "pStyle" in self._inside[-2:]
        else:
            self._run_hidden = True

    def _end_paragraph(self) -> None:
        if self._field:
            self._keep_field("".join(self._field))
            self._field = []
        text = "".join(self.line)
        self.line = self._stack.pop() if self._stack else []
        for kind in ("deleted text", "hidden text"):
            if self._secret[kind] and not self._secret[kind][-1].endswith("\n"):
                self._secret[kind].append("\n")
        if self._tables and self._tables[-1].in_cell:
            self._tables[-1].write(text)
            return
        outer, self.line = self.line, [text]
        self.end_line()
        self.line = outer

    def end_line(self) -> None:
        if any(part.strip() for part in self.line):
            self._above = title_above("".join(self.line))
        super().end_line()

    def _keep_field(self, code: str) -> None:
        if not code.strip() or _ORDINARY_FIELDS.fullmatch(code):
            return
        self._secret["field code"].append(code.strip() + "\n")
        if _FETCHING.search(code):
            self._fetching += 1

    def _end_table(self, grid: _Grid) -> None:
        if self._tables and self._tables[-1].in_cell:
            self._tables[-1].write(" ")
        self._hand_on(grid, last=True)

    def _hand_on(self, grid: _Grid, *, last: bool) -> None:
        if not grid.number:
            self._table_count += 1
            grid.index = self._table_count
        if grid.rows:
            self.end_line()
            self.flush()
            rows = [grid.header, *grid.rows] if grid.number else grid.rows
            self.ready.append(
                Table(
                    self.place.inside(f"table {grid.index}"),
                    rows,
                    first_row=grid.first - (1 if grid.number else 0),
                    title=grid.title,
                    hidden=self.hidden,
                    number=grid.number,
                    last=last,
                )
            )
        grid.next_block()

    def finish(self) -> Iterator[Opened]:
        while self._tables:
            self._hand_on(self._tables.pop(), last=True)
        while self._stack:
            self._end_paragraph()
        yield from super().finish()
        yield from self.take()
        for kind, parts in self._secret.items():
            text = "".join(parts)
            if text.strip():
                yield Text(self.place.inside(kind), text, hidden=kind)
        yield from self._remarks()

    def _remarks(self) -> Iterator[Opened]:
        place, context = self.place, self.context
        if "".join(self._secret["deleted text"]).strip() or self._counts["deleted"]:
            yield remarks.hidden(
                context,
                place,
                "slettet tekst i rettelsessporet",
                "deleted text among tracked changes",
                count=self._counts["deleted"],
            )
        if self._counts["inserted"]:
            yield remarks.hidden(
                context,
                place,
                "rettelsesspor er ikke afsluttet",
                "tracked changes are not settled",
                count=self._counts["inserted"],
            )
        if "".join(self._secret["hidden text"]).strip():
            yield remarks.hidden(
                context,
                place,
                "skjult tekst (skjult, hvid eller bittesmå bogstaver)",
                "hidden text (hidden, white or tiny letters)",
            )
        if self._fetching:
            yield remarks.external_link(
                context,
                place,
                "feltkoder, der henter udefra (DDE, LINK …)",
                "field codes that fetch from outside (DDE, LINK …)",
                count=self._fetching,
            )


class _Grid:
    """A table under construction."""

    def __init__(self, title: str | None) -> None:
        self.title = title
        self.rows: list[list[Cell]] = []
        self.header: list[Cell] = []
        self.in_cell = False
        self.first = 1
        self.number = 0
        self.index = 0
        self._span = 1

    def open(self, element: str) -> None:
        if element == "tr":
            self.rows.append([])
            self.in_cell = False
            return
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append("")
        self.in_cell = True

    def span(self, width: str) -> None:
        if self.in_cell and width.isdigit() and 1 < int(width) < 64:
            self.rows[-1].extend([None] * (int(width) - 1))

    def write(self, text: str) -> None:
        row = self.rows[-1]
        at = len(row) - 1
        while at > 0 and row[at] is None:
            at -= 1
        before = row[at]
        row[at] = f"{before}\n{text}" if isinstance(before, str) and before else text

    def next_block(self) -> None:
        if not self.number and self.rows:
            self.header = self.rows[0]
        self.first += len(self.rows)
        self.number += 1
        self.rows = []


class StylesheetReader(PartReader):
    """Finds the styles whose text is not shown; `hidden_styles` is right at the end."""

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self.hidden_styles: set[str] = set()
        self._style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self._style = next((value for key, value in attributes.items() if key.endswith("styleId")), "")
        elif name == "vanish" and _value(attributes) not in ("0", "false", "off") and self._style:
            self.hidden_styles.add(self._style)
        super().start(name, attributes)


def _value(attributes: dict[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == "val"), "")
