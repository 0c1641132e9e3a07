"""Facts of the field as data: patient groups, metadata fields, regions, authorities, criteria that may be asked for.

Here: the CSV files and one small loader that gives them as frozen rows, in force on a date. Not here: rules that use
them (`domain/criteria`, `domain/applications`). A fact whose `status` is `assumed` stays data with validity dates, so
that a correction is a changed line and no changed program.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType


def read_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Read `<name>.csv` of this package: one mapping a line, columns as in its header, every value a string."""
    return _rows(name)


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(StringIO(text, newline="")))


def in_force(row: Mapping[str, str], as_of: date) -> bool:
    """Tell whether a row's `valid_from` … `valid_to` (both inclusive, empty for open) holds on `as_of`."""
    first, last = row.get("valid_from", ""), row.get("valid_to", "")
    return (not first or date.fromisoformat(first) <= as_of) and (not last or as_of <= date.fromisoformat(last))


@dataclass(frozen=True, slots=True)
class PatientGroup:
    """A patient group of NGC; `sample_types` are the sample types that its requisition form allows."""

    code: str
    name_da: str
    name_en: str
    sample_types: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class MetadataField:
    """A metadata field of the genome database.

    exposure: `direct_identifier`, `pseudonym`, `quasi`, `technical`, `internal`, `governance` or `-`.
    status: `found`, `assumed`, or `found ABSENT` for what the database does not hold.
    """

    code: str
    name_da: str
    type: str
    cardinality: str
    status: str
    exposure: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region, the object identifier of its D-eCPR, and the facility that sequences for it; empty where unknown."""

    name_da: str
    iso_3166_2: str
    region_code: str
    d_ecpr_oid: str
    sequencing_facility: str


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that can have authorised an institution (AP-2)."""

    code: str
    name_da: str
    name_en: str


def patient_groups(as_of: date) -> tuple[PatientGroup, ...]:
    """Give the patient groups in force on `as_of` (G §4.3; 17 by the guide, 18 labels found: data, not an enum)."""
    return tuple(
        PatientGroup(row["code"], row["name_da"], row["name_en"], tuple(row["sample_types"].split(";")), row["status"])
        for row in read_rows("patient_groups")
        if in_force(row, as_of)
    )


def metadata_fields() -> tuple[MetadataField, ...]:
    """Give every metadata field, those found absent included (G §2.2, §4.3)."""
    return tuple(
        MetadataField(row["code"], row["name_da"], row["type"], row["cardinality"], row["status"], row["exposure"])
        for row in read_rows("metadata_fields")
    )


def regions(as_of: date) -> tuple[Region, ...]:
    """Give the regions in force on `as_of`; two of them become one on 2027-01-01."""
    return tuple(
        Region(row["name_da"], row["iso_3166_2"], row["region_code"], row["d_ecpr_oid"], row["sequencing_facility"])
        for row in read_rows("regions")
        if in_force(row, as_of)
    )


def authorities(as_of: date | None = None) -> tuple[Authority, ...]:
    """Give the authorities that authorise institutions (G §3.3): in force on `as_of`, or all that ever did."""
    return tuple(
        Authority(row["code"], row["name_da"], row["name_en"])
        for row in read_rows("authorities")
        if as_of is None or in_force(row, as_of)
    )
