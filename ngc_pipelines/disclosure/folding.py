"""Many findings of one fault into one, with a count and its first places.

A column of 10,000 CPR numbers is one fault. What tells faults apart is the
rule, the kind and what is said; where they stand does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words

MOST_FAULTS = 2_000
"""Different faults kept of one file; what comes after is counted under its kind."""

_Key = tuple[str, Kind, str, str | None]


@dataclass(slots=True)
class Fold:
    """Collects the findings of one file.

    Args:
        severities: the policy's overrides.
        places: how many places of a fault are kept.
        mask: takes identifiers out of a place, and of labels told in a message, before they are kept.
    """

    severities: Mapping[Kind, Severity]
    places: int
    mask: Callable[[str], str]
    _kept: dict[_Key, Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> bool:
        """Take one finding in; True where it is the first of its fault."""
        key = self._key(finding)
        known = self._kept.get(key)
        if known is None:
            self._kept[key] = replace(
                finding,
                severity=self.severities.get(finding.kind, finding.severity),
                where=self.mask(finding.where),
                message=Words(self.mask(finding.message.da), self.mask(finding.message.en)),
                places=tuple(self.mask(place) for place in finding.places[: self.places]),
            )
            return True
        places = known.places or (known.where,)
        if len(places) < self.places:
            more = [self.mask(place) for place in finding.places or (finding.where,)]
            places = tuple(dict.fromkeys((*places, *more)))[: self.places]
        severity = max(known.severity, self.severities.get(finding.kind, finding.severity))
        self._kept[key] = replace(known, severity=severity, count=known.count + finding.count, places=places)
        return False

    def folded(self) -> tuple[Finding, ...]:
        """One finding a fault, the gravest first, then in the order of their meeting."""
        return tuple(sorted(self._kept.values(), key=lambda finding: -finding.severity))

    def _key(self, finding: Finding) -> _Key:
        key = (finding.rule, finding.kind, finding.message.en, finding.masked)
        if key in self._kept or len(self._kept) < MOST_FAULTS:
            return key
        kept = next((known for known in self._kept if known[1] is finding.kind), None)
        return kept or key
