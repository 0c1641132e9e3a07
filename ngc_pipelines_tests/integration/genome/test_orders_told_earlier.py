"""Counts are held against what was told of earlier orders, on a real database (CO-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.earlier_orders import Measure, TooClose
from ngc_pipelines.domain.errors import IntegrityFault, Refused

FIRST, SECOND = CaseId("EXH-2026-00001"), CaseId("EXH-2026-00002")


@pytest.fixture
def filled(site: Any, numbers: tuple[str, ...]) -> Any:
    """Sixty persons with a sample each, of whom ten are in VAR; twenty more in neither."""
    for place in range(60):
        site.report(f"S{place}", numbers[place])
    site.deliver(numbers[50:60])
    return site


def tell(cohorts: Any, case: CaseId, listed: Sequence[str], now: Any, **how: Any) -> tuple[TooClose, ...]:
    """Builds, filters and tells an order."""
    cohorts.build_from_list(case, ["".join(f"{number}\n" for number in listed).encode()], now=now)
    cohorts.filter_by_var(case, now=now)
    found: tuple[TooClose, ...] = cohorts.tell_counts(case, threshold=5, now=now, **how)
    return found


def told(site: Any) -> int:
    with site.runtime.snapshot("Orders told were counted") as connection:
        return int(connection.execute(text("SELECT count(*) FROM cohort.told")).scalar_one())


def test_an_order_that_differs_by_one_person_from_one_told_is_held(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    (close,) = tell(cohorts, SECOND, [*numbers[:50], *numbers[51:75]], now)
    assert (close.case_id, close.told_on) == (FIRST.value, "2026-11-20")
    # The person left out is in VAR: exactly what the two letters together would have said.
    assert Measure.ORDERED in close.measures
    assert Measure.REGISTERED in close.measures
    assert told(filled) == 1


def test_the_same_order_of_another_project_and_a_wholly_different_one_are_told(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:60], now) == ()
    assert tell(cohorts, SECOND, list(reversed(numbers[:60])), now) == ()
    assert tell(cohorts, CaseId("EXH-2026-00003"), numbers[60:80], now) == ()
    assert told(filled) == 3


def test_a_changed_order_of_the_same_case_is_held_against_the_one_before(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    (close,) = tell(cohorts, FIRST, numbers[1:75], now)
    assert close.case_id == FIRST.value
    assert set(filled.outcomes(FIRST.value)) == set(numbers[1:75]), "the case shows the order it has now"
    # Nothing was told of the second; the third is held against the first alone.
    (close,) = tell(cohorts, FIRST, numbers[2:75], now)
    assert close.case_id == FIRST.value
    assert told(filled) == 1
    cohorts.erase(FIRST)
    assert told(filled) == 0
    assert filled.outcomes(FIRST.value) == {}


def test_a_person_who_enters_var_between_two_equal_orders_holds_the_second(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    filled.deliver(numbers[49:60], delivery="second", delivered_at=now)
    (close,) = tell(cohorts, SECOND, numbers[:75], now)
    assert Measure.ORDERED not in close.measures
    assert {Measure.KEPT, Measure.REGISTERED} <= set(close.measures)


def test_what_was_told_stays_as_it_was_told_though_var_is_read_again(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    filled.deliver(numbers[45:60], delivery="second", delivered_at=now)
    cohorts.persons_registered_since(FIRST, now=now)
    # By then's counts the two differ by five, by those of the second reading not at all.
    assert tell(cohorts, SECOND, numbers[:75], now) == ()


def test_a_person_who_only_changed_number_is_no_difference(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:60], now) == ()
    filled.deliver(numbers[50:60], [(numbers[0], numbers[100])], delivery="second", delivered_at=now)
    assert tell(cohorts, SECOND, [*numbers[1:60], numbers[100]], now) == ()


def test_what_a_case_officer_released_is_told_and_held_against_later_orders(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    assert tell(cohorts, SECOND, numbers[1:75], now, regardless=True)
    found = tell(cohorts, CaseId("EXH-2026-00003"), numbers[2:75], now + timedelta(days=1))
    assert [close.case_id for close in found] == [FIRST.value, SECOND.value]


def test_an_order_too_small_to_be_told_anything_of_is_neither_held_nor_noted(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    assert tell(cohorts, SECOND, numbers[:8], now) == ()
    assert told(filled) == 1


def test_telling_again_after_a_run_that_was_killed_is_noted_once(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    assert cohorts.tell_counts(FIRST, threshold=5, now=now) == ()
    assert told(filled) == 1


def test_an_earlier_order_whose_rows_are_gone_lets_nothing_be_told(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:75], now) == ()
    with filled.owner.snapshot("A row was taken out") as connection:
        connection.execute(text("DELETE FROM cohort.persons WHERE cpr = :cpr"), {"cpr": numbers[3]})
    with pytest.raises(IntegrityFault, match=r"EXH-2026-00001.*not those"):
        tell(cohorts, SECOND, numbers[:75], now)
    assert told(filled) == 1


def test_counts_of_a_cohort_that_was_never_filtered_cannot_be_told(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(FIRST, ["".join(f"{number}\n" for number in numbers[:20]).encode()], now=now)
    with pytest.raises(Refused):
        cohorts.tell_counts(FIRST, threshold=5, now=now)


def test_provisioning_that_has_begun_is_not_evaded_by_setting_the_order_aside(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    tell(cohorts, FIRST, numbers[:75], now)
    cohorts.persons_registered_since(FIRST, now=now)
    with pytest.raises(Refused, match="built anew"):
        tell(cohorts, FIRST, numbers[:60], now)


def test_orders_of_other_sizes_are_not_read(filled: Any, numbers: Any, now: Any) -> None:
    """The cost grows with orders of nearly this size: one of another size may even have lost its rows."""
    cohorts = filled.cohorts()
    assert tell(cohorts, FIRST, numbers[:25], now) == ()
    with filled.owner.snapshot("A row was taken out") as connection:
        connection.execute(text("DELETE FROM cohort.persons WHERE cpr = :cpr"), {"cpr": numbers[3]})
    assert tell(cohorts, SECOND, numbers[:75], now) == ()
