"""The object store held against the metadata, and the metadata against their specification (GD-3, G §2.3).

The listing of the store is streamed into PostgreSQL and joined there, so that neither the order of a listing, which
differs between stores, nor its length matters. Findings name files and samples by their keys in the database, which
mean nothing outside it, and objects without metadata by their folder: object names hold sample names.

Reads and reports; mends nothing. Showing it to staff is `defs/`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from ngc_pipelines.adapters.genome_database import inventory_sql as sql
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.var_register import copy_lines
from ngc_pipelines.domain.criteria import criterion_fields
from ngc_pipelines.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXAMPLES = 20
_CHUNK = 1 << 20
_TRIED = "The inventory of the genome database was taken"


class Rule(StrEnum):
    """What holds in a sound genome database; each is a sentence that is true when nothing was found."""

    EVERY_FILE_HAS_ITS_OBJECT = "every_file_has_its_object"
    EVERY_OBJECT_HAS_METADATA = "every_object_has_metadata"
    EVERY_OBJECT_HAS_ITS_RECORDED_SIZE = "every_object_has_its_recorded_size"
    EVERY_OBJECT_HAS_ITS_RECORDED_CHECKSUM = "every_object_has_its_recorded_checksum"
    EVERY_SAMPLE_HAS_ITS_REQUIRED_FILES = "every_sample_has_its_required_files"
    EVERY_FILE_BEARS_THE_NAME_OF_ITS_SAMPLE = "every_file_bears_the_name_of_its_sample"
    EVERY_SAMPLE_IS_WITHIN_SPECIFICATION = "every_sample_is_within_specification"


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a rule does not hold, and where: up to `EXAMPLES` places such as `file 17`, `sample 4 (age)`."""

    rule: Rule
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """What was found. read_whole: files whose whole content was read and hashed this time."""

    taken_at: datetime
    objects: int
    files: int
    samples: int
    read_whole: int
    findings: Mapping[Rule, Finding]

    @property
    def sound(self) -> bool:
        """Whether every rule holds."""
        return not any(finding.count for finding in self.findings.values())


def take_inventory(
    database: GenomeDatabase,
    client: S3Client,
    bucket: str,
    *,
    now: datetime,
    as_of: date,
    content_bytes: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Inventory:
    """Holds one bucket against the metadata.

    Args:
        database: as the flows' role.
        client: may list and read the bucket.
        bucket: where raw data lie.
        now: this moment, aware.
        as_of: the day whose codes hold, and after which nothing can have been sequenced.
        content_bytes: read and hash whole files up to this many bytes, others every day; sizes and etags are held
            against each other for all.
        progress: called with the number of objects listed so far.

    Raises:
        Unavailable: the database or the store did not answer. A listing that broke off is no inventory.
    """
    with database.snapshot(_TRIED) as connection:
        connection.execute(text(sql.STAGE_LISTING))
        copy_lines(connection, sql.COPY_LISTING, _listing(client, bucket, progress))
        connection.execute(text("ANALYZE listed"))
        findings = {rule: _find(connection, rule, bucket) for rule in sql.QUERIES}
        found = {Rule(rule): finding for rule, finding in findings.items()}
        found[Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION] = _outside_specification(connection, as_of)
        counts = connection.execute(text(sql.COUNTS), {"bucket": bucket}).one()
        to_read = _files_to_read(connection, bucket, as_of, content_bytes)
    wrong = [file_id for file_id, key, sha256 in to_read if not _is_as_recorded(client, bucket, key, sha256)]
    recorded = found[Rule.EVERY_OBJECT_HAS_ITS_RECORDED_CHECKSUM]
    found[recorded.rule] = Finding(
        recorded.rule,
        recorded.count + len(wrong),
        (*recorded.examples, *(f"file {file_id}" for file_id in wrong))[:EXAMPLES],
    )
    return Inventory(
        now, counts.objects, counts.files, counts.samples, len(to_read), {rule: found[rule] for rule in Rule}
    )


def _listing(client: S3Client, bucket: str, progress: Callable[[int], None]) -> Iterator[bytes]:
    """The bucket's objects as lines for COPY: key, size, etag."""
    from botocore.exceptions import BotoCoreError, ClientError

    listed = 0
    try:
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            entries = page.get("Contents", [])
            yield b"".join(
                f"{_escaped(entry['Key'])}\t{entry['Size']}\t{_escaped(entry['ETag'].strip(chr(34)))}\n".encode()
                for entry in entries
            )
            listed += len(entries)
            progress(listed)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(
            _TRIED, f"the object store broke off its listing ({type(error).__name__})", "Try again when it is up."
        ) from None


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _find(connection: Connection, rule: str, bucket: str) -> Finding:
    query = sql.QUERIES[rule]
    bound = {"bucket": bucket} if ":bucket" in query else {}
    count = connection.execute(text(f"SELECT count(*) FROM ({query}) f"), bound).scalar_one()
    examples: tuple[str, ...] = ()
    if count:
        places = connection.execute(text(f"SELECT place FROM ({query}) f ORDER BY place LIMIT {EXAMPLES}"), bound)
        examples = tuple(places.scalars())
    return Finding(Rule(rule), count, examples)


def _outside_specification(connection: Connection, as_of: date) -> Finding:
    """Samples with a value that the specification does not know, field by field."""
    count, examples = 0, list[str]()
    for field in criterion_fields(as_of):
        bound: dict[str, object] = {}
        if field.kind == "codes":
            condition, bound = f"NOT {field.code} = ANY(:codes)", {"codes": list(field.codes)}
        elif field.kind == "integer_range":
            condition = f"{field.code} NOT BETWEEN {int(field.low)} AND {int(field.high)}"
        else:
            first = date.fromisoformat(field.low)
            condition, bound = f"{field.code} NOT BETWEEN :first AND :last", {"first": first, "last": as_of}
        found = connection.execute(
            text(f"SELECT sample_key, count(*) OVER () AS found FROM genome.samples WHERE {condition}"
                 f" ORDER BY sample_key LIMIT {EXAMPLES}"),
            bound,
        ).all()  # fmt: skip
        count += found[0].found if found else 0
        examples += [f"sample {row.sample_key} ({field.code})" for row in found]
    for name, query in sql.SPECIFICATION.items():
        found = connection.execute(text(f"{query} ORDER BY sample_key LIMIT {EXAMPLES}")).all()
        count += found[0].found if found else 0
        examples += [f"sample {row.sample_key} ({name})" for row in found]
    return Finding(Rule.EVERY_SAMPLE_IS_WITHIN_SPECIFICATION, count, tuple(examples[:EXAMPLES]))


def _files_to_read(connection: Connection, bucket: str, as_of: date, budget: int) -> list[tuple[int, str, str]]:
    if budget <= 0:
        return []
    found = connection.execute(
        text(sql.FILES_OF_THE_DAY), {"bucket": bucket, "day": as_of.isoformat(), "budget": budget}
    )
    return [(row.file_id, row.key, row.sha256) for row in found]


def _is_as_recorded(client: S3Client, bucket: str, key: str, sha256: str) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    digest = hashlib.sha256()
    try:
        body = client.get_object(Bucket=bucket, Key=key)["Body"]
        for chunk in body.iter_chunks(_CHUNK):
            digest.update(chunk)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(
            _TRIED, f"the object store did not give an object ({type(error).__name__})", "Try again when it is up."
        ) from None
    return digest.hexdigest() == sha256
