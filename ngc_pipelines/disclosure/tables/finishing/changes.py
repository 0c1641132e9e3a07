"""What is changed in the grids of a document, and what a writer says of what it left behind.

The contract between what plans a finished table and what writes one. Rows and
columns are those of the grid as it was read, from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table

Place = tuple[int, int]


class CannotWrite(Exception):  # noqa: N818 - an answer about a document, told to the person who asked
    """The finished table cannot be written safely; says why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.da} / {words.en}")
        self.words = words


@dataclass(frozen=True, slots=True)
class Strip:
    """A row or column of a table that goes; what follows it inside the table moves up or left.

    Args:
        row: whether it is a row; else a column.
        at: which.
        top, left, bottom, right: the table's area, ends included.
    """

    row: bool
    at: int
    top: int
    left: int
    bottom: int
    right: int

    def moves(self) -> Iterator[tuple[Place, Place | None]]:
        """Each place that changes, and the place whose content it takes; None where nothing is left for it."""
        if self.row:
            for row in range(self.at, self.bottom + 1):
                for column in range(self.left, self.right + 1):
                    yield (row, column), (row + 1, column) if row < self.bottom else None
        else:
            for row in range(self.top, self.bottom + 1):
                for column in range(self.at, self.right + 1):
                    yield (row, column), (row, column + 1) if column < self.right else None


@dataclass(frozen=True, slots=True)
class GridChanges:
    """The changes of one grid.

    Args:
        grid: the grid as it was read.
        texts: what stands in a cell afterwards, by its place.
        strips: rows and columns that go, after `texts` were set; each by its
            number before any of them went.
        audited: places of all counts and statistics that were looked at.
        notes: texts that are put in besides, by the free cell they go to; in a
            text of lines, each is a line of its own before that row.
    """

    grid: Table
    texts: dict[Place, str] = field(default_factory=dict)
    strips: tuple[Strip, ...] = ()
    audited: frozenset[Place] = frozenset()
    notes: tuple[tuple[Place, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A finished document.

    Args:
        data: its bytes.
        left_behind: what the original held and this one does not, and why.
    """

    data: bytes = field(repr=False)
    left_behind: tuple[Words, ...] = ()
