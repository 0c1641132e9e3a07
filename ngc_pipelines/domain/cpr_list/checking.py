"""Checking a CPR list (CO-1, G §4.2): a stream in, its persons or every fault out.

Here: the reading in bounded memory, the first two lines, the verdict, and the numbers of an accepted list as rows for
PostgreSQL. Not here: single lines (`lines`), blocks (`blocks`), archives and encodings (`envelope`), texts (`faults`).

Memory: a block, 46 MB to find duplicates, and 8 bytes a person for the result; 10 million lines at most.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ngc_pipelines.domain.cpr_list import lines
from ngc_pipelines.domain.cpr_list.blocks import MAX_LINE_BYTES, BlockJudge, Place
from ngc_pipelines.domain.cpr_list.envelope import OpenedList, UnreadableListError, open_list
from ngc_pipelines.domain.cpr_list.faults import FaultBook, ListFault
from ngc_pipelines.domain.errors import Refused

MAX_LINES = 10_000_000
_ROWS_A_BLOCK = 50_000
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)
_PERSONAL_NAME = re.compile(r"(?<![0-9])[0-9]{6}-?[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True, repr=False)
class CprNumbers:
    """The numbers of an accepted list, in its order. Personal data: it shows nobody in `repr`, log or error."""

    _values: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CprNumbers({len(self)})"

    def __iter__(self) -> Iterator[str]:
        """Give each number as ten digits; for a million of them `copy_blocks` is the way."""
        return (f"{value:010d}" for value in self._values)

    def copy_blocks(self) -> Iterator[bytes]:
        """Give rows in the text format of PostgreSQL's COPY: ten digits and a line feed each, many rows a block."""
        for first in range(0, len(self._values), _ROWS_A_BLOCK):
            part = self._values[first : first + _ROWS_A_BLOCK]
            rows = np.full((len(part), 11), ord("\n"), dtype=np.uint8)
            rows[:, :10] = part[:, None] // _POWERS % 10 + ord("0")
            yield rows.tobytes()


@dataclass(frozen=True, slots=True)
class CprListResult:
    """What a list is.

    acronym: of line 1, None where it is none. encoding: `utf-8`, `latin-1` or `utf-16`, None where the file could not
    be read. lines: data lines read, empty ones not counted. faults: why it is refused, all of them, folded by kind;
    empty means accepted. remarks: what was noted and does no harm. numbers: of an accepted list; else none.
    """

    acronym: str | None
    encoding: str | None
    lines: int
    faults: tuple[ListFault, ...]
    remarks: tuple[ListFault, ...]
    numbers: CprNumbers

    @property
    def accepted(self) -> bool:
        """Whether the list may be used."""
        return not self.faults

    def refuse_if_faulty(self) -> None:
        """Raise Refused with every fault where the list is not accepted."""
        if self.faults:
            raise Refused((fault.to_fault() for fault in self.faults), tried="The CPR list was checked")


def check_cpr_list(
    stream: BinaryIO, *, file_name: str, as_of: date, acronym: str | None = None, password: str | None = None
) -> CprListResult:
    """Check a CPR list; the result does not depend on how the stream is cut into pieces.

    Args:
        stream: the file from its beginning, read once.
        file_name: its name without folder; never repeated in a message.
        as_of: the day after which a birth date lies in the future.
        acronym: the application's, to compare line 1 with; None where there is none.
        password: for an encrypted archive.

    Raises:
        PasswordNeededError, WrongPasswordError: only a case officer can help; every other fault is in the result.
    """
    book = FaultBook()
    _check_name(file_name, (".csv", ".zip"), book)
    reading = _Reading(book, as_of, acronym)
    opened: OpenedList | None = None
    try:
        opened = open_list(stream, password)
        if opened.member_name is not None:
            _check_name(opened.member_name.rsplit("/", 1)[-1], (".csv",), book)
        for remark in opened.remarks:
            book.add(remark)
        reading.read(opened)
    except UnreadableListError as unreadable:
        book.add(unreadable.kind)
        return _result(book, reading, opened, CprNumbers())
    return _result(book, reading, opened, CprNumbers(reading.finish()))


