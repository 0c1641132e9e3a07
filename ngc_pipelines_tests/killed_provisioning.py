"""A provisioning in a process of its own that is killed (SIGKILL) at its n-th request to the object store."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.adapters.pseudonym_vault.site_key import SiteKey
from ngc_pipelines.adapters.pseudonym_vault.vault import PseudonymVault, vault_engine
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.environments import ProvisioningPolicy
from ngc_pipelines.settings import ObjectStore, Vault
from ngc_pipelines_tests.sequenced_cohort import MORNING, SequencedCohort, specification


def provision_and_die(
    store: ObjectStore,
    vault: Vault,
    reported: list[CohortFile],
    registered: set[str],
    policy: ProvisioningPolicy,
    deadly_request: int,
) -> bool:
    """Provision in a child process; True where it ended by itself, before the deadly request (counted from 1)."""
    # Forked from a server that has no threads: safe, and quicker than a new interpreter each time.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    child = context.Process(target=_work, args=(store, vault, reported, registered, policy, deadly_request))
    child.start()
    child.join()
    if child.exitcode not in (0, -signal.SIGKILL):
        raise AssertionError(f"the provisioning failed by itself (exit code {child.exitcode})")
    return child.exitcode == 0


def _work(
    store: ObjectStore,
    vault: Vault,
    reported: list[CohortFile],
    registered: set[str],
    policy: ProvisioningPolicy,
    deadly_request: int,
) -> None:
    cohort = SequencedCohort(s3_client(store), store.source_bucket, reported, registered)
    keeper = PseudonymVault(vault_engine(vault.url), SiteKey.read(vault.site_key_file))
    provisioner = Provisioner(store, keeper, cohort, workers=2, now=lambda: MORNING)
    requests, lock = 0, threading.Lock()

    def count(**_: object) -> None:
        nonlocal requests
        with lock:
            requests += 1
            if requests == deadly_request:
                os.kill(os.getpid(), signal.SIGKILL)

    # The client's own hook: just before a request leaves.
    provisioner._s3.meta.events.register("before-send.s3", count)
    provisioner.provision(specification(policy), cohort.digest)
