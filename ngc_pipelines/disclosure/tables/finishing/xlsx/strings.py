"""The texts of a workbook that its cells still use; the others go, since one may be a blanked cell's."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ngc_pipelines.disclosure.tables.finishing.xlsx.package import Element, name_of, parsed, serialised


class UsedStrings:
    """Numbers the texts anew, in the order in which cells use them."""

    def __init__(self, data: bytes) -> None:
        self._tree = parsed(data) if data else None
        self._items = [] if self._tree is None else [one for one in self._tree if name_of(one) == "si"]
        self._new: dict[int, int] = {}

    def renumber(self, sheet: Element) -> None:
        """Let the cells of a sheet point to the new numbers; a number that leads nowhere empties its cell."""
        for cell in _cells(sheet):
            value = next((child for child in cell if name_of(child) == "v"), None)
            text = "" if value is None else (value.text or "").strip()
            if value is None or not text.isdigit() or int(text) >= len(self._items):
                for child in list(cell):
                    cell.remove(child)
                del cell.attrib["t"]
                continue
            value.text = str(self._new.setdefault(int(text), len(self._new)))

    def data(self) -> bytes:
        """The part with the used texts alone; empty where none is used."""
        if self._tree is None or not self._new:
            return b""
        root = etree.Element(self._tree.tag, nsmap=self._tree.nsmap)
        root.set("uniqueCount", str(len(self._new)))
        for old in self._new:
            item = self._items[old]
            for inner in [one for one in item if name_of(one) in ("rPh", "phoneticPr", "extLst")]:
                item.remove(inner)
            root.append(item)
        return serialised(root)


def _cells(sheet: Element) -> Iterator[Element]:
    for cell in sheet.iter():
        if cell.get("t") == "s" and name_of(cell) == "c":
            yield cell
