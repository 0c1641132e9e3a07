"""Regressions: too few residual degrees of freedom, saturated fits, terms true for few (DC-5).

A model with as many terms as persons gives every person's value back. Reads
the summaries of R, Stata, SAS and Python; tables of estimates too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import InvalidOperation

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import Line, Meaning, PrintedTable
from ngc_pipelines.disclosure.tables.statistics.lines import LONGEST_OUTPUT, Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.terms import few_behind_terms

_RESIDUAL = re.compile(
    r"Residual standard error:.*? on\s+(?P<r>\d+) degrees? of freedom"
    r"|Residual deviance:.*? on\s+(?P<d>\d+)\s+degrees? of freedom"
    r"|Df Residuals:\s+(?P<p>\d+)\b"
    r"|\bF\(\s*\d+,\s*(?P<s>\d+)\)\s+="
    r"|^\s*Residuals?\s*\|\s*[-\d.e+]+\s+(?P<a>\d+)\s+[-\d.e+]+"
    r"|^\s*Error\s+(?P<e>\d+)\s+\d[\d.]*\s+\d[\d.]*\s*$"
    r"|^\s*Residuals\s+(?P<t>\d+)\s+\d[\d.]*\s+\d[\d.]*\s*$"
    r"|\b(?:residual degrees of freedom|residual df|df\.residual|df residual)\s*[=:]\s*(?P<w>\d+)\b"
    r"|\bresiduelle frihedsgrader\s*[=:]?\s*(?P<k>\d+)\b",
    re.IGNORECASE,
)
_SATURATED = re.compile(
    r"no residual degrees of freedom"
    r"|(?:multiple r-squared|r-squared|r-square|r-sq|\bR2|R²)\s*[=:]?\s+=?\s*1(?:\.0+)?(?=[\s,;]|$)"
    r"|essentially perfect fit",
    re.IGNORECASE,
)
_SURVIVAL_N = re.compile(r"^\s*n=\s*(?P<n>\d+),\s*number of events=\s*(?P<events>\d+)", re.IGNORECASE)
_FAILURES = re.compile(r"^\s*No\. of failures\s*=\s*(?P<events>[\d,]+)|^\s*number of events observed\s*=\s*(?P<e2>\d+)")
_DF_LABEL = re.compile(
    r"^(?:df[ ._]?resid\w*|resid\w*[ ._]df|residual degrees of freedom|degrees of freedom \(residual\)|error df|"
    r"df \(?(?:error|residual)\)?|residuelle frihedsgrader|frihedsgrader \(residual\))$",
    re.IGNORECASE,
)
_R2_LABEL = re.compile(r"^(?:adj(?:usted|\.)?\s*)?(?:r2|r²|r-?squared?|r\.squared|forklaringsgrad)$", re.IGNORECASE)
_N_LABEL = re.compile(
    r"^(?:n|num\.? ?obs\.?|observations|no\. observations|observationer|antal observationer|nobs)$", re.I
)


def judge_models(tables: Iterable[PrintedTable], texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """What regressions give away."""
    for table in tables:
        yield from _of_table(table, thresholds)
    for text in texts:
        for number in text.telling:
            yield from _of_line(text.where(number), text.all[number], thresholds)
        yield from few_behind_terms(text, thresholds.cell)


def _of_line(where: str, line: str, thresholds: Thresholds) -> Iterator[Finding]:
    if len(line) > LONGEST_OUTPUT:
        return
    if _SATURATED.search(line):
        yield _saturated().at(where)
        return
    match = _RESIDUAL.search(line)
    if match is not None:
        yield from _of_df(int(next(group for group in match.groups() if group)), where, thresholds)
    events = _SURVIVAL_N.search(line) or _FAILURES.search(line)
    if events is not None:
        found = events.groupdict()
        number = int((found.get("events") or found.get("e2") or "0").replace(",", ""))
        if 0 < number < thresholds.cell:
            yield _few_events(thresholds.cell).at(where)


def _of_df(df: int, where: str, thresholds: Thresholds) -> Iterator[Finding]:
    if df < thresholds.cell:
        yield _few_df(df, thresholds.residual_df, Severity.BLOCK).at(where)
    elif df < thresholds.residual_df:
        yield _few_df(df, thresholds.residual_df, Severity.REVIEW).at(where)


def _of_table(table: PrintedTable, thresholds: Thresholds) -> Iterator[Finding]:
    """Statistics of models that stand as rows or as columns of a table."""
    df_rows, df_columns = _named(table.rows, _DF_LABEL), _named(table.columns, _DF_LABEL)
    fit_rows, fit_columns = _named(table.rows, _R2_LABEL), _named(table.columns, _R2_LABEL)
    for (row, column), cell in table.cells.items() if df_rows or df_columns or fit_rows or fit_columns else ():
        value = cell[0].value
        if len(cell) != 1 or value is None:
            continue
        if (row in df_rows or column in df_columns) and value == int(value) and value >= 0:
            yield from _of_df(int(value), cell[0].where, thresholds)
        if (row in fit_rows or column in fit_columns) and value == 1:
            yield _saturated().at(cell[0].where)
    yield from _counted_df(table, thresholds)


def _named(lines: Sequence[Line], label: re.Pattern[str]) -> frozenset[int]:
    """The lines whose innermost label is of one sort."""
    return frozenset(number for number, line in enumerate(lines) if label.match(_inner(line)))


def _counted_df(table: PrintedTable, thresholds: Thresholds) -> Iterator[Finding]:
    """Observations less terms, for models in columns with their R² below."""
    observed = [n for n, line in enumerate(table.rows) if _N_LABEL.match(_inner(line))]
    fits = [n for n, line in enumerate(table.rows) if _R2_LABEL.match(_inner(line))]
    if not observed or not fits:
        return
    for column in range(len(table.columns)):
        number = _whole(table, observed[0], column)
        terms = [
            row
            for row in range(len(table.rows))
            if row not in (*observed, *fits) and _is_term(table, row, column) and row < min(*observed, *fits)
        ]
        if number is None or not terms:
            continue
        constant = any(re.search(r"constant|intercept|konstant|_cons", _inner(table.rows[row]), re.I) for row in terms)
        df = number - len(terms) - (0 if constant else 1)
        where = table.cells[observed[0], column][0].where
        yield from _of_df(max(0, df), where, thresholds)


def _is_term(table: PrintedTable, row: int, column: int) -> bool:
    cell = table.cells.get((row, column))
    if not cell or not _inner(table.rows[row]) or cell[0].value is None:
        return False
    return cell[0].meaning in (Meaning.ESTIMATE, Meaning.OTHER, Meaning.UNKNOWN) and cell[0].decimals > 0


def _whole(table: PrintedTable, row: int, column: int) -> int | None:
    cell = table.cells.get((row, column))
    try:
        return int(cell[0].value) if cell and cell[0].value is not None and not cell[0].decimals else None
    except (InvalidOperation, ValueError):
        return None


def _inner(line: Line) -> str:
    return next((label for label in reversed(line.labels) if label), "").strip(" :*")


_FEWER_TERMS = Words(
    "Brug færre led eller flere personer, eller vis kun modellens retning og ikke dens tal.",
    "Use fewer terms or more persons, or show the model's direction and not its numbers.",
)


def _few_df(df: int, least: int, severity: Severity) -> Reason:
    return Reason(
        "DC-5",
        Kind.SATURATED_MODEL,
        severity,
        Words(
            f"Modellen har {df} residuelle frihedsgrader; under {least} kan personers værdier regnes tilbage.",
            f"The model has {df} residual degrees of freedom; under {least} persons' values can be calculated back.",
        ),
        _FEWER_TERMS,
    )


def _saturated() -> Reason:
    return Reason(
        "DC-5",
        Kind.SATURATED_MODEL,
        Severity.BLOCK,
        Words(
            "Modellen er mættet (R² = 1): dens tal giver hver persons værdi.",
            "The model is saturated (R² = 1): its numbers give every person's value.",
        ),
        _FEWER_TERMS,
    )


def _few_events(least: int) -> Reason:
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(
            f"Modellen hviler på færre end {least} hændelser.",
            f"The model rests on fewer than {least} events.",
        ),
        _FEWER_TERMS,
    )
