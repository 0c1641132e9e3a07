"""Flow charts of participants: boxes like `Excluded (n = 12)`, and which of them divide which.

In text, one box a line or several beside each other; on a sheet, one a cell. A
box divides into those excluded from it and those that go on, or into arms; an
exclusion into its reasons. Made into a grid of one column whose labels are
indented by that; `relations.sums` takes nesting in it for sums.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.tables.relations.sums import FLOW

# Fewer boxes are no chart.
FEWEST = 3
# More boxes are a list.
_MOST = 200
# A sheet with more rows holds no chart.
_ROWS = 200
# Lines that may lie between two boxes: arrows, labels of phases.
_APART = 4
_BOX = re.compile(
    r"[\s\-•*·▪‣→►>–]*(?P<label>[^\W\d_][^()\n]{1,90}?)[\s,:]*"
    r"[(\[]?\s*\bn\s*=\s*(?P<n>\d{1,3}(?:[ .,]\d{3})+|\d+|[<≤]\s*\d{1,3}|\*{1,3}|x|\.{1,3}|[-–])\s*[)\]]?[\s.;,:]*",
    re.IGNORECASE,
)
_MANY = re.compile(r"\bn\s*=", re.IGNORECASE)
_BESIDE = re.compile(r"\s{3,}|\t+|\s*[|│]\s*")
_BULLET = re.compile(r"^\s*[-•*·▪‣–]\s")
_OUT = re.compile(
    r"exclu|eksklu|lost to|withdr|drop.?out|discontinu|declin|not (?:eligible|included|meet)|frafald|udgå|tabt|"
    r"trak sig|fravalg|ikke (?:inklu|egne)|died before|removed|fjernet|did not receive",
    re.IGNORECASE,
)
_CHART = re.compile(
    r"assess|eligib|screen|random|exclu|eksklu|inclu|inklu|alloc|alloker|analys|enrol|follow|opfølg|identif|berettig|"
    r"frafald|invite|kohorte|cohort",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Node:
    """One box: what it says, where, and what it divides into."""

    label: str
    count: str
    at: tuple[int, int]
    indent: int = 0
    bullet: bool = False
    parts: list[_Node] = field(default_factory=list)

    @property
    def out(self) -> bool:
        """Whether it is of those that do not go on."""
        return _OUT.search(self.label) is not None

    @property
    def number(self) -> int | None:
        """The count; None where a mark stands."""
        digits = re.sub(r"[ .,]", "", self.count)
        return int(digits) if digits.isdigit() else None


@dataclass(frozen=True, slots=True)
class FlowTable(Table):
    """A chart as a grid, each row with its place in the grid or the lines that it was read from.

    Args:
        places: the document's words for the place of each row.
        span: numbers of the first and the last line or row that it was read from, from 0.
    """

    places: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)

    def where(self, row: int, column: int) -> str:  # noqa: ARG002 - a grid's places have both
        """The place of the row's box."""
        return self.places[row]


def flows_in(piece: Text) -> Iterator[FlowTable]:
    """The charts that a text draws; takes time linear in its length."""
    if len(_MANY.findall(piece.text)) < FEWEST:
        return
    group: list[list[_Node]] = []
    last = 0
    for number, line in enumerate(piece.text.split("\n")):
        nodes = _nodes(line, number) if len(line) < 400 and _MANY.search(line) else []
        if not nodes:
            continue
        if group and number - last > _APART:
            yield from _table(piece, group)
            group = []
        group.append(nodes)
        last = number
    yield from _table(piece, group)


def flow_on(piece: Table) -> FlowTable | None:
    """The chart that the cells of a grid draw; None where they hold numbers of their own, or no chart."""
    if len(piece.rows) > _ROWS:
        return None
    rows: list[list[_Node]] = []
    for number, row in enumerate(piece.rows):
        nodes = []
        for column, cell in enumerate(row):
            if isinstance(cell, (int, float)) or (isinstance(cell, str) and cell.strip().isdigit()):
                return None
            match = _BOX.fullmatch(cell) if isinstance(cell, str) and len(cell) < 200 else None
            if match is not None:
                nodes.append(_Node(match["label"].strip(), match["n"].strip(), (number, column)))
        if nodes:
            rows.append(nodes)
    return next(_grids(piece, rows, lambda node: piece.where(*node.at)), None)


