"""Shared strings of a workbook, and which of them no cell uses.

A string that was once in a cell may stay in the part after the cell is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.cells import unescape
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader, read_part
from ngc_pipelines.disclosure.content.ooxml.package import PartError
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_PLAIN: Final = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_HEAD: Final = re.compile(rb'\s*(?:<\?xml[^>]*\?>\s*)?<sst xmlns="[^"]*"(?: (?:count|uniqueCount)="\d+")*>')


class SharedStrings:
    """The strings by index; remembers which were used."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.used = bytearray()

    def get(self, index: int) -> str:
        """The string, marked as used; empty where there is none (a damaged file)."""
        if 0 <= index < len(self.values):
            self.used[index] = 1
            return self.values[index]
        return ""

    def unused(self, context: Context, place: Place) -> Iterator[Opened]:
        """Strings that stand in no cell: hidden, and read."""
        left = [value for value, used in zip(self.values, self.used, strict=True) if not used and value.strip()]
        if not left:
            return
        where = place.inside("strings that no cell uses")
        yield remarks.hidden(
            context, where, "tekster, som ingen celle bruger", "strings that no cell uses", count=len(left)
        )
        for start in range(0, len(left), 10_000):
            yield Text(
                where, "\n".join(left[start : start + 10_000]), first_line=start + 1, hidden="string that no cell uses"
            )


class StringsReader(PartReader):
    """The thorough reader: rich text, phonetic text, any namespace."""

    def __init__(self, context: Context, place: Place, strings: SharedStrings) -> None:
        super().__init__(context, place)
        self._strings = strings
        self._runs: list[str] = []
        self._inside = 0
        self._phonetic = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes:
            self.keep_attributes(name, attributes)
        if name == "si":
            self._runs = []
        elif name == "t":
            self._inside += 1
        elif name == "rPh":
            self._phonetic += 1

    def end(self, name: str) -> None:
        if name == "si":
            self._strings.values.append(unescape("".join(self._runs)))
            self.end_line()
        elif name == "t":
            self._inside -= 1
        elif name == "rPh":
            self._phonetic -= 1
            self.end_line()

    def text(self, data: str) -> None:
        if self._inside and not self._phonetic:
            self._runs.append(data)
        elif data.strip():
            self.line.append(data)


def read_strings(
    reopen: Callable[[], Iterator[bytes]], context: Context, place: Place, strings: SharedStrings
) -> Iterator[Opened]:
    """Fill `strings`; yields only what is not a string of a cell.

    Plain strings, as every program writes most of them, are cut out by pattern;
    a part that holds anything else goes to the parser, from its beginning.

    Args:
        reopen: gives the part's bytes from the beginning, each time it is called.
    """
    try:
        plain = _read_plain(reopen(), strings)
    except PartError:
        plain = False
    if not plain:
        strings.values.clear()
        yield from read_part(reopen(), StringsReader(context, place, strings), "sharedStrings.xml")
    strings.used = bytearray(len(strings.values))


def _read_plain(chunks: Iterator[bytes], strings: SharedStrings) -> bool:
    rest = b""
    begun = False
    for chunk in chunks:
        rest += chunk
        if not begun:
            head = _HEAD.match(rest)
            if head is None:
                return False
            begun = True
            rest = rest[head.end() :]
        cut = rest.rfind(b"</si>") + 5
        if cut < 5:
            continue
        parts = _PLAIN.split(rest[:cut])
        if any(gap.strip() for gap in parts[0::2]):
            return False
        try:
            strings.values += [unescape(part.decode()) for part in parts[1::2]]
        except UnicodeDecodeError:
            return False
        rest = rest[cut:]
    return rest.strip() == b"</sst>"
