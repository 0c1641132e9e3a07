"""Who gets into an environment, what they can do there, and how it is closed (EN-1, EN-3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from ngc_pipelines.adapters.environments.access import Environments
from ngc_pipelines.adapters.object_store.clients import iam_client, s3_client
from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault
from ngc_pipelines.domain.environments import DriftKind, Snapshot
from ngc_pipelines.domain.errors import IntegrityFault, Refused
from ngc_pipelines.settings import ObjectStore
from ngc_pipelines_tests.sequenced_cohort import SequencedCohort, specification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAME = specification().name


@pytest.fixture
def snapshot(provisioner: Provisioner, cohort: SequencedCohort) -> Snapshot:
    """An environment that is open for anna and bo."""
    return provisioner.provision(specification(), cohort.digest)


@pytest.fixture
def as_user(s3_settings: ObjectStore, provisioner: Provisioner, snapshot: Snapshot) -> Callable[[str], S3Client]:
    """A client with a user's own key."""
    del snapshot

    def client(user: str) -> S3Client:
        key = provisioner.environments.hand_over(NAME, user)
        return s3_client(s3_settings, access_key=key.access_key, secret_key=key.secret_key)

    return client


def denied(call: Callable[..., Any], **arguments: Any) -> bool:
    """Whether the store refuses the call for want of rights."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return False


def soon(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true within a minute: a store may take a moment to spread a change of rights."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def becomes(closed: bool, user: S3Client, reading: dict[str, str]) -> bool:
    """Whether reading is denied, or allowed, before long."""
    return soon(lambda: denied(user.get_object, **reading) is closed)


def test_an_approved_user_lists_and_reads(as_user: Callable[[str], S3Client], snapshot: Snapshot) -> None:
    anna = as_user("anna")
    assert soon(lambda: not denied(anna.list_objects_v2, Bucket=snapshot.bucket))

    listed = [entry["Key"] for entry in anna.list_objects_v2(Bucket=snapshot.bucket)["Contents"]]

    assert listed == [file.key for file in snapshot.files]
    assert len(anna.get_object(Bucket=snapshot.bucket, Key=listed[0])["Body"].read()) == snapshot.files[0].size


def test_a_user_cannot_write_remove_copy_out_or_change_rights(
    as_user: Callable[[str], S3Client], snapshot: Snapshot, s3_settings: ObjectStore
) -> None:
    anna, bucket, key = as_user("anna"), snapshot.bucket, snapshot.files[0].key
    source = {"Bucket": bucket, "Key": key}

    assert denied(anna.put_object, Bucket=bucket, Key="mine", Body=b"x")
    assert denied(anna.put_object, Bucket=bucket, Key=key, Body=b"x")
    assert denied(anna.delete_object, Bucket=bucket, Key=key)
    assert denied(anna.create_multipart_upload, Bucket=bucket, Key="mine")
    assert denied(anna.copy_object, Bucket=bucket, Key="mine", CopySource=source)
    assert denied(anna.copy_object, Bucket=s3_settings.intake_bucket, Key="mine", CopySource=source)
    assert denied(anna.create_bucket, Bucket=f"{s3_settings.environment_prefix}mine")
    assert denied(anna.put_bucket_policy, Bucket=bucket, Policy="{}")
    assert denied(anna.get_bucket_policy, Bucket=bucket)
    assert denied(anna.put_object_acl, Bucket=bucket, Key=key, ACL="public-read")
    assert denied(anna.put_object_tagging, Bucket=bucket, Key=key, Tagging={"TagSet": []})
    assert denied(anna.put_bucket_versioning, Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def test_a_user_of_one_project_sees_nothing_of_another(
    as_user: Callable[[str], S3Client], provisioner: Provisioner, cohort: SequencedCohort, s3_settings: ObjectStore
) -> None:
    other = provisioner.provision(specification(users=("carl",), number=2), cohort.digest)
    anna = as_user("anna")

    for bucket in (other.bucket, s3_settings.source_bucket, s3_settings.records_bucket, s3_settings.intake_bucket):
        assert denied(anna.list_objects_v2, Bucket=bucket)
    assert denied(anna.get_object, Bucket=other.bucket, Key=other.files[0].key)
    assert anna.list_buckets()["Buckets"] == []


def test_the_public_gets_nothing(snapshot: Snapshot, s3_settings: ObjectStore) -> None:
    config = Config(signature_version=UNSIGNED, s3={"addressing_style": "path"})
    public = boto3.client("s3", endpoint_url=s3_settings.endpoint, region_name=s3_settings.region, config=config)

    assert denied(public.list_objects_v2, Bucket=snapshot.bucket)
    assert denied(public.get_object, Bucket=snapshot.bucket, Key=snapshot.files[0].key)


def test_nobody_gets_in_from_outside_the_environments_networks(
    s3_settings: ObjectStore, vault: PseudonymVault, cohort: SequencedCohort
) -> None:
    for networks, closed in (("10.1.0.0/16, 10.2.0.0/16", True), ("127.0.0.0/8", False)):
        store = s3_settings.model_copy(update={"environment_networks": networks})
        provisioner = Provisioner(store, vault, cohort, workers=2)
        snapshot = provisioner.provision(specification(), cohort.digest)
        key = provisioner.environments.hand_over(NAME, "anna")
        anna = s3_client(store, access_key=key.access_key, secret_key=key.secret_key)
        reading = {"Bucket": snapshot.bucket, "Key": snapshot.files[0].key}

        assert becomes(closed, anna, reading)
        assert provisioner.verify(snapshot) == ()


def test_access_is_closed_for_one_user_for_the_project_and_opened_again(
    as_user: Callable[[str], S3Client], provisioner: Provisioner, snapshot: Snapshot
) -> None:
    environments, key = provisioner.environments, snapshot.files[0].key
    anna, bo = as_user("anna"), as_user("bo")

    environments.close_for(NAME, "anna")
    assert environments.admitted(NAME) == ("bo",)
    assert soon(lambda: denied(anna.get_object, Bucket=snapshot.bucket, Key=key))
    assert soon(lambda: not denied(bo.get_object, Bucket=snapshot.bucket, Key=key))

    environments.close(NAME)
    assert environments.admitted(NAME) == ()
    assert soon(lambda: denied(bo.get_object, Bucket=snapshot.bucket, Key=key))

    environments.open_for(NAME, ["anna", "bo"])
    assert soon(lambda: not denied(anna.get_object, Bucket=snapshot.bucket, Key=key))
    assert provisioner.verify(snapshot) == ()


def test_a_withdrawn_user_is_gone_with_every_key(
    as_user: Callable[[str], S3Client], provisioner: Provisioner, snapshot: Snapshot, s3_settings: ObjectStore
) -> None:
    environments = provisioner.environments
    anna = as_user("anna")
    own = environments.hand_over(NAME, "anna")
    settings = s3_settings.model_copy(update={"access_key": own.access_key, "secret_key": own.secret_key})
    try:
        second = cast(Any, iam_client(settings)).create_access_key(UserName=f"{snapshot.bucket}.anna")["AccessKey"]
    except ClientError:
        second = None  # a store that lets users make no keys of their own is as good

    environments.withdraw(NAME, "anna")

    assert environments.users(NAME) == ("bo",)
    assert soon(lambda: denied(anna.list_objects_v2, Bucket=snapshot.bucket))
    if second is not None:
        other = s3_client(s3_settings, access_key=second["AccessKeyId"], secret_key=second["SecretAccessKey"])
        assert soon(lambda: denied(other.list_objects_v2, Bucket=snapshot.bucket))
    with pytest.raises(Refused):
        environments.hand_over(NAME, "anna")


def test_credentials_are_kept_sealed_and_granting_again_keeps_them(
    provisioner: Provisioner, snapshot: Snapshot, s3_settings: ObjectStore, vault: PseudonymVault
) -> None:
    before = provisioner.environments.hand_over(NAME, "anna")

    Environments(s3_settings, vault).grant(NAME, "anna")

    assert provisioner.environments.hand_over(NAME, "anna") == before
    assert before.secret_key not in repr(before)
    assert before.secret_key.encode() not in snapshot.to_bytes()


def test_every_kind_of_drift_is_named(
    provisioner: Provisioner, snapshot: Snapshot, s3: S3Client, s3_settings: ObjectStore
) -> None:
    assert provisioner.verify(snapshot, deep=True) == ()
    missing, changed, rewritten, *_ = (file.key for file in snapshot.files if file.person)
    bucket = snapshot.bucket
    s3.delete_object(Bucket=bucket, Key=missing)
    s3.put_object(Bucket=bucket, Key=changed, Body=b"shorter")
    s3.put_object(
        Bucket=bucket, Key=rewritten, Body=b"x" * s3.head_object(Bucket=bucket, Key=rewritten)["ContentLength"]
    )
    s3.put_object(Bucket=bucket, Key="genome/extra", Body=b"x")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    iam: Any = iam_client(s3_settings)
    iam.create_user(UserName=f"{bucket}.stranger")
    iam.create_access_key(UserName=f"{bucket}.bo")
    provisioner.environments.withdraw(NAME, "anna")

    drifts = {(drift.kind, drift.where) for drift in provisioner.verify(snapshot, deep=True)}

    assert drifts == {
        (DriftKind.MISSING, missing),
        (DriftKind.CHANGED, changed),
        (DriftKind.CHANGED, rewritten),
        (DriftKind.EXTRA, "genome/extra"),
        (DriftKind.VERSIONING_OFF, bucket),
        (DriftKind.POLICY_CHANGED, bucket),
        (DriftKind.USER_EXTRA, "stranger"),
        (DriftKind.USER_MISSING, "anna"),
        (DriftKind.USER_RIGHTS_CHANGED, "bo"),
    }


def test_a_bucket_that_is_gone_is_drift_and_a_changed_snapshot_is_refused(
    provisioner: Provisioner, snapshot: Snapshot, s3: S3Client, s3_settings: ObjectStore
) -> None:
    gone = replace(snapshot, specification=specification(number=77))
    assert [drift.kind for drift in provisioner.verify(gone)] == [DriftKind.BUCKET_MISSING]

    assert provisioner.read_snapshot(snapshot.case_id, snapshot.digest) == snapshot
    key = f"environments/{snapshot.case_id}/snapshots/{snapshot.digest.removeprefix('sha256:')}.json"
    s3.put_object(Bucket=s3_settings.records_bucket, Key=key, Body=snapshot.to_bytes().replace(b"samtools", b"plink"))
    with pytest.raises(IntegrityFault, match="not the snapshot that the case recorded"):
        provisioner.read_snapshot(snapshot.case_id, snapshot.digest)
    s3.delete_object(Bucket=s3_settings.records_bucket, Key=key)
    with pytest.raises(IntegrityFault, match="missing"):
        provisioner.read_snapshot(snapshot.case_id, snapshot.digest)
