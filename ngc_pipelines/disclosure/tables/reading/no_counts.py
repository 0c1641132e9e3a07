"""Whole numbers that look like counts and are none: codes of a code list, pages of a table of contents.

Told by form alone, in any language; words are told by `words`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ngc_pipelines.disclosure.tables.printed import Line, Meaning
from ngc_pipelines.disclosure.tables.reading.filling import Cells
from ngc_pipelines.disclosure.tables.reading.grid import Block, Sort
from ngc_pipelines.disclosure.tables.reading.layout import Layout

_SECTION = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+\D")
# Codes that stand for a missing answer do not follow on the others.
_MISSING = frozenset({7, 8, 9, 77, 88, 97, 98, 99, 888, 997, 998, 999})


def without_codes(cells: Cells, block: Block, layout: Layout) -> Cells:
    """Numbers that are explained by the text right of each are codes; numbers that go with sections, pages."""
    columns = {column for _, column in cells}
    if len(columns) != 1 or len(layout.body) < 2:
        return cells
    (column,) = columns
    numbers = [cells.get((row, column)) for row in range(len(layout.body))]
    values = [int(n[0].value) for n in numbers if n is not None and len(n) == 1 and n[0].value is not None]
    if len(values) < len(numbers):
        return cells
    if not (_explained(block, layout, column, values) or _are_pages(layout.rows, values)):
        return cells
    return {place: tuple(replace(one, meaning=Meaning.CODE) for one in printed) for place, printed in cells.items()}


def _explained(block: Block, layout: Layout, column: int, values: Sequence[int]) -> bool:
    """Whether a text of its own follows each number, and the numbers of each variable rise one by one."""
    after = layout.column_numbers[column] + 1
    if after >= len(block.columns) or len(layout.columns[column].labels) > 1:
        return False
    texts = [block.rows[row][after] for row in layout.body]
    different = {cell.text for cell in texts}
    if any(cell.sort is not Sort.TEXT for cell in texts) or 10 * len(different) < 9 * len(texts):
        return False
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for line, value in zip(layout.rows, values, strict=True):
        groups[line.labels].append(value)
    return len(groups) < len(values) and all(_are_codes(group) for group in groups.values())


def _are_codes(values: Sequence[int]) -> bool:
    usual = [value for value in values if value not in _MISSING]
    return (not usual or len(usual) == 1 or usual[0] in (0, 1)) and all(b - a == 1 for a, b in pairwise(usual))


def _are_pages(rows: Sequence[Line], values: Sequence[int]) -> bool:
    """Whether labels begin with numbers of sections that go on, and no number is below the one above."""
    found = [_SECTION.match(line.labels[-1]) for line in rows]
    sections = [tuple(int(part) for part in match[1].split(".")) for match in found if match is not None]
    return (
        len(sections) == len(values) > 2
        and all(one < other for one, other in pairwise(sections))
        and all(one <= other for one, other in pairwise(values))
        and sections[0][0] in (0, 1)
    )
