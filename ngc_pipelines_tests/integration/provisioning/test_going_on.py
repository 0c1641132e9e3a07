"""A provisioning that is stopped, disturbed, or runs twice ends with the right files, each once."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ngc_pipelines.adapters.provisioning.filling import CHECKSUM_LIST, Progress
from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault
from ngc_pipelines.domain.environments import ProvisioningPolicy
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.settings import ObjectStore, Vault
from ngc_pipelines_tests.killed_provisioning import provision_and_die
from ngc_pipelines_tests.sequenced_cohort import MORNING, SequencedCohort, fastq, gzipped, specification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Contents = Callable[[str], dict[str, bytes]]


def versions(s3: S3Client, bucket: str) -> dict[str, list[str]]:
    """Every version and delete marker of every key but the list of checksums."""
    found: dict[str, list[str]] = {}
    try:
        listed = s3.list_object_versions(Bucket=bucket)
    except s3.exceptions.NoSuchBucket:
        return found
    for entry in (*listed.get("Versions", []), *listed.get("DeleteMarkers", [])):
        if entry["Key"] != CHECKSUM_LIST:
            found.setdefault(entry["Key"], []).append(entry["VersionId"])
    return found


@pytest.mark.parametrize("policy", list(ProvisioningPolicy), ids=[policy.value for policy in ProvisioningPolicy])
def test_killed_at_random_requests_it_goes_on_and_copies_nothing_twice(
    provisioner: Provisioner,
    cohort: SequencedCohort,
    s3: S3Client,
    s3_settings: ObjectStore,
    vault_settings: Vault,
    policy: ProvisioningPolicy,
) -> None:
    # One file of several parts, so that a kill can leave some of them behind.
    cohort.add_file("wgs/l.fastq.gz", gzipped(fastq(9, 1, 54_000), "LAB-NAME-0009"), "person 9", "LAB-NAME-0009", 1, 1)
    bucket = f"{s3_settings.environment_prefix}{specification().name}"
    chance = random.Random(f"provisioning {policy}")
    standing: dict[str, list[str]] = {}
    deaths = 0
    while not provision_and_die(
        s3_settings, vault_settings, cohort.reported, cohort.registered, policy, chance.randint(8, 30)
    ):
        deaths += 1
        present = versions(s3, bucket)
        assert standing.items() <= present.items()
        standing = present
        if deaths == 5:
            break

    snapshot = provisioner.provision(specification(policy), cohort.digest)

    assert deaths >= 1
    found = versions(s3, bucket)
    assert standing.items() <= found.items()
    assert [key for key, held in found.items() if len(held) != 1] == []
    assert len(found) == 5
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert provisioner.verify(snapshot, deep=True) == ()


def test_who_enters_var_while_it_is_stopped_leaves_the_environment_for_good(
    provisioner: Provisioner,
    cohort: SequencedCohort,
    contents: Contents,
    s3: S3Client,
    s3_settings: ObjectStore,
    vault_settings: Vault,
) -> None:
    before = provisioner.provision(specification(), cohort.digest)
    bucket = before.bucket
    gone = {file.person for file in before.files if file.sample and file.key in versions(s3, bucket)}
    cohort.registered.add("person 2")

    provision_and_die(s3_settings, vault_settings, cohort.reported, cohort.registered, ProvisioningPolicy.HEADERS, 12)
    after = provisioner.provision(specification(), cohort.digest)

    kept = {file.person for file in after.files if file.person}
    (left,) = gone - kept
    assert len(kept) == 1
    assert not [key for key in versions(s3, bucket) if left in key]
    assert left.encode() not in contents(bucket)[CHECKSUM_LIST]
    assert provisioner.verify(after, deep=True) == ()


def test_who_enters_var_while_files_are_copied_is_out_before_it_opens(
    s3_settings: ObjectStore, vault: PseudonymVault, cohort: SequencedCohort, s3: S3Client
) -> None:
    provisioner = Provisioner(s3_settings, vault, cohort, workers=1, now=lambda: MORNING)
    admitted: list[tuple[str, ...]] = []

    def enter(progress: Progress) -> None:
        cohort.registered.add("person 1")
        admitted.append(provisioner.environments.admitted(specification().name))

    snapshot = provisioner.provision(specification(), cohort.digest, progress=enter)

    assert len({file.person for file in snapshot.files if file.person}) == 1
    assert set(versions(s3, snapshot.bucket)) == {file.key for file in snapshot.files} - {CHECKSUM_LIST}
    assert set(admitted) == {()}
    assert cohort.readings == 3


def test_a_second_provisioning_writes_nothing(provisioner: Provisioner, cohort: SequencedCohort, s3: S3Client) -> None:
    first = provisioner.provision(specification(), cohort.digest)
    before = versions(s3, first.bucket)

    second = provisioner.provision(specification(), cohort.digest)

    assert versions(s3, first.bucket) == before
    assert second.files == first.files
    assert second.digest == first.digest


def test_two_provisionings_at_once_end_with_each_file_once(
    s3_settings: ObjectStore, vault: PseudonymVault, cohort: SequencedCohort, s3: S3Client
) -> None:
    def run() -> str:
        provisioner = Provisioner(s3_settings, vault, cohort, workers=2, now=lambda: MORNING)
        for _ in range(20):
            try:
                return provisioner.provision(specification(), cohort.digest).digest
            except Unavailable:
                continue  # the other one was quicker somewhere; that is what a retry is for
        raise AssertionError("twenty attempts were not enough")

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(run) for _ in range(2)]
        digests = {each.result() for each in runs}

    provisioner = Provisioner(s3_settings, vault, cohort, workers=2, now=lambda: MORNING)
    snapshot = provisioner.provision(specification(), cohort.digest)
    found = versions(s3, snapshot.bucket)
    assert [key for key, held in found.items() if len(held) != 1] == []
    assert provisioner.verify(snapshot, deep=True) == ()
    assert digests


def test_it_goes_on_after_the_object_store_was_killed(
    provisioner: Provisioner, cohort: SequencedCohort, supervisor: Supervisor, s3: S3Client
) -> None:
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if not killed:
            killed.append(supervisor.pid("SeaweedFS"))
            os.kill(killed[0], signal.SIGKILL)

    try:
        provisioner.provision(specification(), cohort.digest, progress=kill)
    except (Unavailable, IntegrityFault):
        # A store that is coming up may call absent what it cannot see yet: closed either way.
        supervisor.wait_restarted("SeaweedFS", killed[0])
        provisioner.provision(specification(), cohort.digest)
    snapshot = provisioner.provision(specification(), cohort.digest)

    assert killed
    assert provisioner.verify(snapshot, deep=True) == ()
    assert [key for key, held in versions(s3, snapshot.bucket).items() if len(held) != 1] == []


def test_a_lost_lease_stops_it_before_the_next_effect(
    provisioner: Provisioner, cohort: SequencedCohort, s3: S3Client
) -> None:
    calls = 0

    def keep_lease() -> None:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise Unavailable("The case was held", "another run holds it", "It goes on by itself.")

    with pytest.raises(Unavailable, match="another run holds it"):
        provisioner.provision(specification(), cohort.digest, keep_lease=keep_lease)

    bucket = provisioner.environments.bucket(specification().name)
    assert len(versions(s3, bucket)) <= 4
    assert provisioner.environments.admitted(specification().name) == ()
