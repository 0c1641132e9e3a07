"""The opener of SVG: words, hidden things, data that it carries, marks read back."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.svg.geometry import UNIT, Matrix, matrix_of, multiply, number
from ngc_pipelines.disclosure.content.svg.marks import Marks
from ngc_pipelines.disclosure.pieces import Code, Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_DRAWN: Final = frozenset({"circle", "ellipse", "use", "rect", "path", "polyline", "polygon"})
_UNSEEN: Final = frozenset({"title", "desc", "metadata"})
_GEOMETRY: Final = frozenset(
    [
        "d",
        "points",
        "transform",
        "style",
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "fill",
        "stroke",
        "class",
        "id",
        "href",
        "xlink:href",
        "version",
        "font-size",
        "font-family",
        "stroke-width",
        "stroke-dasharray",
        "clip-path",
        "preserveAspectRatio",
        "offset",
        "gradientTransform",
        "patternTransform",
        "role",
        "markerWidth",
        "markerHeight",
        "refX",
        "refY",
        "textLength",
        "lengthAdjust",
        "opacity",
        "fill-opacity",
        "stroke-opacity",
        "rdf:about",
        "rdf:resource",
    ]
)
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?<![\w-])opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)"
)
_WHITE: Final = re.compile(r"^\s*(?:white|#fff|#ffffff|rgb\(255,\s*255,\s*255\)|none|transparent)\s*$", re.IGNORECASE)
_FILL: Final = re.compile(r"(?:^|;)\s*fill\s*:\s*([^;]+)")
_DATA: Final = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w=.+-]+)*),([^\"')\s]*)", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"^(?:https?:|file:|ftp:|//|\\\\)", re.IGNORECASE)
_CSS_LINK: Final = re.compile(r"url\(\s*['\"]?((?:https?:|//)[^)'\"]+)|@import\s+['\"]?([^;'\"]+)", re.IGNORECASE)
_BLOCK: Final = 1 << 18


class _DeclaresError(Exception):
    """The document declares entities."""


def open_svg(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that an SVG holds."""
    data = bytes(source.view())
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    reader = _Reader(place, context)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.CommentHandler = reader.comment
    parser.ProcessingInstructionHandler = reader.instruction

    def refuse(*_: object) -> None:
        raise _DeclaresError

    parser.EntityDeclHandler = refuse
    trouble = None
    try:
        for start in range(0, len(data), _BLOCK):
            context.budget.check_time()
            parser.Parse(data[start : start + _BLOCK], False)
            yield from reader.take()
        parser.Parse(b"", True)
    except _DeclaresError:
        yield from remarks.bomb(context, place, "XML med entiteter", "XML with entities")
    except expat.ExpatError as fault:
        trouble = f"not well-formed XML, {expat.ErrorString(fault.code) or 'error'}"
    except (ValueError, LookupError) as fault:
        trouble = type(fault).__name__
    yield from reader.finish()
    if trouble is not None:
        yield from remarks.broken(context, place, "svg", trouble)
        rest = data[parser.CurrentByteIndex :] if 0 < parser.CurrentByteIndex < len(data) else b""
        yield Text(
            place.inside("the rest"),
            rest.decode("utf-8", "replace"),
            hidden="after a fault in the markup",
            language="markup",
        )


