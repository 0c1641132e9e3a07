"""A cohort in the object store and a provisioner for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.adapters.pseudonym_vault.site_key import SiteKey
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault, vault_engine
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.settings import Database, ObjectStore, Vault
from ngc_pipelines_tests.sequenced_cohort import MORNING, SequencedCohort

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="module")
def vault_settings(new_database: Callable[[str], Database], tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """One vault for all tests of a module: what it issued to one test is harmless to the next."""
    site_key_file = Credentials(tmp_path_factory.mktemp("vault")).path("site-key")
    return Vault(url=new_database("vault").url, site_key_file=site_key_file)


@pytest.fixture(scope="module")
def vault(vault_settings: Vault) -> Iterator[PseudonymVault]:
    """The pseudonym vault."""
    engine = vault_engine(vault_settings.url)
    yield PseudonymVault(engine, SiteKey.read(vault_settings.site_key_file))
    engine.dispose()


@pytest.fixture
def cohort(s3: S3Client, s3_settings: ObjectStore) -> SequencedCohort:
    """Two samples of two persons: four files of reads, one sidecar."""
    cohort = SequencedCohort(s3, s3_settings.source_bucket)
    cohort.add_sample(1)
    cohort.add_sample(2)
    return cohort


@pytest.fixture
def provisioner(s3_settings: ObjectStore, vault: PseudonymVault, cohort: SequencedCohort) -> Provisioner:
    """A provisioner of that cohort."""
    return Provisioner(s3_settings, vault, cohort, workers=2, now=lambda: MORNING)


@pytest.fixture
def contents(s3: S3Client) -> Callable[[str], dict[str, bytes]]:
    """Every object of a bucket, read whole."""

    def read(bucket: str) -> dict[str, bytes]:
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        return {entry["Key"]: s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in listed}

    return read
