"""Holding an environment against its snapshot: every difference by name, none glossed over (EN-6)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.environments.access import Environments
from ngc_pipelines.adapters.environments.access_policy import policy_digest
from ngc_pipelines.adapters.object_store.faults import store_answers
from ngc_pipelines.adapters.provisioning.objects import GoneError, read_ranges
from ngc_pipelines.adapters.provisioning.proofs import GrowingProof
from ngc_pipelines.domain.environments import Drift, DriftKind, Snapshot, SnapshotFile

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def verify_environment(
    s3: S3Client, environments: Environments, snapshot: Snapshot, *, deep: bool, workers: int
) -> tuple[Drift, ...]:
    """Name every difference between an environment and its snapshot; none where it is as it was.

    deep: read every byte; else sizes and etags are compared, which the store changes with every write.
    Raises Unavailable where the environment cannot be read: that is no drift, and no absence of drift.
    """
    name = snapshot.specification.name
    if not environments.exists(name):
        return (Drift(DriftKind.BUCKET_MISSING, snapshot.bucket, "the environment's bucket is not there"),)
    drifts = [*_files(s3, snapshot), *_access(environments, snapshot)]
    if deep:
        known = {drift.where for drift in drifts}
        unread = [file for file in snapshot.files if file.key not in known]
        with ThreadPoolExecutor(workers, thread_name_prefix="verify") as pool:
            contents = pool.map(lambda file: _content(s3, snapshot.bucket, file), unread)
            drifts += [drift for drift in contents if drift is not None]
    return tuple(sorted(drifts))


def objects_in(s3: S3Client, bucket: str) -> dict[str, tuple[str, int]]:
    """Every object of a bucket by its key: etag without quotes, and size in bytes."""
    with store_answers("An environment was listed"):
        return {
            entry["Key"]: (entry["ETag"].strip('"'), entry["Size"])
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
            for entry in page.get("Contents", [])
        }


def _files(s3: S3Client, snapshot: Snapshot) -> Iterator[Drift]:
    present = objects_in(s3, snapshot.bucket)
    for file in snapshot.files:
        found = present.pop(file.key, None)
        if found is None:
            yield Drift(DriftKind.MISSING, file.key, "the file is not there")
        elif found[1] != file.size:
            yield Drift(DriftKind.CHANGED, file.key, f"it has {found[1]} bytes instead of {file.size}")
        elif found[0] != file.etag:
            yield Drift(DriftKind.CHANGED, file.key, "it was written anew")
    for key in present:
        yield Drift(DriftKind.EXTRA, key, "the snapshot does not know it")


def _content(s3: S3Client, bucket: str, file: SnapshotFile) -> Drift | None:
    growing = GrowingProof()
    try:
        for data in read_ranges(s3, bucket, file.key, etag=f'"{file.etag}"', size=file.size):
            growing.add(data)
    except GoneError:
        return Drift(DriftKind.CHANGED, file.key, "it was changed while it was read")
    if growing.proof().sha256 != file.sha256:
        return Drift(DriftKind.CHANGED, file.key, "its bytes have another checksum")
    return None


def _access(environments: Environments, snapshot: Snapshot) -> Iterator[Drift]:
    name = snapshot.specification.name
    if not environments.is_versioned(name):
        yield Drift(DriftKind.VERSIONING_OFF, snapshot.bucket, "the bucket keeps no versions")
    if policy_digest(environments.policy(name)) != snapshot.access_policy_digest:
        yield Drift(DriftKind.POLICY_CHANGED, snapshot.bucket, "the bucket's policy is not the one it was opened with")
    approved = {user.name for user in snapshot.specification.users}
    present = set(environments.users(name))
    for user in approved - present:
        yield Drift(DriftKind.USER_MISSING, user, "the approved user has no key any more")
    for user in present - approved:
        yield Drift(DriftKind.USER_EXTRA, user, "a user has a key whom the PI did not approve")
    for user in approved & present:
        if environments.has_other_rights(name, user):
            yield Drift(DriftKind.USER_RIGHTS_CHANGED, user, "the user has rights or keys that were not given here")
