"""Delimited texts (csv, tsv, txt) with fields changed: all else stays byte for byte.

Encoding, byte order mark, delimiter, quotes and line ends are those of the
original. Texts aligned by blanks are not delimited and not written here.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place, Written
from ngc_pipelines.disclosure.tables.finishing.leftover import told_words
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.reading.files import DELIMITERS

_ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"", "utf-8"),
    (b"", "cp1252"),
)
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(slots=True)
class _Line:
    """One physical line: its fields as they are written, and the line end."""

    fields: list[str]
    end: str


def finished_text(data: bytes, changes: Sequence[GridChanges], secrets: Secrets) -> Written:
    """The text with its grids changed.

    Args:
        secrets: what lines and fields outside the grids may not tell.

    Raises:
        CannotWrite: where its fields are not told apart by a delimiter as the
            tables' cells were, or the bytes would not come back as they are.
    """
    encoding, text = _decoded(data)
    lines = _LINES.findall(text)
    deleted: set[int] = set()
    inserted: dict[int, str] = {}
    outside = dict(enumerate(lines))
    for one in changes:
        delimiter, first = _delimiter(one, lines), one.grid.first_row - 1
        split: dict[int, _Line] = {}
        for at in range(first, min(first + len(one.grid.rows), len(lines))):
            body = lines[at].rstrip("\r\n")
            split[at] = _Line(_fields(body, delimiter), lines[at][len(body) :])
            outside[at] = delimiter.join(split[at].fields[len(one.grid.rows[at - first]) :])
        _change(one, split, delimiter, deleted)
        for (row, _), text in one.notes:
            inserted[first + row] = _quoted(text, "", delimiter)
        for at, line in split.items():
            lines[at] = delimiter.join(line.fields) + line.end
    told = [f"line {at + 1}" for at, text in outside.items() if secrets.told_in(text)]
    if told:
        raise CannotWrite(told_words(told))
    return Written(_encoded(_joined(lines, deleted, inserted), encoding, data))


def _decoded(data: bytes) -> tuple[str, str]:
    """The encoding that gives the bytes back, and the text without its mark."""
    for mark, encoding in _ENCODINGS:
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode("utf-8" if encoding == "utf-8-sig" else encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return encoding, text
    raise CannotWrite(
        Words("Filens tegnsæt kunne ikke læses; gem den som UTF-8.", "Its encoding is unknown; save it as UTF-8.")
    )


def _encoded(text: str, encoding: str, original: bytes) -> bytes:
    mark = next(mark for mark, name in _ENCODINGS if name == encoding and original.startswith(mark))
    try:
        return mark + text.encode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeEncodeError:
        raise CannotWrite(
            Words(
                "Mærket kan ikke skrives i filens tegnsæt; gem den som UTF-8.",
                "The mark cannot be written in the file's encoding; save it as UTF-8.",
            )
        ) from None


def _delimiter(changes: GridChanges, lines: Sequence[str]) -> str:
    """The delimiter under which the lines' fields are the grid's cells."""
    for delimiter in DELIMITERS:
        if _agrees(changes, lines, delimiter):
            return delimiter
    raise CannotWrite(
        Words(
            "Tabellen står ikke med skilletegn i teksten; gem den som csv eller xlsx.",
            "The table does not stand in the text with delimiters; save it as csv or xlsx.",
        )
    )


def _agrees(changes: GridChanges, lines: Sequence[str], delimiter: str) -> bool:
    for number, row in enumerate(changes.grid.rows):
        at = changes.grid.first_row - 1 + number
        if at >= len(lines):
            return not any(row)
        read = _read(lines[at].rstrip("\r\n"), delimiter)
        wanted = ["" if cell is None else str(cell) for cell in row]
        if [cell.strip() for cell in read[: len(wanted)]] != [cell.strip() for cell in wanted]:
            return False
    return True


def _read(line: str, delimiter: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields as they are written, quotes included."""
    fields, start, quoted = [], 0, False
    for at, sign in enumerate(line):
        if sign == '"' and (quoted or not line[start:at].strip()):
            quoted = not quoted
        elif sign == delimiter and not quoted:
            fields.append(line[start:at])
            start = at + 1
    fields.append(line[start:])
    return fields


def _change(one: GridChanges, lines: dict[int, _Line], delimiter: str, deleted: set[int]) -> None:
    first = one.grid.first_row - 1
    for (row, column), text in one.texts.items():
        fields = lines[first + row].fields
        fields += [""] * (column + 1 - len(fields))
        fields[column] = _quoted(text, fields[column], delimiter)
    gone: dict[int, list[int]] = defaultdict(list)
    for strip in sorted(one.strips, key=lambda strip: -strip.at):
        if strip.row and _whole_line(one, strip.at, strip.left, strip.right):
            deleted.add(first + strip.at)
        elif not strip.row and _whole_column(one, strip.top, strip.bottom, strip.at):
            for number in range(len(one.grid.rows)):
                gone[first + number].append(strip.at)
        else:
            _move(lines, first, strip.moves())
    for at, columns in gone.items():
        lines[at].fields = [field for column, field in enumerate(lines[at].fields) if column not in columns]


def _whole_line(one: GridChanges, row: int, left: int, right: int) -> bool:
    cells = enumerate(one.grid.rows[row])
    return all(left <= column <= right or cell in (None, "") for column, cell in cells)


def _whole_column(one: GridChanges, top: int, bottom: int, column: int) -> bool:
    return all(
        top <= number <= bottom or column >= len(row) or row[column] in (None, "")
        for number, row in enumerate(one.grid.rows)
    )


def _move(lines: dict[int, _Line], first: int, moves: Iterator[tuple[Place, Place | None]]) -> None:
    taken = [(to, _field(lines, first, source)) for to, source in moves]
    for (row, column), text in taken:
        fields = lines[first + row].fields
        if column < len(fields):
            fields[column] = text


def _field(lines: dict[int, _Line], first: int, place: Place | None) -> str:
    if place is None or place[1] >= len(lines[first + place[0]].fields):
        return ""
    return lines[first + place[0]].fields[place[1]]


def _quoted(text: str, before: str, delimiter: str) -> str:
    """The text as a field, in quotes where the field before it was or where it must be."""
    if before.strip().startswith('"') or delimiter in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _joined(lines: Sequence[str], deleted: set[int], inserted: dict[int, str]) -> str:
    end = next((line[len(line.rstrip("\r\n")) :] for line in lines if line.endswith(("\n", "\r"))), "\n")
    written: list[str] = []
    for at, line in enumerate(lines):
        if at in inserted:
            written.append(inserted.pop(at) + end)
        if at not in deleted:
            written.append(line)
    return "".join(written)
