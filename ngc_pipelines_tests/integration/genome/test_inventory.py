"""The inventory finds what the store and the metadata do not agree on, and values outside the specification."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.inventory import Inventory, Rule, take_inventory
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.domain.errors import Unavailable
from ngc_pipelines.local.synthetic.genome_store import fill_genome_store
from ngc_pipelines.local.synthetic.population import Population
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

AS_OF = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = 1 << 40


@pytest.fixture
def stored(site: Any, s3: S3Client, s3_settings: ObjectStore) -> Any:
    """Fifty synthetic persons with their objects."""
    fill_genome_store(
        site.owner, s3, Population(50, AS_OF, bucket=s3_settings.source_bucket), delivered_at=NOW, reads=1
    )
    return site


def taken(site: Any, s3: S3Client, bucket: str, content_bytes: int = 0) -> Inventory:
    return take_inventory(site.runtime, s3, bucket, now=NOW, as_of=AS_OF, content_bytes=content_bytes)


def change(site: Any, statement: str, **bound: Any) -> Any:
    with site.owner.snapshot("The metadata were changed") as connection:
        return connection.execute(text(statement), bound).scalars().all()


def test_a_sound_genome_database_has_no_finding_and_every_byte_can_be_read_again(
    stored: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    listed: list[int] = []
    found = take_inventory(
        stored.runtime, s3, s3_settings.source_bucket, now=NOW, as_of=AS_OF, content_bytes=ALL, progress=listed.append
    )
    assert found.sound, found.findings
    assert set(found.findings) == set(Rule)
    assert found.objects == found.files == found.read_whole == listed[-1]
    assert found.samples >= 50

    budget = change(stored, "SELECT sum(size)::bigint / 4 FROM genome.files")[0]
    some = take_inventory(stored.runtime, s3, s3_settings.source_bucket, now=NOW, as_of=AS_OF, content_bytes=budget)
    assert 0 < some.read_whole < found.objects


def test_each_kind_of_disagreement_is_found_where_it_is_and_nowhere_else(
    stored: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    bucket = s3_settings.source_bucket
    rows = change(
        stored, "SELECT key FROM genome.files WHERE storage_format = 'fastq.gz' AND kind = 'reads' ORDER BY key"
    )
    gone, shorter, other, silent = rows[0], rows[2], rows[4], rows[6]
    ids = {key: change(stored, "SELECT file_id FROM genome.files WHERE key = :key", key=key)[0] for key in rows}
    s3.delete_object(Bucket=bucket, Key=gone)
    for key, cut in ((shorter, 1), (other, 0), (silent, 0)):
        content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        changed = content[cut:-1] + bytes([content[-1] ^ 1])
        etag = s3.put_object(Bucket=bucket, Key=key, Body=changed)["ETag"].strip('"')
        if key == silent:
            # As where the store's own checksum was recorded after the damage: only reading finds it.
            change(stored, "UPDATE genome.files SET etag = :etag WHERE key = :key RETURNING 1", etag=etag, key=key)
    s3.put_object(Bucket=bucket, Key="wgs_east/new run/somebody's sample_R1.fastq.gz", Body=b"x")

    found = taken(stored, s3, bucket).findings
    assert found[Rule.EVERY_FILE_HAS_ITS_OBJECT].examples == (f"file {ids[gone]}",)
    assert found[Rule.EVERY_OBJECT_HAS_METADATA].examples == ("folder wgs_east/new run",)
    assert found[Rule.EVERY_OBJECT_HAS_ITS_RECORDED_SIZE].examples == (f"file {ids[shorter]}",)
    assert found[Rule.EVERY_OBJECT_HAS_ITS_RECORDED_CHECKSUM].examples == (f"file {ids[other]}",)
    assert sum(finding.count for finding in found.values()) == 4

    deep = taken(stored, s3, bucket, ALL).findings[Rule.EVERY_OBJECT_HAS_ITS_RECORDED_CHECKSUM]
    assert deep.examples == (f"file {ids[other]}", f"file {ids[silent]}")


OUTSIDE = (
    ("patient_group = 'unheard_of'", "patient_group"),
    ("sex = 'X'", "sex"),
    ("age = 126", "age"),
    ("age = -1", "age"),
    ("sequencing_date = '2026-11-21'", "sequencing_date"),
    ("sequencing_date = '2019-06-30'", "sequencing_date"),
    ("material_type = 'hair'", "material_type"),
    ("assay = 'exome'", "assay"),
    ("reporting_department = '1'", "reporting_department"),
    ("sequencing_facility = 'cellar'", "sequencing_facility"),
    ("clinical_or_research_origin = ''", "clinical_or_research_origin"),
    ("patient_group = 'audiogenetics', sample_type = 'somatic'", "sample_type"),
)


@pytest.fixture
def reported(site: Any, numbers: Any) -> Any:
    """Twenty sound samples without objects."""
    change(site, "INSERT INTO genome.departments VALUES ('9990000000000001', 'x', 'DK-84', 'x') RETURNING 1")
    change(site, "INSERT INTO genome.patient_groups SELECT c, c, c, 'germline', 'found' FROM"
                 " unnest(ARRAY['neurogenetics', 'audiogenetics']) c RETURNING 1")  # fmt: skip
    for place in range(20):
        site.report(f"S{place}-", numbers[place])
    return site


def test_every_kind_of_value_outside_the_specification_is_found_with_its_field(
    reported: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    assert taken(reported, s3, s3_settings.source_bucket).findings[Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION].count == 0
    for key, (fault, _) in enumerate(OUTSIDE, start=1):
        change(reported, f"UPDATE genome.samples SET {fault} WHERE sample_key = {key} RETURNING 1")
    found = taken(reported, s3, s3_settings.source_bucket).findings[Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION]
    assert found.count == len(OUTSIDE)
    told = {example.partition(" (")[0]: example.partition(" (")[2] for example in found.examples}
    assert {place: field in told[place] for place, field in
            ((f"sample {key}", field) for key, (_, field) in enumerate(OUTSIDE, start=1))} == dict.fromkeys(
        (f"sample {key}" for key in range(1, len(OUTSIDE) + 1)), True
    )  # fmt: skip


def test_samples_without_their_files_and_files_of_another_sample_are_found(
    reported: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    change(reported, "DELETE FROM genome.files WHERE sample_key = 1 RETURNING 1")
    change(reported, "DELETE FROM genome.files WHERE sample_key = 2 AND read = 2 RETURNING 1")
    change(reported, "UPDATE genome.samples SET sample_id = 'E0000-0' WHERE sample_key = 3 RETURNING 1")
    change(reported, "DELETE FROM genome.samples WHERE sample_key = 4 RETURNING 1")
    wrong = change(reported, "SELECT file_id FROM genome.files WHERE sample_key IN (3, 4)")
    found = taken(reported, s3, s3_settings.source_bucket).findings
    assert found[Rule.EVERY_SAMPLE_HAS_ITS_REQUIRED_FILES].examples == ("sample 1", "sample 2 lane 1")
    assert set(found[Rule.EVERY_FILE_BEARS_THE_NAME_OF_ITS_SAMPLE].examples) == {f"file {file}" for file in wrong}
    assert found[Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION].count == 0


def test_no_finding_names_a_sample_a_person_or_an_object(reported: Any, s3: S3Client, s3_settings: ObjectStore) -> None:
    named = change(reported, "SELECT unnest(ARRAY[sample_id, person_cpr]) FROM genome.samples")
    change(reported, "UPDATE genome.samples SET sex = 'X', sample_id = 'was ' || sample_id RETURNING 1")
    change(reported, "UPDATE genome.files SET size = size + 1, key = key || '.' WHERE file_id % 2 = 0 RETURNING 1")
    told = repr(taken(reported, s3, s3_settings.source_bucket))
    assert not [name for name in named if name and name in told]
    assert len(told) < 10_000


def test_a_store_that_does_not_answer_is_no_empty_store(reported: Any, s3_settings: ObjectStore) -> None:
    gone = s3_client(s3_settings.model_copy(update={"endpoint": "http://127.0.0.1:1"}))
    with pytest.raises(Unavailable):
        taken(reported, gone, s3_settings.source_bucket)
    absent = s3_client(s3_settings)
    with pytest.raises(Unavailable):
        taken(reported, absent, "no-such-bucket")


def test_names_with_signs_that_copy_would_read_as_its_own_are_listed_whole(
    site: Any, s3: S3Client, s3_settings: ObjectStore
) -> None:
    for key in ("tab\tin it", "new\nline", "æøå 100%"):
        s3.put_object(Bucket=s3_settings.source_bucket, Key=key, Body=hashlib.sha256(key.encode()).digest())
        with site.owner.snapshot("A file was put in") as connection:
            connection.execute(
                text(
                    "INSERT INTO genome.files (kind, bucket, key, read, lane, storage_format, size)"
                    " VALUES ('undetermined', :bucket, :key, 1, 1, 'fastq.gz', 32)"
                ),
                {"bucket": s3_settings.source_bucket, "key": key},
            )
    assert taken(site, s3, s3_settings.source_bucket).sound
