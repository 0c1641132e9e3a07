"""The report as one HTML file: no script, nothing fetched, everything escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import IO

from ngc_pipelines.disclosure.findings import Finding, Severity
from ngc_pipelines.disclosure.results import VERDICTS, FileResult, Report

_VERDICTS_DA = {"blocked": "afvist", "review": "til gennemsyn", "clear": "fri"}
_SEVERITIES = {
    Severity.BLOCK: ("blocked", "afvises", "block"),
    Severity.REVIEW: ("review", "ses igennem", "review"),
    Severity.NOTE: ("note", "til orientering", "note"),
}


def write_html(report: Report, out: IO[str]) -> None:
    """Write the report as a page, file by file."""
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    out.write(
        '<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Kontrol / disclosure check: {report.verdict}</title><style>{style}</style></head><body>\n"
    )
    for part in _body(report):
        out.write(part + "\n")
    out.write("</body></html>\n")


def _body(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f'<header class="{verdict}"><h1>{_VERDICTS_DA[verdict]} <small lang="en">{verdict}</small></h1>'
    yield f"<p>{_counted(report)}</p></header><main>"
    if not report.confined:
        yield '<p class="warning">Dette system har intet seccomp: kun hukommelse og tid var begrænset. '
        yield '<span lang="en">No seccomp on this system: only memory and time were limited.</span></p>'
    yield from _overview(report)
    for number, file in enumerate(report.files):
        if file.findings or file.not_read:
            yield from _file(number, file)
    yield f"</main><footer>policy {escape(report.policy.name)}, {report.policy.digest}<br>"
    yield f"ngc {escape(report.checker)}</footer>"


def _counted(report: Report) -> str:
    verdicts = Counter(file.verdict for file in report.files)
    parts = [f"{verdicts[name]:,} {_VERDICTS_DA[name]}" for name in ("blocked", "review", "clear") if verdicts[name]]
    return f"{len(report.files):,} filer, {report.bytes:,} bytes: {', '.join(parts) or 'ingen filer'}"


def _overview(report: Report) -> Iterator[str]:
    yield '<table><thead><tr><th>fil <i lang="en">file</i></th><th>type</th><th>bytes</th>'
    yield '<th>fund <i lang="en">findings</i></th><th>sha256</th></tr></thead><tbody>'
    for number, file in enumerate(report.files):
        name = escape(file.path)
        link = f'<a href="#f{number}">{name}</a>' if file.findings or file.not_read else name
        yield f'<tr class="{file.verdict}"><td>{link}</td><td>{escape(file.type)}</td><td class="n">{file.size:,}</td>'
        yield f'<td class="n">{len(file.findings)}</td><td><code>{file.sha256[:12]}</code></td></tr>'
    yield "</tbody></table>"


def _file(number: int, file: FileResult) -> Iterator[str]:
    yield f'<section id="f{number}" class="{file.verdict}"><h2>{escape(file.path)}</h2>'
    for finding in file.findings:
        yield from _finding(finding)
    if file.not_read:
        yield '<h3>Ikke læst <i lang="en">not read</i></h3><ul>'
        yield from (f"<li>{escape(unread.where)}: {escape(unread.why)}</li>" for unread in file.not_read)
        yield "</ul>"
    yield f"<p><code>sha256 {file.sha256 or '–'}</code></p></section>"


def _finding(finding: Finding) -> Iterator[str]:
    name, danish, english = _SEVERITIES[finding.severity]
    assert name == "note" or name == VERDICTS[finding.severity]
    masked = f" <code>{escape(finding.masked)}</code>" if finding.masked else ""
    times = f" <b>×{finding.count:,}</b>" if finding.count > 1 else ""
    places = escape(", ".join(finding.places or (finding.where,)))
    more = " …" if finding.count > len(finding.places) > 1 else ""
    yield f'<article class="{name}"><p class="tag">{danish} <i lang="en">{english}</i> · {escape(finding.rule)}'
    yield f" · {finding.kind.value}</p>"
    yield f'<p>{escape(finding.message.da)}{masked}{times}<br><i lang="en">{escape(finding.message.en)}</i></p>'
    yield f'<p class="where">{places}{more}</p>'
    yield f'<p class="todo">→ {escape(finding.advice.da)}<br><i lang="en">{escape(finding.advice.en)}</i></p></article>'
