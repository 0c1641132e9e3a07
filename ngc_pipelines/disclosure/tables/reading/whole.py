"""Long tables that come in blocks, put together; and how much is put together at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ngc_pipelines.disclosure.pieces import Cell, Table

# What one file's tables may hold together; more is not read.
MOST_CELLS = 1_000_000


class TooManyCells(Exception):  # noqa: N818 - an answer about a file, told as a question
    """A file's tables hold more cells than are read; names the place."""


@dataclass(slots=True)
class WholeTables:
    """Takes blocks in their order; gives a table when its last block has come."""

    left: int = MOST_CELLS
    _rows: list[Sequence[Cell]] = field(default_factory=list)

    def add(self, piece: Table) -> Table | None:
        """The whole table that `piece` ends; None where more blocks follow.

        Raises:
            TooManyCells: where the tables given so far hold more than is read.
        """
        rows = piece.rows[1:] if piece.number and self._rows else piece.rows
        self.left -= sum(len(row) for row in rows)
        if self.left < 0:
            self._rows = []
            raise TooManyCells(str(piece.place))
        if piece.last and not self._rows:
            return piece
        self._rows.extend(rows)
        if not piece.last:
            return None
        whole = replace(piece, rows=tuple(self._rows), first_row=1, number=0)
        self._rows = []
        return whole