class _Reader:
    def __init__(self, place: Place, context: Context) -> None:
        self._place = place
        self._context = context
        self._ready: list[Opened] = []
        self._marks = Marks()
        self._stack: list[tuple[str, Matrix, bool]] = []
        self._words: list[str] = []
        self._line: list[str] = []
        self._aside: dict[str, list[str]] = {}
        self._attributes: dict[str, None] = {}
        self._title: str | None = None
        self._size = (0.0, 0.0)
        self._counts: dict[str, int] = {}
        self._definitions = 0

    def take(self) -> Iterator[Opened]:
        """Pieces that are ready."""
        going, self._ready = self._ready, []
        yield from going

    # -- events --------------------------------------------------------------

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        _, above, hidden = self._stack[-1] if self._stack else ("", UNIT, False)
        matrix = multiply(matrix_of(attributes["transform"]), above) if "transform" in attributes else above
        hidden = hidden or self._hides(attributes)
        if local == "svg":
            matrix = self._frame(attributes, matrix)
        elif local == "text" and not hidden:
            hidden = self._text_unseen(attributes, matrix)
        self._stack.append((local, matrix, hidden))
        self._definitions += local in ("defs", "clipPath", "symbol", "marker", "pattern")
        if local in _DRAWN and not self._definitions:
            self._marks.take(local, attributes, matrix)
        self._keep(local, attributes)
        if local == "foreignObject":
            self._count("foreign")

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        _, _, hidden = self._stack[-1]
        if local in ("script", "style"):
            self._program(local)
        elif unseen := next((above for above, _, _ in reversed(self._stack) if above in _UNSEEN), None):
            self._say(unseen)
        elif local not in ("tspan", "a", "textPath"):
            self._say("hidden text" if hidden else None)
        self._definitions -= local in ("defs", "clipPath", "symbol", "marker", "pattern")
        self._stack.pop()

    def text(self, data: str) -> None:
        self._line.append(data)

    def comment(self, data: str) -> None:
        if data.strip():
            self._aside.setdefault("comment", []).append(data)

    def instruction(self, target: str, data: str) -> None:
        self._aside.setdefault("processing instruction", []).append(f"{target} {data}")
        if "href" in data and _OUTSIDE.search(data.partition('"')[2]):
            self._count("outside")

    # -- what they mean ------------------------------------------------------

    def _frame(self, attributes: dict[str, str], matrix: Matrix) -> Matrix:
        box = [number(one) for one in re.split(r"[\s,]+", attributes.get("viewBox", "").strip()) if one]
        if len(box) == 4:
            self._size = (box[2], box[3])
        elif not self._size[0]:
            self._size = (number(attributes.get("width")), number(attributes.get("height")))
        if len(self._stack) and ("x" in attributes or "y" in attributes):
            return multiply((1.0, 0.0, 0.0, 1.0, number(attributes.get("x")), number(attributes.get("y"))), matrix)
        return matrix

    def _hides(self, attributes: dict[str, str]) -> bool:
        if attributes.get("display") == "none" or attributes.get("visibility") in ("hidden", "collapse"):
            return True
        if attributes.get("opacity", "").strip() in ("0", "0.0") or attributes.get("font-size", "").strip() in (
            "0",
            "0px",
        ):
            return True
        return bool(_HIDING.search(attributes.get("style", "")))

    def _text_unseen(self, attributes: dict[str, str], matrix: Matrix) -> bool:
        """White letters, or letters outside the drawing."""
        styled = _FILL.search(attributes.get("style", ""))
        fill = styled.group(1) if styled else attributes.get("fill", "")
        x, y = number(attributes.get("x")), number(attributes.get("y"))
        left, top = matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]
        width, height = self._size
        outside = (
            width > 0 and height > 0 and (left > width * 1.05 or top > height * 1.05 or left < -width or top < -height)
        )
        return bool(_WHITE.match(fill)) or outside

    def _say(self, aside: str | None) -> None:
        text = "".join(self._line).strip()
        self._line = []
        if not text:
            return
        if aside is None:
            self._words.append(text)
        else:
            self._aside.setdefault(aside, []).append(text)
            if aside == "title" and self._title is None and not any(name == "metadata" for name, _, _ in self._stack):
                self._title = text

    def _program(self, local: str) -> None:
        text = "".join(self._line)
        self._line = []
        if not text.strip():
            return
        if local == "script":
            self._ready.append(Code(self._place.inside("script"), text, "javascript"))
            self._count("script")
        else:
            self._aside.setdefault("style sheet", []).append(text)
            self._counts["outside"] = self._counts.get("outside", 0) + len(_CSS_LINK.findall(text))
            self._open_data(text)

    def _keep(self, local: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key in ("href", "xlink:href", "src"):
                self._link(local, value)
            elif key.startswith("on") and len(value) > 2:
                self._ready.append(Code(self._place.inside(f"{local} {key}"), value, "javascript"))
                self._count("script")
            elif (key not in _GEOMETRY and not key.startswith("xmlns") and len(value) > 4) or (
                key in ("class", "id") and any(sign.isdigit() for sign in value) and len(value) > 5
            ):
                self._attributes[f"{key}: {value}"] = None
            elif key in ("style", "fill") and "url(" in value:
                self._open_data(value)
                self._counts["outside"] = self._counts.get("outside", 0) + len(_CSS_LINK.findall(value))

    def _link(self, local: str, value: str) -> None:
        if value.lstrip()[:5].lower() == "data:":
            self._open_data(value)
        elif value.lstrip().lower().startswith("javascript:"):
            self._ready.append(Code(self._place.inside("link"), value, "javascript"))
            self._count("script")
        elif not value.startswith("#"):
            self._attributes[f"link: {value}"] = None
            self._count("link" if local == "a" else "outside")

    def _open_data(self, value: str) -> None:
        for index, (kind, parameters, body) in enumerate(_DATA.findall(re.sub(r"\s+", "", value)), 1):
            raw = unquote_to_bytes(body)
            if "base64" in parameters.lower():
                try:
                    raw = base64.b64decode(raw + b"=" * (-len(raw) % 4))
                except (binascii.Error, ValueError):
                    self._attributes[f"data: {body}"] = None
                    continue
            where = self._place.inside(f"data {index} ({kind or 'text/plain'})")
            self._ready.extend(self._context.open_inside(raw, None, where))

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1

    # -- the end -------------------------------------------------------------

    def finish(self) -> Iterator[Opened]:
        """Words, asides, the figure, and what to say of them."""
        self._say(None)
        yield from self.take()
        if self._words:
            yield Text(self._place.inside("text"), "\n".join(self._words), first_line=1)
        for aside, texts in self._aside.items():
            yield Text(self._place.inside(aside), "\n".join(texts), hidden=aside)
        if self._attributes:
            yield Text(
                self._place.inside("attributes"), "\n".join(self._attributes), hidden="attribute", language="markup"
            )
        figure = self._marks.figure(self._place, self._title)
        if figure is not None:
            yield figure
        yield from self._remarks()

    def _remarks(self) -> Iterator[Opened]:
        place, context, counts = self._place, self._context, self._counts
        if "hidden text" in self._aside:
            yield remarks.hidden(
                context,
                place,
                "skjult, hvid eller fjern tekst",
                "text that is hidden, white or outside",
                count=len(self._aside["hidden text"]),
            )
        if counts.get("foreign"):
            yield remarks.hidden(
                context,
                place,
                "fremmed indhold (foreignObject)",
                "foreign content (foreignObject)",
                count=counts["foreign"],
            )
        if counts.get("script"):
            yield remarks.macro(context, place, "JavaScript", "JavaScript", count=counts["script"])
        if counts.get("outside"):
            yield remarks.external_link(
                context, place, "hentes ved åbning", "fetched when opened", count=counts["outside"]
            )
        if counts.get("link"):
            yield remarks.web_link(context, place, count=counts["link"])
