"""Metadata criteria: which samples an application asks for where it has no CPR list (CO-2, G §4.3).

Here: the criteria as a frozen value, their parsing and validation against `facts/criteria_fields.csv`, and whether one
set of criteria lies within another (the ethics approval's). Which fields there are is data, not code. Not here: SQL
(`adapters/genome_database` compiles these values) and counting.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.facts import in_force, patient_groups, read_rows

_RULE = "CO-2"


@dataclass(frozen=True, slots=True)
class IntegerRange:
    """Whole numbers from `low` to `high`, both included; None is open. At least one end is closed."""

    low: int | None
    high: int | None

    def __post_init__(self) -> None:
        _ordered(self.low, self.high)

    def lies_within(self, other: "Condition") -> bool:
        """Tell whether every value that meets this condition meets `other`."""
        return isinstance(other, IntegerRange) and _inside((self.low, self.high), (other.low, other.high))


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates from `first` to `last`, both included; None is open. At least one end is closed."""

    first: date | None
    last: date | None

    def __post_init__(self) -> None:
        _ordered(self.first, self.last)

    def lies_within(self, other: "Condition") -> bool:
        """Tell whether every value that meets this condition meets `other`."""
        return isinstance(other, DateRange) and _inside((self.first, self.last), (other.first, other.last))


@dataclass(frozen=True, slots=True)
class Codes:
    """Any of these codes: sorted, without duplicates, at least one."""

    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.codes or self.codes != tuple(sorted(set(self.codes))):
            raise ValueError("codes are at least one, sorted, each once")

    def lies_within(self, other: "Condition") -> bool:
        """Tell whether every value that meets this condition meets `other`."""
        return isinstance(other, Codes) and set(self.codes) <= set(other.codes)


Condition = IntegerRange | DateRange | Codes


