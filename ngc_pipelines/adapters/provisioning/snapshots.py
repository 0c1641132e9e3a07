"""Snapshots in the records bucket: written once, named by their digest, read back only as what they say they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.faults import STORE_ERRORS, is_absent, store_answers, unavailable
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.environments import Snapshot, digest_of
from ngc_pipelines.domain.errors import IntegrityFault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def folder_of(case_id: CaseId) -> str:
    """Where the records of a case's environment stand, in the records bucket."""
    return f"environments/{case_id}/"


class Snapshots:
    """The snapshots of every environment of a site."""

    def __init__(self, s3: S3Client, records_bucket: str) -> None:
        self._s3 = s3
        self._bucket = records_bucket

    @staticmethod
    def key(case_id: CaseId, digest: str) -> str:
        """The key of a snapshot; digest: `sha256:<hex>`."""
        return f"{folder_of(case_id)}snapshots/{digest.removeprefix('sha256:')}.json"

    def write(self, snapshot: Snapshot) -> str:
        """Write a snapshot and give its digest."""
        data = snapshot.to_bytes()
        digest = digest_of(data)
        with store_answers("A snapshot was written"):
            self._s3.put_object(
                Bucket=self._bucket, Key=self.key(snapshot.case_id, digest), Body=data, ContentType="application/json"
            )
        return digest

    def read(self, case_id: CaseId, digest: str) -> Snapshot:
        """Read a snapshot; raises IntegrityFault where it is missing or not of that digest."""
        tried = "An environment's snapshot was read"
        remedy = "Restore the records bucket from its backup before the environment is used or judged."
        try:
            data = self._s3.get_object(Bucket=self._bucket, Key=self.key(case_id, digest))["Body"].read()
        except STORE_ERRORS as error:
            if is_absent(error):
                raise IntegrityFault(tried, "the snapshot that the case recorded is missing", remedy) from None
            raise unavailable(tried, error) from None
        if digest_of(data) != digest:
            raise IntegrityFault(tried, "it is not the snapshot that the case recorded", remedy)
        return Snapshot.from_bytes(data)
