"""An object store whose disk runs full while an environment is filled: nothing opens; it goes on once there is room.

The store is one of this test's own. Its "disk" is the number of volumes that it may make: once they are all full, it
refuses what it refuses on a full disk. The store gives each bucket volumes of its own, so every bucket has to be full.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.provisioning.filling import Progress
from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault
from ngc_pipelines.domain.errors import Unavailable
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.programs import Program
from ngc_pipelines.local.seaweedfs import ObjectStoreServer
from ngc_pipelines.settings import ObjectStore
from ngc_pipelines_tests.sequenced_cohort import MORNING, SequencedCohort, specification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KIB = 1 << 10


class SmallStore(ObjectStoreServer):
    """An object store that may make so many volumes of 2 MiB."""

    volumes = 10

    def program(self) -> Program:
        """The same command with a small disk."""
        whole = super().program()
        small = {"-volume.max": self.volumes, "-master.volumeSizeLimitMB": 2}
        options = (option.partition("=")[0] for option in whole.command)
        command = [
            f"{name}={small[name]}" if name in small else option
            for name, option in zip(options, whole.command, strict=True)
        ]
        return replace(whole, command=tuple(command))


@pytest.fixture
def own_supervisor() -> Iterator[Supervisor]:
    """Keeps this test's own store up."""
    with Supervisor() as running:
        yield running


@pytest.fixture
def small_store(own_supervisor: Supervisor) -> Iterator[SmallStore]:
    """The store with the small disk."""
    folder = Path(tempfile.mkdtemp(prefix="ngc-full-"))
    folder.chmod(0o711)
    server = SmallStore(folder / "seaweedfs", Credentials(folder / "credentials"))
    own_supervisor.start(server)
    yield server
    own_supervisor.end(server.name)
    remove_folder(folder)


@pytest.fixture
def s3_settings(small_store: SmallStore) -> ObjectStore:
    """Its settings and buckets, in place of the store that all tests share."""
    chosen = small_store.settings()
    client = s3_client(chosen)
    for bucket in (chosen.source_bucket, chosen.records_bucket):
        client.create_bucket(Bucket=bucket)
    client.close()
    return chosen


def fill(s3: S3Client, bucket: str) -> None:
    """Stores noise in a bucket until the store takes not even one byte more."""
    for size in (500 * KIB, 1):
        for number in range(200):
            try:
                s3.put_object(Bucket=bucket, Key=f"noise/{size}/{number}", Body=os.urandom(size))
            except ClientError:
                break
        else:
            pytest.fail("the small disk does not run full")


def versions(s3: S3Client, bucket: str) -> dict[str, list[str]]:
    """Every version of every file of reads."""
    found: dict[str, list[str]] = {}
    for entry in s3.list_object_versions(Bucket=bucket).get("Versions", []):
        if entry["Key"].endswith(".fastq.gz"):
            found.setdefault(entry["Key"], []).append(entry["VersionId"])
    return found


def test_a_disk_that_runs_full_opens_nothing_and_is_gone_on_from_once_there_is_room(
    s3_settings: ObjectStore,
    s3: S3Client,
    vault: PseudonymVault,
    cohort: SequencedCohort,
    own_supervisor: Supervisor,
    small_store: SmallStore,
) -> None:
    cohort.add_sample(3)
    provisioner = Provisioner(s3_settings, vault, cohort, workers=1, now=lambda: MORNING)
    name = specification().name
    bucket = provisioner.environments.bucket(name)
    filled: list[int] = []

    def run_full(progress: Progress) -> None:
        # Called after the first file; with one worker, those after the third have not begun.
        if not filled:
            filled.append(progress.files_done)
            for each in (s3_settings.records_bucket, s3_settings.source_bucket, bucket):
                fill(s3, each)

    with pytest.raises(Unavailable, match="free space"):
        provisioner.provision(specification(), cohort.digest, progress=run_full)
    assert filled == [1]
    assert provisioner.environments.admitted(name) == ()
    assert provisioner.environments.users(name) == ()
    standing = versions(s3, bucket)

    small_store.volumes = 1000
    former = own_supervisor.pid(small_store.name)
    os.kill(former, signal.SIGKILL)
    own_supervisor.wait_restarted(small_store.name, former)
    snapshot = provisioner.provision(specification(), cohort.digest)

    found = versions(s3, bucket)
    assert len(found) == 6
    assert [key for key, held in found.items() if len(held) != 1] == []
    assert 1 <= len(standing) < 6
    assert standing.items() <= found.items()
    assert provisioner.verify(snapshot, deep=True) == ()
