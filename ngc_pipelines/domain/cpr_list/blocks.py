"""Judging a block of lines of a CPR list at once (CO-1): a million lines in about a second.

Here: the fast way for lines of the form `serial;number`, all with numpy; every other line goes to `lines`. Both ways
judge a line by its own bytes and its place alone, so that the verdict does not depend on where the stream was cut.
Not here: the first two lines, encodings, archives.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ngc_pipelines.domain.cpr import century_of
from ngc_pipelines.domain.cpr_list.faults import LINES_TOLD, FaultBook
from ngc_pipelines.domain.cpr_list.lines import is_blank, judge_data_line

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

# One line can never be longer than this; a file without line ends must not be collected in memory first.
MAX_LINE_BYTES = 64 * 1024
_ZERO, _NEWLINE, _RETURN, _SEMICOLON, _HYPHEN = b"0\n\r;-"
_SERIAL_DIGITS = 9
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)


def _century_table() -> Integers:
    return np.array([[century_of(year, sign) + year for sign in range(10)] for year in range(100)], dtype=np.int64)


_YEARS = _century_table()


@dataclass(slots=True)
class Place:
    """How far the reading has come. line: lines seen of the file. ordinal: data lines seen."""

    line: int = 0
    ordinal: int = 0


class BlockJudge:
    """Judges blocks of whole data lines, one after the other, and collects the good numbers."""

    def __init__(self, book: FaultBook, as_of: date, place: Place) -> None:
        self._book = book
        self._as_of = as_of
        self._today = as_of.year * 10_000 + as_of.month * 100 + as_of.day
        self._place = place
        self._numbers: list[Integers] = []
        self._seen = _Seen()
        # Empty lines are a fault only once a data line follows them.
        self._empty: list[int] = []
        self._empty_count = 0

    def judge(self, block: bytes) -> None:
        """Judge a block of lines, each of them ended by a line feed."""
        data = np.frombuffer(block, dtype=np.uint8)
        stops = np.flatnonzero(data == _NEWLINE)
        starts = np.concatenate(([0], stops[:-1] + 1))
        ends = stops - (data[stops - 1] == _RETURN)
        if (ends != stops).any():
            self._book.note("crlf")
        chosen, serials, numbers = _fast(data, starts, ends, self._today)
        others = np.ones(len(starts), dtype=np.bool_)
        others[chosen] = False
        self._settle(block, starts, ends, chosen, serials, numbers, np.flatnonzero(others))
        self._place.line += len(starts)

    def _settle(
        self,
        block: bytes,
        starts: Integers,
        ends: Integers,
        chosen: Integers,
        serials: Integers,
        numbers: Integers,
        others: Integers,
    ) -> None:
        first_line = self._place.line + 1
        slow = {int(index): block[starts[index] : ends[index]] for index in others}
        blank = np.zeros(len(starts), dtype=np.bool_)
        blank[[index for index, line in slow.items() if len(line) <= MAX_LINE_BYTES and is_blank(line)]] = True
        self._note_empty(first_line, blank)
        ordinals = self._place.ordinal + np.cumsum(~blank)
        found = np.full(len(starts), -1, dtype=np.int64)
        found[chosen] = numbers
        jumps = chosen[serials != ordinals[chosen]]
        if len(jumps):
            self._book.add("serial_order", (jumps[:LINES_TOLD] + first_line).tolist(), len(jumps))
        for index, line in slow.items():
            if not blank[index]:
                found[index] = self._judge_slowly(line, first_line + index, int(ordinals[index]))
        good = np.flatnonzero(found >= 0)
        repeated = good[self._seen.again(found[good])]
        if len(repeated):
            self._book.add("duplicate", (repeated[:LINES_TOLD] + first_line).tolist(), len(repeated))
        self._numbers.append(found[good])
        self._place.ordinal = int(ordinals[-1])

    def _judge_slowly(self, line: bytes, number: int, ordinal: int) -> int:
        if len(line) > MAX_LINE_BYTES:
            self._book.add("line_too_long", [number])
            return -1
        verdict = judge_data_line(line, ordinal, self._as_of)
        for kind in (*verdict.faults, *verdict.remarks):
            self._book.add(kind, [number])
        return -1 if verdict.number is None else verdict.number

    def skip_long_line(self) -> None:
        """Note a line that is too long to be read; it counts as a data line."""
        self._place.line += 1
        self._note_empty(self._place.line, np.zeros(1, dtype=np.bool_))
        self._place.ordinal += 1
        self._book.add("line_too_long", [self._place.line])

    def _note_empty(self, first_line: int, blank: Flags) -> None:
        filled = np.flatnonzero(~blank)
        before = np.flatnonzero(blank[: filled[-1]]) if len(filled) else np.zeros(0, dtype=np.int64)
        if len(filled):
            told = (self._empty + (before[:LINES_TOLD] + first_line).tolist())[:LINES_TOLD]
            if self._empty_count + len(before):
                self._book.add("empty_line", told, self._empty_count + len(before))
            self._empty, self._empty_count = [], 0
        after = np.flatnonzero(blank)[len(before) :]
        self._empty = (self._empty + (after[:LINES_TOLD] + first_line).tolist())[:LINES_TOLD]
        self._empty_count += len(after)

    def finish(self) -> Integers:
        """Note what only the end tells (empty last lines) and give the good numbers in the list's order."""
        if self._empty_count:
            self._book.add("trailing_empty_lines", self._empty, self._empty_count)
        return np.concatenate([np.zeros(0, dtype=np.int64), *self._numbers])


