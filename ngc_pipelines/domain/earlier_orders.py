"""Whether counts may be told beside those of earlier orders: two that nearly agree tell about their difference (CO-4).

Whoever is told 137 of one list and 138 of the same list with one person more knows about that person. Here: which
difference between two orders is too small to be told, from the sizes of what they have in common. Not here: comparing
the persons, which is done in PostgreSQL (`adapters/cohorts/earlier.py`); hiding small counts within one order
(`domain/told_account`); what a case officer then decides (`domain/exhibition_flow`).

Orders are compared two at a time, whoever they are from: a project is no wall for a letter. That three or more orders
put together tell something that no two of them do is not seen; a case officer knows which orders belong together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ngc_pipelines.domain.cohort_accounts import VarFilterResult
from ngc_pipelines.domain.told_account import tell_account


class Measure(StrEnum):
    """A set of an order's persons whose size is told, or follows from one that is."""

    ORDERED = "ordered"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    REGISTERED = "registered"
    NOT_REGISTERED = "not_registered"


MEASURE_WORDS = {
    Measure.ORDERED: ("bestilte personer", "persons ordered"),
    Measure.KEPT: ("personer med data, som kan udstilles", "persons with data that can be exhibited"),
    Measure.NOT_KEPT: ("personer uden data, som kan udstilles", "persons without data that can be exhibited"),
    Measure.REGISTERED: ("personer registreret i VAR", "persons registered in VAR"),
    Measure.NOT_REGISTERED: ("personer, der ikke er registreret i VAR", "persons not registered in VAR"),
}


@dataclass(frozen=True, slots=True)
class OrderSizes:
    """An order's distinct persons, and which counts about them are told as numbers.

    persons: everybody asked for under a real number. kept: whose data may be exhibited. registered: removed by VAR.
    """

    persons: int
    kept: int
    registered: int
    kept_exactly: bool
    registered_exactly: bool

    def __post_init__(self) -> None:
        if min(self.persons, self.kept, self.registered) < 0 or self.kept + self.registered > self.persons:
            raise ValueError("kept and registered persons are among the persons asked for, and nobody is both")

    def of(self, measure: Measure) -> int:
        """How many persons the measure holds."""
        return {
            Measure.ORDERED: self.persons,
            Measure.KEPT: self.kept,
            Measure.NOT_KEPT: self.persons - self.kept,
            Measure.REGISTERED: self.registered,
            Measure.NOT_REGISTERED: self.persons - self.registered,
        }[measure]


@dataclass(frozen=True, slots=True)
class TooClose:
    """An earlier order that this one's counts may not be told beside. measures: where the two nearly agree."""

    case_id: str
    told_on: str
    measures: tuple[Measure, ...]


def tells_anything(account: VarFilterResult, threshold: int) -> bool:
    """Whether a letter about this account says any count at all; of an order that is too small it says none."""
    told = tell_account(account, threshold)
    return any(character.isdigit() for count in (told.kept, told.registered) for character in count.en)


def told_exactly(account: VarFilterResult, threshold: int) -> tuple[bool, bool]:
    """Whether the kept and the registered are told as numbers, and not as `<5` or `at least`."""
    told = tell_account(account, threshold)
    return told.kept.en.isdigit(), told.registered.en.isdigit()


def may_be_close(new: OrderSizes, earlier: OrderSizes, threshold: int) -> bool:
    """Whether two orders could be too close, by their sizes alone; False needs no look at their persons."""
    return any(abs(new.of(measure) - earlier.of(measure)) < threshold for measure in _judged(new, earlier))


def too_close(
    new: OrderSizes, earlier: OrderSizes, common: Mapping[Measure, int], threshold: int
) -> tuple[Measure, ...]:
    """Say by which measures two orders can be told apart by fewer than `threshold` persons.

    Two orders of the very same persons are told the same and may be. Where the orders themselves differ by a few
    persons, no count is told. Where more differ, a measure that is told as a number in either of the two may not
    differ by a few, nor by nobody: that nobody of those added is registered is a small count too. A measure that both
    letters only bound (`<5`, `at least`) says no more in two letters than in one.

    Args:
        common: how many persons both orders have in each measure.
        threshold: a count below it is never told; at least 2 (policy: 5).
    """
    if threshold < 2:
        raise ValueError("a threshold under 2 hides nothing")
    if not common[Measure.ORDERED]:
        return ()
    differs = {measure: new.of(measure) + earlier.of(measure) - 2 * common[measure] for measure in Measure}
    if min(differs.values()) < 0:
        raise ValueError("two orders have no more in common than each of them has")
    return tuple(
        measure
        for measure in _judged(new, earlier)
        if differs[measure] < threshold and (differs[measure] or (differs[Measure.ORDERED] and measure != "ordered"))
    )


def _judged(new: OrderSizes, earlier: OrderSizes) -> tuple[Measure, ...]:
    measures = [Measure.ORDERED]
    if new.kept_exactly or earlier.kept_exactly:
        measures += [Measure.KEPT, Measure.NOT_KEPT]
    if new.registered_exactly or earlier.registered_exactly:
        measures += [Measure.REGISTERED, Measure.NOT_REGISTERED]
    return tuple(measures)
