"""Which lines of a printed table are sums of which others.

By words (`Total`, `I alt`), by nesting, by sections, and by arithmetic; tried
against the printed numbers before anything is concluded. Works on rows and, the
table turned, on columns. Percentages and rates live in `shares`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ngc_pipelines.disclosure.tables.printed import Line

# The dimension of a chart's boxes, of which those below divide the one above.
FLOW = "flow chart"
# What a table of regions or hospitals calls all of them together.
_COUNTRY = frozenset({"danmark", "denmark", "hele danmark", "landet", "nationalt", "national", "landsplan"})

Bounds = tuple[int, int | None] | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one direction and what the print says of their counts.

    Args:
        lines: the lines.
        lanes: per line, per crossing lane: the bounds of the count there, equal
            where a number stands; None where no count is printed or blanked.
        tolerance: how far a printed count may lie from the true one.
    """

    lines: Sequence[Line]
    lanes: Sequence[Sequence[Bounds]]
    tolerance: int = 0


class Ground(StrEnum):
    """Why a sum is believed."""

    WORDS = "words"
    NESTING = "nesting"
    ARITHMETIC = "arithmetic"


@dataclass(frozen=True, slots=True)
class Sum:
    """One line that is the sum of others, and in how many lanes that was seen to hold."""

    total: int
    parts: tuple[int, ...]
    ground: Ground
    confirmed: int


@dataclass(frozen=True, slots=True)
class NotASum:
    """A line that calls itself a total and is the sum of nothing beside it."""

    total: int


def sums_of(table: Lines) -> tuple[list[Sum], list[NotASum]]:
    """Every sum among the lines, and totals for which none was found."""
    found: list[Sum] = []
    wanting: list[NotASum] = []
    # A line without a single count (a mean, a percentage) is no part of a sum.
    empty = {place for place, lane in enumerate(table.lanes) if all(bounds is None for bounds in lane)}
    if len(empty) == len(table.lines):
        empty = set()
    for total, line in enumerate(table.lines):
        if total in empty:
            continue
        before = len(found)
        contradicted = False
        for ground, all_parts in (*_candidates(table.lines, total), *_nation(table, total)):
            parts = tuple(part for part in all_parts if part not in empty)
            if not parts:
                continue
            confirmed, holds = _tried(table, total, parts)
            contradicted |= not holds
            enough = confirmed >= _needed(ground, len(parts), len(table.lanes[total]))
            if holds and enough and not any(s.total == total and s.parts == parts for s in found):
                found.append(Sum(total, parts, ground, confirmed))
                if ground is Ground.WORDS and not _sections(table.lines):
                    break
        if line.total and len(found) == before and contradicted:
            wanting.append(NotASum(total))
    return _without_circles(found), wanting


def _needed(ground: Ground, parts: int, lanes: int) -> int:
    """In how many lanes a sum must be seen; none where words say it."""
    if ground is Ground.WORDS:
        return 0
    if ground is Ground.NESTING:
        return 1
    return 2 if parts > 1 and lanes > 1 else lanes + 1


def _candidates(lines: Sequence[Line], total: int) -> Iterator[tuple[Ground, tuple[int, ...]]]:
    line = lines[total]
    inside = _inside(lines, total)
    if inside and line.dimension == FLOW:
        if len(inside) > 1:
            yield Ground.WORDS, inside
        return
    if inside:
        yield (Ground.WORDS if line.total else Ground.NESTING), inside
    if line.total:
        for parts in _said_parts(lines, total):
            yield Ground.WORDS, parts
    elif total in (0, len(lines) - 1) and len(lines) > 2:
        others = tuple(place for place in range(len(lines)) if place != total and not lines[place].total)
        yield Ground.ARITHMETIC, others


def _nation(table: Lines, total: int) -> Iterator[tuple[Ground, tuple[int, ...]]]:
    """A country that stands first or last is the sum of the others, where these make up most of it.

    In a table of countries it is one of them.
    """
    inner = next((label for label in reversed(table.lines[total].labels) if label), "")
    if inner.strip(" :*").casefold() not in _COUNTRY or total not in (0, len(table.lines) - 1):
        return
    others = tuple(place for place in range(len(table.lines)) if place != total and not table.lines[place].total)
    lanes = [lane for lane, whole in enumerate(table.lanes[total]) if whole is not None and whole[0] > 0]
    for lane in lanes:
        reached = sum(bounds[0] for place in others if (bounds := table.lanes[place][lane]) is not None)
        if 10 * reached < 8 * (table.lanes[total][lane] or (0, 0))[0]:
            return
    if lanes:
        yield Ground.WORDS, others


