"""Whether the rows of a grid are single persons (DC-4).

Certain where an identifier or a date of birth stands beside anything else, or
where properties of persons stand together without a count. Doubtful grids are
for the case officer. What is counted, estimated or about genes is no person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import prod

from ngc_pipelines.disclosure.rows.grids import Grid
from ngc_pipelines.disclosure.rows.values import Profile, as_number, is_total, looks_like_id, profile
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of


class Reason(Enum):
    """Why rows are taken for persons."""

    IDENTIFIED = "a column identifies each row"
    BIRTH = "dates of birth"
    NAMED = "names of persons"
    COMBINED = "properties of single persons side by side"
    GENOTYPES = "genotypes of single persons"
    ACROSS = "a column for each person or sample"
    UNSUMMARISED = "many rows of single values"


@dataclass(frozen=True, slots=True)
class Judgement:
    """That rows are persons: why, how sure, how many."""

    reason: Reason
    certain: bool
    rows: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, its name, what the name promises and what the values are."""

    index: int
    name: str
    role: Role
    values: Profile


FEW = 3
"""Rows from which a listing with identifiers is one, whatever the policy asks of others."""

_MANY = 20
_CERTAIN_SCORE = 4.0
_CERTAIN_SCORE_OF_MANY = 3.0
_DOUBTFUL_SCORE = 2.5
_COUNTING_NAMES = re.compile(
    r"^(?:n|antal|counts?|freq|frequency|frekvens|nobs|obs|personer|patienter|cases|events)\b", re.I
)
_SERIAL = re.compile(r"^[A-Za-zÆØÅæøå]{0,12}[-_ .]?(\d+)[A-Za-z]?$")
_SERIAL_INNOCENT = re.compile(
    r"^(?:pc|v|x|q|t|d|dim|model|week|uge|day|dag|month|year|år|visit|rs|chr|step|k|col|m|h|f|p|c|age|top)[-_ .]?\d+$",
    re.I,
)


def judge(grid: Grid, threshold: int) -> Judgement | None:
    """What the rows of `grid` are; None where nothing speaks for persons.

    Args:
        threshold: rows from which a listing without identifiers may be one of persons (policy, 5).
    """
    if not grid.names or grid.count < 1:
        return None
    columns = _columns(grid)
    if grid.count == 1:
        return _one_record(columns) or _turned(grid)
    if _square(grid):
        return None
    judgement = _identified(grid, columns) or _across(grid, columns)
    if judgement is None and grid.count >= FEW:
        judgement = _unidentified(grid, columns, threshold)
    if judgement is None:
        judgement = _turned(grid)
    return judgement


def _columns(grid: Grid) -> list[Column]:
    columns = []
    for index, name in enumerate(grid.names[:200]):
        values = profile(grid.column(index))
        role = role_of(name)
        if (
            (not name or role is Role.INDEX)
            and index == 0
            and (values.counting or (role is Role.INDEX and values.axis))
        ):
            role = Role.INDEX
        if index == 0 and not name and values.id_like > 0.9 and values.distinct > 0.9 and values.number < 0.5:
            role = Role.BARE_ID
        columns.append(Column(index, name, role, values))
    return columns


def _identified(grid: Grid, columns: Sequence[Column]) -> Judgement | None:
    beside = [column for column in columns if column.values.filled and column.role is not Role.INDEX]
    births = [c for c in columns if c.role is Role.BIRTH and c.values.day > 0.6]
    if births and grid.count >= 2:
        return Judgement(Reason.BIRTH, certain=True, rows=grid.count)
    ids = [column for column in columns if _tells_persons(column)]
    about_persons = sum(_weight(c) >= 1.5 and c.role is Role.OTHER for c in columns) + sum(
        column.role in (Role.QUASI, Role.TRAIT, Role.BIRTH) and not _grouped(column) for column in columns
    )
    if ids and grid.count >= 2:
        return Judgement(Reason.IDENTIFIED, certain=grid.count >= FEW or about_persons > 0, rows=grid.count)
    bare = [column for column in columns if column.role is Role.BARE_ID and _tells_rows(column)]
    entities = any(column.role is Role.ENTITY for column in columns)
    if bare and grid.count >= FEW and len(beside) > 1 and not entities and not _counted(grid, columns):
        certain = any(c.role is Role.QUASI and not _grouped(c) for c in columns) or about_persons >= 2
        return Judgement(Reason.IDENTIFIED, certain, grid.count)
    opaque = [c for c in columns if c.values.opaque > 0.9 and c.values.distinct > 0.9 and c.role is not Role.ENTITY]
    if opaque and grid.count >= FEW and not entities:
        telling = any(c.role in (Role.QUASI, Role.BIRTH) and not _grouped(c) for c in columns)
        return Judgement(Reason.IDENTIFIED, telling, grid.count)
    names = [c for c in columns if c.values.name > 0.8 and c.values.distinct > 0.8 and c.role is not Role.ENTITY]
    if names and about_persons >= 2 and grid.count >= FEW and not _counted(grid, columns):
        return Judgement(Reason.NAMED, certain=True, rows=grid.count)
    return None