def _result(book: FaultBook, reading: "_Reading", opened: OpenedList | None, numbers: CprNumbers) -> CprListResult:
    faults = book.faults()
    return CprListResult(
        acronym=reading.acronym,
        encoding=opened.came_as if opened else None,
        lines=reading.place.ordinal,
        faults=faults,
        remarks=book.remarks(),
        numbers=CprNumbers() if faults else numbers,
    )


def _check_name(name: str, endings: tuple[str, ...], book: FaultBook) -> None:
    if any(character.isspace() for character in name):
        book.add("file_name_whitespace")
    if not name.strip().lower().endswith(endings):
        book.add("file_name_extension")
    if _PERSONAL_NAME.search(name):
        book.add("file_name_personal")


class _Reading:
    """Cuts blocks into whole lines, hands the first two to their judges and the others on by the block."""

    def __init__(self, book: FaultBook, as_of: date, expected: str | None) -> None:
        self.acronym: str | None = None
        self.place = Place()
        self._book = book
        self._expected = expected
        self._judge = BlockJudge(book, as_of, self.place)
        self._encoding = "utf-8"
        self._headers_due = True
        self._acronym_due = True
        self._skipping = False

    def read(self, opened: OpenedList) -> None:
        """Read to the end; raises UnreadableListError where it is longer than a list may be."""
        self._encoding = opened.encoding
        carry = b""
        for block in opened.blocks:
            carry = self._take(carry + block)
            if self.place.line > MAX_LINES:
                raise UnreadableListError("too_large")
        if carry or self._skipping:
            self._take(carry + b"\n")

    def _take(self, data: bytes) -> bytes:
        """Judge the whole lines of `data` and give what is left of it: the beginning of a line."""
        if self._skipping:
            stop = data.find(b"\n")
            if stop < 0:
                return b""
            self._skipping = False
            data = data[stop + 1 :]
        end = data.rfind(b"\n") + 1
        start = self._first_lines(data[:end])
        if start < end:
            self._judge.judge(data[start:end])
        rest = data[end:]
        if len(rest) > MAX_LINE_BYTES + 1:
            self._skip()
            return b""
        return rest

    def _skip(self) -> None:
        self._begin_persons()
        self._judge.skip_long_line()
        self._skipping = True

    def _first_lines(self, data: bytes) -> int:
        """Judge the acronym and the headers where they are due, and give where the data lines begin."""
        start = 0
        while (self._acronym_due or self._headers_due) and start < len(data):
            stop = data.index(b"\n", start)
            line = data[start:stop]
            if line.endswith(b"\r"):
                self._book.note("crlf")
                line = line[:-1]
            if not self._is_first_line(line):
                return start
            self.place.line += 1
            start = stop + 1
        return start

    def _is_first_line(self, line: bytes) -> bool:
        """Judge one of the first two lines; False where the persons have begun already."""
        number = self.place.line + 1
        if len(line) > MAX_LINE_BYTES or lines.looks_like_data(line):
            self._begin_persons()
            return False
        if self._acronym_due:
            self._acronym_due = False
            if lines.are_headers(line, self._encoding):
                self._headers_due = False
                self._book.add("acronym_missing", [number])
                return True
            self.acronym, faults, remarks = lines.judge_acronym(line, self._encoding, self._expected)
        else:
            self._headers_due = False
            faults, remarks = lines.judge_headers(line, self._encoding)
        for kind in (*faults, *remarks):
            self._book.add(kind, [number])
        return True

    def _begin_persons(self) -> None:
        """Note which of the first two lines has not come."""
        if self._acronym_due:
            self._book.add("acronym_missing", [1])
        if self._headers_due:
            self._book.add("header_missing", [2])
        self._acronym_due = self._headers_due = False

    def finish(self) -> NDArray[np.int64]:
        """Note what only the end tells, and give the good numbers in the list's order."""
        numbers = self._judge.finish()
        self._begin_persons()
        if not self.place.ordinal:
            self._book.add("empty_list")
        return numbers
