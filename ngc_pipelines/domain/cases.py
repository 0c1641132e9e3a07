"""Case numbers: what identifies an application, an export request or a working-copy request everywhere.

Here: the value and its parsing. Not here: the state of a case (`domain/workflow`) or its storage (`register/`).
A case number carries nothing about a person; it is safe in logs, tags, partition keys and mail.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ngc_pipelines.domain.errors import Fault, Refused

# Dagster does not validate partition keys, so whatever becomes one has passed this pattern first.
_PATTERN = re.compile(r"([A-Z]{2,4})-(\d{4})-(\d{5})", re.ASCII)


class Flow(StrEnum):
    """The flows that have cases. The value is the prefix of their case numbers."""

    EXHIBITION = "EXH"


@dataclass(frozen=True, slots=True, order=True)
class CaseId:
    """A case number such as `EXH-2026-00001`, valid from construction.

    value: prefix of the flow, year of opening, running number of that year (1 to 99,999).
    Raises ValueError where the text is not a case number; `CaseId.parse` is for text from outside.
    """

    value: str

    def __post_init__(self) -> None:
        if not _PATTERN.fullmatch(self.value):
            raise ValueError("a case number looks like EXH-2026-00001")

    @classmethod
    def of(cls, flow: Flow, year: int, number: int) -> "CaseId":
        """Give the case number of the `number`-th case (from 1) of a year."""
        if not 1 <= number <= 99_999:
            raise ValueError("a year has room for 99,999 cases of a flow")
        return cls(f"{flow.value}-{year:04d}-{number:05d}")

    @classmethod
    def parse(cls, text: str) -> "CaseId":
        """Read a case number that somebody typed; raises Refused where it is none (the text is not repeated)."""
        try:
            return cls(text.strip())
        except ValueError:
            raise Refused(
                [
                    Fault(
                        "WC-1",
                        "case number",
                        "Et sagsnummer ser ud som EXH-2026-00001.",
                        "A case number looks like EXH-2026-00001.",
                    )
                ],
                tried="A case number was read",
                remedy="`ngc status` lists the open cases.",
            ) from None

    @property
    def prefix(self) -> str:
        """Letters before the year."""
        return self.value.split("-")[0]

    @property
    def flow(self) -> Flow:
        """The flow that the case belongs to; raises ValueError for a prefix of no flow here."""
        return Flow(self.prefix)

    def __str__(self) -> str:
        return self.value
