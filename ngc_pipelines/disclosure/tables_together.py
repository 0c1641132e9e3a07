"""The folder's tables, audited together once every file has been judged.

Takes what the confined processes handed on, reads it with suspicion, and adds
what the tables tell together to the files they stand in. The audit itself lives
in `tables.folder_audit`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.identifiers.masking import mask_identifiers
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.results import FileResult

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.tables.ledger import Release
    from ngc_pipelines.disclosure.tables.members import AnyTable

# For the audit of everything together, however long single files may take.
SECONDS = 120.0


def with_tables_together(
    files: Sequence[FileResult],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    earlier: Sequence[Release],
    policy: Policy,
    known_ids: KnownIdentifiers | None,
) -> list[FileResult]:
    """The results, with what the tables of several files and earlier releases tell together (DC-6).

    Args:
        tables: path of a result → its tables as plain data.
    """
    from ngc_pipelines.disclosure.tables.audit import Question
    from ngc_pipelines.disclosure.tables.folder_audit import audit_folder

    added: dict[str, list[Finding]] = defaultdict(list)
    read: dict[str, list[AnyTable]] = {}
    for path in sorted(tables):
        read[path] = _read(tables[path], path, added)
    question = Question(
        threshold=policy.thresholds.cell,
        enough=policy.thresholds.narrow,
        every_end=False,
        seconds=min(SECONDS, policy.limits.seconds),
    )
    for found in audit_folder(read, earlier, question):
        added[found.path].append(_masked(found.finding, policy, known_ids))
    return [_with(result, added.get(result.path, [])) for result in files]


def _read(tables: Sequence[Mapping[str, Any]], path: str, added: dict[str, list[Finding]]) -> list[AnyTable]:
    from ngc_pipelines.disclosure.tables.stored import NotStored, table_from_data

    found: list[AnyTable] = []
    for data in tables:
        try:
            found.append(table_from_data(data))
        except NotStored:
            added[path].append(_NOT_TOGETHER)
            break
    return found


_NOT_TOGETHER = Finding(
    rule="DC-6",
    kind=Kind.UNCLEAR_TABLE,
    severity=Severity.REVIEW,
    where="the file",
    message=Words(
        "Filens tabeller kunne ikke holdes op mod de andre filers.",
        "The file's tables could not be held against those of the other files.",
    ),
    advice=Words("Lad en sagsbehandler se på dem sammen.", "Have a case officer look at them together."),
)


def _masked(finding: Finding, policy: Policy, known_ids: KnownIdentifiers | None) -> Finding:
    """The finding as it may be shown: labels of a table can be identifiers."""

    def hide(text: str) -> str:
        return mask_identifiers(text, known_ids)

    return replace(
        finding,
        severity=policy.severity_of(finding.kind, finding.severity),
        where=hide(finding.where),
        message=Words(hide(finding.message.da), hide(finding.message.en)),
        places=tuple(hide(place) for place in finding.places),
    )


def _with(result: FileResult, findings: Sequence[Finding]) -> FileResult:
    if not findings:
        return result
    both = sorted([*result.findings, *findings], key=lambda finding: -finding.severity)
    return replace(result, findings=tuple(both))
