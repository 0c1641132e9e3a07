"""HTML pages with cells of their tables changed; scripts, comments and hidden copies of values taken out.

Tags stay as they are written, but for attributes that hold texts of their own
(`title`, `data-…`, `alt`, handlers). What runs, fetches or draws is left behind.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place, Written
from ngc_pipelines.disclosure.tables.finishing.leftover import told_words
from ngc_pipelines.disclosure.tables.finishing.page_texts import attribute, is_unseen, lines_outside, style_sheet
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets

_ATTRIBUTES = frozenset(
    {"class", "id", "style", "colspan", "rowspan", "scope", "align", "valign", "width", "height", "border", "lang"}
    | {"dir", "charset", "http-equiv", "cellpadding", "cellspacing", "span", "bgcolor", "headers", "name", "type"}
)
_LEFT_BEHIND = frozenset(
    {"script", "svg", "canvas", "iframe", "object", "embed", "template", "noscript", "audio", "video", "form", "math"}
    | {
        "select",
        "option",
        "textarea",
        "button",
        "datalist",
        "dialog",
        "meter",
        "progress",
        "noembed",
        "noframes",
        "xmp",
    }
    | {"plaintext", "applet", "frameset"}
)
_DROPPED_TAGS = frozenset({"img", "link", "base", "input", "source", "track", "picture", "frame", "meta"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# An element that is not shown and holds tables, or parts of one.
_HOLDS = frozenset({"html", "body", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "colgroup", "caption"})
# Elements of HTML that hold text; of others the text alone stays.
_TAGS = (
    frozenset({"html", "head", "title", "style", "body", "meta", "table", "caption", "colgroup", "col", "thead"})
    | {"tbody", "tfoot", "tr", "td", "th", "p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul"}
    | {"ol", "li", "dl", "dt", "dd", "a", "b", "i", "u", "s", "em", "strong", "small", "big", "sub", "sup", "font"}
    | {"center", "pre", "code", "blockquote", "section", "article", "header", "footer", "main", "nav", "aside"}
    | {"figure", "figcaption", "details", "summary", "abbr", "mark", "cite", "q", "address", "kbd", "samp", "var", "tt"}
)


@dataclass(slots=True)
class _Cell:
    place: Place
    start: int
    end: int = -1
    outer: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class _Grid:
    number: int
    row: int = -1
    column: int = 0
    taken: set[Place] = field(default_factory=set)
    cells: list[_Cell] = field(default_factory=list)
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    open: _Cell | None = None
    row_start: int = 0


def finished_page(data: bytes, changes: Sequence[GridChanges], secrets: Secrets) -> Written:
    """The page with its tables changed.

    Args:
        secrets: what its other texts and names may not tell.

    Raises:
        CannotWrite: where its encoding is not known, or a table is nested in another.
    """
    encoding, text = _decoded(data)
    reader = _Reader(text, secrets)
    reader.feed(text)
    reader.close()
    by_number = {grid.number: grid for grid in reader.grids}
    for one in changes:
        if not one.audited:
            continue
        name = one.grid.place.steps[-1]
        number = int(name.removeprefix("table ")) if name.removeprefix("table ").isdigit() else -1
        if number not in by_number:
            raise CannotWrite(
                Words(
                    f"Tabellen i {one.grid.place} står ikke i en HTML-tabel; gem den som csv eller xlsx.",
                    f"The table in {one.grid.place} stands in no HTML table; save it as csv or xlsx.",
                )
            )
        _change(one, by_number[number], reader.cuts)
    finished = _cut(text, reader.cuts)
    lines = lines_outside(finished)
    told = [f"text {number}" for number, line in enumerate(lines, start=1) if secrets.told_in(line)]
    if told:
        raise CannotWrite(told_words(told))
    return Written(finished.encode(encoding), tuple(_told(reader.left)))


def _decoded(data: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "cp1252"):
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotWrite(
        Words("Sidens tegnsæt er ukendt; gem den som UTF-8.", "Its encoding is unknown; save it as UTF-8.")
    )


class _Reader(HTMLParser):
    """Where the cells of the page's tables stand, and what of it goes."""

    def __init__(self, text: str, secrets: Secrets) -> None:
        super().__init__(convert_charrefs=False)
        self.grids: list[_Grid] = []
        self.cuts: dict[tuple[int, int], str] = {}
        self.left: Counter[str] = Counter()
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._text = text
        self._secrets = secrets
        self._style: int | None = None
        self._open: list[_Grid] = []
        self._tables = 0
        self._gone: list[tuple[str, int]] = []

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._at()
        end = start + len(self.get_starttag_text() or "")
        if tag == "table":
            # Numbered as the checker's own reader does, whatever stands around it.
            self._tables += 1
        if self._gone:
            if tag == self._gone[-1][0]:
                self._gone.append((tag, -1))
            return
        unseen = tag not in _VOID and is_unseen(dict(attrs))
        if unseen and (self._open or tag in _HOLDS):
            raise CannotWrite(
                Words(
                    f"En del af tabellen er skjult (<{tag}>); vis den, eller tag den ud.",
                    f"A part of the table is hidden (<{tag}>); show it, or take it out.",
                )
            )
        if tag in _LEFT_BEHIND or unseen:
            self.left["unseen" if unseen else tag] += 1
            self._gone.append((tag, start))
            return
        if tag in _DROPPED_TAGS and not (tag == "meta" and any(name == "charset" for name, _ in attrs)):
            self.left["fetched"] += tag != "meta"
            self.cuts[start, end] = ""
            return
        if tag not in _TAGS:
            self.left["attributes"] += len(attrs)
            self.cuts[start, end] = " "
            return
        if tag == "style":
            self._style = end
        self._attributes(tag, attrs, start, end)
        self._table_tag(tag, dict(attrs), start, end)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]], start: int, end: int) -> None:
        kept = [
            (name, said)
            for name, value in attrs
            if name in _ATTRIBUTES
            and ((said := attribute(tag, name, value, self._secrets)) is not None or value is None)
        ]
        if kept != attrs:
            self.left["attributes"] += max(1, len(attrs) - len(kept))
            said = "".join(f" {name}" if value is None else f' {name}="{html.escape(value)}"' for name, value in kept)
            self.cuts[start, end] = f"<{tag}{said}>"

    def _table_tag(self, tag: str, attrs: dict[str, str | None], start: int, end: int) -> None:
        if tag == "table":
            if self._open:
                raise CannotWrite(
                    Words("En tabel står inde i en anden; skil dem ad.", "A table stands within another; part them.")
                )
            self._open.append(_Grid(self._tables))
            return
        grid = self._open[-1] if self._open else None
        if grid is None:
            return
        if tag == "tr":
            self._close_cell(grid, start)
            self._close_row(grid, start)
            grid.row, grid.column, grid.row_start = grid.row + 1, 0, start
        elif tag in ("td", "th"):
            self._close_cell(grid, start)
            grid.row = max(grid.row, 0)
            while (grid.row, grid.column) in grid.taken:
                grid.column += 1
            grid.open = _Cell((grid.row, grid.column), end, outer=(start, -1))
            down, across = _span(attrs.get("rowspan")), _span(attrs.get("colspan"))
            grid.taken.update(
                (row, column)
                for row in range(grid.row, grid.row + down)
                for column in range(grid.column, grid.column + across)
            )
            grid.column += across

    def handle_endtag(self, tag: str) -> None:
        start = self._at()
        end = self._text.find(">", start) + 1
        if self._gone:
            if tag == self._gone[-1][0]:
                _, begun = self._gone.pop()
                if begun >= 0:
                    self.cuts[begun, end] = ""
            return
        if self._style is not None and tag == "style":
            written = self._text[self._style : start]
            cleaned = style_sheet(written, self._secrets)
            if " ".join(cleaned.split()) != " ".join(written.split()):
                self.left["style"] += 1
                self.cuts[self._style, start] = cleaned
            self._style = None
        if tag not in _TAGS:
            self.cuts[start, end] = " "
        elif self._text[start:end] != f"</{tag}>":
            self.cuts[start, end] = f"</{tag}>"
        grid = self._open[-1] if self._open else None
        if grid is None:
            return
        if tag in ("td", "th"):
            self._close_cell(grid, start, end)
        elif tag == "tr":
            self._close_cell(grid, start)
            self._close_row(grid, end)
        elif tag == "table":
            self._close_cell(grid, start)
            self._close_row(grid, start)
            self.grids.append(self._open.pop())

    def _close_cell(self, grid: _Grid, at: int, end: int | None = None) -> None:
        if grid.open is not None:
            grid.open.end, grid.open.outer = at, (grid.open.outer[0], at if end is None else end)
            grid.cells.append(grid.open)
            grid.open = None

    def _close_row(self, grid: _Grid, at: int) -> None:
        if grid.row >= 0:
            grid.rows.setdefault(grid.row, (grid.row_start, at))

    def handle_comment(self, data: str) -> None:  # noqa: ARG002 - the parser gives it
        start = self._at()
        sign = "-->" if self._text.startswith("<!--", start) else ">"
        end = self._text.find(sign, start)
        self.left["comment"] += 1
        self.cuts[start, len(self._text) if end < 0 else end + len(sign)] = ""

    def handle_decl(self, decl: str) -> None:
        if decl.casefold() != "doctype html":
            self.handle_comment(decl)

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - the parser gives it
        start = self._at()
        sign = "]]>" if self._text.startswith("<![CDATA[", start) else ">"
        end = self._text.find(sign, start)
        self.cuts[start, len(self._text) if end < 0 else end + len(sign)] = ""

    def handle_pi(self, data: str) -> None:
        start = self._at()
        self.cuts[start, start + 3 + len(data)] = ""

    def close(self) -> None:
        super().close()
        for tag, start in self._gone:
            if start >= 0:
                self.cuts[start, len(self._text)] = ""
                self.left[tag] += 1
        if self._style is not None:
            self.cuts[self._style, len(self._text)] = ""


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 1_000) if value and value.strip().isdecimal() and len(value) < 6 else 1


