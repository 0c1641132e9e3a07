"""PowerPoint's parts: slides, notes, layouts; tables, and shapes nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.content.titles import title_above
from ngc_pipelines.disclosure.pieces import Cell, Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

DEFAULT_SIZE: Final = (12_192_000, 6_858_000)
_SHAPES: Final = frozenset({"sp", "pic", "graphicFrame", "cxnSp"})
_GROUPS: Final = frozenset({"grpSp"})


class SlideReader(PartReader):
    """Reads one slide, notes page, layout or master.

    Args:
        size: width and height of a slide, in EMU.
    """

    place_word = "text"

    def __init__(self, context: Context, place: Place, size: tuple[int, int], hidden: str | None = None) -> None:
        super().__init__(context, place)
        self.hidden = hidden
        self._size = size
        self._shapes: list[_Shape] = []
        self._groups = 0
        self._inside: list[str] = []
        self._table: list[list[Cell]] | None = None
        self._in_cell = False
        self._title: str | None = None
        self._unseen: list[str] = []
        self._off: list[str] = []
        self.speaks = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside.append(name)
        if name == "sld" and attributes.get("show") in ("0", "false"):
            self.hidden = "hidden slide"
            self.ready.append(remarks.hidden(self.context, self.place, "skjult dias", "hidden slide"))
        elif name in _SHAPES:
            self._shapes.append(_Shape())
        elif name in _GROUPS:
            self._groups += 1
        elif name == "cNvPr" and self._shapes:
            self._shapes[-1].hidden |= attributes.get("hidden") in ("1", "true")
        elif name == "ph" and self._shapes:
            self._shapes[-1].title = attributes.get("type") in ("title", "ctrTitle")
        elif name == "off" and self._shapes and not self._groups:
            self._shapes[-1].at = (_whole(attributes.get("x")), _whole(attributes.get("y")))
        elif name == "ext" and self._shapes and not self._groups and "cx" in attributes:
            self._shapes[-1].size = (_whole(attributes.get("cx")), _whole(attributes.get("cy")))
        elif name == "tbl":
            self._table = []
        elif name == "tr" and self._table is not None:
            self._table.append([])
        elif name == "tc" and self._table:
            self._table[-1].append("")
            self._in_cell = True
        elif (
            name == "srgbClr"
            and attributes.get("val", "").upper() == "FFFFFF"
            and self._inside[-3:-1] == ["rPr", "solidFill"]
            and self._shapes
        ):
            self._shapes[-1].white = True
        elif (
            name in ("solidFill", "gradFill", "blipFill")
            and self._shapes
            and self._inside[-2:-1] in (["spPr"], ["tcPr"])
        ):
            self._shapes[-1].filled = True
        super().start(name, attributes)

    def end(self, name: str) -> None:
        if self._inside:
            self._inside.pop()
        if name == "tc":
            self._in_cell = False
        elif name == "tbl" and self._table is not None:
            if self._table:
                table = Table(self.place.inside("table"), self._table, title=self._title, hidden=self.hidden)
                self.ready.append(table)
            self._table = None
        elif name in _GROUPS:
            self._groups = max(0, self._groups - 1)
        elif name == "p" and self._in_cell and self._table and self._table[-1]:
            self._into_cell()
        super().end(name)
        if name in _SHAPES and self._shapes:
            self._end_shape(self._shapes.pop())

    def _into_cell(self) -> None:
        text = "".join(self.line)
        self.line = []
        if self._table is None:
            return
        before = self._table[-1][-1]
        self._table[-1][-1] = f"{before}\n{text}" if before else text

    def end_line(self) -> None:
        text = "".join(self.line).strip()
        self.speaks |= any(letter.isalpha() for letter in text)
        if text and self._shapes:
            self._shapes[-1].texts.append(text)
        super().end_line()

    def _end_shape(self, shape: _Shape) -> None:
        text = "\n".join(shape.texts)
        if shape.title:
            self._title = title_above(text)
        width, height = self._size
        off = (
            shape.at is not None
            and shape.size is not None
            and (
                shape.at[0] >= width
                or shape.at[1] >= height
                or shape.at[0] + shape.size[0] <= 0
                or shape.at[1] + shape.size[1] <= 0
            )
        )
        if off:
            self._off.append(text)
        if shape.hidden or (shape.white and not shape.filled and text):
            self._unseen.append(text)

    def finish(self) -> Iterator[Opened]:
        yield from super().finish()
        yield from self.take()
        for texts, where, da, en in (
            (self._off, "outside the slide", "figurer eller tekst uden for diaset", "shapes outside the slide"),
            (self._unseen, "hidden shapes", "skjulte figurer eller hvid tekst", "hidden shapes or white text"),
        ):
            if texts:
                place = self.place.inside(where)
                yield remarks.hidden(self.context, place, da, en, count=len(texts))
                if any(texts):
                    yield Text(place, "\n".join(texts), hidden=en)


class _Shape:
    """What is known of the shape in hand."""

    def __init__(self) -> None:
        self.at: tuple[int, int] | None = None
        self.size: tuple[int, int] | None = None
        self.hidden = False
        self.title = False
        self.white = False
        self.filled = False
        self.texts: list[str] = []


def _whole(text: str | None) -> int:
    try:
        return int(float(text or 0))
    except (ValueError, OverflowError):
        return 0
