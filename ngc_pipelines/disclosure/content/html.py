"""HTML pages: what is seen, what is not, and the data that scripts carry.

A tolerant reader of its own over the standard tokenizer: no script runs and
nothing is fetched. Inline SVG, `data:` URIs and frames written into the page
are opened one level deeper; JSON in scripts is searched by `widgets`.
"""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterator
from html.parser import HTMLParser

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.decoding import blocks
from ngc_pipelines.disclosure.content.html_tables import TableGrid
from ngc_pipelines.disclosure.content.scripts import json_in_script
from ngc_pipelines.disclosure.content.titles import title_above
from ngc_pipelines.disclosure.content.widgets import pieces_of_json
from ngc_pipelines.disclosure.content.xml import open_xml
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Code, Opened, Text
from ngc_pipelines.disclosure.places import Place

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "header"}
    | {"footer", "pre", "ul", "ol", "dt", "dd", "option", "title"}
)
_FETCHED = {
    "script": "src", "img": "src", "link": "href", "iframe": "src", "frame": "src", "embed": "src", "object": "data",
    "audio": "src", "video": "src", "source": "src", "input": "src", "body": "background",
    "image": "href", "use": "href",
}  # fmt: skip
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?(?:;|\s|$)|font-size\s*:\s*0"
    r"|color\s*:\s*(?:white|#fff(?:fff)?\b|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}|clip\s*:\s*rect\(0",
    re.IGNORECASE,
)
_DATA_URI = re.compile(r"data:([\w.+/-]*)((?:;[\w=.-]+)*),([^\"'()<>\s]*)", re.IGNORECASE)
# Pieces of text that are looked at for what stands over a table; a line has a few.
_PARTS_ABOVE = 40
_NOT_IN_ADDRESSES = dict.fromkeys(map(ord, "\t\r\n"))
_FAR = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_JSON_SCRIPT = re.compile(r"json", re.IGNORECASE)


