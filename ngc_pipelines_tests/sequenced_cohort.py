"""A small sequenced cohort in a real object store, for tests of provisioning.

The files are as a sequencing centre leaves them: the sample's name in the key, the gzip head, the read headers (as
index and in other styles) and the sidecar. Persons are words, not numbers: nothing here needs a CPR number.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cohort_accounts import CohortFile, VarRecheck, VarVersion
from ngc_pipelines.domain.environments import (
    ApprovedUser,
    EnvironmentSpecification,
    ProvisioningPolicy,
    canonical_json,
    digest_of,
)
from ngc_pipelines.domain.pseudonyms import ProjectScope

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RUN = "A01234:118:HJ7KLDSX3"
_BASES = bytes(b"ACGTN"[value % 5] for value in range(256))
_QUALITIES = bytes(33 + value % 60 for value in range(256))  # `@` and `+` among them, as in real files


def fastq(seed: int, read: int, records: int, *, run: str = RUN) -> bytes:
    """A FASTQ file of Illumina records; the same seed gives mates that differ in their read number and bases."""
    places, bases = random.Random(seed), random.Random(f"{seed}/{read}")
    lines = []
    for _ in range(records):
        tile, x, y = places.randint(1101, 2678), places.randint(1000, 32000), places.randint(1000, 37000)
        length = places.choice((150, 151))
        passed = places.choice("NNNY")
        index = places.choice(("ACGTACGTAC+TTGCATGCAA", "ACGTACGTNC+TTGCATGCAA"))
        sequence, quality = bases.randbytes(length).translate(_BASES), bases.randbytes(length).translate(_QUALITIES)
        header = f"@{run}:1:{tile}:{x}:{y} {read}:{passed}:0:{index}"
        lines.append(b"%b\n%b\n+\n%b\n" % (header.encode(), sequence, quality))
    return b"".join(lines)


def gzipped(data: bytes, name: str) -> bytes:
    """Gzip as `gzip` leaves it: the file's name and time in the head."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", fileobj=buffer, compresslevel=1, mtime=1_767_225_600) as file:
        file.write(data)
    return buffer.getvalue()


@dataclass
class SequencedCohort:
    """The cohort of one case, with what provisioning asks of `adapters.cohorts.Cohorts`.

    `registered` are persons who have entered VAR; they take effect when VAR is next read.
    """

    s3: S3Client
    bucket: str
    reported: list[CohortFile] = field(default_factory=list)
    registered: set[str] = field(default_factory=set)
    readings: int = 0
    _withdrawn: set[str] = field(default_factory=set)

    def add_sample(self, number: int, *, lanes: int = 1, records: int = 50, person: int | None = None) -> None:
        """Store and report one sample: a pair for each lane, and the first sample a sidecar."""
        sample = f"LAB-NAME-{number:04d}"
        for lane in range(1, lanes + 1):
            for read in (1, 2):
                stem = f"{sample}_S{number}_L{lane:03d}_R{read}_001.fastq"
                data = gzipped(fastq(number * 100 + lane, read, records), f"{stem}.gz")
                self.add_file(f"wgs/{sample}/{stem}.gz", data, f"person {person or number}", sample, read, lane)
                if read == 2 or number > 1:
                    continue
                sidecar = f"{hashlib.md5(data, usedforsecurity=False).hexdigest()}  {stem}.gz\n".encode()
                self.add_file(
                    f"wgs/{sample}/{stem}.gz.md5",
                    sidecar,
                    f"person {person or number}",
                    sample,
                    read,
                    lane,
                    sidecar=True,
                )

    def add_file(
        self,
        key: str,
        data: bytes,
        person: str,
        sample: str,
        read: int,
        lane: int,
        *,
        sidecar: bool = False,
        storage_format: str = "fastq.gz",
    ) -> CohortFile:
        """Store and report one file."""
        etag = self.s3.put_object(Bucket=self.bucket, Key=key, Body=data, Metadata={"sample": sample})["ETag"]
        file = CohortFile(
            person=person,
            sample_id=sample,
            bucket=self.bucket,
            key=key,
            read=read,
            lane=lane,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            md5=None,
            etag=etag,
            version=None,
            storage_format=storage_format,
            sample_type="germline",
            material_type="blood",
            assay="NNF WGS",
            sidecar=sidecar,
            file_id=len(self.reported) + 1,
        )
        self.reported.append(file)
        return file

    def change_report(self, file_id: int, **changes: Any) -> None:
        """Report a file otherwise than it is; changes: fields of `CohortFile`."""
        self.reported = [replace(file, **changes) if file.file_id == file_id else file for file in self.reported]

    @property
    def digest(self) -> str:
        """The digest that a decision would be bound to."""
        return digest_of(b"the cohort as it was decided on")

    def files(self, case_id: CaseId | str) -> Iterator[CohortFile]:
        """Every file that may be exhibited."""
        del case_id
        return iter([file for file in self.reported if file.person not in self._withdrawn])

    def persons_registered_since(self, case_id: CaseId | str, *, now: datetime) -> VarRecheck:
        """Read VAR, and take out who is in it."""
        self.readings += 1
        newly = self.registered - self._withdrawn
        self._withdrawn |= newly
        persons = {file.person for file in self.reported} - self._withdrawn
        return VarRecheck(
            case_id=str(case_id),
            var_version=VarVersion("2026-03-02", MORNING, 1000 + len(self.registered), 10, digest_of(b"var")),
            newly_registered=len(newly),
            withdrawn_in_all=len(self._withdrawn),
            remaining_persons=len(persons),
            remaining_samples=0,
            remaining_files=0,
            cohort_digest=self.digest,
            remaining_digest=digest_of(canonical_json(sorted(persons))),
            checked_at=now,
        )


def specification(
    policy: ProvisioningPolicy = ProvisioningPolicy.HEADERS, users: tuple[str, ...] = ("anna", "bo"), number: int = 1
) -> EnvironmentSpecification:
    """What was agreed for an environment."""
    return EnvironmentSpecification(
        case_id=CaseId(f"EXH-2026-{number:05d}"),
        scope=ProjectScope("HJERTE", f"H-2026{number:04d}"),
        policy=policy,
        users=tuple(ApprovedUser(user, "PI", date(2026, 2, 1)) for user in users),
        tools=("samtools",),
    )
