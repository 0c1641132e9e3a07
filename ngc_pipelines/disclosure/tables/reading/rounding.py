"""Whether a table's counts are rounded, where no legend says so: told by the numbers themselves.

A table whose counts are all multiples of ten or five, and whose totals are not
quite the sums of their parts, was rounded. Legends are read by `legends`.
"""

from __future__ import annotations

from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.reading.filling import Cells
from ngc_pipelines.disclosure.tables.reading.layout import Layout
from ngc_pipelines.disclosure.tables.relations.sums import Bounds, Lines, sums_of

BASES = (10, 5)
# Fewer counts may be multiples by chance.
_FEWEST = 6


def rounded_by_form(cells: Cells, layout: Layout) -> int:
    """The base that all counts are multiples of, where totals hold within its rounding only; else 1."""
    counts = {
        place: int(printed[0].value)
        for place, printed in cells.items()
        if printed[0].meaning is Meaning.COUNT and printed[0].value is not None
    }
    several = sum(1 for count in counts.values() if count)
    base = next((base for base in BASES if all(count % base == 0 for count in counts.values())), 1)
    if base == 1 or several < _FEWEST or not any(line.total for line in (*layout.rows, *layout.columns)):
        return 1
    bounds: dict[tuple[int, int], Bounds] = {
        place: (counts[place], counts[place]) if place in counts else (0, None)
        for place, printed in cells.items()
        if printed[0].meaning is Meaning.COUNT
    }
    return base if _only_within(bounds, layout, base // 2) else 1


def _only_within(bounds: dict[tuple[int, int], Bounds], layout: Layout, reach: int) -> bool:
    """Whether some total holds only where each count may lie `reach` from what is printed, and none fails then."""
    rows, columns = len(layout.rows), len(layout.columns)
    down = [[bounds.get((row, column)) for column in range(columns)] for row in range(rows)]
    across = [[bounds.get((row, column)) for row in range(rows)] for column in range(columns)]
    failing = 0
    for lines, lanes in ((layout.rows, down), (layout.columns, across)):
        failing += len(sums_of(Lines(lines, lanes))[1])
        if sums_of(Lines(lines, lanes, reach))[1]:
            return False
    return failing > 0