def _inside(lines: Sequence[Line], total: int) -> tuple[int, ...]:
    """The next-deeper lines that follow directly: what an indented block holds."""
    level, parts = lines[total].level, []
    deeper: int | None = None
    for place in range(total + 1, len(lines)):
        if lines[place].level <= level:
            break
        if deeper is None:
            deeper = lines[place].level
        if lines[place].level == deeper and not lines[place].total:
            parts.append(place)
    return tuple(parts)


def _said_parts(lines: Sequence[Line], total: int) -> Iterator[tuple[int, ...]]:
    """What a line that calls itself a total may be the total of, likeliest first."""
    level = lines[total].level
    for section in _sections(lines):
        if total not in section:
            yield section
    block = _block_before(lines, total)
    if block:
        yield block
    block = _block_after(lines, total)
    if block:
        yield block
    subtotals = tuple(
        place for place, line in enumerate(lines) if line.total and place != total and line.level >= level
    )
    if len(subtotals) > 1:
        yield subtotals
    others = tuple(place for place, line in enumerate(lines) if not line.total)
    if others:
        yield others


def _sections(lines: Sequence[Line]) -> list[tuple[int, ...]]:
    """Lines grouped by the label outside their own, where there are several groups."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, line in enumerate(lines):
        if len(line.labels) > 1 and line.labels[-2] and not line.total:
            groups.setdefault(line.labels[:-1], []).append(place)
    return [tuple(group) for group in groups.values() if len(group) > 1] if len(groups) > 1 else []


def _block_before(lines: Sequence[Line], total: int) -> tuple[int, ...]:
    parts: list[int] = []
    for place in range(total - 1, -1, -1):
        if lines[place].total or lines[place].level < lines[total].level:
            break
        parts.append(place)
    return _shallowest(lines, tuple(reversed(parts)))


def _block_after(lines: Sequence[Line], total: int) -> tuple[int, ...]:
    parts: list[int] = []
    for place in range(total + 1, len(lines)):
        if lines[place].total:
            break
        parts.append(place)
    return _shallowest(lines, tuple(parts))


def _shallowest(lines: Sequence[Line], places: tuple[int, ...]) -> tuple[int, ...]:
    if not places:
        return places
    level = min(lines[place].level for place in places)
    return tuple(place for place in places if lines[place].level == level)


def _tried(table: Lines, total: int, parts: tuple[int, ...]) -> tuple[int, bool]:
    """In how many lanes the sum is seen to hold, and whether no lane speaks against it."""
    confirmed = 0
    slack = table.tolerance * (len(parts) + 1)
    for lane in range(len(table.lanes[total])):
        whole = table.lanes[total][lane]
        pieces = [table.lanes[part][lane] for part in parts]
        if whole is None or not any(piece is not None for piece in pieces):
            continue
        if any(piece is None for piece in pieces):
            continue
        low = sum(piece[0] for piece in pieces if piece is not None)
        ends = [piece[1] for piece in pieces if piece is not None]
        high = None if any(end is None for end in ends) else sum(end for end in ends if end is not None)
        if (whole[1] is not None and low > whole[1] + slack) or (high is not None and high < whole[0] - slack):
            return confirmed, False
        confirmed += low == high and whole[0] == whole[1] and (whole[0] > 0 or len(parts) == 1)
    return confirmed, True


def _without_circles(found: list[Sum]) -> list[Sum]:
    """Leave out sums that, with others, would make a line part of itself."""
    above: dict[int, set[int]] = {}
    kept: list[Sum] = []
    for one in sorted(found, key=lambda s: (s.ground is Ground.ARITHMETIC, -s.confirmed)):
        if any(one.total in _below(part, above) or part == one.total for part in one.parts):
            continue
        above.setdefault(one.total, set()).update(one.parts)
        kept.append(one)
    return sorted(kept, key=lambda s: (s.total, s.parts))


def _below(line: int, above: dict[int, set[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = [line]
    while waiting:
        for part in above.get(waiting.pop(), ()):
            if part not in seen:
                seen.add(part)
                waiting.append(part)
    return seen
