"""What a check results in: one result a file, and the report of them all.

Values only, and their way over a pipe as plain data. How a report is shown
lives in `report`; how results come about in `judging` and `checking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Policy

VERDICTS = {Severity.NOTE: "clear", Severity.REVIEW: "review", Severity.BLOCK: "blocked"}


@dataclass(frozen=True, slots=True)
class Unread:
    """A part that was not read.

    Args:
        where: the place inside the file; `the file` for all of it.
        why: in few words, e.g. `encrypted`.
    """

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class FileResult:
    """What was found in one file.

    Args:
        path: as shown to people: control characters escaped, identifiers masked.
        sha256: lower-case hexadecimal; empty where the bytes could not be read.
        size: in bytes.
        type: what its content is, e.g. `xlsx`; `unknown` where nothing recognised it.
        findings: gravest first.
        not_read: parts that nobody has seen; such a file is never clear.
    """

    path: str
    sha256: str
    size: int
    type: str
    findings: tuple[Finding, ...] = ()
    not_read: tuple[Unread, ...] = ()

    @property
    def verdict(self) -> str:
        """`clear`, `review` or `blocked`: the gravest finding decides."""
        return VERDICTS[self.severity]

    @property
    def severity(self) -> Severity:
        """The gravest severity; at least `review` where something was not read."""
        least = Severity.REVIEW if self.not_read else Severity.NOTE
        return max((finding.severity for finding in self.findings), default=least) if self.findings else least


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one check.

    Args:
        policy: the rules that were in force.
        checker: version of this program.
        files: in the order of their paths.
        confined: whether every file was judged behind a filter of system calls.
        tables: path of each file → its tables as plain data, for the ledger of what leaves.
    """

    policy: Policy
    checker: str
    files: tuple[FileResult, ...]
    confined: bool = True
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict, repr=False)

    @property
    def verdict(self) -> str:
        """The worst verdict of all files."""
        return VERDICTS[max((file.severity for file in self.files), default=Severity.NOTE)]

    @property
    def bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def has_findings(self) -> bool:
        """Whether anything at all was found, notes included."""
        return any(file.findings or file.not_read for file in self.files)


def finding_to_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain data; `finding_from_data` reads it back."""
    return {
        "rule": finding.rule,
        "kind": finding.kind.value,
        "severity": finding.severity.word,
        "where": finding.where,
        "message": [finding.message.da, finding.message.en],
        "advice": [finding.advice.da, finding.advice.en],
        "masked": finding.masked,
        "count": finding.count,
        "places": list(finding.places),
    }


def finding_from_data(data: Mapping[str, Any]) -> Finding:
    """A finding out of plain data that comes from a process one does not trust.

    Raises:
        ValueError, KeyError, TypeError: where it is no finding.
    """
    return Finding(
        rule=_text(data["rule"]),
        kind=Kind(data["kind"]),
        severity=Severity[_text(data["severity"]).upper()],
        where=_text(data["where"]),
        message=_words(data["message"]),
        advice=_words(data["advice"]),
        masked=None if data["masked"] is None else _text(data["masked"]),
        count=int(data["count"]),
        places=tuple(_text(place) for place in data["places"]),
    )


def unread_from_data(data: Iterable[Any]) -> tuple[Unread, ...]:
    """Parts not read, out of plain data."""
    return tuple(Unread(_text(where), _text(why)) for where, why in data)


def _words(data: Any) -> Words:
    danish, english = data
    return Words(_text(danish), _text(english))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value[:4000]
