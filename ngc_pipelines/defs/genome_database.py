"""The genome database for its staff: is it whole (GD-3), and how much is there (GD-4).

Not here: the inventory and the overview themselves (`adapters/genome_database`).
"""

import json

import dagster as dg
from pydantic import Field

from ngc_pipelines.adapters.genome_database.inventory import Inventory, Rule, take_inventory
from ngc_pipelines.adapters.genome_database.overview import take_overview
from ngc_pipelines.defs.metadata import plain
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.flows.site import Site

_GROUP = "genome_database"
_TIMEZONE = "Europe/Copenhagen"
# Read whole and hashed each night, other files every night; sizes and etags are compared for all of them.
_CONTENT_BYTES = 50 * 1024**3


_IN_WORDS = {
    Rule.EVERY_FILE_HAS_ITS_OBJECT: "Hver registreret fil findes. / Every recorded file exists.",
    Rule.EVERY_OBJECT_HAS_METADATA: "Hver fil er registreret. / Every object is recorded.",
    Rule.EVERY_OBJECT_HAS_ITS_RECORDED_SIZE: "Størrelserne passer. / Sizes are as recorded.",
    Rule.EVERY_OBJECT_HAS_ITS_RECORDED_CHECKSUM: "Kontrolsummerne passer. / Checksums are as recorded.",
    Rule.EVERY_SAMPLE_HAS_ITS_REQUIRED_FILES: "Hver prøve har de filer, den skal. / Every sample has its files.",
    Rule.EVERY_FILE_BEARS_THE_NAME_OF_ITS_SAMPLE: "Filnavn og prøve passer sammen. / Files are named as their sample.",
    Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION: "Metadata følger specifikationen. / Metadata are as specified.",
}


@dg.asset(
    group_name=_GROUP,
    kinds={"s3", "postgres"},
    description=(
        "Genomdatabasens beholdning / inventory: Filer holdt op mod metadata, metadata mod specifikationen. "
        "/ Files held against metadata, metadata against their specification (GD-3)."
    ),
    check_specs=[
        dg.AssetCheckSpec(rule.value, asset="genome_database_inventory", description=_IN_WORDS[rule]) for rule in Rule
    ],
)
def genome_database_inventory(context: dg.AssetExecutionContext, site: SiteResource) -> dg.MaterializeResult:
    """Take the inventory of the genome database."""
    with site.connect() as here:
        inventory = take_inventory(
            here.genome_database,
            here.object_store,
            here.settings.s3.source_bucket,
            now=here.now(),
            as_of=here.today(),
            content_bytes=_CONTENT_BYTES,
            progress=lambda listed: context.log.info(f"{listed} objects listed"),
        )
    return dg.MaterializeResult(
        metadata={
            "objekter / objects": dg.MetadataValue.int(inventory.objects),
            "filer / files": dg.MetadataValue.int(inventory.files),
            "prøver / samples": dg.MetadataValue.int(inventory.samples),
            "læst helt / read whole": dg.MetadataValue.int(inventory.read_whole),
        },
        check_results=[_check(inventory, rule) for rule in Rule],
    )


def _check(inventory: Inventory, rule: Rule) -> dg.AssetCheckResult:
    finding = inventory.findings[rule]
    return dg.AssetCheckResult(
        check_name=rule.value,
        passed=not finding.count,
        metadata={
            "antal / count": dg.MetadataValue.int(finding.count),
            "eksempler / examples": plain(", ".join(finding.examples) or "–"),
        },
    )


class OverviewBy(dg.Config):
    """By which fields the overview counts."""

    by: list[str] = Field(
        default=["patient_group", "sample_type"],
        description="Felter, højst tre (ngc overview --by). / Fields, at most three.",
    )


@dg.asset(
    group_name=_GROUP,
    kinds={"postgres"},
    description=(
        "Overblik over data / overview: Antal prøver efter metadata; små antal er skjult. Det samme som "
        "/ counts of samples by metadata, small ones hidden; the same as `ngc overview` (GD-4)."
    ),
)
def genome_database_overview(config: OverviewBy, site: SiteResource) -> dg.MaterializeResult:
    """Take the overview and keep it in the records bucket."""
    with site.connect() as here:
        overview = take_overview(
            here.genome_database,
            criteria=None,
            by=config.by,
            as_of=here.today(),
            threshold=here.settings.policy.threshold,
        )
        _keep(here, json.dumps(overview.to_data(), ensure_ascii=False, indent=2))
    columns = [*config.by, "samples"]
    table = [dg.TableRecord(dict(zip(columns, row, strict=True))) for row in overview.rows()]
    schema = dg.TableSchema([dg.TableColumn(name) for name in columns])
    return dg.MaterializeResult(metadata={"prøver / samples": dg.MetadataValue.table(table, schema=schema)})


def _keep(site: Site, body: str) -> None:
    with site.storing("The overview was kept"):
        site.object_store.put_object(
            Bucket=site.settings.s3.records_bucket,
            Key=f"overviews/{site.today().isoformat()}.json",
            Body=body.encode(),
            ContentType="application/json",
        )


inventory_job = dg.define_asset_job(
    "genome_database_inspection",
    description="Beholdning og overblik. / Inventory and overview.",
    selection=dg.AssetSelection.assets(genome_database_inventory, genome_database_overview),
)

ASSETS = (genome_database_inventory, genome_database_overview)
JOBS = (inventory_job,)
SCHEDULES = (
    dg.ScheduleDefinition(
        name="genome_database_inspected_every_night",
        job=inventory_job,
        cron_schedule="0 1 * * *",
        description="Beholdning og overblik, hver nat. / Inventory and overview, every night.",
        execution_timezone=_TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
)
