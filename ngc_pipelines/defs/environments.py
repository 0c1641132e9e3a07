"""Environments after they were opened: verified every day, billed every month.

Not here: what drift is, and prices (`flows/environments`, `domain/`).
"""

import json

import dagster as dg
from pydantic import Field

from ngc_pipelines.defs.metadata import plain
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.flows.environments import Verified, month_of_costs, verify_all

_GROUP = "environments"
_TIMEZONE = "Europe/Copenhagen"
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2026-01-01", timezone=_TIMEZONE, end_offset=1)


class Depth(dg.Config):
    """How much of each environment is read."""

    every_byte: bool = Field(
        default=False,
        description=(
            "Læs hver fil helt og regn kontrolsummen efter; ellers sammenlignes størrelser og mærker. "
            "/ Read every file whole and verify its checksum; else sizes and tags are compared."
        ),
    )


@dg.asset(
    group_name=_GROUP,
    kinds={"s3"},
    description=(
        "Miljøer, efterprøvet / environments, verified: Hvert miljø holdt op mod sit øjebliksbillede. "
        "/ Every environment held against its snapshot (EN-6)."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            "every_environment_is_what_its_snapshot_says",
            asset="verified_environments",
            description="Hvert miljø er, hvad dets øjebliksbillede siger. / Every environment is what it should be.",
        )
    ],
)
def verified_environments(context: dg.AssetExecutionContext, config: Depth, site: SiteResource) -> dg.MaterializeResult:
    """Verify every environment and name every drift."""
    with site.connect() as here:
        found = verify_all(here, deep=config.every_byte)
    context.log.info(f"{found.environments} environments verified, {len(found.closed)} abandoned ones closed")
    return dg.MaterializeResult(
        metadata={
            "miljøer / environments": dg.MetadataValue.int(found.environments),
            "lukket / closed": plain(", ".join(case.value for case in found.closed) or "–"),
            "afvigelser / drift": plain(_drift(found) or "–"),
        },
        check_results=[
            dg.AssetCheckResult(check_name="every_environment_is_what_its_snapshot_says", passed=found.sound)
        ],
    )


def _drift(found: Verified) -> str:
    drifted = [
        f"{case}: {drift.kind} {drift.where} ({drift.why})" for case, all in found.drift.items() for drift in all
    ]
    return "; ".join([*drifted, *(f"{case}: {why}" for case, why in found.unread.items())])


@dg.asset(
    partitions_def=MONTHS,
    group_name=_GROUP,
    kinds={"s3"},
    description=(
        "Månedens regninger / the month's bills: Lager og beregning pr. miljø efter prislisten; gebyret én gang. "
        "/ Storage and compute of each environment by the price list; the fee once (EN-4)."
    ),
)
def environment_costs(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Bill a month: one line for each environment and service, kept in the records bucket too."""
    year, month = (int(part) for part in context.partition_key.split("-")[:2])
    with site.connect() as here:
        lines = month_of_costs(here, year, month)
        told = [
            {
                "case": line.case_id.value,
                "service": line.service.value,
                "amount": str(line.amount),
                "unit": line.unit,
                "dkk": str(line.dkk),
            }
            for line in lines
        ]
        body = json.dumps({"schema": "ngc.costs/1", "month": f"{year:04d}-{month:02d}", "lines": told}, indent=2)
        with here.storing("A month's costs were kept"):
            here.object_store.put_object(
                Bucket=here.settings.s3.records_bucket,
                Key=f"costs/{year:04d}-{month:02d}.json",
                Body=body.encode(),
                ContentType="application/json",
            )
    table = [dg.TableRecord(dict(line)) for line in told]
    columns = [dg.TableColumn(name) for name in ("case", "service", "amount", "unit", "dkk")]
    return dg.MaterializeResult(
        metadata={
            "linjer / lines": dg.MetadataValue.table(table, schema=dg.TableSchema(columns)),
            "i alt / total (DKK)": plain(str(sum((line.dkk for line in lines), start=0))),
        }
    )


verification_job = dg.define_asset_job(
    "environment_verification",
    selection=dg.AssetSelection.assets(verified_environments),
    description="Miljøer efterprøves. / Environments are verified.",
)
costs_job = dg.define_asset_job(
    "environment_bills",
    selection=dg.AssetSelection.assets(environment_costs),
    partitions_def=MONTHS,
    description="Månedens regninger. / The month's bills.",
)


@dg.schedule(
    job=costs_job,
    cron_schedule="0 4 2 * *",
    execution_timezone=_TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Regner den forgangne måned. / Bills the month that has ended.",
)
def last_months_bills_on_the_second(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the bills of the month before."""
    today = context.scheduled_execution_time.date()
    year, month = (today.year - 1, 12) if today.month == 1 else (today.year, today.month - 1)
    return dg.RunRequest(partition_key=f"{year:04d}-{month:02d}-01")


ASSETS = (verified_environments, environment_costs)
JOBS = (verification_job, costs_job)
SCHEDULES = (
    dg.ScheduleDefinition(
        name="environments_verified_every_hour",
        job=verification_job,
        cron_schedule="20 * * * *",
        description="Hvert miljø holdes op mod sit øjebliksbillede. / Every environment is held against its snapshot.",
        execution_timezone=_TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
    last_months_bills_on_the_second,
)
