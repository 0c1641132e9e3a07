"""What can go wrong, sorted by what a retry can change.

Here: the four errors that every other module raises, and `Fault`, one point of a refusal. Not here: what is checked
(that is in the module of each rule) and what the flow does about an error (`domain/workflow`, `defs/`).

No text in an error may contain a person's data: no CPR number, no sample name, no value that was found. Say where it
stands and which rule it breaks.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One point of a refusal, told to the applicant in Danish with English beside.

    rule: id of a requirement (`CO-1`). where: place without a person's data (`line 12, column B`).
    da, en: what is wrong and what to do about it.
    """

    rule: str
    where: str
    da: str
    en: str

    def __post_init__(self) -> None:
        if not (self.rule and self.where and self.da and self.en):
            raise ValueError("a fault needs a rule, a place and its text in Danish and English")


class NgcError(Exception):
    """Base of the errors of this package: what was tried, why it did not work, what to do next."""

    def __init__(self, tried: str, why: str, remedy: str) -> None:
        super().__init__(tried, why, remedy)
        self.tried = tried
        self.why = why
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.tried}: {self.why}. {self.remedy}"


class Refused(NgcError):  # noqa: N818 - the word of the field: a request is refused
    """A rule says no. No retry helps; a person must change something. Carries every fault at once."""

    def __init__(
        self,
        faults: Iterable[Fault],
        tried: str = "The request was checked",
        remedy: str = "Correct every point and try again.",
    ) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("a refusal names at least one fault")
        why = "; ".join(f"{fault.where} [{fault.rule}]: {fault.en}" for fault in self.faults)
        super().__init__(tried, why, remedy)


class Unavailable(NgcError):  # noqa: N818 - read as "the register is unavailable"
    """A system did not answer, or not in time. The same request may succeed later."""


class IntegrityFault(NgcError):  # noqa: N818 - the data are at fault, not the program
    """Data are not what was recorded. Nothing goes on before a person has found out why."""
