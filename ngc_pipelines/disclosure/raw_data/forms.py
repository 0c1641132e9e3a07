"""What was recognised as raw data, and how it is told.

Here lives the value alone; what recognises it lives in `signatures` (bytes)
and `lines` (text).
"""

from __future__ import annotations

from dataclasses import dataclass

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import Policy


@dataclass(frozen=True, slots=True)
class RawMatch:
    """One form of raw data found in some bytes or text.

    Args:
        form: the format's own name, e.g. `FASTQ`.
        where: inside what was searched: `byte 0`, `line 12`, `gzip › line 1`; empty for all of it.
        certain: whether nothing else looks like this; otherwise a person looks.
        records: how many records were seen, at least 1.
    """

    form: str
    where: str = ""
    certain: bool = True
    records: int = 1

    def finding(self, place: Place, policy: Policy) -> Finding:
        """The finding for a file's `place` (G §8.2: no raw data leaves)."""
        default = Severity.BLOCK if self.certain else Severity.REVIEW
        seems_da, seems_en = ("er", "is") if self.certain else ("ligner", "looks like")
        return Finding(
            rule="DC-2",
            kind=Kind.RAW_DATA,
            severity=policy.severity_of(Kind.RAW_DATA, default),
            where=str(place.inside(self.where)) if self.where else str(place),
            message=Words(
                da=f"Indholdet {seems_da} rådata ({self.form}).",
                en=f"The content {seems_en} raw data ({self.form}).",
            ),
            advice=Words(
                da="Rådata må aldrig hjemtages. Fjern dem, og aflever i stedet aggregerede resultater.",
                en="Raw data never leave. Remove them, and hand in aggregated results instead.",
            ),
            count=self.records,
        )
