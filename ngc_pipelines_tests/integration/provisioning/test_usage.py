"""What an environment used, measured in a real object store, and its month's lines (EN-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from ngc_pipelines.adapters.environments.usage import compute_of, month_of_environments, stored_in
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.costs import Service
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.settings import ObjectStore, Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CASE = CaseId("EXH-2026-00001")


def test_every_version_that_is_kept_counts_and_an_environment_that_is_gone_holds_nothing(
    s3: S3Client, s3_settings: ObjectStore
) -> None:
    bucket = f"{s3_settings.environment_prefix}exh-2026-00001"
    assert stored_in(s3, s3_settings, CASE) == ()
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"first", b"second one"):
        s3.put_object(Bucket=bucket, Key="genome/file", Body=body)

    periods = stored_in(s3, s3_settings, CASE)

    assert sorted(period.size_bytes for period in periods) == [5, 10]
    assert all(period.end is None and period.begin <= datetime.now(UTC) for period in periods)


def test_the_months_lines_of_every_environment_are_given(s3: S3Client, settings: Settings) -> None:
    accounting = b"day,core_hours\n2026-03-01,10\n2026-03-31,2.5\n"
    key = f"environments/{CASE}/compute/2026-03.csv"
    s3.put_object(Bucket=settings.s3.records_bucket, Key=key, Body=accounting)
    other = CaseId("EXH-2026-00002")

    lines = month_of_environments(settings, [(CASE, date(2026, 3, 2)), (other, None)], 2026, 3)

    assert [(line.case_id, line.service, line.amount) for line in lines] == [
        (CASE, Service.AGREEMENT_FEE, Decimal(1)),
        (CASE, Service.COMPUTE, Decimal("12.5")),
    ]
    assert lines[0].dkk == Decimal("5000.00")


@pytest.mark.parametrize(
    "text", ["day,hours\n2026-03-01,1\n", "day,core_hours\n2026-04-01,1\n", "day,core_hours\n2026-03-01,-1\n"]
)
def test_accounting_that_cannot_be_read_is_no_use_of_nothing(s3: S3Client, s3_settings: ObjectStore, text: str) -> None:
    key = f"environments/{CASE}/compute/2026-03.csv"
    s3.put_object(Bucket=s3_settings.records_bucket, Key=key, Body=text.encode())

    with pytest.raises(IntegrityFault, match="2026-03 for EXH-2026-00001"):
        compute_of(s3, s3_settings, CASE, 2026, 3)
