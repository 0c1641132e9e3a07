"""Raw data among the pieces of a file: pasted as text, in cells, in code, as bytes.

Documents give one piece a paragraph, so a record of four lines comes in four
pieces: what came last is kept and looked at together with what comes next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Cell, Code, Piece, Raw, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.raw_data.forms import RawMatch
from ngc_pipelines.disclosure.raw_data.lines import raw_lines
from ngc_pipelines.disclosure.raw_data.recognising import recognise_raw

_SHORT = 16 << 10
"""Pieces up to this length are looked at together with those before them."""

_KEPT = 64 << 10
_TOLD = 5
"""Findings of one form told with a place of their own."""


class RawDataDetector:
    """Finds raw data in every kind of piece (DC-2)."""

    def __init__(self, context: DetectorContext) -> None:
        self._policy = context.policy
        self._told: Counter[str] = Counter()
        self._short: list[bytes] = []
        self._short_size = 0
        self._short_place = Place()

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Raw data in this piece, or in the short ones before it."""
        if isinstance(piece, Text | Code):
            text = piece.text.encode("utf-8", "surrogatepass")
            if len(text) <= _SHORT:
                yield from self._keep(text, piece.place)
            yield from self._tell(_from_line(raw_lines(text), piece.first_line or 1), piece.place)
        elif isinstance(piece, Table):
            yield from self._tell(_in_table(piece), piece.place)
        elif isinstance(piece, Raw):
            yield from self._tell(recognise_raw(piece.data), piece.place)

    def end(self) -> Iterator[Finding]:
        """What the last short pieces make together."""
        yield from self._flush()

    def _keep(self, text: bytes, place: Place) -> Iterator[Finding]:
        if not self._short:
            self._short_place = place
        self._short.append(text)
        self._short_size += len(text) + 1
        if self._short_size > _KEPT:
            last = self._short[-8:]
            yield from self._flush()
            self._short, self._short_place = last, place
            self._short_size = sum(map(len, last)) + len(last)

    def _flush(self) -> Iterator[Finding]:
        if len(self._short) > 1:
            found = [match for match in raw_lines(b"\n".join(self._short)) if not self._told[match.form]]
            yield from self._tell(
                (replace(match, where="") for match in found), Place((f"from {self._short_place} on",))
            )
        self._short, self._short_size = [], 0

    def _tell(self, matches: Iterator[RawMatch], place: Place) -> Iterator[Finding]:
        for match in matches:
            self._told[match.form] += 1
            if self._told[match.form] <= _TOLD:
                yield match.finding(place, self._policy)


def _from_line(matches: Iterator[RawMatch], first_line: int) -> Iterator[RawMatch]:
    for match in matches:
        line = int(match.where.removeprefix("line ")) + first_line - 1
        yield replace(match, where=f"line {line}")


def _in_table(table: Table) -> Iterator[RawMatch]:
    """Cells read as lines: across with tabs, one under the other, and a row as four lines."""
    rows = [[_words(cell) for cell in row] for row in table.rows]
    seen: set[str] = set()
    for text in _readings(rows):
        for match in raw_lines(text):
            if match.form not in seen:
                seen.add(match.form)
                yield replace(match, where="")


def _readings(rows: Sequence[Sequence[str]]) -> Iterator[bytes]:
    yield "\n".join("\t".join(cell for cell in row) for row in rows).encode("utf-8", "surrogatepass")
    if any(len(cell) >= 10 for row in rows[:200] for cell in row):
        yield "\n".join(chain.from_iterable(rows)).encode("utf-8", "surrogatepass")
        width = max(map(len, rows), default=0)
        for column in range(min(width, 64)):
            cells = (row[column] for row in rows if column < len(row))
            yield "\n".join(cells).encode("utf-8", "surrogatepass")


def _words(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
