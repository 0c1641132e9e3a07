"""Individual rows in every kind of piece (DC-4).

Tables are judged as they stand; texts and logs for what programs print;
programs for data written into them. Documents give a piece a paragraph: short
ones are kept and read together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.pieces import Code, Piece, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.rows.code import code_faults
from ngc_pipelines.disclosure.rows.code.conditions import condition_faults, data_line_faults
from ngc_pipelines.disclosure.rows.code.literals import CodeFault
from ngc_pipelines.disclosure.rows.code.printed_literals import printed_literal_faults
from ngc_pipelines.disclosure.rows.grids import grids_of
from ngc_pipelines.disclosure.rows.judging import judge
from ngc_pipelines.disclosure.rows.printed import printed_grids
from ngc_pipelines.disclosure.rows.structures import mentions_persons, structured_grids, told_persons
from ngc_pipelines.disclosure.rows.wording import LISTED, said_of_code, said_of_rows

_SHORT = 8 << 10
_KEPT = 256 << 10
_PROGRAMS = frozenset(("python", "r", "vba", "javascript", "sql", "stata", "sas"))
_TOLD = 200
"""Findings of one kind told with a place of their own, in one file."""


class RowDetector:
    """Finds rows about single persons in tables, printed listings and programs."""

    def __init__(self, context: DetectorContext) -> None:
        self._policy = context.policy
        self._threshold = context.policy.thresholds.rows
        self._told: Counter[Words] = Counter()
        self._short: list[str] = []
        self._short_size = 0
        self._short_place = Place()

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Individual rows in this piece, or in the short ones before it.

        Markup is left to the openers, which make tables and texts of what it holds.
        """
        if isinstance(piece, Table):
            yield from self._table(piece)
        elif isinstance(piece, Code):
            yield from self._program(piece)
        elif isinstance(piece, Text):
            if piece.language in _PROGRAMS:
                yield from self._program(Code(piece.place, piece.text, piece.language, piece.first_line or 1))
            elif piece.language == "markup":
                return
            elif piece.first_line is None and len(piece.text) <= _SHORT:
                yield from self._keep(piece)
            else:
                yield from self._text(piece.text, piece.place, piece.first_line or 1)

    def end(self) -> Iterator[Finding]:
        """What the last short texts say together."""
        yield from self._flush()

    def _table(self, table: Table) -> Iterator[Finding]:
        for grid in grids_of(table.rows, table.first_row):
            judgement = judge(grid, self._threshold)
            if judgement is not None:
                line = table.where(max(0, grid.first - table.first_row), 0)
                yield from self._found(said_of_rows(judgement.reason), judgement.certain, line, judgement.rows)
        for row in table.rows[:2000]:
            for cell in row:
                if isinstance(cell, str) and cell.count("\n") >= 2:
                    yield from self._text(cell, table.place, None)

    def _keep(self, piece: Text) -> Iterator[Finding]:
        if not self._short:
            self._short_place = piece.place
        self._short.append(piece.text)
        self._short_size += len(piece.text) + 1
        if self._short_size > _KEPT:
            yield from self._flush()

    def _flush(self) -> Iterator[Finding]:
        if self._short:
            text = "\n".join(self._short)
            yield from self._text(text, self._short_place, None)
        self._short, self._short_size = [], 0

    def _text(self, text: str, place: Place, first_line: int | None) -> Iterator[Finding]:
        mentions = mentions_persons(text)
        for grid in chain(printed_grids(text), structured_grids(text, mentions=mentions)):
            judgement = judge(grid, self._threshold)
            if judgement is not None:
                where = _at(place, first_line, grid.first)
                yield from self._found(said_of_rows(judgement.reason), judgement.certain, where, judgement.rows)
        told = told_persons(text) if mentions else None
        if told is not None:
            count, line, about = told
            yield from self._found(LISTED, about, _at(place, first_line, line), count)
        written = chain(condition_faults(text, anywhere=False), data_line_faults(text, self._threshold))
        for fault in chain(written if mentions else (), printed_literal_faults(text, self._threshold)):
            yield from self._of_code(fault, _at(place, first_line, fault.line))

    def _program(self, code: Code) -> Iterator[Finding]:
        for fault in code_faults(code.text, code.language, self._threshold):
            yield from self._of_code(fault, _at(code.place, code.first_line, fault.line))

    def _of_code(self, fault: CodeFault, where: str) -> Iterator[Finding]:
        yield from self._found(said_of_code(fault.reason), fault.certain, where, fault.count)

    def _found(self, said: tuple[Words, Words], certain: bool, where: str, count: int) -> Iterator[Finding]:
        message, advice = said
        self._told[message] += 1
        if self._told[message] > _TOLD:
            return
        default = Severity.BLOCK if certain else Severity.REVIEW
        yield Finding(
            rule="DC-4",
            kind=Kind.INDIVIDUAL_ROWS,
            severity=self._policy.severity_of(Kind.INDIVIDUAL_ROWS, default),
            where=where,
            message=message,
            advice=advice,
            count=max(1, count),
        )


def _at(place: Place, first_line: int | None, line: int) -> str:
    if first_line is None:
        return str(place)
    return str(place.inside(f"line {first_line + line - 1}"))
