"""Which formulas' values follow from cells that are changed: those beside the tables must not keep them.

`="Nord: "&B4` on another sheet holds the blanked number as well as B4 did.
What a formula refers to is read from its text; one that cannot be read so
(`INDIRECT`, names, references to tables) is taken to refer to everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ngc_pipelines.disclosure.content.ooxml.cells import column_number
from ngc_pipelines.disclosure.tables.finishing.changes import Place
from ngc_pipelines.disclosure.tables.finishing.xlsx.package import Element, name_of

# A cell by its sheet's name, and its row and column from 1.
Spot = tuple[str, Place]

_STRING = re.compile(r'"(?:[^"]|"")*"')
_SHEET = r"(?:(?P<sheet>'(?:[^'\[\]]|'')+'|[^\W\d][\w.]*)!)?"
_CELL = r"(?P<d{0}>\$?)(?P<c{0}>[A-Z]{{1,3}})(?P<e{0}>\$?)(?P<r{0}>\d{{1,7}})"
_AREA = re.compile(_SHEET + _CELL.format(1) + "(?::" + _CELL.format(2) + r")?(?![\w(.])")
_NAME = re.compile(r"[^\W\d][\w.]*(?!\s*[\w.(])")
_FAR = re.compile(r"\b(?:INDIRECT|OFFSET|CELL|GETPIVOTDATA)\(|[\[\]!:]", re.IGNORECASE)
_CONSTANTS = frozenset({"TRUE", "FALSE"})


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that a formula refers to."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, place: Place) -> bool:
        """Whether a cell lies in it."""
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right


def formulas_of(name: str, cells: Mapping[Place, Element]) -> dict[Spot, tuple[Area, ...] | None]:
    """What each formula of a sheet refers to; None for everything."""
    masters: dict[str, tuple[Place, str]] = {}
    found: dict[Spot, tuple[Area, ...] | None] = {}
    for place, cell in cells.items():
        formula = next((child for child in cell if name_of(child) == "f"), None)
        if formula is None:
            continue
        text, shared, moved = formula.text or "", formula.get("si", ""), (0, 0)
        if text and formula.get("t") == "shared":
            masters[shared] = (place, text)
        elif not text and shared in masters:
            (row, column), text = masters[shared]
            moved = (place[0] - row, place[1] - column)
        found[name, place] = _areas(text, name, moved) if text else None
    return found


def _areas(text: str, sheet: str, moved: Place) -> tuple[Area, ...] | None:
    bare = _STRING.sub(" ", text)
    areas = tuple(_area(match, sheet, moved) for match in _AREA.finditer(bare))
    rest = _AREA.sub(" ", bare)
    names = {match[0].upper() for match in _NAME.finditer(rest)} - _CONSTANTS
    return None if _FAR.search(rest) or names else areas


def _area(match: re.Match[str], sheet: str, moved: Place) -> Area:
    named = match["sheet"]
    first = _corner(match, "1", moved)
    last = _corner(match, "2", moved) if match["r2"] else first
    return Area(
        sheet if named is None else named.strip("'").replace("''", "'"),
        min(first[0], last[0]),
        min(first[1], last[1]),
        max(first[0], last[0]),
        max(first[1], last[1]),
    )


def _corner(match: re.Match[str], number: str, moved: Place) -> Place:
    row, column = int(match[f"r{number}"]), column_number(match[f"c{number}"])
    return row + (0 if match[f"e{number}"] else moved[0]), column + (0 if match[f"d{number}"] else moved[1])


def following(formulas: Mapping[Spot, tuple[Area, ...] | None], changed: set[Spot], audited: set[Spot]) -> set[Spot]:
    """The formulas beside the tables whose values follow from changed cells, directly or through others.

    Args:
        changed: cells whose values may not be told any more.
        audited: cells of the tables; what they may show is the audit's affair.
    """
    by_sheet: dict[str, set[Place]] = {}
    for sheet, place in changed:
        by_sheet.setdefault(sheet.casefold(), set()).add(place)
    found: set[Spot] = set()
    waiting = {spot: areas for spot, areas in formulas.items() if spot not in audited} if changed else {}
    grown = True
    while grown:
        new = {spot for spot, areas in waiting.items() if areas is None or _reached(areas, by_sheet)}
        for sheet, place in new:
            by_sheet.setdefault(sheet.casefold(), set()).add(place)
            del waiting[sheet, place]
        found |= new
        grown = bool(new)
    return found


def _reached(areas: tuple[Area, ...], by_sheet: Mapping[str, set[Place]]) -> bool:
    return any(_inside(area, by_sheet.get(area.sheet.casefold(), set())) for area in areas)


def _inside(area: Area, places: set[Place]) -> bool:
    if (area.bottom - area.top + 1) * (area.right - area.left + 1) < len(places):
        return any(place in places for place in _places(area))
    return any(area.holds(place) for place in places)


def _places(area: Area) -> Iterator[Place]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column
