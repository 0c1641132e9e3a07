"""Means of groups and of all together, as inequalities between the numbers of persons.

The mean of all is the mean of the groups' means, each weighed by its number of
persons: where these are blanked, the means tell about them. Every printed mean
lies within half a unit of its last digit. Percentages live in `shares`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ngc_pipelines.disclosure.tables.printed import Line, Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.sums import Sum
from ngc_pipelines.disclosure.tables.system import SystemCell

Place = tuple[int, int]

# A table that names missing values has means of fewer persons than it counts.
_MISSING = re.compile(r"missing|manglende|uoplyst|unknown|ukendt|not known|n/?miss", re.IGNORECASE)
_COUNTED = re.compile(
    r"^(?:n|antal(?: personer| patienter)?|no\.?|number|persons|patients|personer|patienter|obs\.?)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """`low <= sum of weight × count <= high` over the counts at some places.

    Args:
        terms: places and whole weights.
        where: the mean of all.
        name: what the means are of.
    """

    terms: tuple[tuple[Place, int], ...]
    low: int | None
    high: int | None
    where: str
    name: str


def weighed_means_of(
    table: PrintedTable, counts: Mapping[Place, SystemCell], row_sums: Sequence[Sum], column_sums: Sequence[Sum]
) -> Iterator[Weighed]:
    """What the means of a table say about the numbers of persons that are not printed in it."""
    if any(_MISSING.search(line.name) for line in (*table.rows, *table.columns)):
        return
    means = {place: printed[0] for place, printed in table.cells.items() if _is_mean(printed)}
    if not means:
        return
    for sums, turned in ((row_sums, False), (column_sums, True)):
        crossing = table.rows if turned else table.columns
        lanes = sorted({place[0] if turned else place[1] for place in means})
        weights = [lane for lane, line in enumerate(crossing) if _counts(line)]
        for one in sums:
            if len(weights) != 1:
                continue
            for lane in lanes:
                yield from _weighed(crossing[lane].name, means, counts, one, lane, weights[0], turned=turned)


def _is_mean(printed: tuple[Printed, ...]) -> bool:
    return bool(printed) and printed[0].meaning is Meaning.MEAN and printed[0].value is not None


def _counts(line: Line) -> bool:
    """Whether a line holds the numbers of persons of groups."""
    inner = next((label for label in reversed(line.labels) if label), "")
    return _COUNTED.match(inner.strip()) is not None


def _weighed(
    name: str,
    means: Mapping[Place, Printed],
    counts: Mapping[Place, SystemCell],
    one: Sum,
    lane: int,
    weights: int,
    *,
    turned: bool,
) -> Iterator[Weighed]:
    lines = (one.total, *one.parts)
    mean = [means.get((lane, line) if turned else (line, lane)) for line in lines]
    at = [(weights, line) if turned else (line, weights) for line in lines]
    told = [printed for printed in mean if printed is not None and printed.value is not None]
    if len(told) < len(lines) or any(place not in counts for place in at) or all(counts[p].known for p in at):
        return
    scale = 2 * 10 ** max(printed.decimals for printed in told)
    least = [int((_value(printed) - _half(printed)) * scale) for printed in told]
    most = [int((_value(printed) + _half(printed)) * scale) for printed in told]
    # The least that the parts may sum up to is at most what all sum up to, and the other way round.
    yield Weighed(tuple(zip(at, (-most[0], *least[1:]), strict=True)), None, 0, told[0].where, name)
    yield Weighed(tuple(zip(at, (-least[0], *most[1:]), strict=True)), 0, None, told[0].where, name)


def _value(printed: Printed) -> Decimal:
    return printed.value if printed.value is not None else Decimal(0)


def _half(printed: Printed) -> Decimal:
    return Decimal(1).scaleb(-printed.decimals) / 2
