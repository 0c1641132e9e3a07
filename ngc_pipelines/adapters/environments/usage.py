"""What environments use of storage and compute, and the month's lines for each (EN-4, G §4.9).

Here: measuring. Storage is what the bucket holds, older versions included, since each was written. Compute is what
the cluster's accounting delivers: `environments/<case>/compute/<year>-<month>.csv` in the records bucket, with columns
`day` and `core_hours`; a month in which nothing was used has no file. Not here: prices (`domain/costs`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.object_store.faults import STORE_ERRORS, is_absent, store_answers, unavailable
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.costs import (
    ComputeUse,
    CostLine,
    EnvironmentUse,
    PriceList,
    StoredPeriod,
    month_lines,
    read_price_list,
)
from ngc_pipelines.domain.errors import IntegrityFault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from ngc_pipelines.settings import ObjectStore, Settings


def price_list(path: Path | None = None) -> PriceList:
    """The price list of the site: the file, or the package's own where none is named.

    Raises Refused naming every line at fault, IntegrityFault where the file cannot be read.
    """
    source = path or files("ngc_pipelines.domain.facts").joinpath("price_list.csv")
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise IntegrityFault(
            "The price list was read",
            f"its file cannot be read ({type(error).__name__})",
            "Correct NGC_POLICY_PRICE_LIST_FILE.",
        ) from None
    return read_price_list(text)


def month_of_environments(
    settings: Settings, environments: Iterable[tuple[CaseId, date | None]], year: int, month: int
) -> tuple[CostLine, ...]:
    """The month's lines of every environment.

    environments: the case, and the day on which the fee for its infrastructure agreement falls due, where the
    institution had no agreement before.
    Raises Refused, IntegrityFault, Unavailable: a use that cannot be read is not a use of nothing.
    """
    prices = price_list(settings.policy.price_list_file)
    s3 = s3_client(settings.s3)
    lines: list[CostLine] = []
    for case_id, agreement_on in environments:
        use = EnvironmentUse(
            case_id,
            stored_in(s3, settings.s3, case_id),
            compute_of(s3, settings.s3, case_id, year, month),
            agreement_on,
        )
        lines += month_lines(use, year, month, prices)
    return tuple(lines)


def stored_in(s3: S3Client, store: ObjectStore, case_id: CaseId) -> tuple[StoredPeriod, ...]:
    """What an environment's bucket holds, every version of every object, and since when; empty where it is gone."""
    bucket = f"{store.environment_prefix}{str(case_id).lower()}"
    periods: list[StoredPeriod] = []
    tried = "The storage of an environment was measured"
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            periods += [
                StoredPeriod(version["Size"], version["LastModified"].astimezone(UTC))
                for version in page.get("Versions", [])
            ]
    except STORE_ERRORS as error:
        if is_absent(error):
            return ()
        raise unavailable(tried, error) from None
    return tuple(periods)


def compute_of(s3: S3Client, store: ObjectStore, case_id: CaseId, year: int, month: int) -> tuple[ComputeUse, ...]:
    """The core-hours that the cluster's accounting delivered for a month; raises IntegrityFault for a bad file."""
    key = f"environments/{case_id}/compute/{year:04d}-{month:02d}.csv"
    tried = f"The accounting of {year:04d}-{month:02d} for {case_id} was read"
    with store_answers(tried):
        try:
            data = s3.get_object(Bucket=store.records_bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return ()
    try:
        return tuple(_compute_use(row, year, month) for row in csv.DictReader(io.StringIO(data.decode("utf-8"))))
    except (ValueError, KeyError, TypeError, InvalidOperation) as error:
        raise IntegrityFault(
            tried,
            f"a line is not a day of that month and a number of core-hours ({type(error).__name__})",
            "Have the accounting delivered again.",
        ) from None


def _compute_use(row: dict[str, str], year: int, month: int) -> ComputeUse:
    day, core_hours = date.fromisoformat(row["day"]), Decimal(row["core_hours"])
    if (day.year, day.month) != (year, month) or not core_hours.is_finite() or core_hours < 0:
        raise ValueError("not a day of the month, or not an amount")
    return ComputeUse(day, core_hours)