def open_html(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """The page's text, tables, hidden parts, comments, attributes, scripts and embedded files."""
    if context.extension == "xml" and not place.steps:
        # XHTML that calls itself XML is held to XML's rules; no DTD is followed.
        yield from open_xml(source, place, context)
        return
    reader = _Reader(place, context)
    for _, text in blocks(source):
        context.budget.check_time()
        reader.feed(text)
        yield from reader.take()
    reader.close()
    if reader.rawdata:
        # A script that the page never closes: the tokenizer waits for its end.
        reader.handle_data(reader.rawdata)
    yield from reader.take()
    yield from reader.finish()


class _Reader(HTMLParser):
    def __init__(self, place: Place, context: Context) -> None:
        super().__init__(convert_charrefs=True)
        self._place = place
        self._context = context
        self._ready: list[Opened] = []
        self._late: list[Iterator[Opened]] = []
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._hidden_depth: list[str] = []
        self._raw_tag = ""
        self._raw: list[str] = []
        self._script_type = ""
        self._svg: list[str] = []
        self._svg_depth = 0
        self._tables: list[TableGrid] = []
        # From where on the text stands below the last table.
        self._since_table = 0
        self._number = {"table": 0, "script": 0, "svg": 0}
        self._links = 0
        # Said once: classes and styles come again with every cell.
        self._names: dict[str, None] = {}

    # What the tokenizer tells.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._attributes(tag, given)
        self._name(tag, given)
        if self._svg_depth or tag == "svg":
            self._begin_svg(tag)
            return
        if tag in ("script", "style", "textarea", "template", "noscript") and not self._raw_tag:
            if tag in ("script", "style"):
                self._raw_tag, self._raw, self._script_type = tag, [], given.get("type", "")
        elif tag in _BLOCKS:
            self._text.append("\n")
        if tag not in _VOID and (self._hidden_depth or _hides(given)):
            self._hidden_depth.append(tag)
        self._table_start(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._attributes(tag, given)
        self._name(tag, given)
        if self._svg_depth:
            self._svg.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._svg_depth:
            self._end_svg(tag)
            return
        if tag == self._raw_tag:
            self._end_raw()
            return
        if tag in self._hidden_depth:
            while self._hidden_depth and self._hidden_depth.pop() != tag:
                pass
        if tag in _BLOCKS:
            self._text.append("\n")
        self._table_end(tag)

    def handle_data(self, data: str) -> None:
        if self._svg_depth:
            self._svg.append(_escaped(data))
        elif self._raw_tag:
            self._raw.append(data)
        else:
            (self._hidden if self._hidden_depth else self._text).append(data)
            if self._tables:
                self._tables[-1].text(data, hidden=bool(self._hidden_depth))

    def handle_comment(self, data: str) -> None:
        if data.strip():
            here = self._place.inside("comment")
            self._ready.append(Text(here, data, hidden="comment"))
            if not data.lstrip().startswith(("[if", "[endif")) and len(data.strip()) > 3:
                self._ready.append(remarks.hidden(self._context, here, "kommentarer i HTML", "comments in the HTML"))

    def handle_pi(self, data: str) -> None:
        self._ready.append(Text(self._place.inside("processing instruction"), data, hidden="not shown"))

    def handle_decl(self, decl: str) -> None:
        if decl.strip().lower() != "doctype html":
            self.unknown_decl(decl)

    def parse_endtag(self, i: int) -> int:
        """As the tokenizer does, which passes over what stands in an end tag beside its name."""
        end = super().parse_endtag(i)
        said = self.rawdata[i + 2 : end - 1].partition(" ")[2].strip() if end > i else ""
        if said:
            self._ready.append(Text(self._place.inside("end tag"), said, hidden="not shown"))
        return end

    def unknown_decl(self, data: str) -> None:
        self._ready.append(Text(self._place.inside("declaration"), data, hidden="not shown"))

    # What becomes of it.

    def take(self) -> Iterator[Opened]:
        """The pieces that are ready; text is kept until its block of lines is full."""
        ready, self._ready = self._ready, []
        yield from ready
        late, self._late = self._late, []
        for pieces in late:
            yield from pieces
        if sum(map(len, self._text)) > 1 << 19:
            yield from self._flush()

    def finish(self) -> Iterator[Opened]:
        """What is left when the page ends, closed or not."""
        if self._raw_tag:
            self._end_raw()
        if self._svg_depth:
            self._svg_depth = 0
            self._open_svg()
        while self._tables:
            self._finish_table()
        yield from self.take()
        yield from self._flush()
        if self._names:
            yield Text(
                self._place.inside("attributes: names, classes and styles"), "\n".join(self._names), hidden="attribute"
            )
        if self._links:
            yield remarks.web_link(self._context, self._place, count=self._links)

    def _flush(self) -> Iterator[Opened]:
        shown, self._text, self._since_table = "".join(self._text), [], 0
        hidden, self._hidden = "".join(self._hidden), []
        if shown.strip():
            yield Text(self._place, re.sub(r"\n\s*\n+", "\n", shown), language="markup")
        if hidden.strip():
            here = self._place.inside("hidden element")
            yield Text(here, hidden, hidden="hidden by its style")
            yield remarks.hidden(
                self._context, here, "elementer, som siden ikke viser", "elements the page does not show"
            )

    def _attributes(self, tag: str, given: dict[str, str]) -> None:
        told = [value for name, value in given.items() if value and name not in ("class", "style", "id", "d", "srcdoc")]
        if given.get("id") and not given["id"].startswith("htmlwidget"):
            told.append(given["id"])
        if told:
            hidden = None if tag in ("a", "img", "input", "option", "button") else "attribute"
            text = _without_uris("\n".join(told))
            self._ready.append(Text(self._place.inside(f"attributes of <{tag}>"), text, hidden=hidden))
        for value in given.values():
            if "data:" in value[:64].lower() or "url(" in value:
                self._late.append(self._data_uris(value, tag))
        if given.get("srcdoc"):
            here = self._place.inside("frame written into the page")
            self._late.append(self._context.open_inside(given["srcdoc"].encode(), None, here))
        self._outside(tag, given)
        code = "\n".join(value for name, value in given.items() if name.startswith("on") and value)
        if code:
            self._ready.append(Code(self._place.inside(f"handler of <{tag}>"), code, "javascript"))

    def _name(self, tag: str, given: dict[str, str]) -> None:
        """Names of elements and attributes that HTML does not have, classes and styles."""
        if "-" in tag:
            self._names[tag] = None
        for name, value in given.items():
            if name in ("class", "style"):
                if value:
                    self._names[_without_uris(value)] = None
            elif any(map(str.isdigit, name)):
                self._names[name] = None

    def _outside(self, tag: str, given: dict[str, str]) -> None:
        address = given.get(_FETCHED.get(tag, ""), "")
        if _FAR.match(address) and not (tag == "link" and given.get("rel", "") in ("canonical", "author", "license")):
            self._ready.append(
                remarks.external_link(
                    self._context,
                    self._place.inside(f"<{tag}>"),
                    "siden henter noget udefra",
                    "the page fetches something from outside",
                )
            )
        elif tag == "a" and given.get("href"):
            self._links += 1

    def _data_uris(self, text: str, tag: str) -> Iterator[Opened]:
        if text[:64].lstrip().lower().startswith("data:"):
            # As browsers read addresses: without tabs and line ends.
            text = text.translate(_NOT_IN_ADDRESSES)
        for match in _DATA_URI.finditer(text):
            data = _of_uri(match[2], match[3])
            if data:
                yield from self._context.open_inside(data, None, self._place.inside(f"data: URI in <{tag}>"))

    def _end_raw(self) -> None:
        tag, body = self._raw_tag, "".join(self._raw)
        self._raw_tag, self._raw = "", []
        self._number["script"] += 1
        here = self._place.inside(f"{tag} {self._number['script']}")
        if tag == "style":
            self._ready.append(Text(here, _without_uris(body), hidden="style"))
            self._late.append(self._data_uris(body, tag))
            return
        self._ready.append(Code(here, body, "javascript"))
        self._late.append(self._of_script(body, here))

    def _of_script(self, body: str, here: Place) -> Iterator[Opened]:
        whole = bool(_JSON_SCRIPT.search(self._script_type))
        for number, data in enumerate(json_in_script(body, whole=whole), start=1):
            yield from pieces_of_json(data, here.inside(f"data {number}"), self._context)
        yield from self._data_uris(body, "script")

    def _begin_svg(self, tag: str) -> None:
        if tag == "svg":
            self._svg_depth += 1
        self._svg.append(self.get_starttag_text() or "")

    def _end_svg(self, tag: str) -> None:
        self._svg.append(f"</{tag}>")
        if tag == "svg":
            self._svg_depth -= 1
            if not self._svg_depth:
                self._open_svg()

    def _open_svg(self) -> None:
        markup, self._svg = "".join(self._svg), []
        self._number["svg"] += 1
        if "xmlns=" not in markup[:500]:
            markup = markup.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        here = self._place.inside(f"svg {self._number['svg']}")
        self._late.append(self._context.open_inside(markup.encode("utf-8", "replace"), None, here, type_name="svg"))

    def _table_start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self._number["table"] += 1
            title = None if self._tables else self._line_above()
            self._tables.append(TableGrid(self._place.inside(f"table {self._number['table']}"), title))
        elif self._tables:
            self._tables[-1].start(tag, given)

    def _table_end(self, tag: str) -> None:
        if tag == "table" and self._tables:
            self._finish_table()
        elif self._tables:
            self._tables[-1].end(tag)

    def _line_above(self) -> str | None:
        """The line that stands over a table beginning here, where it is a title."""
        parts = self._text[max(self._since_table, len(self._text) - _PARTS_ABOVE) :]
        lines = [line for line in "".join(parts).split("\n") if line.strip()]
        return title_above(lines[-1]) if lines else None

    def _finish_table(self) -> None:
        self._since_table = len(self._text)
        table = self._tables.pop().table()
        if table is not None:
            self._ready.append(table)


def _without_uris(text: str) -> str:
    """A text whose `data:` URIs are left to be opened by themselves."""
    return _DATA_URI.sub("data:…", text) if "data:" in text.lower() else text


def _hides(given: dict[str, str]) -> bool:
    return "hidden" in given or bool(_HIDING.search(given.get("style", "")))


def _of_uri(parameters: str, body: str) -> bytes:
    plain = urllib.parse.unquote_to_bytes(body)
    if "base64" not in parameters.lower():
        return plain
    try:
        return base64.b64decode(plain.translate(None, b" \r\n\t") + b"==")
    except (binascii.Error, ValueError):
        return plain


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
