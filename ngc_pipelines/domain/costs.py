"""What an environment costs (EN-4, G §4.9): exhibition is free, storage and compute are billed, the fee once.

Here: the price list as a value, and the lines of a month. Not here: measuring what was used (`adapters/environments`),
and the prices themselves, which are configuration with validity dates (`domain/facts/price_list.csv`, or the file that
NGC_POLICY_PRICE_LIST_FILE names). Money is exact: Decimal, rounded to øre once a line.
"""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Fault, Refused

TIB = 1 << 40
_OERE = Decimal("0.01")
_COLUMNS = ("service", "unit", "price_dkk", "valid_from", "valid_to", "status")


class Service(StrEnum):
    """What is billed."""

    AGREEMENT_FEE = "agreement_fee"
    STORAGE = "storage"
    COMPUTE = "compute"


UNITS = {Service.AGREEMENT_FEE: "once", Service.STORAGE: "TiB-month", Service.COMPUTE: "core-hour"}


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one unit in DKK, from a day to a day (both included; no last day: until further notice)."""

    service: Service
    dkk: Decimal
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if not self.dkk.is_finite() or self.dkk < 0:
            raise ValueError("a price is a number of DKK, zero or more")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("a price ends after it begins")

    def holds_on(self, day: date) -> bool:
        """Whether it is the price on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of every service over time; on no day more than one for a service."""

    prices: tuple[Price, ...]

    def __post_init__(self) -> None:
        for service in Service:
            own = sorted((price for price in self.prices if price.service is service), key=lambda p: p.valid_from)
            for earlier, later in pairwise(own):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    raise ValueError(f"two prices of {service.value} hold on {later.valid_from.isoformat()}")

    def on(self, service: Service, day: date) -> Price:
        """The price on a day; raises Refused where the list has none: nothing is billed at a guess."""
        for price in self.prices:
            if price.service is service and price.holds_on(day):
                return price
        raise Refused(
            [
                Fault(
                    "EN-4",
                    f"price list, {service.value}, {day.isoformat()}",
                    "Prislisten har ingen pris for den dag.",
                    "The price list has no price for that day.",
                )
            ],
            tried="A month was billed",
            remedy="Add the price with its first day of validity to the price list.",
        )


@dataclass(frozen=True, slots=True)
class StoredPeriod:
    """Bytes kept from a moment to a moment; no end: still there."""

    size_bytes: int
    begin: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.size_bytes < 0 or self.begin.tzinfo is None or (self.end is not None and self.end.tzinfo is None):
            raise ValueError("a period has a size of zero or more and moments with a time zone")


@dataclass(frozen=True, slots=True)
class ComputeUse:
    """Core-hours used on one day."""

    day: date
    core_hours: Decimal


@dataclass(frozen=True, slots=True)
class EnvironmentUse:
    """What one environment used. agreement_on: the day the fee for its infrastructure agreement falls due, where
    there was no agreement before (AP-3); None where the institution had one."""

    case_id: CaseId
    stored: tuple[StoredPeriod, ...] = ()
    compute: tuple[ComputeUse, ...] = ()
    agreement_on: date | None = None


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of a month's bill. amount in `unit`; dkk rounded to øre."""

    case_id: CaseId
    service: Service
    amount: Decimal
    unit: str
    dkk: Decimal


def month_lines(use: EnvironmentUse, year: int, month: int, prices: PriceList) -> tuple[CostLine, ...]:
    """The lines of one environment for one calendar month (UTC), services without use left out.

    A day's storage is billed at that day's price: a price that changes within a month counts from its day on. A month
    of storage is its calendar days, so the same bytes cost the same in February and in March.
    """
    days = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
    lines: list[CostLine] = []
    if use.agreement_on is not None and use.agreement_on in days:
        fee = prices.on(Service.AGREEMENT_FEE, use.agreement_on).dkk
        lines.append(_line(use, Service.AGREEMENT_FEE, Decimal(1), fee))
    stored = [(day, _tib_days(use.stored, day) / len(days)) for day in days]
    lines += _daily_line(use, Service.STORAGE, stored, prices)
    computed = [(entry.day, entry.core_hours) for entry in use.compute if entry.day in days]
    lines += _daily_line(use, Service.COMPUTE, computed, prices)
    return tuple(lines)


def read_price_list(text: str) -> PriceList:
    """Read a price list: CSV with columns service, unit, price_dkk, valid_from, valid_to, status.

    Raises Refused naming every line at fault, and where two prices hold on one day.
    """
    faults: list[Fault] = []
    prices: list[Price] = []
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        faults.append(_fault("line 1", f"the columns are not {', '.join(_COLUMNS)}"))
    else:
        for number, row in enumerate(rows, start=2):
            try:
                prices.append(_price(row))
            except (ValueError, InvalidOperation) as error:
                faults.append(_fault(f"line {number}", str(error) or "a price is a number of DKK"))
    if not faults:
        try:
            return PriceList(tuple(prices))
        except ValueError as error:
            faults.append(_fault("the list", str(error)))
    raise Refused(faults, tried="The price list was read", remedy="Correct every line named here.")


def total(lines: Iterable[CostLine]) -> Decimal:
    """What the lines cost together, in DKK."""
    return sum((line.dkk for line in lines), Decimal("0.00"))


def _price(row: dict[str, str]) -> Price:
    service = Service(row["service"])
    if row["unit"] != UNITS[service]:
        raise ValueError(f"{service.value} is billed per {UNITS[service]}")
    end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    return Price(service, Decimal(row["price_dkk"]), date.fromisoformat(row["valid_from"]), end)


def _fault(where: str, why: str) -> Fault:
    return Fault("EN-4", f"price list, {where}", f"Prislisten kan ikke læses: {why}.", f"It cannot be read: {why}.")


def _tib_days(stored: Iterable[StoredPeriod], day: date) -> Decimal:
    """TiB kept during a day, counted by the share of the day."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    seconds = Decimal(0)
    for period in stored:
        last = period.end.timestamp() if period.end is not None else begin + 86_400
        kept = min(last, begin + 86_400) - max(period.begin.timestamp(), begin)
        if kept > 0:
            seconds += Decimal(int(kept)) * period.size_bytes
    return seconds / 86_400 / TIB


def _daily_line(
    use: EnvironmentUse, service: Service, amounts: list[tuple[date, Decimal]], prices: PriceList
) -> list[CostLine]:
    used = [(day, amount) for day, amount in amounts if amount]
    if not used:
        return []
    dkk = sum((amount * prices.on(service, day).dkk for day, amount in used), Decimal(0))
    return [_line(use, service, sum((amount for _, amount in used), Decimal(0)), dkk)]


def _line(use: EnvironmentUse, service: Service, amount: Decimal, dkk: Decimal) -> CostLine:
    rounded = dkk.quantize(_OERE, ROUND_HALF_UP)
    return CostLine(use.case_id, service, amount.quantize(Decimal("0.000001"), ROUND_HALF_UP), UNITS[service], rounded)
