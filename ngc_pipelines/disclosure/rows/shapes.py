"""Lines of a text by how many fields they have, for whole megabytes at once.

Printed tables are runs of lines with equally many fields. Counting fields with
arrays keeps ordinary logs cheap: only runs are looked at line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

Counts = npt.NDArray[np.int64]

_SHORTEST = 2
_RULED = np.frombuffer(b"-=_*~+|:", dtype=np.uint8)
_RULER = r"(?m)^[ \t]*[-+=|:_*~─━│┃┌┐└┘├┤┬┴┼═║╒╕╘╛╞╡╪][-+=|:_*~─━│┃┌┐└┘├┤┬┴┼═║╒╕╘╛╞╡╪ \t]{2,}\r?$"
_NUMBERED = re.compile(r"[ \t]{0,200}\|?[ \t]{0,200}\d{1,9}[:.]?[ \t|]+[^ \t\r\n]")


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of equally many fields, numbered in `Lines`; `last` is one of them."""

    separator: str
    fields: int
    first: int
    last: int


class Lines:
    """The lines of a text without its rulers (`----`, `+---+`), and where they stood."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-8", "replace")
        self._bytes = np.frombuffer(self._data, dtype=np.uint8)
        ends = np.flatnonzero(self._bytes == 10).astype(np.int64)
        if not len(ends) or ends[-1] != len(self._data) - 1:
            ends = np.append(ends, len(self._data))
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
        keep = np.ones(len(ends), dtype=bool)
        if self._may_hold_rulers():
            at = [match.start() for match in _ruler().finditer(self._data)]
            keep[np.searchsorted(ends, np.asarray(at, dtype=np.int64))] = False
        self._starts, self._ends, self._all_ends = starts[keep], ends[keep], ends
        self._numbers = np.flatnonzero(keep)

    def __len__(self) -> int:
        return len(self._starts)

    def line(self, index: int) -> str:
        """One line without its end."""
        return self._data[self._starts[index] : self._ends[index]].decode("utf-8", "replace").rstrip("\r")

    def number(self, index: int) -> int:
        """Which line of the text it was, from 0, rulers counted."""
        return int(self._numbers[index])

    def runs(self) -> Iterator[Run]:
        """Runs of at least two lines with equally many fields, for each separator there is."""
        if not len(self):
            return
        for separator in "\t;|,":
            marks = np.flatnonzero(self._bytes == ord(separator))
            if len(marks) >= _SHORTEST:
                yield from self._equal(separator, self._per_line(marks), least=2 if separator == "," else 1)
        words = self._per_line(self._word_begins)
        words[self._stamped()] = 0
        yield from self._equal(" ", words, least=2)

    @cached_property
    def _word_begins(self) -> npt.NDArray[np.intp]:
        """Where words begin, parted by blanks and control characters."""
        blank = self._bytes <= 32
        begins = np.flatnonzero(blank[:-1] > blank[1:]) + 1
        return begins if not len(blank) or blank[0] else np.concatenate((np.zeros(1, begins.dtype), begins))

    def _begin_with_digit(self) -> npt.NDArray[np.bool_]:
        """Lines whose first character, blanks and a bar aside, is a digit, and that no service logged."""
        begins = self._word_begins
        if not len(begins) or not len(self):
            return np.zeros(len(self), dtype=bool)
        which = np.searchsorted(begins, self._starts)
        first = begins[np.minimum(which, len(begins) - 1)]
        second = begins[np.minimum(which + 1, len(begins) - 1)]
        first = np.where((self._bytes[first] == 124) & (second < self._ends), second, first)
        digit = (self._bytes[first] >= 48) & (self._bytes[first] <= 57) & (first >= self._starts) & (first < self._ends)
        digits: npt.NDArray[np.bool_] = digit & ~self._stamped()
        return digits

    def _may_hold_rulers(self) -> bool:
        thrice = (self._bytes[2:] == self._bytes[1:-1]) & (self._bytes[1:-1] == self._bytes[:-2])
        found = np.isin(self._bytes[2:][thrice], _RULED).any()
        return bool(found) or b"\xe2\x94" in self._data or b"\xe2\x95" in self._data

    def _stamped(self) -> npt.NDArray[np.bool_]:
        """Lines that begin with date and time of day, as services log them: no tables."""
        long = np.flatnonzero(self._ends - self._starts > 19)
        stamped = np.zeros(len(self), dtype=bool)
        starts = self._starts[long]
        likely = (self._bytes[starts + 4] == 45) & (self._bytes[starts + 7] == 45) & (self._bytes[starts + 13] == 58)
        stamped[long[likely]] = True
        return stamped

    def numbered(self) -> Iterator[Run]:
        """Runs of lines that begin with a number, however many fields follow."""
        places = np.flatnonzero(self._begin_with_digit())
        if len(places) < _SHORTEST:
            return
        breaks = np.flatnonzero(np.diff(places) != 1)
        firsts = np.concatenate((np.zeros(1, np.int64), breaks + 1))
        lasts = np.concatenate((breaks, np.asarray([len(places) - 1])))
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            run = Run("#", 0, int(places[first]), int(places[last]))
            if last > first and all(_NUMBERED.match(self.line(number)) for number in (run.first, run.last)):
                yield run

    def _per_line(self, marks: npt.NDArray[np.intp]) -> Counts:
        return np.searchsorted(marks, self._ends) - np.searchsorted(marks, self._starts)

    def _equal(self, separator: str, counts: Counts, least: int) -> Iterator[Run]:
        breaks = np.flatnonzero(np.diff(counts))
        firsts = np.concatenate((np.zeros(1, np.int64), breaks + 1))
        lasts = np.concatenate((breaks, np.asarray([len(counts) - 1])))
        long: npt.NDArray[np.bool_] = (lasts - firsts >= _SHORTEST - 1) & (counts[firsts] >= least)
        for first, last in zip(firsts[long].tolist(), lasts[long].tolist(), strict=True):
            yield Run(separator, int(counts[first]), first, last)


@cache
def _ruler() -> Any:
    return re2.compile(_RULER.encode())