def _nodes(line: str, number: int) -> list[_Node]:
    """The boxes of one line; none where anything else stands in it."""
    found: list[_Node] = []
    indent = len(line) - len(line.lstrip(" \t|│"))
    for column, part in enumerate(part for part in _BESIDE.split(line.strip(" \t\r|│")) if part.strip()):
        match = _BOX.fullmatch(part)
        if match is None:
            return []
        bullet = _BULLET.match(part) is not None
        found.append(_Node(match["label"].strip(), match["n"].strip(), (number, column), indent, bullet))
    return found


def _table(piece: Text, rows: list[list[_Node]]) -> Iterator[FlowTable]:
    first = piece.first_line or 1
    yield from _grids(piece, rows, lambda node: str(piece.place.inside(f"line {first + node.at[0]}")))


def _grids(piece: Table | Text, rows: Sequence[Sequence[_Node]], where: Callable[[_Node], str]) -> Iterator[FlowTable]:
    nodes = [node for row in rows for node in row]
    if not FEWEST <= len(nodes) <= _MOST or not any(_CHART.search(node.label) for node in nodes):
        return
    drawn = list(_drawn(_roots(rows), 0))
    yield FlowTable(
        piece.place,
        ((FLOW, "n"), *((" " * 2 * level + node.label, node.count) for node, level in drawn)),
        places=(str(piece.place), *(where(node) for node, _ in drawn)),
        span=(nodes[0].at[0], nodes[-1].at[0]),
        hidden=piece.hidden,
    )


def _drawn(nodes: Iterable[_Node], level: int) -> Iterator[tuple[_Node, int]]:
    for node in nodes:
        yield node, level
        yield from _drawn(node.parts, level + 1)


def _roots(rows: Sequence[Sequence[_Node]]) -> list[_Node]:
    """The boxes that none divides, with all others below them."""
    roots: list[_Node] = []
    on: list[_Node] = []  # the boxes that go on, one for each arm
    out: _Node | None = None
    for row in rows:
        left: _Node | None = None
        for column, node in enumerate(row):
            if out is not None and _is_reason(node, out):
                out.parts.append(node)
                continue
            above = on[column] if len(on) == len(row) > 1 else on[0] if len(on) == 1 else None
            if node.out and left is not None:
                above = left  # beside the box that they leave
            (above.parts if above is not None else roots).append(node)
            out, left = (node, left) if node.out else (None, node)
        on = _next(on, row, roots)
    return roots


def _next(on: list[_Node], row: Sequence[_Node], roots: Sequence[_Node]) -> list[_Node]:
    """The boxes that go on after a row, one for each arm."""
    linked = [*roots, *(part for node in on for part in node.parts)]
    going = [node for node in row if not node.out and any(node is one for one in linked)]
    if len(going) == 1 and len(on) < 2:
        return _after(on, going[0])
    if len(going) > 1 and len(on) == len(row):
        return [before if node.out else node for before, node in zip(on, row, strict=True)]
    return going or on


def _after(on: list[_Node], node: _Node) -> list[_Node]:
    """The box that goes on after `node`: itself, or still the one above while its arms are not all there."""
    if not on:
        return [node]
    above = on[0]
    numbers = [part.number for part in above.parts]
    if above.number is None or any(number is None for number in numbers):
        return [node] if any(part.out for part in above.parts) else on
    return [node] if sum(number or 0 for number in numbers) >= above.number else on


def _is_reason(node: _Node, out: _Node) -> bool:
    """Whether a box is a reason of the exclusion before it: further in, or what is still wanting of its number."""
    if node.at[0] == out.at[0]:
        return False
    if node.indent > out.indent or (node.bullet and not out.bullet):
        return True
    if node.indent < out.indent or _CHART.search(node.label):
        return False
    told = sum(part.number or 0 for part in out.parts)
    return out.number is not None and told + (node.number or 0) <= out.number
