"""The report for a terminal: files with findings, what to do about each, a summary.

Colours only where the caller says there is a terminal that wants them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO

from ngc_pipelines.disclosure.findings import Finding, Severity
from ngc_pipelines.disclosure.results import VERDICTS, FileResult, Report

_COLOURS = {"blocked": "31;1", "review": "33", "clear": "32", "note": "2", "path": "1", "dim": "2"}
_SIGNS = {Severity.BLOCK: "✗", Severity.REVIEW: "?", Severity.NOTE: "·"}
_VERDICTS_DA = {"blocked": "afvist", "review": "til gennemsyn", "clear": "fri"}
_CLEAR_FILES_SHOWN = 20


def wants_colour(stream: IO[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream is a terminal whose user has not asked for none (NO_COLOR)."""
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def report_as_text(report: Report, *, colour: bool = False) -> Iterator[str]:
    """The lines of the report."""
    paint = _Paint(colour)
    for file in report.files:
        if file.findings or file.not_read:
            yield from _file(file, paint)
    clear = [file for file in report.files if not file.findings and not file.not_read]
    if clear and len(clear) <= _CLEAR_FILES_SHOWN:
        for file in clear:
            yield paint("clear", "✓") + f" {file.path}"
        yield ""
    yield from _summary(report, paint)


class _Paint:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, what: str, text: str) -> str:
        return f"\033[{_COLOURS[what]}m{text}\033[0m" if self._colour else text


def _file(file: FileResult, paint: _Paint) -> Iterator[str]:
    verdict = f"{_VERDICTS_DA[file.verdict]} / {file.verdict}"
    yield f"{paint('path', file.path)}  {paint(file.verdict, verdict)}"
    for finding in file.findings:
        yield from _finding(finding, paint)
    for unread in file.not_read[:5]:
        yield f"  {paint('dim', f'ikke læst / not read: {unread.where}: {unread.why}')}"
    yield ""


def _finding(finding: Finding, paint: _Paint) -> Iterator[str]:
    name = "note" if finding.severity is Severity.NOTE else VERDICTS[finding.severity]
    masked = f" [{finding.masked}]" if finding.masked else ""
    times = f" ×{finding.count:,}" if finding.count > 1 else ""
    yield f"  {paint(name, _SIGNS[finding.severity])} {finding.message.da}{masked}{times}  {paint('dim', finding.rule)}"
    yield f"    {paint('dim', finding.message.en)}"
    more = " …" if finding.count > len(finding.places) > 1 else ""
    yield f"    {', '.join(finding.places or (finding.where,))}{more}"
    yield f"    → {finding.advice.da} / {finding.advice.en}"


def _summary(report: Report, paint: _Paint) -> Iterator[str]:
    verdicts = Counter(file.verdict for file in report.files)
    counted = ", ".join(
        f"{verdicts[name]:,} {_VERDICTS_DA[name]} / {name}" for name in ("blocked", "review", "clear") if verdicts[name]
    )
    yield f"{len(report.files):,} filer / files, {report.bytes:,} bytes: {counted or 'ingen filer / no files'}"
    unread = sum(len(file.not_read) for file in report.files)
    if unread:
        yield f"{unread:,} dele er ikke læst / parts were not read"
    if not report.confined:
        yield "Dette system har intet seccomp: filerne er kun begrænset i hukommelse og tid."
        yield "No seccomp on this system: only memory and time were limited while files were parsed."
    yield f"policy {report.policy.name} {report.policy.digest[:19]}…, ngc {report.checker}"
    yield paint(report.verdict, f"{_VERDICTS_DA[report.verdict]} / {report.verdict}".upper())
