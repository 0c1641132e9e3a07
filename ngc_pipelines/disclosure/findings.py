"""What the checker says: findings, their kinds, and how grave they are.

Here live the values alone. Who finds them lives in the rooms beside; how they
are shown lives in `report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How grave a finding is; the verdict of a file is its gravest finding."""

    NOTE = 0
    REVIEW = 1
    BLOCK = 2

    @property
    def word(self) -> str:
        """The word of the JSON contract: `note`, `review` or `block`."""
        return self.name.lower()


class Kind(StrEnum):
    """The kinds of the JSON contract; new ones may be added, none renamed."""

    FILE_TYPE = "file_type"
    TYPE_MISMATCH = "type_mismatch"
    RAW_DATA = "raw_data"
    CPR = "cpr"
    REPLACEMENT_CPR = "replacement_cpr"
    KNOWN_ID = "known_id"
    ID_COLUMN = "id_column"
    INDIVIDUAL_ROWS = "individual_rows"
    SMALL_CELL = "small_cell"
    RECOVERABLE_CELL = "recoverable_cell"
    IMPLIED_SMALL_COUNT = "implied_small_count"
    EXTREME_VALUE = "extreme_value"
    FIGURE_POINTS = "figure_points"
    EMBEDDED_DATA = "embedded_data"
    HIDDEN_CONTENT = "hidden_content"
    DOCUMENT_METADATA = "document_metadata"
    MACRO = "macro"
    EXTERNAL_LINK = "external_link"
    ENCODED_DATA = "encoded_data"
    GENOMIC_SUMMARY = "genomic_summary"
    SATURATED_MODEL = "saturated_model"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"
    NOT_IN_MANIFEST = "not_in_manifest"
    MISSING_FILE = "missing_file"
    HASH_MISMATCH = "hash_mismatch"
    UNCLEAR_TABLE = "unclear_table"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages of the house."""

    da: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one file.

    Args:
        rule: id of the requirement, e.g. `DC-3`.
        kind: what sort of fault.
        severity: how grave; what blocks is settled by the policy.
        where: the exact place, readable by a person (`sheet 'T1' cell C7`).
        message: what is there. Never the value itself.
        advice: what would clear it.
        masked: the shape of what was found, e.g. `02****-****`, or None.
        count: how many times the same fault was found.
        places: the first places, where `count` is more than one.
    """

    rule: str
    kind: Kind
    severity: Severity
    where: str
    message: Words
    advice: Words
    masked: str | None = None
    count: int = 1
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.rule or self.count < 1:
            raise ValueError("a finding names its rule and was found at least once")
