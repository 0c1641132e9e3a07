"""Dagster's partitions mirror the register's case numbers; a lost one is put back from there.

Here: the definition, and adding. Not here: opening cases. A partition is never deleted: Dagster would kill the runs
that use it, and adding the key again would bring back its history.
"""

from collections.abc import Iterable

import dagster as dg

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.register.register import Register

APPLICATIONS = dg.DynamicPartitionsDefinition(name="application")


def show(instance: dg.DagsterInstance, cases: Iterable[CaseId]) -> int:
    """Add the partitions of these cases where they are missing; gives how many were."""
    missing = [case.value for case in cases if not instance.has_dynamic_partition("application", case.value)]
    if missing:
        instance.add_dynamic_partitions("application", missing)
    return len(missing)


def rebuild(instance: dg.DagsterInstance, register: Register) -> int:
    """Add every partition that the register knows and Dagster does not; gives how many."""
    known = set(instance.get_dynamic_partitions("application"))
    missing = [case.value for case in register.case_ids(Flow.EXHIBITION) if case.value not in known]
    for start in range(0, len(missing), 1000):
        instance.add_dynamic_partitions("application", missing[start : start + 1000])
    return len(missing)
