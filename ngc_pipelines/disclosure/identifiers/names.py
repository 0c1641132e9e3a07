"""Names that carry samples: Illumina files and reads, and paths through people's folders."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ngc_pipelines.disclosure.byte_patterns import compiled
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.identifiers.wording import Where, id_finding

_FASTQ = rb"[A-Za-z0-9][\w.-]*_S[0-9]{1,4}(?:_L00[0-9])?_[RI][12](?:_[0-9]{3})?(?:\.f(?:ast)?q(?:\.gz)?)?\b"
_SEQUENCED = rb"[A-Za-z0-9][\w-]*(?:[_.][RI]?[12])?\.(?:f(?:ast)?q(?:\.gz)?|bam|cram|g?vcf(?:\.gz)?|bcf|spring)\b"
_READ = rb"@?[A-Z]{1,3}[0-9]{5,6}:[0-9]{1,5}:[A-Z0-9]{6,12}:[1-8]:[0-9]{4}:[0-9]{1,6}:[0-9]{1,6}"
_PERSONS_FOLDER = (
    rb"/(?:patients?|samples?|persons?|participants?|deltagere?|pr\xc3\xb8ver?|subjects?|individuals?|donors?)"
    rb"[_/-][A-Za-z]*[-_]?[0-9]{3,}[\w-]*"
)
_HOME = rb"/(?:home|Users)/[\w.-]+/|[A-Za-z]:\\+(?:Users|Brugere)\\+[\w.-]+\\"
_PATTERNS = {"fastq": _FASTQ, "read": _READ, "sequenced": _SEQUENCED, "folder": _PERSONS_FOLDER, "home": _HOME}
_KINDS = tuple(_PATTERNS)
NAMES = b"|".join(b"(" + pattern + b")" for pattern in _PATTERNS.values())

_PUBLIC_NAME = re.compile(rb"(?:ref|hg(?:19|38)|grch|chr|gnomad|dbsnp|clinvar|example|test|sample|input|output)", re.I)

_FILES = Words("Filnavne fra sekventering med prøvenavne.", "Names of sequencing files, with sample names.")
_READS = Words("Navne på sekventerede reads.", "Names of sequenced reads.")
_RAW = Words("Navne på filer med rådata.", "Names of raw-data files.")
_FOLDERS = Words("Filstier med prøve- eller personmapper.", "Paths through folders of samples or persons.")
_HOMES = Words("Filstier gennem en brugers hjemmemappe.", "Paths through a user's home folder.")
_SAID = {
    "fastq": (Severity.BLOCK, _FILES),
    "read": (Severity.REVIEW, _READS),
    "sequenced": (Severity.REVIEW, _RAW),
    "folder": (Severity.REVIEW, _FOLDERS),
    "home": (Severity.NOTE, _HOMES),
}


def scan_names(data: bytes, where: Where, places: int) -> Iterator[Finding]:
    """Names in a text that identify samples, folded by their kind."""
    found: dict[str, list[int]] = {}
    for match in compiled(NAMES).finditer(data):
        kind = _KINDS[match.lastindex - 1]
        if kind == "sequenced" and _PUBLIC_NAME.match(match.group()):
            continue
        found.setdefault(kind, []).append(match.start())
    for kind, starts in found.items():
        severity, said = _SAID[kind]
        told = tuple(where(start) for start in starts[:places])
        if kind == "home":
            yield _path(told, said, len(starts))
        else:
            yield id_finding(told[0], said, severity=severity, count=len(starts), places=told)


def _path(places: tuple[str, ...], said: Words, count: int) -> Finding:
    return Finding(
        rule="DC-3",
        kind=Kind.DOCUMENT_METADATA,
        severity=Severity.NOTE,
        where=places[0],
        message=said,
        advice=Words("Brug relative stier.", "Use relative paths."),
        count=count,
        places=places,
    )
