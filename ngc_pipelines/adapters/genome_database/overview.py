"""How much there is for some metadata criteria, before anybody applies (GD-4, G §2.4).

Counts samples, by any mix of the fields that one may ask by; hides what comes from too few persons. Which fields there
are is data (`facts/criteria_fields.csv`), hiding is `domain/small_counts.py`, the command `commands/overview.py`.
Persons registered in VAR are among those counted: this tells what the database holds, not what a project would get.
A sample whose code lies outside the specification is in no cell; the inventory finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, case, cast, column, distinct, extract, func, select, table

from ngc_pipelines.adapters.genome_database.criteria_sql import condition_on_samples
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import samples
from ngc_pipelines.adapters.var_register import stage_chains
from ngc_pipelines.domain.criteria import Codes, Criteria, CriterionField, criterion_fields
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.small_counts import THRESHOLD, Told, tell_cells, tell_totals

SCHEMA = "ngc.overview/1"
MOST_FIELDS = 3
MOST_CELLS = 5_000
_BAND = 10
_LAST_BAND = 90


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of samples by the codes of some fields, as they may be handed on.

    by: the fields, in order. cells: every combination of their codes. totals: a code is None where it is summed over.
    """

    criteria: Criteria | None
    by: tuple[str, ...]
    threshold: int
    as_of: date
    cells: Mapping[tuple[str, ...], Told]
    totals: Mapping[tuple[str | None, ...], Told]

    def to_data(self) -> dict[str, Any]:
        """The machine-readable form: `samples` is null where it is not told, `shown` is what is told instead."""
        return {
            "schema": SCHEMA,
            "criteria": self.criteria.to_data() if self.criteria else {},
            "by": list(self.by),
            "counted": "samples",
            "threshold": self.threshold,
            "as_of": self.as_of.isoformat(),
            "cells": [self._entry(key, told) for key, told in self.cells.items()],
            "totals": [self._entry(key, told) for key, told in self.totals.items()],
        }

    def rows(self) -> list[tuple[str, ...]]:
        """The overview as lines of a table, totals last, each line its codes and the count as it is told."""
        lines = [(*key, told.text_en) for key, told in self.cells.items()]
        summed = [
            (*("all" if code is None else code for code in key), told.text_en) for key, told in self.totals.items()
        ]
        return lines + summed

    def _entry(self, key: Sequence[str | None], told: Told) -> dict[str, Any]:
        return {**dict(zip(self.by, key, strict=True)), "samples": told.value, "shown": told.text_en}


def take_overview(
    database: GenomeDatabase,
    *,
    criteria: Criteria | None,
    by: Sequence[str],
    as_of: date,
    threshold: int = THRESHOLD,
) -> Overview:
    """Counts the samples that meet the criteria, by the codes of some fields.

    Args:
        database: as the flows' role.
        criteria: parsed criteria; None counts every sample.
        by: up to three fields of `facts/criteria_fields.csv`; ages in bands of ten years, dates by year.
        as_of: the day whose fields and codes hold.
        threshold: the smallest number of persons whose samples are counted out, 2 or more.

    Raises:
        Refused: an unknown field, one twice, too many fields or cells.
        Unavailable: the database did not answer.
    """
    fields = _fields(by, as_of)
    with database.snapshot("An overview of the genome database was taken") as connection:
        samples_of, persons_of = _count(connection, criteria, fields)
    axes = [_codes(field, criteria, as_of) for field in fields]
    if prod(map(len, axes)) > MOST_CELLS:
        raise _refused(
            f"Oversigten ville få mere end {MOST_CELLS} celler. Vælg færre felter.",
            f"The overview would have more than {MOST_CELLS} cells. Choose fewer fields.",
        )
    every = list(product(*axes))
    cells = tell_cells(
        {cell: samples_of.get(cell, 0) for cell in every}, {cell: persons_of.get(cell, 0) for cell in every}, threshold
    )
    return Overview(criteria, tuple(by), threshold, as_of, cells, tell_totals(cells, len(fields)))


def _fields(by: Sequence[str], as_of: date) -> list[CriterionField]:
    known = {field.code: field for field in criterion_fields(as_of)}
    if len(set(by)) != len(by) or len(by) > MOST_FIELDS or not set(by) <= set(known):
        raise _refused(
            f"Man kan opdele efter højst {MOST_FIELDS} forskellige af felterne {', '.join(known)}.",
            f"One can count by at most {MOST_FIELDS} different ones of the fields {', '.join(known)}.",
        )
    return [known[code] for code in by]


def _count(
    connection: Connection, criteria: Criteria | None, fields: Sequence[CriterionField]
) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    # A person with an old and a new number is one person, or a cell would look safer than it is.
    stage_chains(connection)
    chains = table("chains", column("number", Text), column("person", Text))
    person = func.coalesce(chains.c.person, samples.c.person_cpr, samples.c.person_ecpr, samples.c.sample_id)
    codes = [_code(field) for field in fields]
    query = (
        select(*codes, func.count().label("samples"), func.count(distinct(person)).label("persons"))
        .select_from(samples.outerjoin(chains, chains.c.number == samples.c.person_cpr))
        .where(condition_on_samples(criteria))
        .group_by(*codes)
    )
    found = connection.execute(query).all()
    keys = [tuple(str(code) for code in row[:-2]) for row in found]
    return dict(zip(keys, (row.samples for row in found), strict=True)), dict(
        zip(keys, (row.persons for row in found), strict=True)
    )


def _code(field: CriterionField) -> ColumnElement[Any]:
    stored = samples.c[field.code]
    if field.kind == "integer_range":
        first = stored / _BAND * _BAND
        band = cast(first, Text) + "-" + cast(first + (_BAND - 1), Text)
        return case((stored >= _LAST_BAND, f"{_LAST_BAND}+"), else_=band).label(field.code)
    if field.kind == "date_range":
        return cast(extract("year", stored), Text).label(field.code)
    return stored.label(field.code)


def _codes(field: CriterionField, criteria: Criteria | None, as_of: date) -> list[str]:
    """Every code the field can have here, also where there is no sample: a missing line would be told apart from <5."""
    if field.kind == "integer_range":
        listed = [f"{low}-{low + _BAND - 1}" for low in range(0, _LAST_BAND, _BAND)] + [f"{_LAST_BAND}+"]
    elif field.kind == "date_range":
        listed = [str(year) for year in range(date.fromisoformat(field.low).year, as_of.year + 1)]
    else:
        listed = list(field.codes)
        asked = {c.field: c.condition for c in criteria.criteria}.get(field.code) if criteria else None
        if isinstance(asked, Codes):
            listed = [code for code in listed if code in asked.codes]
    return listed


def _refused(da: str, en: str) -> Refused:
    return Refused([Fault("GD-4", "overview", da, en)], tried="An overview of the genome database was asked for")
