"""Lines of a text by how many fields they have, for whole megabytes at once.

Printed tables are runs of lines with equally many fields. Counting fields with
arrays keeps ordinary logs cheap: only runs are looked at line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import re2

Counts = npt.NDArray[np.int64]

_SHORTEST = 2
_RULER = rb"(?m)^[ \t]*(?:[-+=|:_*~ \t]|\xe2\x94[\x80-\xbf]|\xe2\x95[\x80-\xbf]){3,}\r?$"
_NUMBERED = rb"(?m)^[ \t]*\|?[ \t]*[0-9]{1,9}[:.]?[ \t|]+[^ \t\r\n]"


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
        for match in _ruler().finditer(self._data):
            if b"  " not in match.group() or match.group().strip():
                keep[int(np.searchsorted(ends, match.start()))] = False
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
        for separator in "\t;|,":
            if self._data.count(separator.encode()) >= _SHORTEST:
                marks = np.flatnonzero(self._bytes == ord(separator))
                yield from self._equal(separator, self._per_line(marks), least=2 if separator == "," else 1)
        yield from self._equal(" ", self.words(), least=2)

    def words(self) -> Counts:
        """Words of each line, parted by blanks."""
        blank = (self._bytes == 32) | (self._bytes == 9) | (self._bytes == 13) | (self._bytes == 10)
        begins = np.flatnonzero(~blank[1:] & blank[:-1]) + 1
        if len(blank) and not blank[0]:
            begins = np.concatenate((np.zeros(1, begins.dtype), begins))
        return self._per_line(begins)

    def numbered(self) -> Iterator[Run]:
        """Runs of lines that begin with a number, however many fields follow."""
        at = [match.start() for match in _numbered().finditer(self._data)]
        if len(at) < _SHORTEST:
            return
        places = np.searchsorted(self._ends, np.asarray(at, dtype=np.int64))
        breaks = np.flatnonzero(np.diff(places) != 1)
        firsts = np.concatenate((np.zeros(1, np.int64), breaks + 1))
        lasts = np.concatenate((breaks, np.asarray([len(places) - 1])))
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            if last > first:
                yield Run("#", 0, int(places[first]), int(places[last]))

    def _per_line(self, marks: npt.NDArray[np.intp]) -> Counts:
        return np.searchsorted(marks, self._ends) - np.searchsorted(marks, self._starts)

    def _equal(self, separator: str, counts: Counts, least: int) -> Iterator[Run]:
        breaks = np.flatnonzero(np.diff(counts))
        firsts = np.concatenate((np.zeros(1, np.int64), breaks + 1))
        lasts = np.concatenate((breaks, np.asarray([len(counts) - 1])))
        long = (lasts - firsts >= _SHORTEST - 1) & (counts[firsts] >= least)
        for first, last in zip(firsts[long].tolist(), lasts[long].tolist(), strict=True):
            yield Run(separator, int(counts[first]), first, last)


@cache
def _ruler() -> Any:
    return re2.compile(_RULER)


@cache
def _numbered() -> Any:
    return re2.compile(_NUMBERED)
