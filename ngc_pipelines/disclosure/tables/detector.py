"""The tables of one file, judged as one system when the file has been read.

Sees pieces, collects the tables in them, and answers at the end. Tables of
several files, and earlier releases, are put together elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Words
from ngc_pipelines.disclosure.pieces import Piece, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.printed import PrintedTable, Question
from ngc_pipelines.disclosure.tables.reading.borders import Borders
from ngc_pipelines.disclosure.tables.reading.tidy import NotTidy, asked_of_tidy, tidy_table
from ngc_pipelines.disclosure.tables.reading.whole import TooManyCells, WholeTables
from ngc_pipelines.disclosure.tables.reading.words import said
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable

# Cells that one file hands on to the audit of the folder.
MOST_CARRIED = 200_000
# Lines of printed numbers in running text.
MOST_LINES = 20_000
# Time for the answer, where the policy leaves more.
SECONDS = 60.0
# Questions about one file; a workbook of a thousand unclear sheets needs no thousand.
MOST_QUESTIONS = 20

_TOO_MUCH = Words(
    "Filen har flere tal i tabeller, end der undersøges; resten er ikke set efter.",
    "The file has more numbers in tables than are looked at; the rest was not examined.",
)


@runtime_checkable
class Lined(Protocol):
    """A table whose rows stand in lines of a text that need not follow on each other."""

    @property
    def lines(self) -> tuple[int, ...]:
        """Number of each row's line, from 1."""
        ...


class TableDetector:
    """Collects tables; at the end of the file, audits them together."""

    def __init__(self, context: DetectorContext) -> None:
        self._policy = context.policy
        self.tables: list[PrintedTable | TidyTable] = []
        self._tidy_as_printed: list[PrintedTable] = []
        self._questions: list[Question] = []
        self._lines = MOST_LINES
        self._borders = Borders()
        self._whole = WholeTables()
        self._printed: list[Table] = []
        # First and last lines of delimited tables by their text; what such lines look like is no second table.
        self._delimited: dict[Place, list[tuple[int, int]]] = {}

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Take the tables of a piece in."""
        if isinstance(piece, Table):
            if piece.addressing == "line":
                lines = (piece.first_row, piece.first_row + len(piece.rows) - 1)
                self._delimited.setdefault(piece.place, []).append(lines)
            self._take_block(piece)
        elif isinstance(piece, Text) and piece.language in ("plain", "log", "markup"):
            for text in self._borders.add(piece):
                self._take_text(text)
            from ngc_pipelines.disclosure.tables.statistics.judging import statistics_findings

            yield from statistics_findings((), (piece,), self._policy)

    def end(self) -> Iterator[Finding]:
        """Everything that the file's tables give away."""
        for text in self._borders.end():
            self._take_text(text)
        for piece in self._printed:
            if not self._is_delimited(piece):
                self._take_block(piece)
        self._printed = []
        printed = [table for table in self.tables if isinstance(table, PrintedTable)]
        questions = [question for table in printed for question in table.questions]
        if not self.tables and not self._questions:
            return
        # Programs are loaded only for files that hold tables: they cost a tenth of a second.
        from ngc_pipelines.disclosure.tables.audit import Question as Asked
        from ngc_pipelines.disclosure.tables.audit import audit
        from ngc_pipelines.disclosure.tables.relations.joined import system_of
        from ngc_pipelines.disclosure.tables.statistics.judging import statistics_findings
        from ngc_pipelines.disclosure.tables.told import asked, findings_of

        limits, thresholds = self._policy.limits, self._policy.thresholds
        seconds = min(SECONDS, limits.seconds / 4)
        question = Asked(threshold=thresholds.cell, enough=thresholds.narrow, every_end=False, seconds=seconds)
        answer = audit(system_of(self.tables, {}), question)
        yield from findings_of(answer, thresholds.cell)
        yield from statistics_findings([*printed, *self._tidy_as_printed], (), self._policy, answer)
        yield from asked([*self._questions, *questions][:MOST_QUESTIONS])

    def carried(self) -> list[dict[str, Any]]:
        """The tables as plain data, for the audit of the whole folder; not more than it can hold."""
        from ngc_pipelines.disclosure.tables.stored import table_to_data

        found: list[dict[str, Any]] = []
        left = MOST_CARRIED
        for table in self.tables:
            left -= len(table.cells)
            if left < 0:
                break
            found.append(table_to_data(table))
        return found

    def _is_delimited(self, piece: Table) -> bool:
        """Whether a table in running text shares a line with a delimited one."""
        lines = piece.lines if isinstance(piece, Lined) else range(piece.first_row, piece.first_row + len(piece.rows))
        first, last = min(lines, default=0), max(lines, default=0)
        return any(begins <= last and first <= ends for begins, ends in self._delimited.get(piece.place, ()))

    def _take_block(self, piece: Table) -> None:
        """Take a block of a table; read the table when its last block has come."""
        try:
            whole = self._whole.add(piece)
        except TooManyCells as fault:
            self._ask_once(str(fault))
            return
        if whole is not None:
            self._take(whole)

    def _take(self, piece: Table) -> None:
        # Reading loads the solver's libraries with it, which files without tables do without.
        from ngc_pipelines.disclosure.tables.reading.printing import printed_tables

        rows = [["" if cell is None else str(cell) for cell in row] for row in piece.rows]
        try:
            table = tidy_table(rows, str(piece.place))
        except NotTidy:
            self.tables.extend(printed_tables(piece))
            return
        if any(said(name).statistics for name in table.dimensions):
            # A percentage beside the count is no code of a dimension.
            self.tables.extend(printed_tables(piece))
            return
        # A tidy table's counts are known by their codes; what other columns hold is told by their names.
        self._tidy_as_printed.extend(printed_tables(piece))
        question = asked_of_tidy(table, rows[0])
        if question is None:
            self.tables.append(table)
        else:
            self._questions.append(question)

    def _take_text(self, piece: Text) -> None:
        from ngc_pipelines.disclosure.tables.reading.console import TooManyLines, tables_in

        try:
            for table in tables_in(piece, self._lines):
                self._lines -= len(table.rows)
                self._printed.append(table)
        except TooManyLines as fault:
            self._ask_once(str(fault))

    def _ask_once(self, where: str) -> None:
        if all(question.words is not _TOO_MUCH for question in self._questions):
            self._questions.append(Question(where, _TOO_MUCH))
