"""Percentages and rates of a printed table as inequalities between counts.

The base is taken from the header's words where it says one, and tested; where
it does not, the base that fits every printed pair of count and percentage is
taken. Where none fits, nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.sums import Sum
from ngc_pipelines.disclosure.tables.system import SystemCell

Place = tuple[int, int]

SHARES = frozenset(
    {Meaning.PERCENT, Meaning.PERCENT_OF_ROW, Meaning.PERCENT_OF_COLUMN, Meaning.PERCENT_OF_TOTAL, Meaning.RATE}
)

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

    def inequalities(self) -> Iterator[tuple[int | None, int | None, tuple[int, int]]]:
        """Bounds on whole multiples of part and base: `low*base <= per*part <= high*base`."""
        scale = 10 ** max(0, -min(_exponent(self.low), _exponent(self.high)))
        per = self.per * scale
        yield 0, None, (per, -int(self.low * scale))
        yield None, 0, (per, -int(self.high * scale))


def shares_of(
    table: PrintedTable, counts: Mapping[Place, SystemCell], row_sums: Sequence[Sum], column_sums: Sequence[Sum]
) -> list[Share]:
    """Every percentage whose base is a cell of the table, and is known to be it."""
    printed = [(place, share) for place, cell in table.cells.items() for share in cell if share.meaning in SHARES]
    printed = [(place, share) for place, share in printed if share.value is not None]
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
    """The shares under one base; none where any printed pair speaks against it or none for it."""
    made, confirmed = [], 0
    for place, share in printed:
        of = base(place)
        if of not in counts or of == place or share.value is None:
            continue
        half = Decimal(1).scaleb(-share.decimals) / 2
        one = Share(
            place,
            of,
            max(Decimal(0), share.value - half),
            share.value + half,
            share.per,
            share.where,
            _shown(share),
            table.columns[of[1]].name or table.rows[of[0]].name or "total",
        )
        part, whole = counts.get(place), counts[of]
        if part is not None and part.known and whole.known:
            if not _fits(one, part.low, whole.low):
                return []
            confirmed += whole.low > 0
        made.append(one)
    stated = bool(made) and printed[0][1].meaning not in (Meaning.PERCENT, Meaning.RATE)
    return made if stated or confirmed >= 2 or (confirmed and len(made) < 4) else []


def _fits(share: Share, part: int, whole: int) -> bool:
    scaled = Decimal(part) * share.per
    return share.low * whole <= scaled <= share.high * whole


def _shown(share: Printed) -> str:
    value = (share.value or Decimal(0)).quantize(Decimal(1).scaleb(-share.decimals), ROUND_HALF_EVEN)
    return f"{value} %" if share.per == 100 else f"{value} per {share.per}"


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
