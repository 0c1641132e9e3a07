"""The plan of a provisioning: which file of the cohort becomes which file of the environment.

Here: names, what is left out, what is refused. Not here: bytes. The source's names stay in `PlannedFile.source`, which
is never shown; everything else of a plan may be logged.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from ngc_pipelines.adapters.provisioning.proofs import ReportedChecksum
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.environments import LeftOutFile, ProvisioningPolicy, canonical_json
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.pseudonyms import ProjectScope, Subject, file_key

# The contents of a plan's next batch: one round trip to the vault for each kind of pseudonym.
_BATCH = 5_000
_NAMED_FILES = 20

SPRING_UNDER_HEADERS = "spring_cannot_be_rewritten"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to be exhibited. `key` is its pseudonymous name; `source` is identifying and never shown."""

    key: str
    person: str
    sample: str
    file_id: int
    size: int
    source: CohortFile = field(repr=False)

    @property
    def is_gzip(self) -> bool:
        """Whether it is gzipped FASTQ; else it is SPRING."""
        return not self.key.endswith(".spring")

    def fingerprint(self, policy: ProvisioningPolicy) -> str:
        """What the copy was made of and how: where this is another one, an earlier copy is not this file's."""
        source = self.source
        reported = [source.bucket, source.key, source.size, source.sha256, source.md5, source.etag, source.version]
        return hashlib.sha256(canonical_json(["copy/1", policy.value, self.file_id, reported])).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every file to be exhibited, by key, and what is left out."""

    files: tuple[PlannedFile, ...]
    left_out: tuple[LeftOutFile, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of all sources."""
        return sum(file.size for file in self.files)


def make_plan(
    files: Iterable[CohortFile], scope: ProjectScope, policy: ProvisioningPolicy, vault: PseudonymVault
) -> Plan:
    """Name every file of the cohort by pseudonyms.

    Sidecars are not copied: they repeat the source's name and describe the source's bytes. Under policy HEADERS a
    SPRING file is left out and listed, because its read headers cannot be rewritten without SPRING itself.
    Raises Refused where a file belongs to no known sample (`Undetermined`), IntegrityFault where a file was reported
    without any checksum; both name every such file by its number in the genome database.
    """
    planned: list[PlannedFile] = []
    left_out: list[LeftOutFile] = []
    undetermined: list[int] = []
    unproved: list[int] = []
    copies: Counter[tuple[str, int, int, str]] = Counter()
    rest = iter(files)
    while batch := list(islice(rest, _BATCH)):
        undetermined += [file.file_id for file in batch if _is_undetermined(file)]
        reads = [file for file in batch if not file.sidecar and not _is_undetermined(file)]
        persons = vault.issue(scope, Subject.PERSON, {file.person for file in reads})
        samples = vault.issue(scope, Subject.SAMPLE, {file.sample_id for file in reads})
        for file in reads:
            person, sample = persons[file.person], samples[file.sample_id]
            storage_format = _storage_format(file)
            if storage_format == "spring" and policy is ProvisioningPolicy.HEADERS:
                left_out.append(LeftOutFile(str(person), str(sample), file.lane, SPRING_UNDER_HEADERS))
                continue
            if not ReportedChecksum(file.sha256, file.md5, file.etag).known:
                unproved.append(file.file_id)
            which = (str(sample), file.lane, file.read, storage_format)
            copies[which] += 1
            key = file_key(person, sample, file.lane, file.read, storage_format, copies[which])
            planned.append(PlannedFile(key, str(person), str(sample), file.file_id, file.size, file))
    _refuse(undetermined, unproved)
    return Plan(tuple(planned), tuple(left_out))


def named(file_ids: Iterable[int]) -> str:
    """Files by their numbers in the genome database, which say nothing about a person; the first twenty."""
    numbers = sorted(file_ids)
    more = f" and {len(numbers) - _NAMED_FILES} more" if len(numbers) > _NAMED_FILES else ""
    return ", ".join(str(number) for number in numbers[:_NAMED_FILES]) + more


def _refuse(undetermined: list[int], unproved: list[int]) -> None:
    if undetermined:
        where = f"files {named(undetermined)} of the genome database"
        raise Refused(
            [
                Fault(
                    "EN-5",
                    where,
                    "Filer med reads uden kendt prøve (Undetermined) kan ikke udstilles.",
                    "Files of reads that belong to no known sample (Undetermined) are not exhibited.",
                )
            ],
            tried="The files to provision were listed",
            remedy="Correct the link between raw data and metadata in the genome database.",
        )
    if unproved:
        raise IntegrityFault(
            "The files to provision were listed",
            f"files {named(unproved)} of the genome database were reported without a checksum",
            "Have their checksums reported: without one nobody can tell whether a file is what was reported.",
        )


def _is_undetermined(file: CohortFile) -> bool:
    names = (file.sample_id, file.key.rpartition("/")[2])
    return any(name.lower().startswith("undetermined") for name in names)


def _storage_format(file: CohortFile) -> str:
    return "spring" if "spring" in file.storage_format.lower() else "fastq.gz"
