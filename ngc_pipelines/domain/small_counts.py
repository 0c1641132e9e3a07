"""Hides counts that are too small to tell, so that what is told does not give them away (CO-4, GD-4).

"1 removed by VAR" may reveal one person's choice to whoever sent the list, and so may "100 asked for, 99 kept". A count
under the threshold, 0 included, is told as `<5`; where the others would give it away, others are told as a range. Whom
the texts go to and how they are worded is `domain/letters`; tables that leave an environment are `disclosure/tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ngc_pipelines.domain.cohort_accounts import CohortSource, VarFilterResult

THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it is told: a number (`low == high`), or the range it lies in. `high` None: no upper end is told.

    Raises ValueError for a range without room or below 0.
    """

    low: int
    high: int | None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError("a range begins at 0 or above and does not end before it begins")

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
        """In Danish: `1.234`, `<5`, `mellem 90 og 94`, `mindst 90`, `oplyses ikke`."""
        return self._text("mellem", "og", "mindst", "oplyses ikke", ".")

    @property
    def text_en(self) -> str:
        """In English: `1,234`, `<5`, `between 90 and 94`, `at least 90`, `not told`."""
        return self._text("between", "and", "at least", "not told", ",")

    def _text(self, between: str, and_: str, at_least: str, not_told: str, mark: str) -> str:
        low = f"{self.low:,}".replace(",", mark)
        if self.high is None:
            return f"{at_least} {low}" if self.low else not_told
        if self.low == self.high:
            return low
        if self.low == 0:
            return f"<{self.high + 1}"
        return f"{between} {low} {and_} {self.high:,}".replace(",", mark)


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """The account of a cohort as the applicant is told it (CO-4).

    asked, kept, registered, without_data and invalid count CPR numbers; samples, files and bytes are those of the kept.
    """

    asked: Told
    kept: Told
    registered: Told
    without_data: Told
    invalid: Told
    samples: Told
    files: Told
    size_bytes: Told


def tell(count: int, threshold: int = THRESHOLD) -> Told:
    """Tells one count on its own: the number, or `<threshold`.

    Args:
        count: 0 or more.
        threshold: the smallest number of persons that is told, 2 or more.
    """
    return Told.exactly(count) if count >= threshold else Told(0, threshold - 1)


def tell_account(result: VarFilterResult, source: CohortSource, threshold: int = THRESHOLD) -> ToldAccount:
    """Tells the account after VAR so that no small count in it can be worked out.

    The applicant knows how many they asked for and how many numbers were invalid on a list of their own; of criteria
    they know neither. Where the rest gives a small count away, `without_data` is withheld first, because after the
    exhibition the kept persons can be counted in the environment; the registered, whom the guide promises (G §4.5),
    last. A withheld count is told as the range that can be worked out anyhow.

    Args:
        result: the closed account.
        source: whether a list or criteria were asked by.
        threshold: the smallest number of persons that is told, 2 or more.
    """
    parts = {"without_data": result.without_data, "kept": result.kept, "registered": result.registered}
    knows_total = source is CohortSource.CPR_LIST
    total = result.asked - result.invalid
    withheld_total = not knows_total and any(count < threshold for count in parts.values())
    told = _tell_parts(parts, None if withheld_total else total, threshold)
    # With one sample a person, the number of samples would be the number of persons that was withheld.
    told_kept = told["kept"].value is not None
    return ToldAccount(
        asked=Told(sum(part.low for part in told.values()), None) if withheld_total else Told.exactly(result.asked),
        invalid=Told.exactly(result.invalid),
        samples=Told.exactly(result.samples) if told_kept else Told(0, None),
        files=Told.exactly(result.files) if told_kept else Told(0, None),
        size_bytes=Told.exactly(result.size_bytes) if told_kept else Told(0, None),
        **told,
    )


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


def _tell_parts(parts: Mapping[str, int], total: int | None, threshold: int) -> dict[str, Told]:
    """The parts of a known total: the small ones hidden, and as few others withheld as keep those hidden."""
    small = [name for name, count in parts.items() if count < threshold]
    others = [name for name in parts if name not in small]
    told = {name: tell(count, threshold) for name, count in parts.items()}
    if not small or total is None:
        return told
    for size in range(len(others) + 1):
        for withheld in combinations(others, size):
            shown = told | {name: Told(threshold, None) for name in withheld}
            ranges = {name: _range(name, shown, total) for name in (*small, *withheld)}
            if all(_hides(found, threshold) for found in ranges.values()):
                return shown | ranges
    # So few were asked for that something can be worked out whatever is told: tell no part.
    return {name: Told(0, total) for name in parts}


def _range(name: str, shown: Mapping[str, Told], total: int) -> Told:
    """What can be worked out about one part from the others and the total."""
    rest = [told for other, told in shown.items() if other != name]
    own = shown[name]
    low = own.low
    if all(told.high is not None for told in rest):
        low = max(low, total - sum(told.high or 0 for told in rest))
    high = total - sum(told.low for told in rest)
    if own.high is not None:
        high = min(high, own.high)
    return Told(max(low, 0), max(high, low, 0))


def _hides(found: Told, threshold: int) -> bool:
    return found.high is not None and found.high - found.low + 1 >= threshold


def _subsets(places: Sequence[int]) -> list[tuple[int, ...]]:
    return [chosen for size in range(len(places)) for chosen in combinations(places, size)]
