"""What must be true after an exhibition, found out without asking the code that made it so.

Expectations come from the synthetic persons themselves by SQL of its own; the environment is read object by
object. Files are recognised by their bases and qualities, which no pseudonymisation changes.
"""

from __future__ import annotations

import gzip
import hashlib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Every person with each number that he or she has or had.
_NUMBERS = """
    WITH numbers AS (
        SELECT n, unnest(ARRAY[cpr, former, first]) AS number FROM synthetic.people
    ), registered AS (
        SELECT DISTINCT n FROM numbers JOIN var_register.registrations r ON r.cpr = numbers.number
    )
"""
_HAS_DATA = "EXISTS (SELECT FROM genome.samples s JOIN numbers m ON m.number = s.person_cpr WHERE m.n = p.n)"
# A delivered file is one of a pair; SPRING containers are left out and listed, sidecars hold names.
_FILES = """
    SELECT DISTINCT f.bucket, f.key FROM genome.files f JOIN genome.samples s USING (sample_key)
    JOIN numbers m ON m.number = s.person_cpr
    WHERE f.kind = 'reads' AND f.storage_format <> 'spring' AND m.n NOT IN (SELECT n FROM registered)
"""


class NotTrue(AssertionError):  # noqa: N818 - it says which promise does not hold
    """A promise of the exhibition does not hold; says which, never with a person's data."""


def demand(holds: bool, promise: str) -> None:
    """Raises NotTrue with the promise unless it holds."""
    if not holds:
        raise NotTrue(f"this should be true and is not: {promise}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Numbers to ask for, chosen so that every outcome occurs."""

    with_data: tuple[str, ...]
    registered: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The list as the applicant sends it, in no telling order."""
        numbers = (*self.with_data, *self.registered, *self.unknown)
        return tuple(sorted(numbers, key=lambda number: hashlib.sha256(number.encode()).digest()))


@dataclass(frozen=True, slots=True)
class Object:
    """An object as anybody would find it: everything of it that could carry a name."""

    key: str
    told: str
    content: bytes


class Facts:
    """The truth about the synthetic site, read as its superuser."""

    def __init__(self, postgres: PostgresServer, store: ObjectStore, client: S3Client) -> None:
        self._postgres = postgres
        self._store = store
        self._client = client

    def wishes(self, with_data: int, registered: int, unknown: int) -> Wishes:
        """Persons with data and not in VAR, with data and in VAR, and numbers of nobody who was sequenced."""

        def pick(condition: str, count: int) -> tuple[str, ...]:
            rows = self._rows(
                f"{_NUMBERS} SELECT p.cpr FROM synthetic.people p WHERE {condition} ORDER BY n LIMIT {count}"
            )
            demand(len(rows) == count, "the synthetic population is large enough for the demo")
            return tuple(row[0] for row in rows)

        nobody = self._rows(
            f"{_NUMBERS} SELECT c.number FROM (SELECT to_char(date '1950-02-02' + i, 'DDMMYY') || '0001' AS number"
            " FROM generate_series(1, 300) i) c WHERE NOT EXISTS (SELECT FROM numbers m WHERE m.number = c.number)"
            " AND NOT EXISTS (SELECT FROM var_register.registrations r WHERE r.cpr = c.number) ORDER BY 1"
        )
        free = [row[0] for row in nobody if not _passes_modulus_11(row[0])][:unknown]
        return Wishes(
            pick(f"{_HAS_DATA} AND p.n NOT IN (SELECT n FROM registered)", with_data),
            pick(f"{_HAS_DATA} AND p.n IN (SELECT n FROM registered)", registered),
            tuple(free),
        )

    def files_of(self, numbers: Sequence[str]) -> frozenset[str]:
        """Fingerprints of the files that an order by these numbers must deliver."""
        asked = "m.n IN (SELECT n FROM numbers WHERE number = ANY(%s))"
        return self._fingerprints(self._rows(f"{_NUMBERS} {_FILES} AND {asked}", [list(numbers)]))

    def files_matching(self, condition: str) -> frozenset[str]:
        """Fingerprints of the files that an order by this condition on samples must deliver."""
        return self._fingerprints(self._rows(f"{_NUMBERS} {_FILES} AND {condition}"))

    def names(self) -> tuple[bytes, ...]:
        """Everything that must not be found in an environment: sample names, requisitions, reports, CPR numbers."""
        rows = self._rows(
            "SELECT sample_id FROM genome.samples UNION SELECT requisition_id FROM genome.samples"
            " UNION SELECT report_id FROM genome.samples UNION SELECT unnest(ARRAY[cpr, former, first,"
            " left(cpr, 6) || '-' || right(cpr, 4)]) FROM synthetic.people"
        )
        return tuple(row[0].encode() for row in rows if row[0])

    def objects(self, bucket: str) -> Iterator[Object]:
        """Every version of every object of a bucket, whole."""
        for page in self._client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            demand(not page.get("DeleteMarkers"), "nothing was put into the environment and deleted again")
            for version in page.get("Versions", []):
                place = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
                answer = self._client.get_object(**place)  # type: ignore[arg-type]  # - the keys are the call's own
                tags = self._client.get_object_tagging(**place)["TagSet"]  # type: ignore[arg-type]  # - as above
                headers = answer["ResponseMetadata"]["HTTPHeaders"]
                yield Object(version["Key"], f"{headers} {tags}", answer["Body"].read())

    def environment_is_closed(self, bucket: str, key: str) -> None:
        """Demands that somebody without credentials reads nothing."""
        try:
            with urllib.request.urlopen(f"{self._store.endpoint}/{bucket}/{key}", timeout=30) as answer:
                demand(answer.status >= 400, "nobody without credentials reads the environment")
        except urllib.error.HTTPError as refusal:
            demand(refusal.code == 403, "somebody without credentials is refused")

    def _fingerprints(self, places: Sequence[tuple[str, ...]]) -> frozenset[str]:
        def content(bucket: str, key: str) -> bytes:
            return self._client.get_object(Bucket=bucket, Key=key)["Body"].read()

        found = [fingerprint(content(bucket, key)) for bucket, key in places]
        demand(len(set(found)) == len(found), "every synthetic file has reads of its own")
        return frozenset(found)

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[str, ...]]:
        with self._postgres.superuser("genome") as session:
            return session.execute(query.encode(), parameters or None).fetchall()  # type: ignore[return-value]  # - text columns


def fingerprint(packed: bytes) -> str:
    """A FASTQ file's bases and qualities, without its headers: what pseudonymisation must leave alone."""
    lines = gzip.decompress(packed).split(b"\n")
    return hashlib.sha256(b"\n".join(line for place, line in enumerate(lines) if place % 2)).hexdigest()


def names_found(thing: Object, names: Sequence[bytes]) -> int:
    """How many of the names stand anywhere in an object: key, headers, tags, bytes, unpacked bytes."""
    unpacked = gzip.decompress(thing.content) if thing.content[:2] == b"\x1f\x8b" else b""
    hay = b"\n".join((thing.key.encode(), thing.told.encode(), thing.content[:4096], unpacked or thing.content))
    return sum(name in hay for name in names)


def _passes_modulus_11(number: str) -> bool:
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11 == 0
