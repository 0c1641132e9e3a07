"""Percentages and rates of a printed table as inequalities between counts.

The base is taken from the header's words where it says one, and tested; where
it does not, the base that fits every printed pair of count and percentage is
taken. Where none fits, nothing is concluded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.sums import Sum
from ngc_pipelines.disclosure.tables.system import SystemCell

Place = tuple[int, int]

SHARES = frozenset(
    {Meaning.PERCENT, Meaning.PERCENT_OF_ROW, Meaning.PERCENT_OF_COLUMN, Meaning.PERCENT_OF_TOTAL, Meaning.RATE}
)

# `<2.1` in place of a percentage.
_BEYOND = re.compile(r"^(?P<sign>[<≤>≥])=?\s*(?P<limit>\d{1,3}(?:[.,]\d+)?)$")

# The labels of a row that holds the numbers of persons told in the columns' headers.
NUMBERS = ("N",)


@dataclass(frozen=True, slots=True)
class Share:
    """One percentage or rate: the count at `place` over the count at `base`.

    Args:
        low, high: the share's ends under its rounding, per `per`.
    """

    place: Place
    base: Place
    low: Decimal
    high: Decimal
    per: int
    where: str
    printed: str
    of: str

    def is_of(self, base: int) -> bool:
        """Whether some whole number of `base` persons prints so."""
        return math.ceil(self.low * base / self.per) <= math.floor(self.high * base / self.per)

    def inequalities(self) -> Iterator[tuple[int | None, int | None, tuple[int, int]]]:
        """Bounds on whole multiples of part and base: `low*base <= per*part <= high*base`."""
        scale = 10 ** max(0, -min(_exponent(self.low), _exponent(self.high)))
        per = self.per * scale
        if self.low > 0:
            yield 0, None, (per, -int(self.low * scale))
        yield None, 0, (per, -int(self.high * scale))


def shares_of(
    table: PrintedTable, counts: Mapping[Place, SystemCell], row_sums: Sequence[Sum], column_sums: Sequence[Sum]
) -> list[Share]:
    """Every percentage whose base is a cell of the table, and is known to be it."""
    printed = [(place, share) for place, cell in table.cells.items() for share in cell if share.meaning in SHARES]
    found: list[Share] = []
    for meaning in sorted({share.meaning for _, share in printed}):
        of_kind = [(place, share) for place, share in printed if share.meaning is meaning]
        bases = _bases(table, meaning, row_sums, column_sums)
        best = max((_made(table, of_kind, base, counts) for base in bases), key=len, default=[])
        found.extend(best)
    return found


Base = Callable[[Place], Place]


def _bases(table: PrintedTable, meaning: Meaning, row_sums: Sequence[Sum], column_sums: Sequence[Sum]) -> list[Base]:
    """What the percentages may be of, likeliest first: place → place of its base."""
    of_row = {one.total for one in row_sums} | {
        n for n, line in enumerate(table.rows) if line.total or line.labels == NUMBERS
    }
    of_column = {one.total for one in column_sums} | {n for n, line in enumerate(table.columns) if line.total}
    down = [_in_row(total) for total in sorted(of_row)]
    across = [_in_column(total) for total in sorted(of_column)]
    whole = [_at((row, column)) for row in sorted(of_row) for column in sorted(of_column)]
    if meaning is Meaning.PERCENT_OF_COLUMN:
        return down
    if meaning is Meaning.PERCENT_OF_ROW:
        return across
    if meaning is Meaning.PERCENT_OF_TOTAL:
        return whole
    return [*down, *across, *whole, *(_in_column(other) for other in range(len(table.columns)))]


def _in_row(row: int) -> Base:
    return lambda place: (row, place[1])


def _in_column(column: int) -> Base:
    return lambda place: (place[0], column)


def _at(base: Place) -> Base:
    return lambda _place: base


def _made(
    table: PrintedTable, printed: Sequence[tuple[Place, Printed]], base: Base, counts: Mapping[Place, SystemCell]
) -> list[Share]:
    """The shares under one base; none where printed pairs speak against it or none for it.

    A row that does not fit among many that do has another base, as where values
    are missing: nothing is concluded from it.
    """
    made: list[Share] = []
    against: set[int] = set()
    tried: set[int] = set()
    confirmed = 0
    for place, share in printed:
        of = base(place)
        ends = ends_of(share)
        if of not in counts or of == place or ends is None:
            continue
        name = table.columns[of[1]].name or table.rows[of[0]].name or "total"
        one = Share(place, of, *ends, share.per, share.where, shown(share), name)
        part, whole = counts.get(place), counts[of]
        if whole.known and whole.low > 0:
            known = part is not None and part.known
            tried |= {place[0]} if known else set()
            if not (_fits(one, part.low, whole.low) if part is not None and known else _may_fit(one, whole.low)):
                against.add(place[0])
            elif known:
                confirmed += 1
        made.append(one)
    if 4 * len(against) > max(1, len(tried | against)):
        return []
    made = [one for one in made if one.place[0] not in against]
    stated = bool(made) and printed[0][1].meaning not in (Meaning.PERCENT, Meaning.RATE)
    return made if stated or confirmed >= 2 or (confirmed and len(made) < 4) else []


def ends_of(share: Printed) -> tuple[Decimal, Decimal] | None:
    """Between what a printed share lies; None where a mark stands that says nothing of it."""
    if share.value is None:
        match = _BEYOND.match(share.mark.text) if share.mark is not None else None
        if match is None:
            return None
        limit = Decimal(match["limit"].replace(",", "."))
        return (Decimal(0), limit) if match["sign"] in "<≤" else (limit, Decimal(share.per))
    half = Decimal(1).scaleb(-share.decimals) / 2
    return max(Decimal(0), share.value - half), share.value + half


def _may_fit(share: Share, whole: int) -> bool:
    """Whether any whole number of persons has this share of `whole`."""
    low, high = share.low * whole / share.per, share.high * whole / share.per
    return low.to_integral_value(ROUND_CEILING) <= high.to_integral_value(ROUND_FLOOR)


def _fits(share: Share, part: int, whole: int) -> bool:
    scaled = Decimal(part) * share.per
    return share.low * whole <= scaled <= share.high * whole


def shown(share: Printed) -> str:
    """The share as it is printed."""
    if share.mark is not None:
        return f"{share.mark.text} %"
    value = (share.value or Decimal(0)).quantize(Decimal(1).scaleb(-share.decimals), ROUND_HALF_EVEN)
    return f"{value} %" if share.per == 100 else f"{value} per {share.per}"


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
