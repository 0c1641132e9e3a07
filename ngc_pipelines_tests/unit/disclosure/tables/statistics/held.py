"""Examples of printed statistics from `examples/*.txt`, and what is said of them.

One example is `== name`, then `expect:` the verdict and the kinds that must be
among its findings (none for clean ones), `as:` table or text, `title:` of a
table, and the print itself. Here: reading and judging; no test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.tables.detector import TableDetector
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.statistics.judging import statistics_findings

FOLDER = Path(__file__).with_name("examples")


@dataclass(frozen=True, slots=True)
class Example:
    """One print, and what a careful statistician says of it."""

    name: str
    verdict: str
    kinds: frozenset[str]
    shape: str
    title: str | None
    body: str

    def __str__(self) -> str:
        return self.name


def examples(file: str) -> list[Example]:
    """Every example of one file."""
    return list(_examples((FOLDER / file).read_text(encoding="utf-8")))


def _examples(text: str) -> Iterator[Example]:
    for block in filter(str.strip, ("\n" + text).split("\n== ")):
        name, _, rest = block.partition("\n")
        said = {"expect": "none", "as": "text", "title": ""}
        lines = rest.split("\n")
        while lines and lines[0].partition(":")[0] in said:
            key, _, value = lines.pop(0).partition(":")
            said[key] = value.strip()
        verdict, *kinds = said["expect"].split()
        yield Example(name, verdict, frozenset(kinds), said["as"], said["title"] or None, "\n".join(lines).rstrip("\n"))


def judged(example: Example) -> list[Finding]:
    """What the statistics of one example give away."""
    piece = _piece(example)
    if isinstance(piece, Text):
        return list(statistics_findings([], [piece], DEFAULT_POLICY))
    return list(statistics_findings(printed_tables(piece), [], DEFAULT_POLICY))


def found_by_detector(example: Example) -> list[Finding]:
    """What the detector of tables says of a file that holds one example: sums and percentages with the rest."""
    detector = TableDetector(DetectorContext(DEFAULT_POLICY, date(2026, 1, 1)))
    return [*detector.see(_piece(example)), *detector.end()]


def _piece(example: Example) -> Table | Text:
    place = Place(("result.txt",))
    if example.shape == "text":
        return Text(place, example.body, 1)
    rows = tuple(tuple(cell.rstrip() for cell in line.split("|")) for line in example.body.split("\n"))
    return Table(place, tuple((row[0], *(cell.strip() for cell in row[1:])) for row in rows), title=example.title)


def verdict_of(findings: list[Finding]) -> str:
    """The gravest finding's word; `none` where nothing is more than a note."""
    gravest = max((finding.severity for finding in findings), default=None)
    return "none" if gravest is None or gravest.word == "note" else gravest.word
