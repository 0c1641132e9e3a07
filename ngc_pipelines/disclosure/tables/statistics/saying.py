"""Findings about statistics: the words, and folding of what is many.

Decides nothing; who judges passes the figures. Values of persons are never
repeated: numbers of persons and of tables are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words

# Places that are named one by one.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong with a sort of statistic, and what would clear it."""

    rule: str
    kind: Kind
    severity: Severity
    message: Words
    advice: Words

    def at(self, where: str) -> Finding:
        """The finding at one place."""
        return Finding(self.rule, self.kind, self.severity, where, self.message, self.advice)


def folded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same said of many places is said once, with the first places."""
    places: dict[Finding, dict[str, None]] = {}  # in order, each once
    first: dict[Finding, Finding] = {}
    for finding in findings:
        same = replace(finding, where="", count=1, places=())
        first.setdefault(same, finding)
        places.setdefault(same, {})[finding.where] = None
    for same, finding in first.items():
        wheres = list(places[same])
        yield replace(finding, count=len(wheres), places=tuple(wheres[:NAMED]) if len(wheres) > 1 else ())