class _Seen:
    """Remembers which numbers have come: a bit for every number there can be, 46 MB however long the list is."""

    def __init__(self) -> None:
        self._bits = np.zeros(100 * 12 * 31 * 10_000 // 8, dtype=np.uint8)

    def again(self, numbers: Integers) -> Flags:
        """Tell which of the numbers, all of real days, have come before, here or in an earlier block."""
        born, running = np.divmod(numbers, 10_000)
        day_month, year = np.divmod(born, 100)
        day, month = np.divmod(day_month, 100)
        slots = ((year * 12 + month - 1) * 31 + day - 1) * 10_000 + running
        once, first = np.unique(slots, return_index=True)
        repeated = (self._bits[slots >> 3] >> (slots & 7) & 1).astype(np.bool_)
        inside = np.ones(len(slots), dtype=np.bool_)
        inside[first] = False
        self._remember(once)
        told: Flags = repeated | inside
        return told

    def _remember(self, slots: Integers) -> None:
        if not len(slots):
            return
        cells = slots >> 3
        # Slots are sorted, so the bits of one byte stand side by side and are joined before they are set.
        starts = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
        self._bits[cells[starts]] |= np.bitwise_or.reduceat((1 << (slots & 7)).astype(np.uint8), starts)


def _fast(data: NDArray[np.uint8], starts: Integers, ends: Integers, today: int) -> tuple[Integers, Integers, Integers]:
    """Give the lines that are good but perhaps for their serial's order: (indices, serial numbers, CPR numbers)."""
    separators = np.flatnonzero(data == _SEMICOLON)
    if not len(separators):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    nearest = separators[np.minimum(np.searchsorted(separators, starts), len(separators) - 1)]
    serial_width, width = nearest - starts, ends - nearest - 1
    # Nothing is dropped here that `lines` would accept silently: other lines merely take the patient way.
    shaped = (serial_width >= 1) & (serial_width <= _SERIAL_DIGITS) & ((width == 10) | (width == 11))
    chosen = np.flatnonzero(shaped)
    begin = nearest[chosen] + 1
    hyphen = width[chosen] == 11
    columns = np.arange(10)
    digits = data[begin[:, None] + columns + (hyphen[:, None] & (columns >= 6))].astype(np.int64) - _ZERO
    good = ((digits >= 0) & (digits <= 9)).all(axis=1) & (~hyphen | (data[begin + 6] == _HYPHEN))
    serials, serial_good = _serials(data, starts[chosen], serial_width[chosen])
    good &= serial_good
    good[good] &= _real_past_days(digits[good], today)
    return chosen[good], serials[good], digits[good] @ _POWERS


def _serials(data: NDArray[np.uint8], starts: Integers, widths: Integers) -> tuple[Integers, Flags]:
    values = np.zeros(len(starts), dtype=np.int64)
    good = data[starts] != _ZERO
    for column in range(int(widths.max()) if len(widths) else 0):
        within = column < widths
        digit = data[np.where(within, starts + column, starts)].astype(np.int64) - _ZERO
        good &= ~within | ((digit >= 0) & (digit <= 9))
        values = np.where(within, values * 10 + digit, values)
    return values, good


def _real_past_days(digits: Integers, today: int) -> Flags:
    day = digits[:, 0] * 10 + digits[:, 1]
    month = digits[:, 2] * 10 + digits[:, 3]
    year = _YEARS[digits[:, 4] * 10 + digits[:, 5], digits[:, 6]]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = _MONTH_DAYS[np.where(month <= 12, month, 0)] + ((month == 2) & leap)
    real: Flags = (day >= 1) & (day <= length) & (year * 10_000 + month * 100 + day <= today)
    return real