def _tells_persons(column: Column) -> bool:
    if column.role is not Role.PERSON:
        return False
    values = column.values
    shaped = values.id_like > 0.7 or values.whole > 0.9
    return shaped and values.gene < 0.5 and values.summary < 0.3 and values.variety >= 2


def _tells_rows(column: Column) -> bool:
    values = column.values
    return (values.id_like > 0.7 or values.whole > 0.9) and values.gene < 0.3 and values.variety >= 2


def _counted(grid: Grid, columns: Sequence[Column]) -> bool:
    """Whether something says that the rows are groups: counts, statistics, intervals, totals."""
    body = [column for column in columns if column.role is not Role.INDEX]
    if any(column.values.summary > 0.4 for column in body):
        return True
    if any(is_total(cell) for row in grid.rows for cell in row[:2]):
        return True
    counts = [c for c in body if c.role is Role.AGGREGATE and (c.values.number > 0.5 or c.values.summary > 0.2)]
    if any(_COUNTING_NAMES.match(column.name) for column in counts):
        return True
    numeric = [c for c in body if c.values.number > 0.5]
    if len(counts) * 3 >= len(numeric) and counts:
        return True
    first = grid.column(0)
    words = [cell for cell in first if isinstance(cell, str) and not any(map(str.isdigit, cell))]
    statistics = sum(role_of(word) is Role.AGGREGATE for word in words)
    return statistics >= 2 and statistics > len(first) / 3


def _grouped(column: Column) -> bool:
    return column.values.band > 0.3 or column.values.summary > 0.3


def _unidentified(grid: Grid, columns: Sequence[Column], threshold: int) -> Judgement | None:
    if _counted(grid, columns):
        return None
    body = [column for column in columns if column.role is not Role.INDEX and column.values.filled]
    genotypes = [column for column in body if column.values.genotype > 0.8 and column.values.variety >= 2]
    if len(genotypes) >= 2 and grid.count >= threshold:
        return Judgement(Reason.GENOTYPES, certain=True, rows=grid.count)
    snps = [
        c for c in body if re.match(r"(?:rs\d{2,}|\w+_rs\d+)", c.name) and c.values.whole > 0.9 and c.values.high <= 2
    ]
    if len(snps) >= 2 and grid.count >= threshold:
        return Judgement(Reason.GENOTYPES, certain=True, rows=grid.count)
    if any(_grouped(column) for column in body) or any(c.role is Role.ENTITY for c in body):
        return None
    if _series(body) or _crossed(grid, body):
        return None
    weights = {column.index: _weight(column) for column in body}
    telling = [column for column in body if weights[column.index] > 0]
    score = sum(weights.values())
    if _labelled(body):
        score -= 1.5
    if len(telling) >= 2:
        enough = _CERTAIN_SCORE if grid.count < _MANY else _CERTAIN_SCORE_OF_MANY
        if score >= enough and grid.count >= threshold:
            return Judgement(Reason.COMBINED, certain=True, rows=grid.count)
        if score >= _DOUBTFUL_SCORE:
            return Judgement(Reason.COMBINED, certain=False, rows=grid.count)
    nameless = not any(grid.names) and score >= 1.5 and grid.count >= threshold
    if nameless and any(column.values.number > 0.9 and not column.values.axis for column in body):
        return Judgement(Reason.COMBINED, certain=False, rows=grid.count)
    if _single_values(grid, body, threshold):
        return Judgement(Reason.UNSUMMARISED, certain=False, rows=grid.count)
    return None


def _weight(column: Column) -> float:
    """How much a column helps to tell one person from others."""
    values, role = column.values, column.role
    if role is Role.PERIOD or (values.axis and role is not Role.TRAIT):
        return 0.5 if role is Role.QUASI else 0.0
    if values.day > 0.7:
        return 2.0 if values.distinct > 0.3 or role is Role.QUASI else 1.0
    if role is Role.QUASI:
        return 1.5
    if role is Role.TRAIT:
        return 1.0
    if values.sex > 0.8 and values.variety >= 2:
        return 1.5
    if values.icd > 0.8 and values.number < 0.5:
        return 1.5
    if values.genotype > 0.8 and values.variety >= 2:
        return 1.0
    if not column.name and values.whole > 0.9 and values.distinct > 0.95 and values.high >= 1_000:
        return 0.5
    return 1.0 if values.prose > 0.7 and values.distinct > 0.7 else 0.0


def _series(body: Sequence[Column]) -> bool:
    """A life table or time series: it runs along its first column, in even steps."""
    first = body[0] if body else None
    if first is None or first.role in (Role.PERSON, Role.BARE_ID):
        return False
    runs = first.values.axis or (first.role is Role.PERIOD and first.values.distinct > 0.9)
    return runs and sum(column.values.day > 0.5 or column.values.sex > 0.5 for column in body[1:]) == 0


