"""Of an HTML page: which styles and attributes say nothing by themselves, and what is written outside its tables.

A width may be a bar that draws a count, a class may be named after one; kept
are the properties and attributes that are named here.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets

_PROPERTY = re.compile(
    r"(?:text-(?:align|decoration|transform|indent)|vertical-align|font(?:-(?:family|size|weight|style|variant))?|color"
    r"|background(?:-color)?|border(?:-(?:top|bottom|left|right|collapse|spacing|color|style|width))*|white-space"
    r"|padding(?:-(?:top|bottom|left|right))?|margin(?:-(?:top|bottom|left|right))?|line-height|caption-side"
    r"|empty-cells|table-layout)",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?!.*(?:url|expression|var|attr|counter|calc)\s*\()[\w\s#.,%()'\"!-]{1,120}", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0)", re.IGNORECASE)
_BLOCK = re.compile(r"(?P<selector>[^{}]*)\{(?P<body>[^{}]*)\}")
_SELECTOR = re.compile(r"[\w\s.,#:>*()+~-]*")
# Attributes that are names an author chose; others hold words of HTML or lengths.
_NAMES = frozenset({"class", "id", "name", "headers"})
_LENGTHS = frozenset({"width", "height"})
_SIZED = frozenset({"table", "col", "colgroup"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd"}
    | {"label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"}
    | {"wbr"}
)


def declarations(text: str) -> str:
    """Of a style's declarations those that only say how text looks."""
    kept = []
    for one in re.sub(r"/\*.*?(?:\*/|$)", "", text, flags=re.DOTALL).split(";"):
        name, _, value = one.partition(":")
        if _PROPERTY.fullmatch(name.strip()) and _VALUE.fullmatch(value.strip()):
            kept.append(f"{name.strip()}: {value.strip()}")
    return "; ".join(kept)


def style_sheet(text: str, secrets: Secrets) -> str:
    """A style sheet with such declarations alone; empty where it cannot be told apart."""
    bare = re.sub(r"/\*.*?(?:\*/|$)", "", text, flags=re.DOTALL)
    blocks = list(_BLOCK.finditer(bare))
    if _BLOCK.sub("", bare).strip():
        return ""  # rules within rules, imports, or no style sheet
    rules = []
    for block in blocks:
        selector, body = block["selector"].strip(), declarations(block["body"])
        if _SELECTOR.fullmatch(selector) and not secrets.named_in(selector) and body:
            rules.append(f"{selector} {{ {body} }}")
    return "\n".join(rules)


def attribute(tag: str, name: str, value: str | None, secrets: Secrets) -> str | None:
    """What stays of an attribute that is kept; None where nothing does."""
    said = value or ""
    if name == "style":
        return declarations(said) or None
    if name in _LENGTHS and tag not in _SIZED:
        return None
    if (name in _NAMES or name in _LENGTHS) and secrets.named_in(said):
        return None
    return value if value is None or re.fullmatch(r"[\w\s.:;,/%#+=-]{0,120}", said) else None


def is_unseen(attributes: dict[str, str | None]) -> bool:
    """Whether an element is written but not shown."""
    return "hidden" in attributes or _UNSEEN.search(attributes.get("style") or "") is not None


def lines_outside(page: str) -> list[str]:
    """The texts outside the page's tables, one for each block."""
    reader = _Texts()
    reader.feed(page)
    reader.close()
    return [line for text in reader.texts if (line := " ".join("".join(text).split()))]


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[list[str]] = [[]]
        # Within a table's cell or a style sheet, which are looked at elsewhere.
        self._elsewhere = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        self._bounds(tag, tag in ("td", "th", "style"))

    def handle_endtag(self, tag: str) -> None:
        self._bounds(tag, False)

    def _bounds(self, tag: str, begins: bool) -> None:
        if begins or tag in ("td", "th", "tr", "table", "style"):
            self._elsewhere = begins
        if tag not in _INLINE:
            self.texts.append([])

    def handle_data(self, data: str) -> None:
        if not self._elsewhere:
            self.texts[-1].append(data)
