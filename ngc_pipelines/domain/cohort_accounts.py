"""What is told about a cohort: how many were asked for and what became of each (CO-1 to CO-4).

Counts, versions and digests only. The persons themselves stay in PostgreSQL, in the restricted schema `cohort`
(`adapters/cohorts`); hiding counts that are too small to tell is `domain/told_account.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one CPR number that was asked for. Exactly one holds at a time."""

    KEPT = "kept"
    REGISTERED = "registered"
    WITHOUT_DATA = "without_data"
    INVALID = "invalid"


class CohortSource(StrEnum):
    """How the cohort was asked for (CO-1, CO-2)."""

    CPR_LIST = "cpr_list"
    CRITERIA = "criteria"


@dataclass(frozen=True, slots=True)
class CohortManifest:
    """The account of everybody asked for, before VAR: asked = with_data + without_data + invalid.

    `asked`, `with_data`, `without_data` and `invalid` count CPR numbers as they were asked for; a person who was
    asked for under an old and a new number counts twice there and once in `persons`.
    `samples`, `files` and `size_bytes` belong to the persons with data, each sample and file once.
    `samples_without_number` are samples that match the criteria and have no CPR number: they cannot be held against
    VAR and are never exhibited; 0 for a CPR list.
    `number_references_version` says which delivery of the cross-references old and new numbers were joined by.
    """

    case_id: str
    source: CohortSource
    asked: int
    with_data: int
    without_data: int
    invalid: int
    persons: int
    samples: int
    files: int
    size_bytes: int
    samples_without_number: int
    number_references_version: str
    digest: str
    built_at: datetime

    def __post_init__(self) -> None:
        if self.asked != self.with_data + self.without_data + self.invalid:
            raise ValueError("the account is not closed: asked must be with data + without data + invalid")


@dataclass(frozen=True, slots=True)
class VarVersion:
    """Which delivery of the tissue-use register was read: time, row counts and digest."""

    delivery: str
    delivered_at: datetime
    registrations: int
    number_references: int
    digest: str


@dataclass(frozen=True, slots=True)
class VarFilterResult:
    """The closed account after VAR: asked = kept + registered + without_data + invalid (CO-3, CO-4).

    A registered person is counted under `registered` whether data exist or not: VAR comes first.
    `persons`, `samples`, `files` and `size_bytes` are what would be exhibited.
    `manifest_digest` names the manifest that was filtered, `digest` the cohort that a decision binds to.
    """

    case_id: str
    asked: int
    kept: int
    registered: int
    without_data: int
    invalid: int
    persons: int
    samples: int
    files: int
    size_bytes: int
    var_version: VarVersion
    manifest_digest: str
    digest: str
    filtered_at: datetime

    def __post_init__(self) -> None:
        if self.asked != self.kept + self.registered + self.without_data + self.invalid:
            raise ValueError("the account is not closed: asked must be kept + registered + without data + invalid")


@dataclass(frozen=True, slots=True)
class VarRecheck:
    """VAR read again after the decision: who of the kept has entered it since, and what is left.

    `newly_registered` counts persons of this reading, `withdrawn_in_all` persons of every reading since the filtering.
    `cohort_digest` is the digest the decision was bound to (unchanged by a recheck); `remaining_digest` that of what
    may still be exhibited.
    """

    case_id: str
    var_version: VarVersion
    newly_registered: int
    withdrawn_in_all: int
    remaining_persons: int
    remaining_samples: int
    remaining_files: int
    cohort_digest: str
    remaining_digest: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class CohortFile:
    """One stored file of the cohort, as provisioning needs it. Identifying: never logged (no repr of the person).

    `person` is the person's current CPR number: the last one of its chain of references, so that one person has one
    pseudonym whatever number the sample came in under. `read` is 1 or 2 of the pair, 0 for a SPRING file that holds
    both; `lane` counts from 1.
    """

    person: str = field(repr=False)
    sample_id: str = field(repr=False)
    bucket: str
    key: str = field(repr=False)
    read: int
    lane: int
    size: int
    sha256: str | None
    md5: str | None
    etag: str | None
    version: str | None
    storage_format: str
    sample_type: str
    material_type: str
    assay: str
    sidecar: bool
    file_id: int
