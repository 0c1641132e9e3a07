"""A source that is not what was reported is named by its number and never exhibited; the environment stays closed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.environments import ProvisioningPolicy
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines_tests.sequenced_cohort import SequencedCohort, fastq, gzipped, specification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Spoil = Callable[[SequencedCohort, CohortFile], None]


def put(cohort: SequencedCohort, file: CohortFile, data: bytes, **reported: Any) -> None:
    """Store other bytes under the file's key, and report what is given."""
    etag = cohort.s3.put_object(Bucket=file.bucket, Key=file.key, Body=data)["ETag"]
    cohort.change_report(file.file_id, **{"etag": etag, **reported})


def missing(cohort: SequencedCohort, file: CohortFile) -> None:
    """The object is gone."""
    cohort.s3.delete_object(Bucket=file.bucket, Key=file.key)


def truncated(cohort: SequencedCohort, file: CohortFile) -> None:
    """The object is shorter than reported."""
    data = cohort.s3.get_object(Bucket=file.bucket, Key=file.key)["Body"].read()
    put(cohort, file, data[:-100])


def emptied(cohort: SequencedCohort, file: CohortFile) -> None:
    """Nothing is left of the object: no range of it can be read."""
    put(cohort, file, b"")


def changed(cohort: SequencedCohort, file: CohortFile) -> None:
    """The object was written anew, with other bytes of the same size."""
    cohort.s3.put_object(Bucket=file.bucket, Key=file.key, Body=b"x" * file.size)


def changed_without_etag(cohort: SequencedCohort, file: CohortFile) -> None:
    """One byte of the reads is another, the gzip is valid, and no etag was reported."""
    data = cohort.s3.get_object(Bucket=file.bucket, Key=file.key)["Body"].read()
    reads = gzip.decompress(data).replace(b"A", b"C", 1)
    other = gzipped(reads, "LAB-NAME-0001")
    put(cohort, file, other, etag=None, size=len(other))


def cut_off_at_the_department(cohort: SequencedCohort, file: CohortFile) -> None:
    """The file was cut off before it was reported: size and checksum are those of the broken file."""
    data = cohort.s3.get_object(Bucket=file.bucket, Key=file.key)["Body"].read()[:-100]
    put(cohort, file, data, size=len(data), sha256=hashlib.sha256(data).hexdigest())


FAULTS: dict[str, tuple[Spoil, str]] = {
    "missing": (missing, "missing from the object store"),
    "truncated": (truncated, "its size is not the reported one"),
    "emptied": (emptied, "its size is not the reported one"),
    "changed": (changed, "changed since it was reported"),
    "changed without etag": (changed_without_etag, "checksum is not the reported one"),
    "cut off at the department": (cut_off_at_the_department, "ends before its last member does"),
}
# Under `names` a file that the department itself cut off is copied as it was reported: its contents are not opened.
CASES = [(policy.value, fault) for policy in ProvisioningPolicy for fault in FAULTS]
CASES.remove(("names", "cut off at the department"))


@pytest.mark.parametrize(("policy", "fault"), CASES, ids=[" ".join(case) for case in CASES])
def test_a_source_at_fault_is_named_and_everything_else_is_copied(
    provisioner: Provisioner, cohort: SequencedCohort, s3: S3Client, policy: str, fault: str
) -> None:
    spoil, why = FAULTS[fault]
    file = next(file for file in cohort.reported if not file.sidecar)
    spoil(cohort, file)
    agreed = specification(ProvisioningPolicy(policy))

    with pytest.raises(IntegrityFault) as raised:
        provisioner.provision(agreed, cohort.digest)

    assert why in str(raised.value)
    assert f"file {file.file_id}" in str(raised.value)
    assert "LAB-NAME" not in str(raised.value)
    bucket = provisioner.environments.bucket(agreed.name)
    assert len(s3.list_objects_v2(Bucket=bucket)["Contents"]) == 3
    assert provisioner.environments.users(agreed.name) == ()
    assert provisioner.environments.policy(agreed.name) is None


def test_every_source_at_fault_is_named_at_once(provisioner: Provisioner, cohort: SequencedCohort) -> None:
    first, second, third, _ = (file for file in cohort.reported if not file.sidecar)
    missing(cohort, first)
    missing(cohort, second)
    changed(cohort, third)

    with pytest.raises(IntegrityFault) as raised:
        provisioner.provision(specification(), cohort.digest)

    assert f"missing from the object store: file {first.file_id}, {second.file_id};" in str(raised.value) + ";"
    assert f"changed since it was reported: file {third.file_id}" in str(raised.value)


def test_a_source_that_was_put_right_is_copied_by_the_next_run(
    provisioner: Provisioner, cohort: SequencedCohort
) -> None:
    file = next(file for file in cohort.reported if not file.sidecar)
    data = cohort.s3.get_object(Bucket=file.bucket, Key=file.key)["Body"].read()
    missing(cohort, file)
    with pytest.raises(IntegrityFault):
        provisioner.provision(specification(), cohort.digest)

    cohort.s3.put_object(Bucket=file.bucket, Key=file.key, Body=data)
    snapshot = provisioner.provision(specification(), cohort.digest)

    assert len(snapshot.files) == 4 + 1
    assert provisioner.verify(snapshot, deep=True) == ()


def test_a_file_that_was_reported_anew_replaces_its_copy(
    provisioner: Provisioner, cohort: SequencedCohort, s3: S3Client
) -> None:
    before = provisioner.provision(specification(), cohort.digest)
    file = next(file for file in cohort.reported if not file.sidecar)
    data = gzipped(fastq(77, 1, 20), "LAB-NAME-0001")
    put(cohort, file, data, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    after = provisioner.provision(specification(), cohort.digest)

    (key,) = {each.key for each in set(after.files) - set(before.files) if each.person}
    assert len(s3.list_object_versions(Bucket=after.bucket, Prefix=key)["Versions"]) == 1
    assert provisioner.verify(after, deep=True) == ()


def test_a_file_without_any_checksum_is_refused(provisioner: Provisioner, cohort: SequencedCohort) -> None:
    file = next(file for file in cohort.reported if not file.sidecar)
    cohort.change_report(file.file_id, sha256=None, etag=None)

    with pytest.raises(IntegrityFault, match=f"files {file.file_id} of the genome database were reported without"):
        provisioner.provision(specification(), cohort.digest)


@pytest.mark.parametrize("policy", list(ProvisioningPolicy), ids=[policy.value for policy in ProvisioningPolicy])
def test_an_md5_or_the_etag_of_one_part_is_proof_enough(
    provisioner: Provisioner, cohort: SequencedCohort, policy: ProvisioningPolicy
) -> None:
    first, second, *_ = (file for file in cohort.reported if not file.sidecar)
    data = cohort.s3.get_object(Bucket=first.bucket, Key=first.key)["Body"].read()
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    cohort.change_report(first.file_id, sha256=None, md5=md5, etag=None)
    cohort.change_report(second.file_id, sha256=None)

    assert len(provisioner.provision(specification(policy), cohort.digest).files) == 4 + 1
