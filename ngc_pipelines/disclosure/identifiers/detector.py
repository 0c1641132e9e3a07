"""The detector of identifiers: every kind of piece turned into text, cells and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.identifiers.columns import ColumnJudge
from ngc_pipelines.disclosure.identifiers.numbers import BareNumbers
from ngc_pipelines.disclosure.identifiers.texts import TextScanner
from ngc_pipelines.disclosure.identifiers.wording import Where
from ngc_pipelines.disclosure.pieces import Cell, Code, Figure, Piece, Raw, Table, Text
from ngc_pipelines.disclosure.places import Place


class IdentifierDetector:
    """Finds identifiers of persons in every piece (DC-3)."""

    looks_at_names = True

    def __init__(self, context: DetectorContext) -> None:
        self._numbers = BareNumbers(context.as_of)
        self._scanner = TextScanner(context.policy, context.as_of, context.known_ids, self._numbers)
        self._columns = ColumnJudge(context.policy, context.as_of, context.known_ids)

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Identifiers in one piece."""
        match piece:
            case Text() | Code():
                yield from self._text(
                    piece.text,
                    _by_line(piece.place, piece.first_line, piece.text),
                    bare=not _is_of_programs(piece),
                )
            case Table():
                if piece.addressing != "line":
                    # Delimited lines came as text before; cells of a sheet come only here.
                    yield from self._cells(piece)
                yield from self._columns.judge(piece)
            case Raw():
                yield from self._raw(piece)
            case Figure():
                names = [piece.title or ""]
                for series in piece.series:
                    names += [series.name, *series.labels]
                yield from self._text("\n".join(names), lambda _at: str(piece.place))
            case _:
                return

    def end(self) -> Iterator[Finding]:
        """What the bare numbers of the whole file say together."""
        yield from self._numbers.findings()

    def _text(
        self, text: str, where: Where, around: Callable[[int], str] | None = None, *, bare: bool = True
    ) -> Iterator[Finding]:
        yield from self._scanner.scan(text, where, around, bare=bare)

    def _cells(self, table: Table) -> Iterator[Finding]:
        lines = ["\t".join(map(_shown, row)) for row in table.rows]
        text = "\n".join(lines)
        data = text.encode("utf-8", "replace")
        headers = [_header(table.rows, column) for column in range(max((len(row) for row in table.rows), default=0))]

        def cell_at(at: int) -> tuple[int, int]:
            start = data.rfind(b"\n", 0, at) + 1
            return data.count(b"\n", 0, at), data.count(b"\t", start, at)

        def where(at: int) -> str:
            return table.where(*cell_at(at))

        def around(at: int) -> str:
            column = cell_at(at)[1]
            return headers[column] if column < len(headers) else ""

        yield from self._text(text, where, around)
        yield from self._split_cells(table)
        for told in (table.title, *table.notes):
            if told:
                yield from self._text(told, lambda _at: str(table.place))

    def _split_cells(self, table: Table) -> Iterator[Finding]:
        """A number written over neighbouring cells of text, with its hyphen in one of them."""
        for index, row in enumerate(table.rows):
            short = [cell for cell in row if isinstance(cell, str) and len(cell) <= 12]
            joined = "".join(short)
            if "-" not in joined or len(short) < 2 or sum(char.isdigit() for char in joined) < 10:
                continue

            def where(_at: int, place: str = table.where(index, 0)) -> str:
                return place

            found = self._scanner.scan(joined, where)
            alone = {finding.message.en for finding in self._scanner.scan("\n".join(short), where)}
            yield from (finding for finding in found if finding.message.en not in alone)

    def _raw(self, piece: Raw) -> Iterator[Finding]:
        """Strings in bytes of no known type: as they are, and as UTF-16 would have them."""
        where = str(piece.place)
        data = piece.data
        yield from self._text(data.decode("latin-1"), lambda _at: where)
        if data.count(0) * 8 > len(data):
            yield from self._text(data.replace(b"\0", b"").decode("latin-1"), lambda _at: where)


def _is_of_programs(piece: Text | Code) -> bool:
    """Whether a text is written by programs for programs, whose numbers of ten digits name axes and objects."""
    return isinstance(piece, Text) and piece.place.steps[-1:] != () and piece.place.steps[-1].startswith("attributes")


def _by_line(place: Place, first_line: int | None, text: str) -> Where:
    if first_line is None:
        return lambda _at: str(place)
    data = text.encode("utf-8", "replace")
    # Offsets come in order: each count begins where the last one ended.
    last = [0, first_line]

    def where(at: int) -> str:
        if at < last[0]:
            last[:] = [0, first_line]
        last[1] += data.count(b"\n", last[0], at)
        last[0] = at
        return str(place.inside(f"line {last[1]}"))

    return where


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).replace("\t", " ").replace("\n", " ")


def _header(rows: Sequence[Sequence[Cell]], column: int) -> str:
    """The words that stand in the first rows of a column."""
    cells = (row[column] for row in rows[:3] if column < len(row))
    return " ".join(cell for cell in cells if isinstance(cell, str) and not any(map(str.isdigit, cell)))
