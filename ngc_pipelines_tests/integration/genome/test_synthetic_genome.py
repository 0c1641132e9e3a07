"""The synthetic genome database: nobody real in it, the same every time, and metadata that match real objects."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.tables import files, samples
from ngc_pipelines.domain.cpr import parse_cpr
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.local.synthetic.genome_store import fill_genome_store
from ngc_pipelines.local.synthetic.population import Population, deliver_var, make_population
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AS_OF = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def numbers_of(site: Any) -> list[str]:
    with site.owner.snapshot("Synthetic numbers were read") as connection:
        found = connection.execute(
            text("SELECT unnest(ARRAY[cpr, former, first]) AS number, born FROM synthetic.people")
        ).all()
    for number, born in found:
        if number is not None:
            assert parse_cpr(number, as_of=AS_OF).birth_date == born
    return [row.number for row in found if row.number is not None]


@pytest.mark.parametrize("seed", [1, 77])
def test_no_synthetic_number_can_be_a_real_persons(site: Any, seed: int) -> None:
    make_population(site.owner, Population(3_000, AS_OF, seed=seed))
    deliver_var(site.owner, Population(3_000, AS_OF, seed=seed), delivery="first", delivered_at=NOW)
    numbers = numbers_of(site)
    with site.owner.snapshot("Registrations were read") as connection:
        numbers += connection.execute(text("SELECT cpr FROM var_register.registrations")).scalars()
    assert len(set(numbers)) >= 3_000
    for number in set(numbers):
        result = parse_cpr(number, as_of=AS_OF)
        assert result.accepted
        assert result.mod11 is False
        assert not number.startswith("0101")


def remove_population(site: Any) -> None:
    with site.owner.snapshot("The population was removed") as connection:
        connection.execute(text("DROP SCHEMA synthetic CASCADE"))
        for table in ("files", "samples", "reports", "departments", "patient_groups"):
            connection.execute(text(f"DELETE FROM genome.{table}"))


def test_the_same_seed_makes_the_same_population_and_another_seed_another(site: Any) -> None:
    made = []
    for seed in (1, 1, 2):
        make_population(site.owner, Population(60, AS_OF, seed=seed))
        made.append(numbers_of(site))
        remove_population(site)
    assert made[0] == made[1]
    assert not set(made[0]) & set(made[2])


def test_a_second_population_is_refused_and_leaves_the_first(site: Any) -> None:
    make_population(site.owner, Population(50, AS_OF))
    before = numbers_of(site)
    with pytest.raises(IntegrityFault):
        make_population(site.owner, Population(50, AS_OF, seed=2))
    assert numbers_of(site) == before


@pytest.mark.parametrize("persons", [49, 5_000_001])
def test_populations_outside_the_bounds_are_refused(persons: int) -> None:
    with pytest.raises(ValueError, match="50 to 5000000"):
        Population(persons, AS_OF)


def test_every_object_is_what_its_metadata_say_and_carries_the_name_where_names_hide(
    site: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    population = Population(50, AS_OF, bucket=s3_settings.source_bucket)
    stored = fill_genome_store(site.owner, s3, population, delivered_at=NOW, reads=3, workers=4)
    with site.owner.snapshot("Files were read") as connection:
        rows = connection.execute(files.outerjoin(samples, files.c.sample_key == samples.c.sample_key).select()).all()
    assert len(rows) == stored
    seen: set[str] = set()
    for row in rows:
        content = s3.get_object(Bucket=row.bucket, Key=row.key)["Body"].read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row.size, row.sha256)
        seen.add(row.kind)
        if row.storage_format == "fastq.gz":
            stem = row.key.rpartition("/")[2].removesuffix(".gz").encode()
            assert stem in content[:100]
            plain = gzip.decompress(content)
            assert hashlib.sha256(plain).hexdigest() == row.uncompressed_sha256
            assert plain.count(b"\n") == 12
            if row.kind == "reads" and row.sample_id.encode() in plain.splitlines()[0]:
                seen.add("named header")
        elif row.storage_format == "json":
            assert row.sample_id.encode() in content
        seen.add(row.storage_format)
    assert seen == {"reads", "sidecar", "undetermined", "fastq.gz", "spring", "md5", "json", "named header"}
