"""The asset `environment_costs`: a month's lines, right at the month's borders, on real servers (EN-4)."""

from __future__ import annotations

import calendar
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.costs import TIB, Service
from ngc_pipelines.domain.exhibition_flow import Did
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows.environments import month_of_costs
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.register import SYSTEM, Entry
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.shown import metadata

OFFICER = Person("abc", Actor.CASE_OFFICER)
GIB = 1 << 30


def handed_in(site: Site, name: str, at: datetime) -> CaseId:
    """A case that was just opened."""
    case = site.register.open_case(Flow.EXHIBITION, f"intake/applications/{name}/", name, at)
    assert case is not None
    return case


def exhibit(site: Site, case: CaseId, at: datetime, *, agreement_existed: bool) -> None:
    """Carry a case to its environment: accepted five weeks before that was opened."""
    accepted_at = at - timedelta(weeks=5)
    accepted = {"acronym": "HJERTEGEN", "agreement_existed": agreement_existed, "as_of": accepted_at.date().isoformat()}
    for event, by, data in (
        (Did.ACCEPTED, SYSTEM, accepted),
        (Did.COHORT_FOUND, SYSTEM, {}),
        (Did.COUNTS_TOLD, SYSTEM, {}),
        (Did.WENT_ON, OFFICER, {}),
        (Did.MEETING_HELD, OFFICER, {}),
        (Did.EXHIBITED, SYSTEM, {}),
    ):
        site.register.record(case, Entry(event, by, data), at if event == Did.EXHIBITED else accepted_at)


def lines_of(code_location: CodeLocation, month: datetime) -> list[dict[str, Any]]:
    """The lines that the month's asset shows."""
    run = code_location.do("environment_bills", partition_key=f"{month:%Y-%m}-01")
    assert run.success
    return [dict(record.data) for record in metadata(run, "environment_costs")["linjer / lines"].records]


def first_moment(day: datetime) -> datetime:
    """When the month of that day began, in UTC."""
    return day.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def days_in(month: datetime) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def test_a_month_holds_its_own_use_and_nothing_of_its_neighbours(code_location: CodeLocation, site: Site) -> None:
    s3, store = site.object_store, site.settings.s3
    with_fee, without = (handed_in(site, name, datetime.now(UTC)) for name in ("first", "second"))
    bucket = f"{store.environment_prefix}{with_fee.value.lower()}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="genome/file", Body=bytes(GIB // 1024))
    written = s3.head_object(Bucket=bucket, Key="genome/file")["LastModified"].astimezone(UTC)
    # The store's clock says when something was written, and so which month this is.
    month = first_moment(written)
    last = month + timedelta(days=days_in(month) - 1)
    before, after = month - timedelta(days=1), last + timedelta(days=1)
    exhibit(site, with_fee, last.replace(hour=12), agreement_existed=False)
    exhibit(site, without, month, agreement_existed=True)
    for day in (before, month, after):
        rows = {
            before: [(before, "100")],
            month: [(month, "10"), (last, "2.5")],
            after: [(after, "1000")],
        }[day]
        body = "day,core_hours\n" + "".join(f"{used:%Y-%m-%d},{hours}\n" for used, hours in rows)
        key = f"environments/{without}/compute/{day:%Y-%m}.csv"
        s3.put_object(Bucket=store.records_bucket, Key=key, Body=body.encode())

    lines = {(line["case"], line["service"]): line for line in lines_of(code_location, month)}
    assert set(lines) == {(with_fee.value, "agreement_fee"), (with_fee.value, "storage"), (without.value, "compute")}
    assert lines[with_fee.value, "agreement_fee"]["dkk"] == "5000.00"
    assert Decimal(lines[without.value, "compute"]["amount"]) == Decimal("12.5")
    # From the moment it was written to the end of the month, as a share of the month.
    end = last + timedelta(days=1)
    share = Decimal((end - written).total_seconds()) / Decimal((end - month).total_seconds())
    stored = Decimal(lines[with_fee.value, "storage"]["amount"])
    assert abs(stored - share * (GIB // 1024) / TIB) <= Decimal("0.000002")

    kept = json.loads(s3.get_object(Bucket=store.records_bucket, Key=f"costs/{month:%Y-%m}.json")["Body"].read())
    assert [line["dkk"] for line in kept["lines"]] == [line["dkk"] for line in lines.values()]

    earlier = {(line.case_id, line.service): line.amount for line in month_of_costs(site, before.year, before.month)}
    assert earlier == {(without, Service.COMPUTE): Decimal(100)}
    later = {(line.case_id, line.service): line.amount for line in month_of_costs(site, after.year, after.month)}
    assert set(later) == {(with_fee, Service.STORAGE), (without, Service.COMPUTE)}
    assert later[without, Service.COMPUTE] == Decimal(1000)


def test_the_fee_is_asked_for_once_and_by_the_danish_day(code_location: CodeLocation, site: Site) -> None:
    """Opened at 23:30 UTC on 31 March: in Denmark it is 1 April."""
    assert code_location
    opened_at = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    exhibit(site, handed_in(site, "first", opened_at), opened_at, agreement_existed=False)
    fees = {
        month: [line.dkk for line in month_of_costs(site, 2026, month) if line.service is Service.AGREEMENT_FEE]
        for month in (2, 3, 4, 5)
    }
    assert fees == {2: [], 3: [], 4: [Decimal("5000.00")], 5: []}


def test_a_month_whose_accounting_cannot_be_read_is_not_billed_as_nothing(
    code_location: CodeLocation, site: Site
) -> None:
    month = first_moment(datetime.now(UTC))
    case = handed_in(site, "first", month)
    exhibit(site, case, month, agreement_existed=True)
    s3, store = site.object_store, site.settings.s3
    key = f"environments/{case}/compute/{month:%Y-%m}.csv"
    s3.put_object(Bucket=store.records_bucket, Key=key, Body=b"day,core_hours\nsomeday,1\n")
    run = code_location.do("environment_bills", partition_key=f"{month:%Y-%m}-01")
    assert not run.success
    listed = s3.list_objects_v2(Bucket=store.records_bucket).get("Contents", [])
    assert not [entry for entry in listed if entry["Key"].startswith("costs/")]
