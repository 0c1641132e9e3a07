"""The month's lines of an environment (EN-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.adapters.environments.usage import price_list
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.costs import (
    TIB,
    ComputeUse,
    EnvironmentUse,
    Price,
    PriceList,
    Service,
    StoredPeriod,
    month_lines,
    read_price_list,
    total,
)
from ngc_pipelines.domain.errors import IntegrityFault, Refused

CASE = CaseId("EXH-2026-00001")
HEADER = "service,unit,price_dkk,valid_from,valid_to,status\n"
PRICES = read_price_list(
    HEADER
    + "agreement_fee,once,5000.00,2025-01-01,,found\n"
    + "storage,TiB-month,300.00,2025-01-01,2026-03-15,assumed\n"
    + "storage,TiB-month,600.00,2026-03-16,,assumed\n"
    + "compute,core-hour,0.25,2025-01-01,,assumed\n"
)


def at(day: int, hour: int = 0, month: int = 3) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def lines(month: int = 3, **used: Any) -> dict[Service, tuple[Decimal, Decimal]]:
    """Amount and price of each line of a month of 2026."""
    use = EnvironmentUse(CASE, **used)
    return {line.service: (line.amount, line.dkk) for line in month_lines(use, 2026, month, PRICES)}


def test_exhibition_itself_is_free() -> None:
    assert lines() == {}


def test_a_tib_kept_a_whole_month_costs_the_price_of_a_month_in_every_month() -> None:
    kept = (StoredPeriod(TIB, at(1, month=1)),)
    assert lines(1, stored=kept) == {Service.STORAGE: (Decimal(1), Decimal("300.00"))}
    assert lines(2, stored=kept) == {Service.STORAGE: (Decimal(1), Decimal("300.00"))}


def test_a_new_price_counts_from_its_first_day() -> None:
    assert lines(3, stored=(StoredPeriod(TIB, at(1)),))[Service.STORAGE][1] == Decimal("454.84")  # (15*300+16*600)/31


def test_storage_counts_from_the_hour_it_began_to_the_hour_it_ended() -> None:
    one_day = (StoredPeriod(31 * TIB, at(2, 12), at(3, 12)),)
    assert lines(3, stored=one_day) == {Service.STORAGE: (Decimal(1), Decimal("300.00"))}
    assert lines(4, stored=one_day) == {}


def test_the_fee_is_paid_once_in_the_month_of_the_agreement() -> None:
    assert lines(3, agreement_on=date(2026, 3, 31)) == {Service.AGREEMENT_FEE: (Decimal(1), Decimal("5000.00"))}
    assert lines(4, agreement_on=date(2026, 3, 31)) == {}


def test_core_hours_of_the_month_are_billed_and_no_others() -> None:
    used = (ComputeUse(date(2026, 3, 1), Decimal("10.5")), ComputeUse(date(2026, 4, 1), Decimal(99)))
    assert lines(3, compute=used) == {Service.COMPUTE: (Decimal("10.5"), Decimal("2.63"))}


@given(sizes=st.lists(st.integers(0, 1 << 50), max_size=5), split=st.integers(1, 27))
def test_a_file_costs_the_same_in_one_period_or_in_two(sizes: list[int], split: int) -> None:
    whole = tuple(StoredPeriod(size, at(1), at(28)) for size in sizes)
    parts = tuple(
        part for size in sizes for part in (StoredPeriod(size, at(1), at(split)), StoredPeriod(size, at(split), at(28)))
    )
    assert lines(3, stored=whole) == lines(3, stored=parts)


def test_a_day_without_a_price_is_refused_not_billed_at_a_guess() -> None:
    use = EnvironmentUse(CASE, compute=(ComputeUse(date(2024, 12, 1), Decimal(1)),))
    with pytest.raises(Refused, match="compute, 2024-12-01"):
        month_lines(use, 2024, 12, PRICES)


def test_the_total_is_the_sum_of_rounded_lines() -> None:
    use = EnvironmentUse(CASE, (StoredPeriod(TIB, at(1, month=1)),), (ComputeUse(date(2026, 1, 1), Decimal("0.1")),))
    assert total(month_lines(use, 2026, 1, PRICES)) == Decimal("300.03")


def test_the_packages_own_price_list_has_every_service() -> None:
    prices = price_list()
    assert prices.on(Service.AGREEMENT_FEE, date(2026, 1, 1)).dkk == 5000
    assert all(prices.on(service, date(2026, 1, 1)) for service in Service)


def test_a_price_list_that_is_not_there_is_a_fault(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(IntegrityFault, match="cannot be read"):
        price_list(tmp_path_factory.getbasetemp() / "no such list.csv")


def test_every_bad_line_of_a_price_list_is_named() -> None:
    text = HEADER + "storage,GiB,1,2025-01-01,,x\nparking,once,1,2025-01-01,,x\ncompute,core-hour,-1,2025-01-01,,x\n"
    with pytest.raises(Refused) as raised:
        read_price_list(text + "compute,core-hour,free,2025-01-01,,x\ncompute,core-hour,1,soon,,x\n")
    assert [fault.where for fault in raised.value.faults] == [f"price list, line {line}" for line in range(2, 7)]


def test_a_price_list_with_other_columns_is_refused() -> None:
    with pytest.raises(Refused, match="the columns are not"):
        read_price_list("a,b\n1,2\n")


def test_two_prices_for_one_day_are_refused() -> None:
    first, second = (Price(Service.STORAGE, Decimal(1), date(2026, 1, day)) for day in (1, 2))
    with pytest.raises(ValueError, match="two prices of storage hold on 2026-01-02"):
        PriceList((first, second))
    with pytest.raises(Refused, match="two prices"):
        read_price_list(HEADER + "storage,TiB-month,1,2025-01-01,,x\n" * 2)
