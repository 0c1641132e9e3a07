"""Metadata criteria as a condition on samples, every value a bound parameter (CO-2).

Which fields may be asked for is data (`facts/criteria_fields.csv`); a field of that list is the column of the same
name. Parsing and validating criteria is `domain/criteria.py`.
"""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, Table, and_, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from ngc_pipelines.adapters.genome_database.tables import samples
from ngc_pipelines.domain.criteria import Codes, Criteria, Criterion, DateRange


def condition_on_samples(criteria: Criteria | None, table: Table = samples) -> ColumnElement[bool]:
    """What a sample must meet, as SQL with parameters.

    Args:
        criteria: parsed criteria, all of which one sample must meet; None asks for every sample.
        table: `genome.samples`, or an alias of it.

    Raises:
        LookupError: a criterion names a field that samples do not have; a fault of the field list.
    """
    if criteria is None:
        return true()
    return and_(*(_one(table.c, criterion) for criterion in criteria.criteria))


def _one(columns: ReadOnlyColumnCollection[str, Column[object]], criterion: Criterion) -> ColumnElement[bool]:
    column = columns.get(criterion.field)
    if column is None:
        raise LookupError(f"samples have no field {criterion.field}: correct facts/criteria_fields.csv")
    condition = criterion.condition
    if isinstance(condition, Codes):
        return column.in_(condition.codes)
    low, high = (
        (condition.first, condition.last) if isinstance(condition, DateRange) else (condition.low, condition.high)
    )
    ends = [column >= low] if low is not None else []
    if high is not None:
        ends.append(column <= high)
    return and_(*ends)
