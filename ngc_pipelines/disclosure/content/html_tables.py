"""The tables of a page: cells put where rows and spans place them."""

from __future__ import annotations

from ngc_pipelines.disclosure.pieces import Merge, Table
from ngc_pipelines.disclosure.places import Place

_WIDEST = 2_000
_LONGEST = 200_000


class TableGrid:
    """One table while its tags come in.

    Args:
        place: where the table is.
        above: the title that stands over it; a caption of its own goes before it.
    """

    def __init__(self, place: Place, above: str | None = None) -> None:
        self._place = place
        self._above = above
        self._cells: dict[tuple[int, int], str] = {}
        self._taken: set[tuple[int, int]] = set()
        self._merges: list[Merge] = []
        self._row = -1
        self._column = 0
        self._open: list[str] | None = None
        self._span = (1, 1)
        self._title: list[str] = []
        self._in_title = False
        self._hidden = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """A tag inside the table began."""
        if tag == "tr":
            self._close_cell()
            self._row += 1
            self._column = 0
        elif tag in ("td", "th"):
            self._close_cell()
            self._row = max(self._row, 0)
            self._open = []
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))
        elif tag == "caption":
            self._in_title = True
        elif tag == "br":
            self.text(" ", hidden=False)

    def end(self, tag: str) -> None:
        """A tag inside the table ended."""
        if tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "caption":
            self._in_title = False

    def text(self, data: str, *, hidden: bool) -> None:
        """Text inside the table."""
        if self._in_title:
            self._title.append(data)
        elif self._open is not None:
            self._open.append(data)
            self._hidden = self._hidden or (hidden and bool(data.strip()))

    def table(self) -> Table | None:
        """The table, when it has ended; None where it has no cells."""
        self._close_cell()
        if not self._cells:
            return None
        height = 1 + max(row for row, _ in self._cells)
        rows: list[list[str | None]] = [[] for _ in range(height)]
        for (row, column), text in sorted(self._cells.items()):
            rows[row] += [None] * (column - len(rows[row]))
            rows[row].append(text)
        return Table(
            self._place,
            rows,
            merges=tuple(self._merges),
            title=" ".join("".join(self._title).split()) or self._above,
            hidden="hidden by its style" if self._hidden else None,
        )

    def _close_cell(self) -> None:
        if self._open is None:
            return
        text, self._open = " ".join("".join(self._open).split()), None
        while (self._row, self._column) in self._taken:
            self._column += 1
        if self._column >= _WIDEST or self._row >= _LONGEST:
            # Spans are cut short, cells are not: what does not fit goes into the last one.
            self._cells[self._row, _WIDEST] = f"{self._cells.get((self._row, _WIDEST), '')} {text}"
            return
        down, across = self._span
        self._cells[self._row, self._column] = text
        if down > 1 or across > 1:
            bottom, right = self._row + down - 1, self._column + across - 1
            self._merges.append(Merge(self._row, self._column, bottom, right))
            self._taken.update(
                (row, column) for row in range(self._row, bottom + 1) for column in range(self._column, right + 1)
            )
        self._column += across


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 1_000) if value and value.strip().isdecimal() and len(value) < 6 else 1
