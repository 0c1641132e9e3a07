"""The asset `verified_environments` names every drift of an environment, on real servers (EN-6)."""

from __future__ import annotations

from typing import Any

import pytest

from ngc_pipelines.adapters.object_store.clients import iam_client
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.decided_cases import decide
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.definitions.shown import checks, metadata
from ngc_pipelines_tests.handing_in import hand_in

CASE = CaseId("EXH-2026-00001")
NAME = "exh-2026-00001"
CHECK = "every_environment_is_what_its_snapshot_says"
EVERY_BYTE = {"ops": {"verified_environments": {"config": {"every_byte": True}}}}


@pytest.fixture
def exhibited(code_location: CodeLocation, site: Site, genomes: SyntheticGenomes) -> CodeLocation:
    """One environment with data in it."""
    hand_in(site.object_store, site.settings.s3.intake_bucket, "first", numbers=genomes.numbers[:10])
    code_location.tick()
    decide(site, CASE)
    (run,) = code_location.tick()
    assert run.success
    return code_location


def verified(code_location: CodeLocation, **how: Any) -> tuple[bool, str]:
    """Whether the check passes now, and the drift that the asset's page tells."""
    run = code_location.do("environment_verification", **how)
    assert run.success, "drift is told; the run itself has done its work"
    return checks(run)[CHECK], metadata(run, "verified_environments")["afvigelser / drift"]


def keys(site: Site, bucket: str) -> list[str]:
    return [entry["Key"] for entry in site.object_store.list_objects_v2(Bucket=bucket)["Contents"]]


def test_each_kind_of_drift_is_named_with_its_case_and_place(exhibited: CodeLocation, site: Site) -> None:
    s3, environments = site.object_store, site.provisioner.environments
    bucket = str(site.register.standing(CASE).value("exhibited", "bucket"))
    assert verified(exhibited) == (True, "–")
    assert verified(exhibited, run_config=EVERY_BYTE) == (True, "–")

    changed, shorter, removed, *_ = [key for key in keys(site, bucket) if key.endswith(".gz")]
    content = s3.get_object(Bucket=bucket, Key=changed)["Body"].read()
    s3.put_object(Bucket=bucket, Key=changed, Body=bytes(len(content)))
    s3.put_object(Bucket=bucket, Key=shorter, Body=b"x")
    s3.delete_object(Bucket=bucket, Key=removed)
    s3.put_object(Bucket=bucket, Key="results/mine.txt", Body=b"x")
    environments.grant(NAME, "stranger")
    environments.close(NAME)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})

    passed, told = verified(exhibited)
    assert not passed
    for kind, where in (
        ("changed", changed),
        ("changed", shorter),
        ("missing", removed),
        ("extra", "results/mine.txt"),
        ("user_extra", "stranger"),
        ("policy_changed", bucket),
        ("versioning_off", bucket),
    ):
        assert f"{CASE}: {kind} {where} (" in told
    assert told.count(f"{CASE}: ") == 7
    environments.withdraw(NAME, "stranger")


def test_changed_rights_a_changed_snapshot_and_an_environment_that_is_gone_are_named(
    exhibited: CodeLocation, site: Site
) -> None:
    environments = site.provisioner.environments
    (user,) = environments.users(NAME)
    full_name = f"{environments.bucket(NAME)}.{user}"
    iam: Any = iam_client(site.settings.s3)
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::*"}]}'
    iam.put_user_policy(UserName=full_name, PolicyName="more", PolicyDocument=policy)
    passed, told = verified(exhibited)
    assert not passed
    assert told.startswith(f"{CASE}: user_rights_changed {user} (")
    iam.delete_user_policy(UserName=full_name, PolicyName="more")
    assert verified(exhibited) == (True, "–")

    s3, records = site.object_store, site.settings.s3.records_bucket
    bucket = str(site.register.standing(CASE).value("exhibited", "bucket"))
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=records)["Contents"]]
    (snapshot,) = [key for key in listed if f"{CASE}/snapshots/" in key]
    body = s3.get_object(Bucket=records, Key=snapshot)["Body"].read()
    s3.put_object(Bucket=records, Key=snapshot, Body=body.replace(b"plink", b"plonk"))
    passed, told = verified(exhibited)
    assert not passed
    assert told.startswith(f"{CASE}: ")
    s3.put_object(Bucket=records, Key=snapshot, Body=body)
    assert verified(exhibited)[0]

    environments.withdraw(NAME, user)
    passed, told = verified(exhibited)
    assert not passed
    assert f"{CASE}: user_missing {user} (" in told

    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for entry in page["Versions"]:
            s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
    s3.delete_bucket(Bucket=bucket)
    passed, told = verified(exhibited)
    assert not passed
    assert told.startswith(f"{CASE}: bucket_missing {bucket} (")
