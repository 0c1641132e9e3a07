"""The report as JSON: schema `ngc.disclosure-report/1`.

Texts are Danish with English beside (`message` and `message_en`). What the
report says lives in `results`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.results import FileResult, Report

SCHEMA = "ngc.disclosure-report/1"


def report_as_data(report: Report) -> dict[str, Any]:
    """The report as plain data, in the order people read it."""
    return {**_head(report), "files": [_file(file) for file in report.files]}


def write_json(report: Report, out: IO[str]) -> None:
    """Write the report, file by file, so that a long one is never held twice."""
    head = json.dumps(_head(report), ensure_ascii=False, indent=1)
    out.write(head[: head.rindex("\n}")] + ',\n "files": [')
    for number, file in enumerate(report.files):
        out.write(("," if number else "") + "\n  " + json.dumps(_file(file), ensure_ascii=False))
    out.write("\n ]\n}\n")


def _head(report: Report) -> dict[str, Any]:
    not_read = [
        {"path": file.path, "where": unread.where, "why": unread.why}
        for file in report.files
        for unread in file.not_read
    ]
    return {
        "schema": SCHEMA,
        "verdict": report.verdict,
        "policy": {"name": report.policy.name, "digest": report.policy.digest},
        "checker": report.checker,
        "confined": report.confined,
        "coverage": {"files": len(report.files), "bytes": report.bytes, "not_read": not_read},
    }


def _file(file: FileResult) -> Mapping[str, Any]:
    return {
        "path": file.path,
        "sha256": file.sha256,
        "size": file.size,
        "type": file.type,
        "verdict": file.verdict,
        "findings": [_finding(finding) for finding in file.findings],
    }


def _finding(finding: Finding) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "rule": finding.rule,
        "kind": finding.kind.value,
        "severity": finding.severity.word,
        "where": finding.where,
        "message": finding.message.da,
        "message_en": finding.message.en,
        "advice": finding.advice.da,
        "advice_en": finding.advice.en,
        "count": finding.count,
    }
    if finding.places:
        told["places"] = list(finding.places)
    if finding.masked is not None:
        told["masked"] = finding.masked
    return told
