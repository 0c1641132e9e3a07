"""A small synthetic genome database whose files are real: objects in the object store, and metadata that match them.

For the demo and the tests, from 50 persons on; populations of millions are metadata only (`population.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import files, samples
from ngc_pipelines.local.synthetic.population import Population, deliver_var, make_population
from ngc_pipelines.local.synthetic.sequencing import Sequenced, SequencingFile, files_of_sample, undetermined_pair

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ROWS_AT_A_TIME = 500


def fill_genome_store(
    database: GenomeDatabase,
    client: S3Client,
    population: Population,
    *,
    delivered_at: datetime,
    reads: int = 200,
    workers: int = 8,
) -> int:
    """Makes persons, samples, a delivery of VAR, and every file of theirs as an object; returns how many objects.

    Args:
        database: as the owner role; its schema `genome` is empty.
        client: of the object store; `population.bucket` exists in it.
        population: whom to make; files are made here, whatever its `with_files` says.
        delivered_at: the date of VAR's delivery, aware.
        reads: reads a file, 1 or more; 200 make about 30 kB.
        workers: objects stored at a time.
    """
    make_population(database, replace(population, with_files=False))
    delivery = f"synthetic {delivered_at:%Y-%m-%dT%H:%M:%SZ}"
    deliver_var(database, population, delivery=delivery, delivered_at=delivered_at)
    stored = 0
    with ThreadPoolExecutor(workers) as pool:
        made = _files(database, population, reads)
        while some := list(islice(made, _ROWS_AT_A_TIME)):
            rows = list(pool.map(lambda item: _store(client, population.bucket, *item), some))
            with database.snapshot("Synthetic files were entered") as connection:
                connection.execute(files.insert(), rows)
            stored += len(rows)
    return stored


def _files(database: GenomeDatabase, population: Population, reads: int) -> Iterator[tuple[int | None, SequencingFile]]:
    with database.snapshot("Synthetic samples were read") as connection:
        found = connection.execute(select(samples).order_by(samples.c.sample_key)).all()
    made = [(row.sample_key, _sequenced(row)) for row in found]
    for key, sample in made:
        for file in files_of_sample(sample, reads=reads, seed=population.seed):
            yield key, file
    for file in undetermined_pair(made[0][1], reads=reads, seed=population.seed):
        yield None, file


def _sequenced(row: Any) -> Sequenced:
    """Three in ten samples ran on two lanes; every tenth is stored as SPRING."""
    return Sequenced(
        sample_id=row.sample_id,
        number=row.sample_key % 96 + 1,
        facility=row.sequencing_facility,
        instrument=row.instrument or "A01234",
        sequenced_on=row.sequencing_date,
        report_id=row.report_id,
        lanes=2 if row.sample_key % 10 < 3 else 1,
        spring=row.sample_key % 10 == 9,
    )


def _store(client: S3Client, bucket: str, sample_key: int | None, file: SequencingFile) -> dict[str, object]:
    answer = client.put_object(Bucket=bucket, Key=file.key, Body=file.content)
    return {
        "sample_key": sample_key,
        "kind": file.kind,
        "bucket": bucket,
        "key": file.key,
        "read": file.read,
        "lane": file.lane,
        "storage_format": file.storage_format,
        "size": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "md5": hashlib.md5(file.content).hexdigest(),
        "uncompressed_sha256": file.uncompressed_sha256,
        "etag": answer["ETag"].strip('"'),
        "version": answer.get("VersionId"),
    }
