"""Ten digits and nothing else: CPR numbers by how many of them are dates.

One number in thirty of ten random digits passes for a birth date. Alone it
says little; a file whose ten-digit numbers are dates far more often than that
holds CPR numbers (facts: 3.1 % of random numbers, 8 % of unix times).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ngc_pipelines.disclosure.byte_patterns import compiled
from ngc_pipelines.disclosure.findings import Finding, Severity, Words
from ngc_pipelines.disclosure.identifiers.candidates import Candidate
from ngc_pipelines.disclosure.identifiers.cpr import day_of
from ngc_pipelines.disclosure.identifiers.masking import mask_cpr
from ngc_pipelines.disclosure.identifiers.wording import cpr_finding, id_finding

SHARE = 0.2
"""Share of dates among ten-digit numbers from which chance is no explanation."""

CERTAIN = 10
"""So many different dates, at that share, have a probability below 3e-6 in random numbers."""

_KEPT = 20_000
_TEN_DIGITS = rb"(?:\A|[^0-9.,+])[0-9]{10}\b"
LAB_NUMBERS = Words(
    "En kolonne eller liste med laboratorienumre (årstal, måned, dag, løbenummer).",
    "A column or list of laboratory numbers (year, month, day, serial).",
)


@dataclass(slots=True)
class BareNumbers:
    """The ten-digit numbers of one file that no word around explains."""

    as_of: date
    dates: dict[str, None] = field(default_factory=dict)
    all: int = 0
    places: list[str] = field(default_factory=list)

    def add(self, data: bytes, found: Sequence[tuple[Candidate, str]]) -> None:
        """Take in the candidates of one block, and how many numbers there are in all."""
        self.all += sum(1 for _ in compiled(_TEN_DIGITS).finditer(data))
        for candidate, place in found:
            if len(self.dates) < _KEPT:
                self.dates[candidate.ten] = None
            if place and len(self.places) < 5:
                self.places.append(place)

    def findings(self) -> Iterator[Finding]:
        """What the numbers of the file say together."""
        if not self.dates or len(self.dates) < SHARE * self.all:
            return
        where, places = self.places[0], tuple(self.places)
        tens = list(self.dates)
        if are_lab_numbers(tens, self.as_of):
            severity = Severity.BLOCK if len(tens) >= CERTAIN else Severity.REVIEW
            yield id_finding(where, LAB_NUMBERS, severity=severity, count=len(tens), places=places)
            return
        sure = len(tens) >= CERTAIN
        yield cpr_finding("cpr", where, mask_cpr(tens[0]), count=len(tens), places=places, sure=sure)


def are_lab_numbers(tens: Sequence[str], as_of: date) -> bool:
    """Whether numbers read as year, month, day and serial of the last years, all of them."""
    recent = range(as_of.year - 12, as_of.year + 1)
    good = sum(_is_recent(ten, recent) for ten in tens)
    return good * 10 >= len(tens) * 9


def _is_recent(ten: str, years: range) -> bool:
    year = 2000 + int(ten[:2])
    return year in years and day_of(year, ten[2:4], ten[4:6]) is not None
