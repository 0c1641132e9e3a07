"""The journal of a provisioning: which files stand proved in the environment. It is what a stopped run goes on from.

An entry is one small object in the records bucket, written after the copy was proved. It carries the copy's proof and
a fingerprint of what it was made of; pseudonyms only. It counts as long as the environment lists the same key with the
same etag and size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.faults import STORE_ERRORS, is_absent, store_answers, unavailable
from ngc_pipelines.domain.environments import SnapshotFile, canonical_json

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READERS = 8
_AT_ONCE = 1_000


class Journal:
    """The journal of one environment. `folder` is its prefix in the records bucket, `/` at the end."""

    def __init__(self, s3: S3Client, bucket: str, folder: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"{folder}journal/"

    def proved(self, file: SnapshotFile, fingerprint: str) -> None:
        """Note that a file stands proved in the environment."""
        with store_answers("The journal of a provisioning was written"):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{self._prefix}{file.key}.json",
                Body=canonical_json({"file": asdict(file), "fingerprint": fingerprint}),
                ContentType="application/json",
            )

    def forget(self, key: str) -> None:
        """Forget a file that is to leave the environment, before it leaves; harmless where there is no entry."""
        with store_answers("The journal of a provisioning was written"):
            self._s3.delete_object(Bucket=self._bucket, Key=f"{self._prefix}{key}.json")

    def entries(self) -> Mapping[str, tuple[SnapshotFile, str]]:
        """Every entry by the file's key: the file and its fingerprint. An unreadable entry counts as none."""
        found: dict[str, tuple[SnapshotFile, str]] = {}
        keys = self._keys()
        with ThreadPoolExecutor(_READERS, thread_name_prefix="journal") as readers:
            while batch := list(islice(keys, _AT_ONCE)):
                for entry in readers.map(self._entry, batch):
                    if entry is not None:
                        found[entry[0].key] = entry
        return found

    def _keys(self) -> Iterator[str]:
        with store_answers("The journal of a provisioning was read"):
            for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix):
                for entry in page.get("Contents", []):
                    yield entry["Key"]

    def _entry(self, key: str) -> tuple[SnapshotFile, str] | None:
        try:
            data = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except STORE_ERRORS as error:
            if is_absent(error):
                return None
            raise unavailable("The journal of a provisioning was read", error) from None
        try:
            value = json.loads(data)
            return SnapshotFile(**value["file"]), str(value["fingerprint"])
        except (ValueError, KeyError, TypeError):
            # The file is then proved anew, which costs time and is always right.
            return None