def _crossed(grid: Grid, body: Sequence[Column]) -> bool:
    """Whether the rows are all combinations of some groups, each once: a published table in long form."""
    groups = [c for c in body if c.values.variety * 2 <= grid.count and c.role in (Role.QUASI, Role.TRAIT, Role.PERIOD)]
    if len(groups) < 2 or grid.count > len(grid.rows):
        return False
    combinations = {tuple(row[c.index] if c.index < len(row) else None for c in groups) for row in grid.rows}
    return len(combinations) == grid.count == prod(column.values.variety for column in groups)


def _labelled(body: Sequence[Column]) -> bool:
    """Whether each row has a name of its own in words, as groups and variables have."""
    if not body or body[0].role in (Role.PERSON, Role.QUASI, Role.BIRTH):
        return False
    first = body[0].values
    return first.distinct == 1.0 and max(first.number, first.day, first.id_like, first.name) < 0.3


def _single_values(grid: Grid, body: Sequence[Column], threshold: int) -> bool:
    """Many rows of numbers, hardly one like the other, without names that explain them."""
    numeric = [column for column in body if column.values.number > 0.9 and not column.values.axis]
    if len(numeric) < 2 or _labelled(body) or _series(body) or len(numeric) == grid.count:
        return False
    if any(column.role in (Role.AGGREGATE, Role.PERIOD) for column in body):
        return False
    various = sum(column.values.variety > 0.5 * column.values.filled for column in numeric)
    if grid.listed:
        return grid.count >= min(threshold, FEW) and various >= 1
    return grid.count >= _MANY and various >= 2


def _across(grid: Grid, columns: Sequence[Column]) -> Judgement | None:
    """Samples side by side: names of one shape that count through persons."""
    serial = [c for c in columns if _SERIAL.match(c.name) and not _SERIAL_INNOCENT.match(c.name) and c.values.filled]
    named = [
        c
        for c in serial
        if looks_like_id(c.name) and not re.fullmatch(r"(?:(?:18|19|20)\d\d|\d{1,3}|[A-Z]\d\d)", c.name)
    ]
    shapes = {re.sub(r"\d+", "0", column.name) for column in named}
    if len(named) < 4 or len(shapes) > 2 or len(named) * 2 < len(columns):
        return None
    if sum(column.values.number + column.values.genotype > 0.5 for column in named) < len(named) / 2:
        return None
    if [c.name for c in named] == [str(row[0]) for row in grid.rows if row][: len(named)] and _unit_diagonal(
        grid, named
    ):
        return None
    person = all(role_of(column.name) is Role.PERSON for column in named)
    long_numbers = all(re.search(r"\d{3}", column.name) for column in named)
    genotypes = sum(column.values.genotype > 0.5 for column in named) > len(named) / 2
    return Judgement(Reason.ACROSS, certain=person or long_numbers or genotypes, rows=len(named))


def _unit_diagonal(grid: Grid, named: Sequence[Column]) -> bool:
    cells = [row[c.index] for row, c in zip(grid.rows, named, strict=False) if c.index < len(row)]
    return all(as_number(cell) == 1.0 for cell in cells)


def _turned(grid: Grid) -> Judgement | None:
    """Persons side by side, their properties one under the other."""
    if not 2 <= len(grid.rows) <= 100 or grid.count != len(grid.rows):
        return None
    with_names = Grid(grid.names, (tuple(grid.names), *grid.rows), grid.count + 1)
    for turned in (with_names.turned(), grid.turned()):
        roles = [role_of(name) for name in turned.names]
        ids = sum(role in (Role.PERSON, Role.BIRTH, Role.BARE_ID) for role in roles)
        about = sum(role in (Role.QUASI, Role.TRAIT) for role in roles)
        if not ids or not about or not turned.count:
            continue
        columns = _columns(turned)
        judgement = _one_record(columns) if turned.count == 1 else _identified(turned, columns)
        if judgement is not None:
            return judgement
    return None


def _square(grid: Grid) -> bool:
    """Whether the same names stand above and at the side: correlations, distances, confusions."""
    aside = [str(row[0]).strip().lower() for row in grid.rows if row and row[0] is not None]
    above = {name.lower() for name in grid.names[1:] if name}
    return len(aside) >= 2 and len(above) >= 2 and sum(name in above for name in aside) > 0.8 * len(aside)


def _one_record(columns: Sequence[Column]) -> Judgement | None:
    """One person's properties, a name and a value a row."""
    ids = [c for c in columns if c.role is Role.PERSON and c.values.id_like == 1.0]
    births = [c for c in columns if c.role is Role.BIRTH and c.values.day == 1.0]
    about = [c for c in columns if c.role in (Role.QUASI, Role.TRAIT) and c.values.filled and not _grouped(c)]
    if (ids or births) and len(about) >= 1:
        return Judgement(Reason.BIRTH if births else Reason.IDENTIFIED, certain=True, rows=1)
    return None
