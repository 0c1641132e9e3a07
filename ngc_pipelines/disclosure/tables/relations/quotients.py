"""Rates and percentages in lines of their own: which count they divide by what.

`Events | Person-years | Rate per 1,000`: where the quotient is seen to hold in
the rows that print all three, it holds where the count is blanked too. Bases
may be counts or other numbers, such as person-years. Shares printed in the cell
of their count live in `shares`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.shares import SHARES, Place, Share, ends_of, shown
from ngc_pipelines.disclosure.tables.system import SystemCell

# Bases of rates that headers leave out.
_PERS = (1, 100, 1_000, 10_000, 100_000, 1_000_000)
_NO_BASE = SHARES | {Meaning.P_VALUE, Meaning.ESTIMATE, Meaning.INTERVAL, Meaning.SD, Meaning.YEAR, Meaning.CODE}
# Every line is tried against every pair of others; larger tables are lists, where this is not done.
_MOST = 500_000


@dataclass(frozen=True, slots=True)
class Bounded:
    """A count that a rate and its printed base hold between two ends.

    Args:
        low, high: the ends, both of them possible.
        printed, of: the rate, and what it is of, in words.
    """

    place: Place
    low: int
    high: int
    where: str
    printed: str
    of: str


@dataclass(frozen=True, slots=True)
class _Lines:
    """A table's lines of one direction, as they hold shares, counts and other numbers."""

    table: PrintedTable
    counts: Mapping[Place, SystemCell]
    turned: bool

    @property
    def names(self) -> list[str]:
        return [line.name for line in (self.table.rows if self.turned else self.table.columns)]

    @property
    def lanes(self) -> int:
        return len(self.table.columns if self.turned else self.table.rows)

    def place(self, line: int, lane: int) -> Place:
        return (line, lane) if self.turned else (lane, line)

    def first(self, line: int, lane: int) -> Printed | None:
        printed = self.table.cells.get(self.place(line, lane))
        return printed[0] if printed else None

    def count(self, line: int, lane: int) -> SystemCell | None:
        return self.counts.get(self.place(line, lane))


def quotients_of(table: PrintedTable, counts: Mapping[Place, SystemCell]) -> Iterator[Share | Bounded]:
    """Every count that a rate or percentage of its own line tells about.

    Args:
        counts: the table's counts by their place.
    """
    if all(cell.known for cell in counts.values()):
        return
    for turned in (False, True):
        lines = _Lines(table, counts, turned)
        if lines.lanes * len(lines.names) ** 2 > _MOST:
            continue
        for line in range(len(lines.names)):
            if _holds_shares(lines, line):
                yield from _of_line(lines, line)


def _holds_shares(lines: _Lines, line: int) -> bool:
    told = [one for lane in range(lines.lanes) if (one := lines.first(line, lane)) is not None]
    return len(told) > 1 and all(one.meaning in SHARES for one in told)


def _of_line(lines: _Lines, line: int) -> Iterator[Share | Bounded]:
    """What one line of shares divides, where a pair of lines is seen to be it."""
    others = [other for other in range(len(lines.names)) if other != line]
    parts = [other for other in others if any(lines.count(other, lane) for lane in range(lines.lanes))]
    bases = [other for other in others if _may_be_base(lines, other)]
    best: tuple[int, list[Share | Bounded]] = (1, [])
    for part in parts:
        for base in bases:
            for per in _pers(lines, line) if part != base else ():
                confirmed, made = _tried(lines, line, part, base, per)
                best = max(best, (confirmed, made), key=lambda tried: tried[0])
    yield from best[1]


def _may_be_base(lines: _Lines, line: int) -> bool:
    told = [one for lane in range(lines.lanes) if (one := lines.first(line, lane)) is not None]
    return bool(told) and not any(one.meaning in _NO_BASE for one in told)


def _pers(lines: _Lines, line: int) -> Sequence[int]:
    told = {one.per for lane in range(lines.lanes) if (one := lines.first(line, lane)) is not None}
    rate = any(
        one.meaning is Meaning.RATE for lane in range(lines.lanes) if (one := lines.first(line, lane)) is not None
    )
    return _PERS if rate and told == {100} else sorted(told)


def _tried(lines: _Lines, line: int, part: int, base: int, per: int) -> tuple[int, list[Share | Bounded]]:
    """In how many lanes the quotient is seen to hold, and what it tells; nothing where a lane speaks against it."""
    confirmed = 0
    made: list[Share | Bounded] = []
    for lane in range(lines.lanes):
        share, count = lines.first(line, lane), lines.count(part, lane)
        ends = ends_of(share) if share is not None else None
        of = _base(lines, base, lane)
        if share is None or count is None or ends is None or of is None:
            continue
        low, high = ends[0] * of[0] / per, None if of[1] is None else ends[1] * of[1] / per
        if count.known and of[1] is not None:
            if not (low <= count.low and high is not None and count.low <= high):
                return 0, []
            confirmed += count.low > 0 and of[0] > 0
            continue
        name = lines.names[base] or "base"
        whole = lines.count(base, lane)
        if whole is not None:
            made.append(
                Share(lines.place(part, lane), lines.place(base, lane), *ends, per, share.where, shown(share), name)
            )
        elif high is not None and not count.known:
            least, most = int(low.to_integral_value(ROUND_CEILING)), int(high.to_integral_value(ROUND_FLOOR))
            if least <= most:
                told = f"{(of[0] + (of[1] or of[0])) / 2:f}".rstrip("0").rstrip(".")
                made.append(Bounded(lines.place(part, lane), least, most, share.where, shown(share), f"{told} {name}"))
    return confirmed, made


def _base(lines: _Lines, line: int, lane: int) -> tuple[Decimal, Decimal | None] | None:
    """Between what the base of one lane lies; None where nothing is printed or blanked there."""
    count = lines.count(line, lane)
    if count is not None:
        return Decimal(count.low), None if count.high is None else Decimal(count.high)
    one = lines.first(line, lane)
    if one is None or one.value is None:
        return None
    half = Decimal(1).scaleb(-one.decimals) / 2
    return max(Decimal(0), one.value - half), one.value + half
