"""Which cell formats make numbers dates, and which make cells invisible."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.')
_DATE_LETTERS: Final = re.compile(r"[dmyhsDMYHS]")


def is_date_format(code: str) -> bool:
    """Whether a number format shows dates or times."""
    bare = _QUOTED.sub("", code.partition(";")[0])
    return bool(_DATE_LETTERS.search(bare)) and "general" not in bare.lower()


def shows_nothing(code: str) -> bool:
    """Whether a number format shows nothing of any cell (`;;;`)."""
    return code.count(";") >= 3 and not code.replace(";", "").strip().strip('"').strip()


@dataclass(slots=True)
class Formats:
    """Indexes of cell formats: those of dates, and those that hide their cell."""

    dates: set[int] = field(default_factory=set)
    invisible: set[int] = field(default_factory=set)


class StylesReader(PartReader):
    """Reads `styles.xml`; `formats` is right once the part was read."""

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self.formats = Formats()
        self._codes: dict[int, str] = {}
        self._fonts: list[bool] = []
        self._fills: list[bool] = []
        self._inside: list[str] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._inside[-1] if self._inside else ""
        self._inside.append(name)
        if name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "font" and parent == "fonts":
            self._fonts.append(False)
        elif name == "fill" and parent == "fills":
            self._fills.append(False)
        elif name == "color" and parent == "font" and self._fonts:
            self._fonts[-1] = _is_white(attributes)
        elif name == "fgColor" and self._fills and parent == "patternFill":
            self._fills[-1] = not _is_white(attributes)
        elif name == "xf" and parent == "cellXfs":
            self._format(attributes)
        super().start(name, attributes)

    def end(self, name: str) -> None:
        if self._inside:
            self._inside.pop()
        super().end(name)

    def _format(self, attributes: dict[str, str]) -> None:
        index = self._count
        self._count += 1
        number = _whole(attributes.get("numFmtId"))
        code = self._codes.get(number)
        if number in _BUILT_IN_DATES or (code is not None and is_date_format(code)):
            self.formats.dates.add(index)
        font, fill = _whole(attributes.get("fontId")), _whole(attributes.get("fillId"))
        white = font < len(self._fonts) and self._fonts[font]
        coloured = fill < len(self._fills) and self._fills[fill]
        if (code is not None and shows_nothing(code)) or (white and not coloured):
            self.formats.invisible.add(index)


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0


def _is_white(attributes: dict[str, str]) -> bool:
    return attributes.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF", "FFFFFF") or (
        attributes.get("theme") == "0" and float(attributes.get("tint", "0") or 0) >= 0
    )
