"""Hides counts of an overview that are too small to tell, so that its totals do not give them away (GD-4).

A count from fewer persons than the threshold, 0 included, is told as `<5`. Not here: the account of a cohort, where the
applicant knows the total (`domain/told_account`), and tables that leave an environment (`disclosure/tables`).

What holds for one overview does not hold for two put side by side: the case officer who hands on counts of overlapping
criteria judges what their difference tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it is told: a number (`low == high`), `<5` (0 to 4), or at least `low` (`high` is None).

    Raises ValueError for any other range.
    """

    low: int
    high: int | None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high != self.low and (self.low or self.high < 0)):
            raise ValueError("a count is told exactly, as under a threshold, or as at least something")

    @classmethod
    def exactly(cls, value: int) -> Told:
        """Tells the number itself."""
        return cls(value, value)

    @property
    def value(self) -> int | None:
        """The number, where it is told."""
        return self.low if self.low == self.high else None

    @property
    def text_da(self) -> str:
        """In Danish: `1.234`, `<5`, `mindst 90`, `oplyses ikke`."""
        return self._text("mindst", "oplyses ikke", ".")

    @property
    def text_en(self) -> str:
        """In English: `1,234`, `<5`, `at least 90`, `not told`."""
        return self._text("at least", "not told", ",")

    def _text(self, at_least: str, not_told: str, mark: str) -> str:
        low = f"{self.low:,}".replace(",", mark)
        if self.high is None:
            return f"{at_least} {low}" if self.low else not_told
        return low if self.low == self.high else f"<{self.high + 1}"


def tell_cells(
    samples: Mapping[tuple[str, ...], int], persons: Mapping[tuple[str, ...], int], threshold: int = THRESHOLD
) -> dict[tuple[str, ...], Told]:
    """Tells the cells of an overview: how many samples, where they come from `threshold` persons or more.

    Args:
        samples: samples of each cell; the cells share none.
        persons: persons they come from, of the same cells.
        threshold: the smallest number of persons that is told, 2 or more.
    """
    # Many samples of few persons are as telling as few samples.
    return {
        cell: Told.exactly(count) if persons[cell] >= threshold else Told(0, threshold - 1)
        for cell, count in samples.items()
    }


def tell_totals(cells: Mapping[tuple[str, ...], Told], dimensions: int) -> dict[tuple[str | None, ...], Told]:
    """Totals over every mix of dimensions (None where summed over), which say nothing about a hidden cell.

    A total over cells that are all told is their sum. A total over a hidden cell is told as "at least" the sum of the
    told ones: nothing but what the cells tell goes into it, so that each hidden cell can still be anything below the
    threshold. Publishing true totals and hiding further cells instead leaves 4 to 6 in 100 hidden cells exposed in
    practice, and most of them where the marks differ.

    Args:
        cells: the told cells, every combination of codes that the overview shows.
        dimensions: how many codes a cell has, 0 to 4.
    """
    totals: dict[tuple[str | None, ...], Told] = {}
    for kept in _subsets(range(dimensions)):
        for cell, told in cells.items():
            key = tuple(code if place in kept else None for place, code in enumerate(cell))
            low, whole = told.value or 0, told.value is not None
            sofar = totals.get(key)
            if sofar is not None:
                low, whole = low + sofar.low, whole and sofar.high is not None
            totals[key] = Told(low, low if whole else None)
    return totals


def _subsets(places: Sequence[int]) -> list[tuple[int, ...]]:
    return [chosen for size in range(len(places)) for chosen in combinations(places, size)]
