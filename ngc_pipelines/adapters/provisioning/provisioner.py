"""Provisioning an environment from its cohort: the order of things, going on after a stop, and opening at the end.

Here: what is done when. Not here: how a file is copied (`copying`), named (`planning`) or remembered (`journal`); who
gets in (`adapters/environments`); who may be exhibited (`adapters/cohorts`).

The environment is closed until everything in it is proved and VAR was read once more. Whatever stands in it that is
not in the plan is removed first: that is how a person who entered VAR leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ngc_pipelines.adapters import clock
from ngc_pipelines.adapters.environments.access import Environments
from ngc_pipelines.adapters.environments.access_policy import policy_digest
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.object_store.faults import store_answers
from ngc_pipelines.adapters.provisioning.copying import Copier
from ngc_pipelines.adapters.provisioning.filling import Filler, Progress
from ngc_pipelines.adapters.provisioning.journal import Journal
from ngc_pipelines.adapters.provisioning.planning import Plan, make_plan
from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter
from ngc_pipelines.adapters.provisioning.snapshots import Snapshots, folder_of
from ngc_pipelines.adapters.provisioning.verification import verify_environment
from ngc_pipelines.adapters.pseudonym_vault.site_key import SiteKey
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault, vault_engine
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cohort_accounts import CohortFile, VarRecheck
from ngc_pipelines.domain.environments import Drift, EnvironmentSpecification, Snapshot, SnapshotFile
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from ngc_pipelines.settings import ObjectStore, Settings

# VAR is read again after each round; a register that changes under every one of them is not what it should be.
_MOST_ROUNDS = 10


class CohortFiles(Protocol):
    """What provisioning asks of the cohorts; `adapters.cohorts.Cohorts` has it."""

    def persons_registered_since(self, case_id: CaseId | str, *, now: datetime) -> VarRecheck:
        """Read VAR again and take out who entered it."""

    def files(self, case_id: CaseId | str) -> Iterator[CohortFile]:
        """Every file that may be exhibited, in a stable order."""


def _nothing() -> None:
    """Where no lease is to be kept."""


def _unseen(_: Progress) -> None:
    """Where nobody watches."""


class Provisioner:
    """Provisions and verifies environments.

    workers: files copied at a time, each with some 50 MB of memory. now: the clock.
    """

    def __init__(
        self,
        store: ObjectStore,
        vault: PseudonymVault,
        cohorts: CohortFiles,
        *,
        workers: int = 4,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._store = store
        self._vault = vault
        self._cohorts = cohorts
        self._workers = workers
        self._now = now
        # Each worker reads, reads ahead and writes at once, and the store's own copying has four parts in flight.
        self._s3: S3Client = s3_client(store, connections=workers * 6 + 8)
        self.environments = Environments(store, vault)
        self._snapshots = Snapshots(self._s3, store.records_bucket)

    def provision(
        self,
        specification: EnvironmentSpecification,
        cohort_digest: str,
        *,
        keep_lease: Callable[[], None] = _nothing,
        progress: Callable[[Progress], None] = _unseen,
    ) -> Snapshot:
        """Make the environment, copy what is missing in it, prove everything, and open it for its users.

        cohort_digest: the digest that the decision was bound to. keep_lease: called before every effect; raises where
        the case is not ours any more. progress: called now and then, from this thread.
        Raises IntegrityFault where sources, cohort or copies are not what was recorded (every faulty source is named
        by its number), Refused where a person must act, Unavailable where a retry helps. Then the environment stays
        closed, and the next call goes on where this one stopped.
        """
        name = specification.name
        keep_lease()
        bucket = self.environments.create(name)
        self.environments.close(name)
        self._abort_uploads(bucket)
        recheck = self._recheck(specification.case_id, cohort_digest)
        for _ in range(_MOST_ROUNDS):
            plan, files = self._fill(specification, bucket, keep_lease, progress)
            keep_lease()
            again = self._recheck(specification.case_id, cohort_digest)
            if again.remaining_digest == recheck.remaining_digest:
                break
            recheck = again
        else:
            raise Unavailable(
                "VAR was read before the environment was opened",
                f"it took out more of the cohort {_MOST_ROUNDS} times in a row",
                "Ask those who run the register what is happening to it; then try again.",
            )
        return self._open(specification, plan, files, again, keep_lease)

    def read_snapshot(self, case_id: CaseId, digest: str) -> Snapshot:
        """Read the snapshot that a case recorded; raises IntegrityFault where it is missing or another one."""
        return self._snapshots.read(case_id, digest)

    def verify(self, snapshot: Snapshot, *, deep: bool = False) -> tuple[Drift, ...]:
        """Name every difference between an environment and its snapshot; deep: read every byte of it."""
        return verify_environment(self._s3, self.environments, snapshot, deep=deep, workers=self._workers)

    def _recheck(self, case_id: CaseId, cohort_digest: str) -> VarRecheck:
        recheck = self._cohorts.persons_registered_since(case_id, now=self._now())
        if recheck.cohort_digest != cohort_digest:
            raise IntegrityFault(
                "The cohort was read for provisioning",
                "it is not the one that the decision was bound to",
                "Have the applicant decide on the cohort as it is now.",
            )
        return recheck

    def _fill(
        self,
        specification: EnvironmentSpecification,
        bucket: str,
        keep_lease: Callable[[], None],
        progress: Callable[[Progress], None],
    ) -> tuple[Plan, tuple[SnapshotFile, ...]]:
        files = self._cohorts.files(specification.case_id)
        plan = make_plan(files, specification.scope, specification.policy, self._vault)
        copier = Copier(
            self._s3,
            bucket,
            specification.policy,
            HeaderRewriter(self._vault.rewriting_key(specification.scope)),
            checksums=self._store.checksums == "when_supported",
            before_publishing=keep_lease,
        )
        journal = Journal(self._s3, self._store.records_bucket, folder_of(specification.case_id))
        filler = Filler(
            self._s3,
            bucket,
            journal,
            specification.policy,
            workers=self._workers,
            keep_lease=keep_lease,
            progress=progress,
        )
        return plan, filler.fill(plan, copier)

    def _open(
        self,
        specification: EnvironmentSpecification,
        plan: Plan,
        files: tuple[SnapshotFile, ...],
        recheck: VarRecheck,
        keep_lease: Callable[[], None],
    ) -> Snapshot:
        """Give the approved users their keys, write down what stands there, and let them in, in this order."""
        name = specification.name
        users = [user.name for user in specification.users]
        for user in set(self.environments.users(name)) - set(users):
            keep_lease()
            self.environments.withdraw(name, user)
        for user in users:
            keep_lease()
            self.environments.grant(name, user)
        snapshot = Snapshot(
            specification=specification,
            bucket=self.environments.bucket(name),
            cohort_digest=recheck.cohort_digest,
            remaining_digest=recheck.remaining_digest,
            var_digest=recheck.var_version.digest,
            var_delivery=recheck.var_version.delivery,
            files=files,
            left_out=plan.left_out,
            access_policy_digest=policy_digest(self.environments.policy_for(name, users)),
            taken_at=self._now(),
        )
        keep_lease()
        self._snapshots.write(snapshot)
        self.environments.open_for(name, users)
        return snapshot

    def _abort_uploads(self, bucket: str) -> None:
        """Sweep up parts that a killed run left behind: they fill the disk and are seen by nobody."""
        with store_answers("Unfinished copies were swept up"):
            for page in self._s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
                for upload in page.get("Uploads", []):
                    self._s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])


def build_provisioner(
    settings: Settings, cohorts: CohortFiles, *, now: Callable[[], datetime] = clock.now
) -> Provisioner:
    """A provisioner of the site that the settings describe; connects to nothing before it is used. now: the clock."""
    vault = PseudonymVault(vault_engine(settings.vault.url), SiteKey.read(settings.vault.site_key_file))
    return Provisioner(settings.s3, vault, cohorts, workers=settings.policy.copy_workers, now=now)
