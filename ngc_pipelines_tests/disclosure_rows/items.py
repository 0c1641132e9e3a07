"""What recall is counted on: one thing a researcher might hand in, and how it reaches the detectors."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Severity
from ngc_pipelines.disclosure.pieces import Cell, Code, Piece, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.rows.detector import RowDetector

Kind = Literal["log", "paragraphs", "table", "r", "python", "sql", "stata", "sas"]
Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Item:
    """A name for the list of misses, how the content is handed in, and the content."""

    name: str
    kind: Kind
    content: str | Rows

    def pieces(self) -> list[Piece]:
        """The pieces an opener would make of it."""
        place = Place((self.name,))
        if self.kind == "table":
            assert not isinstance(self.content, str)
            return [Table(place, self.content)]
        assert isinstance(self.content, str)
        if self.kind == "log":
            return [Text(place, self.content, 1, language="log")]
        if self.kind == "paragraphs":
            return [Text(place.inside(f"paragraph {i}"), line) for i, line in enumerate(self.content.split("\n"), 1)]
        return [Code(place, self.content, self.kind)]


def findings_of(item: Item) -> list[Finding]:
    """What `RowDetector` says about an item."""
    detector = RowDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    found = [finding for piece in item.pieces() for finding in detector.see(piece)]
    return [*found, *detector.end()]


def worst(item: Item) -> Severity | None:
    """The gravest severity of an item's findings."""
    return max((finding.severity for finding in findings_of(item)), default=None)


@dataclass(frozen=True, slots=True)
class Person:
    """A person who does not exist."""

    serial: int
    code: str
    age: int
    female: bool
    born: date
    bmi: float
    diagnosis: str
    postcode: int
    outcome: int
    seen: date
    genotype: str


def people(count: int, seed: int) -> list[Person]:
    """`count` synthetic persons, the same for the same seed."""
    dice = random.Random(seed)
    serials = sorted(dice.sample(range(1_000, 9_900), count))
    dice.shuffle(serials)
    made = []
    for serial in serials:
        born = date(1932, 2, 3) + timedelta(days=dice.randrange(25_000))
        seen = date(2019, 1, 7) + timedelta(days=dice.randrange(1_800))
        made.append(
            Person(
                serial,
                f"NGC{dice.randrange(10_000, 99_999)}",
                (seen - born).days // 365,
                dice.random() < 0.5,
                born,
                round(dice.gauss(26.5, 4.2), 1),
                dice.choice(["C50.9", "C18.2", "E11.9", "I21.4", "F32.1", "G20.9", "C61.9", "J44.1"]),
                dice.choice([1050, 2100, 2650, 4000, 5000, 6700, 8000, 9000, 9220, 7100, 3400]),
                int(dice.random() < 0.3),
                seen,
                dice.choice(["0/0", "0/1", "1/1"]),
            )
        )
    return made