@dataclass(frozen=True, slots=True)
class Criterion:
    """One field (a code of `facts/criteria_fields.csv`) and what its value must meet. No value never meets it."""

    field: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Criteria:
    """All criteria must be met by one and the same sample. At least one; sorted by field, each field once."""

    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        fields = [criterion.field for criterion in self.criteria]
        if not fields or fields != sorted(set(fields)):
            raise ValueError("criteria are at least one, sorted by field, each field once")

    def lies_within(self, other: "Criteria") -> bool:
        """Tell whether every sample that meets these criteria meets `other` too (AP-1: the order within its approval).

        Decided field by field: a field that `other` restricts must be restricted here at least as much.
        """
        return not self.outside(other)

    def outside(self, other: "Criteria") -> tuple[str, ...]:
        """Give the fields by which these criteria reach further than `other`, in order."""
        mine = {criterion.field: criterion.condition for criterion in self.criteria}
        return tuple(
            theirs.field
            for theirs in other.criteria
            if theirs.field not in mine or not mine[theirs.field].lies_within(theirs.condition)
        )

    def to_data(self) -> dict[str, Any]:
        """Give the form that `parse_criteria` reads: field to list of codes, or to `{from, to}`."""
        return {criterion.field: _condition_to_data(criterion.condition) for criterion in self.criteria}

    def to_json(self) -> str:
        """Give the canonical JSON text: equal criteria, equal text. What digests and the register hold."""
        return json.dumps(self.to_data(), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class CriterionField:
    """A field that one may ask by: its kind (`integer_range`, `date_range`, `codes`), codes or bounds, names."""

    code: str
    name_da: str
    name_en: str
    kind: str
    codes: tuple[str, ...]
    low: str
    high: str
    status: str


def criterion_fields(as_of: date) -> tuple[CriterionField, ...]:
    """Give the fields that one may ask by on `as_of`, from `facts/criteria_fields.csv`; patient groups filled in."""
    return tuple(
        CriterionField(
            row["code"],
            row["name_da"],
            row["name_en"],
            row["kind"],
            _codes(row["codes"], as_of),
            row["low"],
            row["high"],
            row["status"],
        )
        for row in read_rows("criteria_fields")
        if in_force(row, as_of)
    )


def parse_criteria(data: object, *, as_of: date, where: str = "criteria") -> Criteria:
    """Read criteria as they stand in a submission or on a command line.

    Args:
        data: mapping of field code to a list of codes (or one code), or to `{from: …, to: …}` with whole numbers or
            dates; either end may be left out.
        as_of: the day whose list of fields and codes holds.
        where: place of the criteria in the submission, for the faults.

    Raises:
        Refused: with every fault at once; values are not repeated.
    """
    fields = {field.code: field for field in criterion_fields(as_of)}
    if not isinstance(data, Mapping) or not data:
        raise Refused([_no_criteria(where, fields)], tried="The metadata criteria were read")
    criteria: list[Criterion] = []
    faults: list[Fault] = []
    for code in sorted(data, key=str):
        if not isinstance(code, str) or code not in fields:
            faults.append(_unknown_field(where, fields))
            continue
        try:
            criteria.append(Criterion(code, _condition(fields[code], data[code])))
        except _UnfitError as unfit:
            faults.append(Fault(_RULE, f"{where}.{code}", unfit.da, unfit.en))
    if faults:
        raise Refused(faults, tried="The metadata criteria were read")
    return Criteria(tuple(criteria))


class _UnfitError(Exception):
    """A value that its field does not take, told in both languages."""

    def __init__(self, da: str, en: str) -> None:
        super().__init__(en)
        self.da = da
        self.en = en


def _condition(field: CriterionField, value: object) -> Condition:
    if field.kind == "codes":
        return _codes_condition(field, value)
    if not isinstance(value, Mapping) or not value or set(value) - {"from", "to"}:
        raise _UnfitError(
            "Skriv en grænse eller to: {from: …, to: …}; begge er inklusive.",
            "Write one bound or two: {from: …, to: …}; both are included.",
        )
    low, high = value.get("from"), value.get("to")
    try:
        if field.kind == "integer_range":
            return _integer_range(field, low, high)
        return _date_range(field, low, high)
    except ValueError:
        raise _UnfitError(
            "Der skal være mindst én grænse, og den første må ikke ligge efter den sidste.",
            "There must be at least one bound, and the first may not lie after the last.",
        ) from None


def _codes_condition(field: CriterionField, value: object) -> Codes:
    values = [value] if isinstance(value, str) else value
    known = ", ".join(field.codes)
    if not isinstance(values, list) or not values:
        raise _UnfitError(
            f"Skriv en liste med en eller flere af: {known}.", f"Write a list of one or more of: {known}."
        )
    unknown = sum(1 for code in values if not isinstance(code, str) or code not in field.codes)
    if unknown:
        raise _UnfitError(
            f"{unknown} af værdierne er ikke en kode for {field.name_da.lower()}. Koderne er: {known}.",
            f"{unknown} of the values are no code of {field.name_en.lower()}. The codes are: {known}.",
        )
    return Codes(tuple(sorted(set(values))))


def _integer_range(field: CriterionField, low: object, high: object) -> IntegerRange:
    least, most = int(field.low), int(field.high)
    bounds: list[int | None] = []
    for end in (low, high):
        # bool is an int in Python; `age: {from: yes}` is not an age.
        if end is not None and (isinstance(end, bool) or not isinstance(end, int) or not least <= end <= most):
            raise _UnfitError(
                f"Grænserne skal være hele tal fra {least} til {most}.",
                f"The bounds must be whole numbers from {least} to {most}.",
            )
        bounds.append(end)
    return IntegerRange(*bounds)


def _date_range(field: CriterionField, low: object, high: object) -> DateRange:
    return DateRange(_date_bound(field, low), _date_bound(field, high))


def _date_bound(field: CriterionField, value: object) -> date | None:
    if value is None:
        return None
    day: date | None = None
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if day is None or (field.low and day < date.fromisoformat(field.low)):
        since = f" ikke før {field.low}" if field.low else ""
        since_en = f" not before {field.low}" if field.low else ""
        raise _UnfitError(
            f"Grænserne skal være datoer skrevet ÅÅÅÅ-MM-DD,{since}.".replace(",.", "."),
            f"The bounds must be dates written YYYY-MM-DD,{since_en}.".replace(",.", "."),
        )
    return day


def _no_criteria(where: str, fields: Mapping[str, CriterionField]) -> Fault:
    known = ", ".join(fields)
    return Fault(
        _RULE,
        where,
        f"Her skal stå mindst ét kriterium, fx `sex: [F]`. Felterne er: {known}.",
        f"At least one criterion must stand here, e.g. `sex: [F]`. The fields are: {known}.",
    )


def _unknown_field(where: str, fields: Mapping[str, CriterionField]) -> Fault:
    known = ", ".join(fields)
    return Fault(
        _RULE,
        where,
        f"Et af felterne kan man ikke vælge efter. Felterne er: {known}.",
        f"One of the fields cannot be chosen by. The fields are: {known}.",
    )


def _codes(text: str, as_of: date) -> tuple[str, ...]:
    if text == "@patient_groups":
        return tuple(group.code for group in patient_groups(as_of))
    return tuple(text.split(";")) if text else ()


def _condition_to_data(condition: Condition) -> list[str] | dict[str, int | str]:
    if isinstance(condition, Codes):
        return list(condition.codes)
    if isinstance(condition, IntegerRange):
        ends: tuple[int | str | None, ...] = (condition.low, condition.high)
    else:
        ends = tuple(end.isoformat() if end else None for end in (condition.first, condition.last))
    return {name: end for name, end in zip(("from", "to"), ends, strict=True) if end is not None}


def _ordered(low: Any, high: Any) -> None:
    if low is None and high is None:
        raise ValueError("a range has at least one bound")
    if low is not None and high is not None and low > high:
        raise ValueError("the first bound lies after the last")


def _inside(inner: tuple[Any, Any], outer: tuple[Any, Any]) -> bool:
    low_fits = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    high_fits = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return low_fits and high_fits
