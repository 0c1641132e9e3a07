"""The asset `genome_database_inventory` fails the check that each planted fault belongs to, and no other (GD-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.local.synthetic.genome_store import fill_genome_store
from ngc_pipelines.local.synthetic.population import Population
from ngc_pipelines.settings import Database, load_settings
from ngc_pipelines_tests.code_location import MORNING, CodeLocation
from ngc_pipelines_tests.definitions.shown import metadata

READS = "SELECT key FROM genome.files WHERE kind = 'reads' AND storage_format = 'fastq.gz' ORDER BY key"

OTHER_NAME = "other/somebody_else_S1_L001_R1_001.fastq.gz"


@dataclass
class Store:
    """A genome database of this test's own, with its objects, to plant faults in."""

    code_location: CodeLocation
    site: Site
    owner: GenomeDatabase
    bucket: str
    keys: list[str] = field(default_factory=list)

    def change(self, statement: str, **bound: Any) -> None:
        with self.owner.snapshot("A fault was planted") as connection:
            connection.execute(text(statement), bound)

    def failing(self) -> dict[str, int]:
        """The checks that fail, and how often each says that its sentence is not true."""
        run = self.code_location.do("genome_database_inspection")
        assert run.success, "a finding is told; the run itself has done its work"
        shown = metadata(run, "genome_database_inventory")
        assert shown["filer / files"] > 0
        return {
            evaluation.check_name: int(str(evaluation.metadata["antal / count"].value))
            for evaluation in run.get_asset_check_evaluations()
            if not evaluation.passed
        }


@pytest.fixture
def store(genome_database: Database, settings_environ: dict[str, str]) -> Iterator[Store]:
    """Fifty synthetic persons, as few as there can be."""
    assert genome_database.owner_url is not None
    owner = GenomeDatabase(genome_database.owner_url, work_mem_mb=16)
    with (
        connected(load_settings(settings_environ), lambda: MORNING) as site,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        bucket = site.settings.s3.source_bucket
        population = Population(50, date(2026, 11, 19), bucket=bucket)
        fill_genome_store(owner, site.object_store, population, delivered_at=MORNING, reads=1)
        with owner.snapshot("Files were listed") as connection:
            keys = list(connection.scalars(text(READS)))
        yield Store(CodeLocation(settings_environ, instance), site, owner, bucket, keys)
    owner.close()


def test_each_planted_fault_fails_the_check_that_it_belongs_to(store: Store) -> None:
    assert store.failing() == {}
    s3, bucket = store.site.object_store, store.bucket
    gone, shorter, changed, unpaired, renamed = store.keys[0], *store.keys[2:10:2]
    s3.delete_object(Bucket=bucket, Key=gone)
    s3.put_object(Bucket=bucket, Key="cellar/unknown_R1.fastq.gz", Body=b"x")
    content = s3.get_object(Bucket=bucket, Key=shorter)["Body"].read()
    s3.put_object(Bucket=bucket, Key=shorter, Body=content[:-1])
    content = s3.get_object(Bucket=bucket, Key=changed)["Body"].read()
    s3.put_object(Bucket=bucket, Key=changed, Body=bytes([content[0] ^ 1]) + content[1:])
    in_the_store = {
        "every_file_has_its_object": 1,
        "every_object_has_metadata": 1,
        "every_object_has_its_recorded_size": 1,
        "every_object_has_its_recorded_checksum": 1,
    }
    assert store.failing() == in_the_store

    store.change("DELETE FROM genome.files WHERE key = :key", key=unpaired)
    s3.delete_object(Bucket=bucket, Key=unpaired)
    s3.copy_object(Bucket=bucket, Key=OTHER_NAME, CopySource={"Bucket": bucket, "Key": renamed})
    s3.delete_object(Bucket=bucket, Key=renamed)
    store.change("UPDATE genome.files SET key = :other WHERE key = :key", other=OTHER_NAME, key=renamed)
    store.change("UPDATE genome.samples SET age = 126 WHERE sample_key = (SELECT min(sample_key) FROM genome.samples)")
    assert store.failing() == in_the_store | {
        "every_sample_has_its_required_files": 1,
        "every_file_bears_the_name_of_its_sample": 1,
        "every_sample_is_within_specification": 1,
    }


def test_damage_that_the_store_does_not_tell_is_found_by_reading(store: Store) -> None:
    """Where the store's own checksum was recorded after the damage, sizes and etags agree."""
    s3, key = store.site.object_store, store.keys[0]
    content = s3.get_object(Bucket=store.bucket, Key=key)["Body"].read()
    damaged = content[:-1] + bytes([content[-1] ^ 1])
    etag = s3.put_object(Bucket=store.bucket, Key=key, Body=damaged)["ETag"].strip('"')
    store.change("UPDATE genome.files SET etag = :etag WHERE key = :key", etag=etag, key=key)
    assert store.failing() == {"every_object_has_its_recorded_checksum": 1}
