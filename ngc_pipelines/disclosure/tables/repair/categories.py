"""Which categories of a table may be merged, which of them are neighbours, and what the whole is called.

Only categories that are known to be parts of one sum: persons are in exactly
one of them. Categories in an order (age groups, years, stages) are merged with
their neighbours, others into `Øvrige / Other`. Totals never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ngc_pipelines.disclosure.tables.printed import Line, PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import system_of_printed
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy, TidyTable, is_total
from ngc_pipelines.disclosure.tables.repair.state import Merge, Table

OTHER = "Øvrige / Other"
_OTHERS = re.compile(r"^(?:øvrige|andre|andet|andre lande|other|others|rest)\b", re.IGNORECASE)
_SPAN = re.compile(r"^(?P<low>\d+)\s*(?P<dash>-|–|—|to|til)\s*(?P<high>\d+)(?P<unit>\D*)$")
_BELOW = re.compile(r"^(?P<sign><|under |below |≤|-)\s*(?P<high>\d+)(?P<unit>\D*)$", re.IGNORECASE)
_ABOVE = re.compile(r"^(?P<sign>≥|>=|>)?\s*(?P<low>\d+)\s*(?P<plus>\+|-|–)?(?P<unit>\D*)$")
_ORDERED = (
    ("lav", "mellem", "høj"),
    ("low", "medium", "high"),
    ("let", "moderat", "svær"),
    ("mild", "moderate", "severe"),
    ("i", "ii", "iii", "iv", "v"),
    ("grundskole", "gymnasial", "erhvervsfaglig", "kort", "mellemlang", "lang"),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Categories of one axis that together make a sum, in the order of the print.

    Args:
        table, position, name: as in `Merge`.
        lines: the categories as they stand in spots.
        labels: their labels.
        ordinal: whether they stand in an order.
    """

    table: int
    position: int
    name: str
    lines: tuple[int | str, ...]
    labels: tuple[str, ...]
    ordinal: bool

    def merge(self, chosen: Sequence[int]) -> Merge:
        """The merge of some of the categories, by their numbers in the axis."""
        numbers = sorted(chosen)
        labels = tuple(self.labels[number] for number in numbers)
        into = spanning(labels) if self.ordinal else next((one for one in labels if _OTHERS.match(one)), OTHER)
        return Merge(self.table, self.position, self.name, tuple(self.lines[n] for n in numbers), labels, into)


def axes_of(tables: Sequence[Table], hierarchies: Mapping[str, Sequence[Hierarchy]]) -> list[Axis]:
    """Every axis with three categories or more: fewer are nothing but the total when merged."""
    tidy = sum(isinstance(table, TidyTable) for table in tables)
    found: list[Axis] = []
    for number, table in enumerate(tables):
        if isinstance(table, TidyTable):
            # Cells of several tidy tables are shared; a merge in one would leave them in the other.
            found += _tidy_axes(number, table, hierarchies) if tidy == 1 else []
        else:
            found += _printed_axes(number, table)
    return [axis for axis in found if len(axis.lines) > 2]


def _tidy_axes(number: int, table: TidyTable, hierarchies: Mapping[str, Sequence[Hierarchy]]) -> Iterator[Axis]:
    for position, dimension in enumerate(table.dimensions):
        codes = list(dict.fromkeys(cell.codes[position] for cell in table.cells))
        above = hierarchies.get(dimension, ())
        if len(above) > 1 or not any(is_total(code) for code in codes):
            continue
        parents = above[0] if above else {"": [code for code in codes if not is_total(code)]}
        for parts in parents.values():
            there = tuple(code for code in codes if code in set(parts) and code not in parents)
            if len(there) == len(parts):
                yield Axis(number, position, dimension, there, there, is_ordinal(there))


def _printed_axes(number: int, table: PrintedTable) -> Iterator[Axis]:
    own = system_of_printed(table)
    for position, name, lines, sums in (
        (0, "row", table.rows, own.row_sums),
        (1, "column", table.columns, own.column_sums),
    ):
        wholes = {one.total for one in sums}
        seen: set[tuple[int, ...]] = set()
        for one in sums:
            parts = tuple(sorted(one.parts))
            if parts in seen or wholes & set(parts) or len({_group(lines[part]) for part in parts}) > 1:
                continue
            seen.add(parts)
            labels = tuple(next((x for x in reversed(lines[part].labels) if x), "") for part in parts)
            if all(labels) and len(set(labels)) == len(labels):
                yield Axis(number, position, name, parts, labels, is_ordinal(labels))


def _group(line: Line) -> tuple[tuple[str, ...], int]:
    return line.labels[:-1], line.level


def is_ordinal(labels: Sequence[str]) -> bool:
    """Whether the labels stand in an order: rising numbers, or words of a known scale."""
    plain = [label.strip().casefold() for label in labels]
    if any(set(plain) <= set(scale) for scale in _ORDERED):
        return True
    starts = [re.search(r"\d+", label) for label in plain]
    told = [int(start[0]) for start in starts if start is not None]
    if len(told) < len(plain) - 1 or len(told) < 2:
        return False
    shaped = sum(bool(_SPAN.match(x) or _BELOW.match(x) or _ABOVE.match(x)) for x in plain)
    rising = all(a <= b for a, b in pairwise(told))
    return shaped >= len(plain) - 1 and (rising or all(a >= b for a, b in pairwise(told)))


def spanning(labels: Sequence[str]) -> str:
    """The label of neighbours together: `18–29` and `30–39` are `18–39`; else both labels."""
    first, last = labels[0].strip(), labels[-1].strip()
    low, high = _ends(first), _ends(last)
    if low is not None and high is not None and low[0] is not None and high[0] is not None and low[0] > high[0]:
        low, high, first, last = high, low, last, first
    if low is None or high is None:
        return " + ".join(labels)
    sign = next((m["dash"] for label in labels if (m := _SPAN.match(label.strip())) is not None), "–")
    unit = next((m["unit"] for label in labels if (m := _SPAN.match(label.strip())) is not None), "")
    if low[0] is None and high[1] is not None:
        below = _BELOW.match(first)
        return f"{below['sign'] if below else '<'}{high[1] + (below is not None and below['sign'] == '<')}{unit}"
    if high[1] is None and low[0] is not None:
        above = _ABOVE.match(last)
        return f"{above['sign'] or ''}{low[0]}{above['plus'] or ''}{above['unit']}" if above else f"{low[0]}+{unit}"
    if low[0] is None or high[1] is None:
        return " + ".join(labels)
    between = sign if sign in "-–—" else f" {sign} "
    return f"{low[0]}{between}{high[1]}{unit}"


def _ends(label: str) -> tuple[int | None, int | None] | None:
    """The first and last number of a span; None where it is open, None for all where it is no span."""
    if (match := _SPAN.match(label)) is not None:
        return int(match["low"]), int(match["high"])
    if (match := _BELOW.match(label)) is not None:
        return None, int(match["high"])
    if (match := _ABOVE.match(label)) is not None:
        low = int(match["low"])
        return (low, None) if match["plus"] or match["sign"] else (low, low)
    return None
