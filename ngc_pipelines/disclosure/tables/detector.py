"""The tables of one file, judged as one system when the file has been read.

Sees pieces, collects the tables in them, and answers at the end. Tables of
several files, and earlier releases, are put together elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Piece, Table
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables


class TableDetector:
    """Collects tables; at the end of the file, audits them together."""

    def __init__(self, context: DetectorContext) -> None:
        self._policy = context.policy
        self.tables: list[PrintedTable] = []

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Take the tables of a piece in."""
        if isinstance(piece, Table):
            self.tables.extend(printed_tables(piece))
        yield from ()

    def end(self) -> Iterator[Finding]:
        """Everything that the file's tables give away."""
        if not self.tables:
            return
        # Programs are loaded only for files that hold tables: they cost a tenth of a second.
        from ngc_pipelines.disclosure.tables.audit import Question, audit
        from ngc_pipelines.disclosure.tables.relations.joined import system_of
        from ngc_pipelines.disclosure.tables.told import asked, findings_of

        thresholds = self._policy.thresholds
        question = Question(threshold=thresholds.cell, enough=thresholds.narrow, every_end=False)
        yield from findings_of(audit(system_of(self.tables, {}), question), thresholds.cell)
        yield from asked([question for table in self.tables for question in table.questions])