def _change(one: GridChanges, grid: _Grid, cuts: dict[tuple[int, int], str]) -> None:
    cells = {cell.place: cell for cell in grid.cells}
    for place, text in one.texts.items():
        if place not in cells:
            raise CannotWrite(
                Words("En celle findes ikke i siden; skriv den ud.", "A cell is not in the page; write it out.")
            )
        cuts[cells[place].start, cells[place].end] = html.escape(text)
    gone: dict[int, list[int]] = defaultdict(list)
    for strip in one.strips:
        if strip.row:
            cuts[grid.rows[strip.at]] = ""
        else:
            gone[strip.at].extend(range(strip.top, strip.bottom + 1))
    for column, rows in gone.items():
        for row in rows:
            if (row, column) in cells:
                cuts[cells[row, column].outer] = ""
    if one.notes:
        raise CannotWrite(
            Words(
                "En HTML-side skrives ikke afrundet; gem tabellen som csv eller xlsx.",
                "An HTML page is not written rounded; save the table as csv or xlsx.",
            )
        )


def _cut(text: str, cuts: dict[tuple[int, int], str]) -> str:
    """The text with its cuts; what lies inside another cut goes with it."""
    written: list[str] = []
    at = 0
    for (start, end), new in sorted(cuts.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start < at:
            continue
        written += [text[at:start], new]
        at = end
    return "".join([*written, text[at:]])


def _told(left: Counter[str]) -> list[Words]:
    running = sum(left[tag] for tag in _LEFT_BEHIND)
    told = [
        (running, "scripts, figurer og indlejrede dele udeladt", "scripts, figures and embedded parts left out"),
        (left["fetched"], "billeder og henvisninger udeladt", "pictures and references left out"),
        (left["unseen"], "skjulte dele udeladt", "hidden parts left out"),
        (left["style"], "typografier forenklet", "style sheets simplified"),
        (left["comment"], "kommentarer udeladt", "comments left out"),
        (left["attributes"], "attributter med tekst udeladt", "attributes with text left out"),
    ]
    return [Words(f"{count} {danish}", f"{count} {english}") for count, danish, english in told if count]
